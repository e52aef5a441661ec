// Command streaming prints a function's answer as it arrives, and what the
// invocation took. An interrupt cancels the context of the call, which ends the
// stream in the middle of the answer. It needs no account: the function runs at
// an endpoint inside this program.
//
//	go run ./examples/streaming
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

const answer = `A response stream begins when the function writes its first byte, and
not when it has written its last. So whoever asked can read along: a page that
fills, a report of many megabytes that is never in memory as a whole, the words
of a language model while it still thinks about the next.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, 40*time.Millisecond); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer, pace time.Duration) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.HandleStream("answer", func(ctx context.Context, _ []byte, w io.Writer) error {
		for word := range strings.SplitAfterSeq(answer, " ") {
			if _, err := io.WriteString(w, word); err != nil {
				return err
			}
			select {
			case <-time.After(pace):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})

	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}
	out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{
		FunctionName: "answer",
		LogType:      invoke.LogTypeTail,
	})
	if err != nil {
		return err
	}
	defer out.Body.Close()

	_, err = io.Copy(stdout, out.Body) // writes each piece as it comes
	var failed *errors.FunctionError
	switch {
	case errors.As(err, &failed):
		return fmt.Errorf("the answer ends here, as the function failed: %s", failed.ErrorMessage)
	case errors.Is(err, context.Canceled):
		fmt.Fprint(stdout, "\n\n")
		return fmt.Errorf("the answer ends here, as it was interrupted: %w", context.Canceled)
	case err != nil:
		return fmt.Errorf("the answer is incomplete: %w", err)
	}
	if report, ok := out.Report(); ok {
		fmt.Fprintf(stdout, "\n\n(%s, of which %s are billed)\n", report.Duration, report.BilledDuration)
	}
	return nil
}
