// Package duplicates puts the same seeded load of calls and faults through both clients and counts what a user would pay
// for: functions that ran twice for one call, and errors that say something untrue about whether the function ran.
package duplicates

import (
	"context"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/attempts"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Load is what is put through each client.
type Load struct {
	Seed    uint64
	Clients int // each with its own connections and retry quota, as so many processes would have
	Calls   int // per client, one after the other
	OneIn   int // one request in so many meets a fault
}

// Result is what came of a load.
type Result struct {
	Calls, Requests   int
	Succeeded, Failed int
	RanTwice          int // calls whose function ran more than once
	FalseSuccesses    int // calls that succeeded although the function never ran
	SaidNotRun        int // errors that guarantee that the function did not run; the SDK's never say so
	FalseGuarantees   int // of these, how many were wrong
}

// caller is a client as a load sees it. guaranteed tells whether an error promises that nothing ran.
type caller func(ctx context.Context, payload []byte) (err error, guaranteed bool)

// Run puts the load through both clients, one after the other: this one with its defaults, this one for a function that
// may run more than once, and the SDK's with its defaults.
func Run(ctx context.Context, load Load) (ours, idempotent, sdk Result, err error) {
	if ours, err = load.run(ctx, func(p pair.Pair) caller { return ourCaller(p.Ours) }); err != nil {
		return
	}
	mayRepeat := func(o *invoke.Options) { o.Retry.Idempotent = true }
	if idempotent, err = load.run(ctx, func(p pair.Pair) caller { return ourCaller(p.Ours, mayRepeat) }); err != nil {
		return
	}
	sdk, err = load.run(ctx, func(p pair.Pair) caller { return sdkCaller(p.SDK) })
	return
}

func ourCaller(client *invoke.Client, optFns ...func(*invoke.Options)) caller {
	return func(ctx context.Context, payload []byte) (error, bool) {
		_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f", Payload: payload}, optFns...)
		return err, err != nil && !lambdaerrors.MayHaveExecuted(err)
	}
}

func sdkCaller(client *lambda.Client) caller {
	return func(ctx context.Context, payload []byte) (error, bool) {
		_, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: payload})
		return err, false
	}
}

func (l Load) run(ctx context.Context, pick func(pair.Pair) caller) (Result, error) {
	e := newEndpoint(l.Seed, l.OneIn)
	defer e.Close()

	var (
		mu     sync.Mutex
		result Result
		group  sync.WaitGroup
	)
	for c := range l.Clients {
		clients, err := pair.Make(e.URL, attempts.WithoutDelays)
		if err != nil {
			return Result{}, err
		}
		call := pick(clients)
		group.Go(func() {
			for n := range l.Calls {
				payload := strconv.Itoa(c*l.Calls + n)
				err, guaranteed := call(ctx, []byte(payload))
				mu.Lock()
				result.count(err, guaranteed, e.ran(payload))
				mu.Unlock()
			}
		})
	}
	group.Wait()
	result.Requests = e.requests
	return result, ctx.Err()
}

// ran is how often the function ran for a call.
func (e *endpoint) ran(call string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.runs[call]
}

func (r *Result) count(err error, guaranteed bool, runs int) {
	r.Calls++
	if err == nil {
		r.Succeeded++
	} else {
		r.Failed++
	}
	if runs > 1 {
		r.RanTwice++
	}
	if err == nil && runs == 0 {
		r.FalseSuccesses++
	}
	if guaranteed {
		r.SaidNotRun++
		if runs > 0 {
			r.FalseGuarantees++
		}
	}
}
