// Command longrunning makes a call that stays silent until the function is
// done, and says on standard error that it still waits. It needs no account: the
// function runs at an endpoint inside this program.
//
//	go run ./examples/longrunning -silent 10m
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func main() {
	silent := flag.Duration("silent", 3*time.Second, "how long the call stays silent")
	every := flag.Duration("progress", time.Second, "how often to say that it still waits")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr, *silent, *every); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout, stderr io.Writer, silent, every time.Duration) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "report", func(context.Context, string) (string, error) {
		return "all is well", nil
	})
	endpoint.Script("report", invoketest.Delay(silent))

	// Nothing travels while the function works, and a NAT gateway forgets a flow
	// that is silent for 350 seconds: the reply would never arrive. So the
	// connections of package transport, which every client has if it is given
	// no other, send TCP keep-alive probes from the 30th second of silence on.
	// These keep the flow known, and they notice a peer that died without a
	// word. There is no timeout for the reply: any would cut off a function that
	// is still at work.
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}

	// The deadline is the context's alone: the 15 minutes that a function may
	// take, and some time to connect and to start it.
	ctx, cancel := context.WithTimeout(ctx, 16*time.Minute)
	defer cancel()
	report := invoke.NewFunc[string, string](client, "report")
	stop := progress(stderr, every)
	answer, err := report.Call(ctx, "yearly")
	stop()
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, answer)
	return nil
}
