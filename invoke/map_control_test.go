package invoke_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// account is an Invoker that keeps limits as the service does, for tests in
// virtual time.
type account struct {
	roundTrip time.Duration        // what a refusal takes, and a call beside its duration
	duration  func() time.Duration // of the function
	reason    errors.ThrottleReason
	after     time.Duration
	refusal   error // in place of a TooManyRequestsException

	mu      sync.Mutex
	limit   int // of calls at a time, if not negative
	running int
	rate    float64 // of calls a second, if not 0
	tokens  float64
	filled  time.Time

	admitted, refused int
}

func (a *account) Invoke(ctx context.Context, _ *invoke.InvokeInput, _ ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
	if err := sleep(ctx, a.roundTrip/2); err != nil {
		return nil, err
	}
	if reason, ok := a.admit(); !ok {
		if err := sleep(ctx, a.roundTrip/2); err != nil {
			return nil, err
		}
		if a.refusal != nil {
			return nil, a.refusal
		}
		return nil, throttle(reason, a.after)
	}
	err := sleep(ctx, a.duration())
	a.mu.Lock()
	a.running--
	a.mu.Unlock()
	if err == nil {
		err = sleep(ctx, a.roundTrip/2)
	}
	if err != nil {
		return nil, err
	}
	return &invoke.InvokeOutput{StatusCode: http.StatusOK}, nil
}

func (a *account) admit() (errors.ThrottleReason, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.limit >= 0 && a.running >= a.limit {
		a.refused++
		return a.reason, false
	}
	if a.rate > 0 {
		now := time.Now()
		if a.filled.IsZero() {
			a.tokens = a.rate / 10
		}
		a.tokens = min(max(a.rate/10, 1), a.tokens+now.Sub(a.filled).Seconds()*a.rate)
		a.filled = now
		if a.tokens < 1 {
			a.refused++
			return errors.ThrottleCallerRate, false
		}
		a.tokens--
	}
	a.running++
	a.admitted++
	return "", true
}

func (a *account) setLimit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limit = n
}

// count returns the requests admitted and refused since it was last called.
func (a *account) count() (admitted, refused int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	admitted, refused = a.admitted, a.refused
	a.admitted, a.refused = 0, 0
	return admitted, refused
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &errors.TransportError{Stage: errors.StageAwait, Err: ctx.Err()}
	}
}

func throttle(reason errors.ThrottleReason, after time.Duration) error {
	return &errors.TooManyRequestsException{
		LambdaServiceException: errors.LambdaServiceException{Code: "TooManyRequestsException", StatusCode: http.StatusTooManyRequests},
		Reason:                 reason,
		RetryAfter:             after,
	}
}

// endless is an infinite sequence.
func endless(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

func constant(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

// varied gives durations around d that are never the same, from a tenth of it
// to seven times it: more would be about how far a Map in order runs ahead of
// one slow call.
func varied(d time.Duration) func() time.Duration {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(1, 2))
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return d/10 + time.Duration(0.9*float64(d)*min(random.ExpFloat64(), 7.5))
	}
}

// phase is a while of a load.
type phase struct {
	limit  int
	length time.Duration
}

// settling is how long it takes at most until a Map has found a limit after
// another: it asks for more once in a hundred calls, and then grows by the round.
func settling(from, to int, call time.Duration) time.Duration {
	return call * time.Duration(30+150/min(from, to))
}

// drive runs a Map through phases, and calls check with the requests that each
// saw admitted and refused.
func drive(t *testing.T, a *account, phases []phase, check func(i int, admitted, refused int), optFns ...func(*invoke.MapOptions)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var phasing sync.WaitGroup
		phasing.Go(func() {
			defer cancel()
			for i, p := range phases {
				a.setLimit(p.limit)
				time.Sleep(p.length)
				admitted, refused := a.count()
				check(i, admitted, refused)
			}
		})
		for range invoke.NewFunc[int, struct{}](a, "f").Map(ctx, endless, optFns...) {
		}
		phasing.Wait()
	})
}

func TestMapKeepsAChangingConcurrencyLimitBusy(t *testing.T) {
	const call = 102 * time.Millisecond
	for name, a := range map[string]*account{
		"calls of one length": {duration: constant(100 * time.Millisecond)},
		"calls of any length": {duration: varied(100 * time.Millisecond)},
	} {
		for _, ordered := range []bool{false, true} {
			if ordered {
				name += ", in order"
			}
			t.Run(name, func(t *testing.T) {
				a.roundTrip, a.reason = 2*time.Millisecond, errors.ThrottleConcurrentInvocations
				var phases []phase
				before := 8 // where a Map starts
				for _, limit := range []int{1, 2, 5, 20, 500 / shrink, 50, 10, 1, 150 / shrink} {
					// Enough calls for a share to mean something.
					phases = append(phases, phase{limit, settling(before, limit, call)}, phase{limit, call * time.Duration(40+1000/limit)})
					before = limit
				}
				drive(t, a, phases, func(i, admitted, refused int) {
					if i%2 == 0 {
						return // still settling
					}
					p := phases[i]
					workers := float64(p.limit) * float64(p.length) / float64(call)
					require.Greater(t, float64(admitted)/workers, 0.9, "goodput at %d", p.limit)
					require.Less(t, float64(refused)/float64(admitted+refused), 0.02, "throttled share at %d", p.limit)
				}, func(o *invoke.MapOptions) { o.Ordered = ordered })
			})
		}
	}
}

// Where calls are under way for longer than they run, more may be in flight than
// are admitted at a time. No number of them is too many, then: the more there
// are, the likelier is a refusal, and a probe for more costs several.
func TestMapIsSeldomRefusedWhereTheRoundTripIsLong(t *testing.T) {
	limits := []int{1, 2, 3, 5, 7, 10, 20}
	if shrink > 1 { // a share so near its bound takes many calls, so fewer of them cannot do
		limits = []int{5}
	}
	const runs = 20 * time.Millisecond
	for _, roundTrip := range []time.Duration{0, runs / 2, runs} {
		for _, limit := range limits {
			t.Run(fmt.Sprintf("%v, %d calls", roundTrip, limit), func(t *testing.T) {
				const calls = 20_000 // of as many workers
				call := roundTrip + runs
				a := &account{roundTrip: roundTrip, duration: varied(runs), reason: errors.ThrottleConcurrentInvocations}
				phases := []phase{{limit, settling(min(8, limit), limit, call)}, {limit, call * time.Duration(calls/limit)}}
				drive(t, a, phases, func(i, admitted, refused int) {
					if i == 1 {
						require.Greater(t, float64(admitted)/calls, 0.9, "goodput")
						require.Less(t, float64(refused)/float64(admitted+refused), 0.02, "throttled share")
					}
				})
			})
		}
	}
}

func TestMapKeepsARateLimitBusy(t *testing.T) {
	for name, tc := range map[string]struct {
		rate     float64
		duration time.Duration
		limit    int
		calls    float64 // a second, at best
	}{
		"short calls":             {rate: 100, duration: 10 * time.Millisecond, limit: -1, calls: 100},
		"long calls":              {rate: 100, duration: 2 * time.Second, limit: -1, calls: 100},
		"many":                    {rate: 2000 / shrink, duration: 100 * time.Millisecond, limit: -1, calls: 2000 / shrink},
		"few":                     {rate: 20, duration: 10 * time.Millisecond, limit: -1, calls: 20},
		"with a concurrency, too": {rate: 200, duration: 98 * time.Millisecond, limit: 10, calls: 100},
	} {
		t.Run(name, func(t *testing.T) {
			a := &account{roundTrip: 2 * time.Millisecond, duration: constant(tc.duration), rate: tc.rate}
			const measured = 40 * time.Second
			drive(t, a, []phase{{tc.limit, time.Minute}, {tc.limit, measured}}, func(i, admitted, refused int) {
				if i == 0 {
					return
				}
				require.Greater(t, float64(admitted)/(tc.calls*measured.Seconds()), 0.9, "goodput")
				require.Less(t, float64(refused)/float64(admitted+refused), 0.02, "throttled share")
			})
		})
	}
}

func TestMapSpacesRequestsWhateverTheRefusalSays(t *testing.T) {
	for name, tc := range map[string]struct {
		refusal error
		share   float64
	}{
		"a code of AWS":         {&errors.LambdaServiceException{Code: "ThrottlingException", StatusCode: http.StatusBadRequest}, 0.02},
		"a status without one":  {&errors.LambdaServiceException{Code: "UnknownError", StatusCode: http.StatusTooManyRequests}, 0.02},
		"the service, no limit": {throttle("", 0), 0.15}, // taken for one of concurrency at first, every time
	} {
		t.Run(name, func(t *testing.T) {
			a := &account{roundTrip: 2 * time.Millisecond, duration: constant(10 * time.Millisecond), rate: 20, refusal: tc.refusal}
			drive(t, a, []phase{{-1, time.Minute}, {-1, time.Minute}}, func(i, admitted, refused int) {
				if i == 1 {
					require.Greater(t, admitted, 20*60*8/10)
					require.Less(t, float64(refused)/float64(admitted+refused), tc.share)
				}
			})
		})
	}
}

func TestMapAsksNowAndThenWhileNothingIsAdmitted(t *testing.T) {
	a := &account{roundTrip: 2 * time.Millisecond, duration: constant(100 * time.Millisecond), reason: errors.ThrottleReservedConcurrency}
	phases := []phase{{100, 20 * time.Second}, {0, 20 * time.Second}, {0, time.Minute}, {100, 20 * time.Second}, {100, 10 * time.Second}}
	drive(t, a, phases, func(i, admitted, refused int) {
		switch i {
		case 2:
			require.Zero(t, admitted)
			require.LessOrEqual(t, refused, 61, "one request a second")
			require.GreaterOrEqual(t, refused, 30)
		case 4:
			require.Greater(t, admitted, 9000, "as busy as before")
		}
	})
}

func TestMapShallNotGrowWhileItsCallerIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &account{limit: -1, duration: constant(time.Millisecond)}
		most := 0
		for r := range invoke.NewFunc[int, struct{}](a, "f").Map(t.Context(), endless, func(o *invoke.MapOptions) {
			o.Progress = func(p invoke.MapProgress) { most = max(most, p.Concurrency) }
		}) {
			time.Sleep(100 * time.Millisecond)
			if r.Index >= 500 {
				break
			}
		}
		require.LessOrEqual(t, most, 32)
	})
}

func TestMapStaysBetweenFloorAndCeiling(t *testing.T) {
	for name, tc := range map[string]struct {
		min, max        int
		atLeast, atMost int
		limit           int
	}{
		"ceiling":             {max: 3, atLeast: 1, atMost: 3, limit: 100},
		"floor":               {min: 20, atLeast: 20, atMost: 60, limit: 30},
		"both":                {min: 5, max: 5, atLeast: 5, atMost: 5, limit: 100},
		"floor above ceiling": {min: 9, max: 4, atLeast: 4, atMost: 4, limit: 100},
		"negative":            {min: -1, max: -1, atLeast: 1, atMost: 1000, limit: 2000},
	} {
		t.Run(name, func(t *testing.T) {
			a := &account{duration: constant(50 * time.Millisecond), roundTrip: 2 * time.Millisecond, reason: errors.ThrottleConcurrentInvocations}
			var least, most, busiest int
			drive(t, a, []phase{{tc.limit, 3 * time.Second}}, func(int, int, int) {}, func(o *invoke.MapOptions) {
				o.MinConcurrency, o.MaxConcurrency = tc.min, tc.max
				least = math.MaxInt
				o.Progress = func(p invoke.MapProgress) {
					least, most, busiest = min(least, p.Concurrency), max(most, p.Concurrency), max(busiest, p.InFlight)
				}
			})
			require.GreaterOrEqual(t, least, tc.atLeast)
			require.LessOrEqual(t, most, tc.atMost)
			require.LessOrEqual(t, busiest, tc.atMost)
			require.NotZero(t, busiest)
		})
	}
}

func TestMapHeedsRetryAfter(t *testing.T) {
	for _, reason := range []errors.ThrottleReason{errors.ThrottleConcurrentInvocations, errors.ThrottleCallerRate} {
		t.Run(string(reason), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				refused := make(map[string]time.Time)
				var mu sync.Mutex
				f := invoke.NewFunc[int, struct{}](invokerFunc(func(_ context.Context, in *invoke.InvokeInput, _ ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
					mu.Lock()
					defer mu.Unlock()
					at, again := refused[string(in.Payload)]
					if !again {
						refused[string(in.Payload)] = time.Now()
						return nil, throttle(reason, 7*time.Second)
					}
					require.GreaterOrEqual(t, time.Since(at), 7*time.Second)
					return &invoke.InvokeOutput{}, nil
				}), "f")
				for r := range f.Map(t.Context(), slices.Values([]int{1, 2, 3, 4, 5})) {
					require.NoError(t, r.Err)
				}
			})
		})
	}
}
