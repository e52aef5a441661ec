package invoke_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// faultLoad is thousands of calls by many goroutines at an endpoint that fails
// in every way it can, in a mix that a seed decides.
type faultLoad struct {
	server *invoketest.Server
	client *invoke.Client
	runs   sync.Map // of payload to *atomic.Int32: how often the function ran for it
	faults atomic.Int64
}

const faultLoadCallers = 32

// payloadPadding makes payloads of a few bytes, some that fill more than a
// buffer, and some that no socket holds.
var payloadPadding = []int{0, 0, 0, 0, 0, 5_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5_000, 0, 0, 0, 400_000}

// newFaultLoad makes one request in every a faulty one.
func newFaultLoad(t *testing.T, seed uint64, every int, optFns ...func(*invoke.Options)) *faultLoad {
	load := &faultLoad{server: invoketest.NewServer(t, func(c *invoketest.Config) { c.KeepRequests = -1 })}
	load.server.Handle("work", func(_ context.Context, payload []byte) ([]byte, error) {
		count, _ := load.runs.LoadOrStore(string(payload), new(atomic.Int32))
		count.(*atomic.Int32).Add(1)
		return payload, nil
	})
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 1))
	load.server.Inject(func(*invoketest.Request) invoketest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if random.IntN(every) != 0 {
			return nil
		}
		load.faults.Add(1)
		return randomFault(random)
	})
	load.client = newClient(t, load.server.Options(), append(optFns, func(o *invoke.Options) {
		o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = time.Nanosecond, time.Nanosecond
	})...)
	return load
}

func randomFault(random *rand.Rand) invoketest.Fault {
	ends := []invoketest.Hangup{invoketest.Close, invoketest.Reset}
	points := []invoketest.Point{
		invoketest.RequestHeaders, invoketest.RequestBody, invoketest.BeforeRun,
		invoketest.AfterRun, invoketest.ReplyHeaders, invoketest.ReplyBody, invoketest.AfterReply,
	}
	switch random.IntN(8) {
	case 0, 1, 2:
		return invoketest.HangUp(points[random.IntN(len(points))], ends[random.IntN(len(ends))])
	case 3:
		// Whatever the table says that may have run, runs.
		rows := errors.Exceptions()
		row := rows[random.IntN(len(rows))]
		if row.MayHaveExecuted {
			return invoketest.RunFirst(invoketest.Throw(row.Code))
		}
		return invoketest.Throw(row.Code)
	case 4:
		statuses := []int{200, 202, 302, 403, 404, 502, 502, 502, 504}
		return invoketest.RunFirst(invoketest.ForeignBody(statuses[random.IntN(len(statuses))], "text/html", []byte("<html>a proxy's</html>")))
	case 5:
		return invoketest.RunFirst(invoketest.ThrowStatus(500, "", ""))
	case 6:
		return invoketest.Truncate(3)
	default:
		return invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0)
	}
}

// outcome is what one call came to.
type outcome struct {
	payload string
	err     error
}

// run makes the calls, each with a payload of its own, and returns what they
// came to once nothing runs at the endpoint any more.
func (load *faultLoad) run(t *testing.T, calls int) []outcome {
	outcomes := make([]outcome, calls)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range faultLoadCallers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= calls {
					return
				}
				payload := `"` + strconv.Itoa(i) + strings.Repeat(" ", payloadPadding[i%len(payloadPadding)]) + `"`
				out, err := load.client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "work", Payload: []byte(payload)})
				if err == nil {
					err = out.Err()
				}
				if err == nil && string(out.Payload) != payload {
					t.Errorf("call %d got somebody else's answer", i)
				}
				outcomes[i] = outcome{payload, err}
			}
		})
	}
	wg.Wait()
	require.NoError(t, load.server.Wait(t.Context()))
	return outcomes
}

func (load *faultLoad) runsOf(o outcome) int {
	count, ok := load.runs.Load(o.payload)
	if !ok {
		return 0
	}
	return int(count.(*atomic.Int32).Load())
}

func TestNoFaultMakesAFunctionRunTwice(t *testing.T) {
	const calls = 3000
	for _, seed := range []uint64{1, 2} {
		t.Run("seed "+strconv.FormatUint(seed, 10), func(t *testing.T) {
			load := newFaultLoad(t, seed, 3)
			var succeeded, denied, mayHaveRun int
			for _, o := range load.run(t, calls) {
				ran := load.runsOf(o)
				require.LessOrEqual(t, ran, 1, "%.20s ran twice, and returned %v", o.payload, o.err)
				switch {
				case o.err == nil:
					succeeded++
					require.Equal(t, 1, ran, "%.20s succeeded and did not run", o.payload)
				case errors.MayHaveExecuted(o.err):
					mayHaveRun++
				default:
					denied++
					require.Zero(t, ran, "%.20s ran, and its error denies it: %v", o.payload, o.err)
				}
			}
			require.Greater(t, load.faults.Load(), int64(calls/4))
			for name, n := range map[string]int{"succeeded": succeeded, "provably did not run": denied, "may have run": mayHaveRun} {
				require.Greater(t, n, calls/50, name) // or the proof is about too few
			}
		})
	}
}

func TestAnIdempotentCallSucceedsThroughFaults(t *testing.T) {
	const calls = 3000
	load := newFaultLoad(t, 3, 10, func(o *invoke.Options) { o.Retry = retry.Policy{Idempotent: true, MaxAttempts: 10} })
	var twice int
	for _, o := range load.run(t, calls) {
		ran := load.runsOf(o)
		if ran > 1 {
			twice++
		}
		if o.err == nil {
			require.GreaterOrEqual(t, ran, 1)
			continue
		}
		// Only what no retry gets past is left: an exception that stays, or a
		// result that the service itself, or a proxy, says is not to be had.
		var unexpected *errors.UnexpectedResponseError
		if errors.As(o.err, &unexpected) {
			require.Positive(t, ran)
			continue
		}
		var service *errors.LambdaServiceException
		require.ErrorAs(t, o.err, &service, "%.20s", o.payload)
		if service.Code == errors.CodeUnknown && service.StatusCode < 500 {
			require.Positive(t, ran)
			continue
		}
		documented, ok := errors.LookupException(service.Code)
		require.True(t, ok, "%v", o.err)
		require.Equal(t, errors.RetryNever, documented.Retry, "%v", o.err)
		if !errors.MayHaveExecuted(o.err) {
			require.Zero(t, ran)
		}
	}
	require.Positive(t, twice, "the load asks nothing of idempotence")
}
