package invoke_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// BenchmarkMap compares Map, which has to find the account's limit, with a pool
// of exactly as many workers, which knows it. It reports
//
//	goodput    calls a second, as a share of what the pool reaches
//	throttled  the share of requests that were refused
//
// both once Map has settled. Both pay for the same server in the same process.
func BenchmarkMap(b *testing.B) {
	for _, limit := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("limit=%d", limit), func(b *testing.B) {
			_, f := doublingServer(b, 20*time.Millisecond, func(c *invoketest.Config) {
				c.Concurrency, c.KeepRequests, c.DiscardBodies = limit, -1, true
			})
			calls := b.N + 4*limit // rounds that are not full yet do not count for much
			pool := poolTime(b, f, limit, calls)

			var now, then invoke.MapProgress
			var start time.Time
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			done, settled := 0, 100+30*limit
			for range f.Map(ctx, endless, func(o *invoke.MapOptions) {
				o.Progress = func(p invoke.MapProgress) { now = p }
			}) {
				switch done++; done {
				case settled:
					start, then = time.Now(), now
					b.ResetTimer()
				case settled + calls:
					b.StopTimer()
					requests := now.Done - then.Done + now.Throttled - then.Throttled
					b.ReportMetric(pool.Seconds()/time.Since(start).Seconds(), "goodput")
					b.ReportMetric(float64(now.Throttled-then.Throttled)/float64(requests), "throttled")
					cancel()
				}
			}
		})
	}
}

// poolTime is how long as many workers take for calls.
func poolTime(b *testing.B, f *invoke.Func[int, int], workers, calls int) time.Duration {
	work := make(chan int)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for n := range work {
				if _, err := f.Call(b.Context(), n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	start := time.Now()
	for n := range calls {
		work <- n
	}
	close(work)
	pool.Wait()
	return time.Since(start)
}

// BenchmarkMapOverhead is what Map adds to a call that takes no time.
func BenchmarkMapOverhead(b *testing.B) {
	payload := []byte(`{"id":"a","count":2}`)
	f := invoke.NewFunc[order, order](invokerFunc(func(context.Context, *invoke.InvokeInput, ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
		return &invoke.InvokeOutput{StatusCode: 200, Payload: payload}, nil
	}), "f")
	b.ReportAllocs()
	done := 0
	for range f.Map(b.Context(), func(yield func(order) bool) {
		for range b.N {
			if !yield(order{ID: "a", Count: 2}) {
				return
			}
		}
	}, width(8)) {
		done++
	}
	if done != b.N {
		b.Fatal(done)
	}
}
