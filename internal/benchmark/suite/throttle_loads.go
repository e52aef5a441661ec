package suite

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// load works through an endless list of items until ctx ends.
type load func(ctx context.Context, e *endpoint.Endpoint, done *items) error

// items is what became of the items so far. What the end of a load interrupts does not count.
type items struct{ succeeded, lost atomic.Int64 }

func (i *items) add(ctx context.Context, err error) {
	switch {
	case err == nil:
		i.succeeded.Add(1)
	case ctx.Err() == nil:
		i.lost.Add(1)
	}
}

// mapItems is one loop over Func.Map, as it is without options.
func mapItems(ctx context.Context, e *endpoint.Endpoint, done *items) error {
	client, closeIdle, err := clients.NewOurs(clients.Config{Endpoint: e.URL})
	if err != nil {
		return err
	}
	defer closeIdle()
	list := func(yield func([]byte) bool) {
		for yield(event) {
		}
	}
	for r := range invoke.NewFunc[[]byte, []byte](client, clients.Echo).Map(ctx, list) {
		done.add(ctx, r.Err)
	}
	return nil
}

// sdkItems is a pool of goroutines with the SDK: four for each call that is ever admitted, as somebody might have who does
// not know the limit, and not more than accounts have by default.
func sdkItems(limits []int, optFns ...func(*lambda.Options)) load {
	callers := min(4*slices.Max(limits), 1000)
	return func(ctx context.Context, e *endpoint.Endpoint, done *items) error {
		client, closeIdle := clients.NewSDK(clients.Config{Endpoint: e.URL}, optFns...)
		defer closeIdle()
		pool(ctx, callers, done, func() error {
			in := &lambda.InvokeInput{FunctionName: aws.String(clients.Echo), Payload: event}
			_, err := client.Invoke(ctx, in)
			return err
		})
		return nil
	}
}

// persist is what an experienced user changes so that throttled items are not lost: more attempts than three, no quota of
// retries, and waits of a second at most instead of twenty.
func persist(o *lambda.Options) {
	clients.KeepConnections(o)
	o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 20
		o.MaxBackoff = time.Second
		o.RateLimiter = ratelimit.None
	})
}

// workers is a pool of n callers of this client, which needs no pacing if n calls are admitted.
func workers(n int) load {
	return func(ctx context.Context, e *endpoint.Endpoint, done *items) error {
		client, err := clients.New(clients.Ours, clients.Config{Endpoint: e.URL})
		if err != nil {
			return err
		}
		defer client.Close()
		pool(ctx, n, done, func() error {
			_, err := client.Call(ctx, event)
			return err
		})
		return nil
	}
}

// pool lets n callers make one call after another until ctx ends.
func pool(ctx context.Context, n int, done *items, call func() error) {
	var crew sync.WaitGroup
	for range n {
		crew.Go(func() {
			for ctx.Err() == nil {
				done.add(ctx, call())
			}
		})
	}
	crew.Wait()
}
