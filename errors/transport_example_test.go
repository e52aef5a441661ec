package errors_test

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A connection can fail before, while and after the function runs.
func ExampleTransportError() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("charge", func(context.Context, []byte) ([]byte, error) { return []byte(`"charged"`), nil })
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.Retry.MaxAttempts = 1 })
	if err != nil {
		fmt.Println(err)
		return
	}
	charge := invoke.NewFunc[int, string](client, "charge")

	for _, disturb := range []func(){
		func() { endpoint.Script("charge", invoketest.HangUp(invoketest.ReplyBody, invoketest.Close)) },
		func() { endpoint.Script("charge", invoketest.HangUp(invoketest.AfterRun, invoketest.Close)) },
		endpoint.Close,
	} {
		disturb()
		_, err := charge.Call(context.Background(), 250)
		var broken *errors.TransportError
		if !errors.As(err, &broken) {
			fmt.Println(err)
			continue
		}
		switch broken.Stage {
		case errors.StageConnect, errors.StageSend:
			fmt.Println(broken.Stage, "- not charged, safe to repeat")
		case errors.StageAwait:
			fmt.Println(broken.Stage, "- ask before charging again")
		case errors.StageReceive:
			fmt.Println(broken.Stage, "- a reply had begun, with status", broken.StatusCode)
		}
	}
	// Output:
	// receive - a reply had begun, with status 200
	// await - ask before charging again
	// connect - not charged, safe to repeat
}
