package endpoint_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
)

func TestMain(m *testing.M) {
	endpoint.ServeIfChild()
	os.Exit(m.Run())
}

// call makes a call and returns the status of its reply, or 0 if there was none.
func call(ctx context.Context, url string) int {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/2015-03-31/functions/echo/invocations", strings.NewReader("{}"))
	if err != nil {
		return 0
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	reply.Body.Close()
	return reply.StatusCode
}

func TestLimitIsChangedWhileCallsRun(t *testing.T) {
	e, err := endpoint.Start(endpoint.Config{Work: time.Hour, Limit: 1})
	require.NoError(t, err)
	defer e.Close()
	fill := func(running int64) {
		go call(t.Context(), e.URL)
		for seen := (endpoint.Stats{}); seen.Running < running; {
			seen, err = e.Stats()
			require.NoError(t, err)
		}
		require.Equal(t, http.StatusTooManyRequests, call(t.Context(), e.URL))
	}
	fill(1)
	seen, err := e.SetLimit(2)
	require.NoError(t, err)
	require.EqualValues(t, 1, seen.Refused)
	fill(2)
}
