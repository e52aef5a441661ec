package invoketest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// document is a JSON string of exactly n bytes.
func document(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }

func TestWhatTheServiceRefusesIsRefused(t *testing.T) {
	const (
		tooLarge = "RequestEntityTooLargeException"
		content  = "InvalidRequestContentException"
	)
	for name, tt := range map[string]struct {
		payload string
		change  func(*request)
		status  int
		code    string
	}{
		"six megabytes":           {document(6 << 20), nil, 200, ""},
		"a byte more":             {document(6<<20 + 1), nil, 413, tooLarge},
		"a hundred bytes more":    {document(6<<20 + 100), nil, 413, tooLarge},
		"much more":               {document(20 << 20), nil, 413, tooLarge},
		"an event of a megabyte":  {document(1 << 20), func(r *request) { r.header("X-Amz-Invocation-Type", "Event") }, 202, ""},
		"an event of a byte more": {document(1<<20 + 1), func(r *request) { r.header("X-Amz-Invocation-Type", "Event") }, 413, tooLarge},
		"not JSON":                {`{"a":`, nil, 400, content},
		"any content type":        {`{}`, func(r *request) { r.header("Content-Type", "text/plain") }, 200, ""},
		"a bad context":           {`{}`, func(r *request) { r.header("X-Amz-Client-Context", "{}") }, 400, content},
		"a context without JSON":  {`{}`, func(r *request) { r.header("X-Amz-Client-Context", "eA==") }, 400, content},
		"a context too long": {`{}`, func(r *request) {
			r.header("X-Amz-Client-Context", base64.StdEncoding.EncodeToString([]byte(document(2686))))
		}, 400, "ValidationException"},
		"the longest context": {`{}`, func(r *request) {
			r.header("X-Amz-Client-Context", base64.StdEncoding.EncodeToString([]byte(document(2685))))
		}, 200, ""},
		"an unknown type":          {`{}`, func(r *request) { r.header("X-Amz-Invocation-Type", "Later") }, 400, "ValidationException"},
		"a streamed event":         {`{}`, func(r *request) { r.streamed().header("X-Amz-Invocation-Type", "Event") }, 400, "ValidationException"},
		"another method":           {``, func(r *request) { r.Method = http.MethodGet }, 404, "UnknownOperationException"},
		"another path":             {`{}`, func(r *request) { r.URL.Path = "/2015-03-31/functions/f/configuration" }, 404, "UnknownOperationException"},
		"a path of three segments": {`{}`, func(r *request) { r.URL.Path = "/2015-03-31/functions/f/x/invocations" }, 404, "UnknownOperationException"},
	} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			s.Handle("f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
			r := newRequest(t, s, tt.payload)
			if tt.change != nil {
				tt.change(r)
			}
			resp, body := post(t, s, r.sign(t))
			require.Equal(t, tt.status, resp.StatusCode, body)
			require.Equal(t, tt.code, resp.Header.Get("X-Amzn-Errortype"))
			if tt.code != "" {
				require.Contains(t, body, `"message":"`)
				require.Zero(t, s.Runs("f"))
			}
		})
	}
}

func TestAClientSeesTooLargeAsTheDocumentedType(t *testing.T) {
	s := invoketest.NewServer(t)
	_, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f", Payload: []byte(document(6<<20 + 1))})
	var tooLarge *errors.RequestTooLargeException
	require.ErrorAs(t, err, &tooLarge)
}

func TestAResultIsPassedOnUpToTheServicesLimit(t *testing.T) {
	s := invoketest.NewServer(t)
	for _, size := range []int{6_291_556, 6_291_557} {
		s.Handle("f", func(context.Context, []byte) ([]byte, error) { return bytes.Repeat([]byte("1"), size), nil })
		out, err := call(t, newClient(t, s), invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		if size == 6_291_556 {
			require.NoError(t, out.Err())
			require.Len(t, out.Payload, size)
			continue
		}
		var failure *errors.FunctionError
		require.ErrorAs(t, out.Err(), &failure)
		require.True(t, failure.IsResponseTooLarge())
	}
}

func FuzzFunctionName(f *testing.F) {
	for _, name := range []string{"f", "f:1", "arn:", "arn:aws:lambda:::function:", ":function:", "a/b", "..", "%2f", "$ü?#"} {
		f.Add(name, "Qualifier=1", "attempt=1; max=3")
	}
	s := invoketest.NewServer(f)
	f.Fuzz(func(t *testing.T, name, query, attempt string) {
		r := newRequest(t, s, "{}").header("Amz-Sdk-Request", attempt)
		r.URL.Path, r.URL.RawPath = wire.InvokePath(name)
		r.URL.RawQuery = query
		var signer sigv4.Signer
		if signer.Sign(r.Request, &r.creds, sigv4.PayloadHash(r.body), "lambda", r.region, r.at) != nil {
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(r.body)), int64(len(r.body))
		resp, err := s.Options().HTTPClient.Do(r.Request)
		if err != nil {
			return // net/http does not send it
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusBadRequest && resp.Header.Get("X-Amzn-Errortype") == "" {
			return // net/http does not read it
		}
		require.GreaterOrEqual(t, resp.StatusCode, 400)
		require.NotEmpty(t, resp.Header.Get("X-Amzn-Errortype"))
	})
}
