package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestTheServiceRuns(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Equal(t, "200 {\"cents\":750}\n", out.String())
}

// fake is a function that answers every call the same way.
type fake struct {
	out *invoke.InvokeOutput
	err error
}

func (f fake) Invoke(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
	return f.out, f.err
}

func TestWhatTheServiceSaysOfAFailure(t *testing.T) {
	for name, c := range map[string]struct {
		function fake
		status   int
		body     string
	}{
		"a price":          {fake{out: &invoke.InvokeOutput{Payload: []byte(`{"cents":5}`)}}, 200, `{"cents":5}`},
		"throttled":        {fake{err: &errors.TooManyRequestsException{}}, 429, "busy, try again later"},
		"failed":           {fake{err: &errors.FunctionError{ErrorMessage: "no such item"}}, 422, "no such item"},
		"did not run":      {fake{err: &errors.ResourceNotFoundException{}}, 503, "nothing was done, try again"},
		"may have run":     {fake{err: &errors.ServiceException{}}, 502, "the outcome is unknown"},
		"connection lost":  {fake{err: &errors.TransportError{Stage: errors.StageAwait, Err: io.EOF}}, 502, "the outcome is unknown"},
		"never got so far": {fake{err: &errors.TransportError{Stage: errors.StageConnect, Err: io.EOF}}, 503, "nothing was done, try again"},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			service(c.function).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/price", strings.NewReader(`{"item":"tea","count":1}`)))
			require.Equal(t, c.status, w.Code)
			require.Equal(t, c.body, strings.TrimSpace(w.Body.String()))
		})
	}
}
