package servers_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

const (
	callers = 16
	each    = 80 // calls of a caller
)

// function counts its runs by the payload, which is every call's own.
type function struct {
	mu    sync.Mutex
	runs  map[string]int
	loads int
}

func (f *function) run(_ context.Context, payload []byte) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runs[string(payload)]++
	return payload, nil
}

// endpoint is the embedded one with the function.
func endpoint(t *testing.T, optFns ...func(*invoketest.Config)) (*invoketest.Server, *function) {
	t.Helper()
	server := invoketest.NewServer(t, append(optFns, func(c *invoketest.Config) { c.KeepRequests = -1 })...)
	f := &function{runs: make(map[string]int)}
	server.Handle("f", f.run)
	return server, f
}

// load makes calls from many callers, with a pause before each of up to pause, and holds what came of them against what
// ran. It returns how many failed: all of them may have run, as far as the client says.
func (f *function) load(t *testing.T, client *invoke.Client, pause time.Duration) (lost int) {
	t.Helper()
	f.loads++
	type result struct {
		payload string
		err     error
	}
	results := make(chan result, callers*each)
	var crew sync.WaitGroup
	for caller := range callers {
		crew.Go(func() {
			r := rand.New(rand.NewPCG(uint64(caller), 1))
			for i := range each {
				if pause > 0 {
					time.Sleep(time.Duration(r.Int64N(int64(pause))))
				}
				payload := fmt.Sprintf(`"load %d caller %d call %d %s"`, f.loads, caller, i, strings.Repeat("x", r.IntN(4)*3000))
				out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte(payload)})
				if err == nil && string(out.Payload) != payload {
					err = fmt.Errorf("the reply of another call: %.60s", out.Payload)
				}
				results <- result{payload, err}
			}
		})
	}
	crew.Wait()
	close(results)
	f.mu.Lock()
	defer f.mu.Unlock()
	for r := range results {
		runs := f.runs[r.payload]
		switch {
		case r.err == nil:
			require.Equal(t, 1, runs, "a success is one run: %.60s", r.payload)
		case errors.MayHaveExecuted(r.err):
			require.LessOrEqual(t, runs, 1, "%.60s: %v", r.payload, r.err)
			var broken *errors.TransportError
			require.ErrorAs(t, r.err, &broken, "nothing but a connection that broke")
			lost++
		default:
			require.Zero(t, runs, "%.60s was said not to have run: %v", r.payload, r.err)
			require.NoError(t, r.err, "what did not run is tried again until it does")
		}
	}
	return lost
}
