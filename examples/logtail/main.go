// Command logtail asks for the end of a function's log with its result, and
// computes what the call has cost. It needs no account: the function runs at an
// endpoint inside this program.
//
//	go run ./examples/logtail
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// What a GB-second and a request cost, in US dollars. Prices differ by Region
// and architecture: look yours up.
const (
	perGBSecond = 0.0000166667
	perRequest  = 0.0000002
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "resize", func(ctx context.Context, name string) (string, error) {
		invoketest.Logf(ctx, "reading %s", name)
		time.Sleep(25 * time.Millisecond)
		invoketest.Logf(ctx, "wrote 3 sizes")
		return "done", nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}

	resize := invoke.NewFunc[string, string](client, "resize", func(o *invoke.FuncOptions) {
		o.LogType = invoke.LogTypeTail
		o.Observe = func(_ context.Context, out *invoke.InvokeOutput) {
			if log, err := out.Log(); err == nil {
				for line := range strings.Lines(string(log)) {
					fmt.Fprint(stdout, "  | ", line)
				}
			}
			report, ok := out.Report()
			if !ok {
				fmt.Fprintln(stdout, "the tail has lost the report")
				return
			}
			gbSeconds := report.BilledDuration.Seconds() * float64(report.MemorySizeMB) / 1024
			fmt.Fprintf(stdout, "billed %v at %d MB, of which %d MB were used\n", report.BilledDuration, report.MemorySizeMB, report.MaxMemoryUsedMB)
			fmt.Fprintf(stdout, "a million such calls cost $%.2f\n", 1e6*(gbSeconds*perGBSecond+perRequest))
		}
	})
	result, err := resize.Call(ctx, "cat.png")
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "result:", result)
	return nil
}
