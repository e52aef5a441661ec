// Package single is the command that makes one call.
package single

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/exit"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/terminal"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Run makes the call that the arguments describe, and returns the exit status.
// When ctx ends, it ends the call and reports what became of it.
func Run(ctx context.Context, arguments []string, stdin, stdout, stderr *os.File) int {
	o, err := parse(arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage(stdout)
		return exit.OK
	case err != nil:
		return exit.Fail(stderr, exit.UsageError{Err: err})
	}
	in, err := o.input(stdin)
	if err != nil {
		return exit.Fail(stderr, exit.UsageError{Err: err})
	}
	client, err := o.Client(ctx)
	if err != nil {
		return exit.Fail(stderr, exit.SetupError{Err: err})
	}
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	stopProgress := func() {}
	if terminal.Is(stderr) {
		stopProgress = startProgress(stderr, in.FunctionName)
	}
	call := whole
	if o.stream {
		call = streamed
	}
	if err := call(ctx, o, client, in, stdout, stderr, stopProgress); err != nil {
		return exit.Fail(stderr, err)
	}
	return exit.OK
}

// whole makes a call and prints the answer when it is there.
func whole(ctx context.Context, o *options, client *invoke.Client, in *invoke.InvokeInput, stdout, stderr *os.File, stopProgress func()) error {
	out, err := client.Invoke(ctx, in)
	stopProgress()
	if err != nil {
		return err
	}
	writeReport(stderr, o, out)
	if _, err := stdout.Write(out.Payload); err != nil {
		return exit.OutputError{Err: err}
	}
	if n := len(out.Payload); n > 0 {
		if err := endLine(stdout, out.Payload[n-1]); err != nil {
			return exit.OutputError{Err: err}
		}
	}
	return out.Err()
}

// endLine ends the line where a person reads the payload, which ends with last.
func endLine(stdout *os.File, last byte) error {
	if last == '\n' || !terminal.Is(stdout) {
		return nil
	}
	_, err := io.WriteString(stdout, "\n")
	return err
}
