// Lambda-invoke calls an AWS Lambda function from the command line:
//
//	lambda-invoke -profile work -payload '{"order":17}' -log orders:live
//	generate-event | lambda-invoke -type Event orders
//	lambda-invoke -stream -payload @question.json story
//
// or for every line of a file, and goes on where it was when it is killed:
//
//	lambda-invoke map -in orders.ndjson -out results.ndjson orders
//
// It finds region and credentials as the AWS CLI does. The function's payload
// goes to standard output and everything else to standard error. The exit
// status tells what became of the call, and above all whether it is safe to
// make it again:
//
//	0  the function succeeded, or the event was accepted
//	1  the function ran and reported an error; its payload is on standard output
//	2  the command line or the payload is wrong; nothing was sent
//	3  the call failed and the function did not run
//	4  the call failed and the function may have run
//
// Install it and see all flags:
//
//	go -C examples/lambda-invoke install .
//	lambda-invoke -h
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/batch"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/completion"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/single"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	if len(arguments) > 0 {
		switch arguments[0] {
		case "map":
			return batch.Run(arguments[1:], os.Stdin, os.Stdout, os.Stderr)
		case "completion":
			return completion.Run(arguments[1:], os.Stdout, os.Stderr)
		}
	}
	// The first signal ends the call and lets it report; the second kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return single.Run(ctx, arguments, os.Stdin, os.Stdout, os.Stderr)
}
