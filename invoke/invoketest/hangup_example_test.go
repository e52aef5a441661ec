package invoketest_test

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A caller must not charge twice: wherever the connection breaks, what
// MayHaveExecuted says is held against how often the function ran.
func ExampleHangUp() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	s.Handle("charge", func(context.Context, []byte) ([]byte, error) { return []byte(`"charged"`), nil })
	client, err := invoke.New(s.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, at := range []invoketest.Point{invoketest.BeforeRun, invoketest.AfterRun, invoketest.ReplyBody} {
		before := s.Runs("charge")
		s.Script("charge", invoketest.HangUp(at, invoketest.Reset))
		_, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "charge"})
		fmt.Println("may have run:", errors.MayHaveExecuted(err), "runs:", s.Runs("charge")-before)
	}
	// Output:
	// may have run: true runs: 0
	// may have run: true runs: 1
	// may have run: true runs: 1
}

// How often a call ran the function, all of its attempts together.
func ExampleServer_RunsOf() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	s.Handle("thumbnail", func(context.Context, []byte) ([]byte, error) { return []byte(`"cat.png"`), nil })
	s.Script("thumbnail", invoketest.HangUp(invoketest.AfterRun, invoketest.Reset))

	client, err := invoke.New(s.Options(), func(o *invoke.Options) { o.Retry.Idempotent = true })
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		if _, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "thumbnail"}); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, r := range s.Requests() {
		fmt.Println("attempt", r.Attempt, "of a call with runs:", s.RunsOf(r.InvocationID))
	}
	// Output:
	// attempt 1 of a call with runs: 2
	// attempt 2 of a call with runs: 2
	// attempt 1 of a call with runs: 1
}
