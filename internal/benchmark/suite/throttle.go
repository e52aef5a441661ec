package suite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// The load of the throttling measurement: more callers than the service admits, as one that does not know the limit has.
const (
	throttleLimit   = 50
	throttleCallers = 200
	throttleWork    = 50 * time.Millisecond
)

// Admitted is how many calls a second the throttling endpoint can answer.
const Admitted = float64(throttleLimit) / (float64(throttleWork) / float64(time.Second))

// throttle measures how much of what a service admits is made use of, and what is spent and lost on the way: Func.Map
// beside the SDK's adaptive retry mode, each with a list of items that is worked through by as many callers at most.
func (s *Suite) throttle(ctx context.Context) error {
	e, err := endpoint.Start(endpoint.Config{Work: throttleWork, Limit: throttleLimit})
	if err != nil {
		return err
	}
	defer e.Close()
	window := pick(s, 6*time.Second, 2*time.Second)
	loads := map[string]func(context.Context, *endpoint.Endpoint, time.Duration) (items, error){
		clients.Ours: mapItems,
		clients.SDK:  adaptItems,
	}
	return measure.Interleave(pick(s, 2, 1), []string{clients.Ours, clients.SDK}, func(name string) error {
		if _, err := e.Stats(); err != nil { // from here on
			return err
		}
		start := time.Now()
		done, err := loads[name](ctx, e, window)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took := time.Since(start)
		seen, err := e.Stats()
		s.results.Add("Throttle", name, map[string]float64{
			"calls/s":      float64(done.answered) / took.Seconds(),
			"refused-%":    100 * float64(seen.Refused) / float64(max(seen.Refused+seen.Served, 1)),
			"lost-items-%": 100 * float64(done.lost) / float64(max(done.lost+done.answered, 1)),
		})
		return err
	})
}

// items is what became of a list of items.
type items struct{ answered, lost int64 }

// mapItems works through a list that does not end until the window closes.
func mapItems(ctx context.Context, e *endpoint.Endpoint, window time.Duration) (items, error) {
	client, closeIdle, err := clients.NewOurs(clients.Config{Endpoint: e.URL})
	if err != nil {
		return items{}, err
	}
	defer closeIdle()
	var done items
	end := time.Now().Add(window)
	list := func(yield func([]byte) bool) {
		for time.Now().Before(end) && yield(event) {
		}
	}
	limit := func(o *invoke.MapOptions) { o.MaxConcurrency = throttleCallers }
	for r := range invoke.NewFunc[[]byte, []byte](client, clients.Echo).Map(ctx, list, limit) {
		if r.Err != nil {
			done.lost++
		} else {
			done.answered++
		}
	}
	return done, nil
}

// adaptItems does the same with goroutines and the SDK's adaptive retry mode.
func adaptItems(ctx context.Context, e *endpoint.Endpoint, window time.Duration) (items, error) {
	client, closeIdle := clients.NewSDK(clients.Config{Endpoint: e.URL}, func(o *lambda.Options) {
		o.RetryMode = aws.RetryModeAdaptive
	})
	defer closeIdle()
	var (
		crew           sync.WaitGroup
		answered, lost atomic.Int64
	)
	end := time.Now().Add(window)
	for range throttleCallers {
		crew.Go(func() {
			for time.Now().Before(end) {
				in := &lambda.InvokeInput{FunctionName: aws.String(clients.Echo), Payload: event}
				if _, err := client.Invoke(ctx, in); err != nil {
					lost.Add(1)
				} else {
					answered.Add(1)
				}
			}
		})
	}
	crew.Wait()
	return items{answered.Load(), lost.Load()}, nil
}
