// Lambda-invoke calls an AWS Lambda function from the command line:
//
//	lambda-invoke -profile work -payload '{"order":17}' -log orders:live
//	generate-event | lambda-invoke -type Event orders
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
// All flags:
//
//	go -C examples/lambda-invoke run . -h
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

func main() {
	// The first signal ends the call and lets it report; the second kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program. It returns the exit status.
func run(ctx context.Context, args []string, stdin, stdout, stderr *os.File) int {
	cmd, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage(stdout)
		return exitOK
	case err != nil:
		return cmd.fail(stderr, usageError{err})
	}
	in, err := cmd.input(stdin)
	if err != nil {
		return cmd.fail(stderr, usageError{err})
	}
	client, err := cmd.client(ctx)
	if err != nil {
		return cmd.fail(stderr, setupError{err})
	}
	if cmd.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cmd.timeout)
		defer cancel()
	}

	stopProgress := func() {}
	if isTerminal(stderr) {
		stopProgress = startProgress(stderr, in.FunctionName)
	}
	out, err := client.Invoke(ctx, in)
	stopProgress()
	if err != nil {
		return cmd.fail(stderr, err)
	}

	writeReport(stderr, cmd, out)
	if err := writePayload(stdout, out.Payload); err != nil {
		return cmd.fail(stderr, outputError{err})
	}
	if err := out.Err(); err != nil {
		return cmd.fail(stderr, err)
	}
	return exitOK
}

// client finds region, credentials and the rest, and lets the flags win.
func (cmd *command) client(ctx context.Context) (*invoke.Client, error) {
	var found []func(*config.LoadOptions) error
	if cmd.profile != "" {
		found = append(found, config.WithSharedConfigProfile(cmd.profile))
	}
	if cmd.region != "" {
		found = append(found, config.WithRegion(cmd.region))
	}
	opts, err := awsconfig.Load(ctx, found...)
	if err != nil {
		return nil, err
	}
	if opts.Region == "" {
		return nil, errors.New("no region: give -region, or set AWS_REGION or a region in the profile")
	}
	return invoke.New(opts, func(o *invoke.Options) {
		if cmd.endpoint != "" {
			o.BaseEndpoint = cmd.endpoint
		}
		if cmd.attempts != 0 {
			o.Retry.MaxAttempts = cmd.attempts
		}
		o.Retry.Idempotent = cmd.idempotent
	})
}

// writePayload writes the payload as it came. Where a person reads it, a line
// break follows.
func writePayload(stdout *os.File, payload []byte) error {
	if _, err := stdout.Write(payload); err != nil {
		return err
	}
	if len(payload) > 0 && payload[len(payload)-1] != '\n' && isTerminal(stdout) {
		_, err := io.WriteString(stdout, "\n")
		return err
	}
	return nil
}

// fail says on stderr why the call failed, and returns the exit status for it.
func (cmd *command) fail(stderr io.Writer, err error) int {
	status, remark := judge(err)
	fmt.Fprintf(stderr, "lambda-invoke: %s\n", describe(err))
	if remark != "" {
		fmt.Fprintf(stderr, "lambda-invoke: %s\n", remark)
	}
	return status
}

// isTerminal tells whether a person watches. (It takes /dev/null for one, which
// does no harm.)
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
