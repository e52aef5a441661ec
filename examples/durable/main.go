// Command durable ships five orders, is killed in the middle, and finishes the work when it is started again: each
// order is one durable execution, whose name is the order's number. It needs no account: the function runs at an endpoint in
// the process that starts and kills the workers.
//
//	go run ./examples/durable
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func main() {
	run := demonstrate
	if len(os.Args) > 1 && os.Args[1] == "work" {
		run = work
	}
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// demonstrate runs the worker in a process of its own, kills it in the middle of the third order, and runs it once more.
func demonstrate(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	var parcels atomic.Int32
	third, goOn := make(chan struct{}), make(chan struct{})
	invoketest.HandleFunc(endpoint, "ship", func(_ context.Context, o order) (parcel, error) {
		if o.ID == "order-3" { // takes its time
			close(third)
			<-goOn
		}
		return parcel{Number: parcels.Add(1)}, nil
	})

	first, err := worker(ctx, endpoint.Options(), stdout)
	if err != nil {
		return err
	}
	if err := first.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- first.Wait() }()
	select {
	case <-third:
	case err := <-ended:
		return fmt.Errorf("the worker ended by itself: %w", err)
	}
	if err := first.Process.Kill(); err != nil {
		return err
	}
	<-ended
	fmt.Fprintln(stdout, "killed in the middle of order-3")
	close(goOn)

	second, err := worker(ctx, endpoint.Options(), stdout)
	if err != nil {
		return err
	}
	if err := second.Run(); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d orders, %d executions\n", len(orders), endpoint.Runs("ship"))
	return nil
}

// worker is this program as a worker that calls the endpoint of opts.
func worker(ctx context.Context, opts invoke.Options, stdout io.Writer) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	keys, err := opts.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "work")
	cmd.Env = append(os.Environ(),
		"AWS_REGION="+opts.Region, "AWS_ENDPOINT_URL_LAMBDA="+opts.BaseEndpoint,
		"AWS_ACCESS_KEY_ID="+keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+keys.SecretAccessKey)
	cmd.Stdout, cmd.Stderr = stdout, os.Stderr
	return cmd, nil
}
