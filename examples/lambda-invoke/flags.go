package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// command is the command line.
type command struct {
	function string

	payload       string
	payloadGiven  bool
	file          string
	invocation    string
	qualifier     string
	clientContext string
	tenant        string
	durable       string
	log           bool
	verbose       bool

	region     string
	profile    string
	endpoint   string
	attempts   int
	idempotent bool
	timeout    time.Duration
}

func (cmd *command) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("lambda-invoke", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run words its errors
	fs.StringVar(&cmd.payload, "payload", "", "the payload itself, usually `JSON`")
	fs.StringVar(&cmd.file, "file", "", "read the payload from this `path`; - is standard input")
	fs.StringVar(&cmd.invocation, "type", string(invoke.InvocationTypeRequestResponse), "`how` to call: RequestResponse waits for the result, Event does not, DryRun only checks permission")
	fs.StringVar(&cmd.qualifier, "qualifier", "", "a `version` or alias of the function")
	fs.StringVar(&cmd.clientContext, "client-context", "", "a `JSON` object that the function sees as its client context")
	fs.StringVar(&cmd.tenant, "tenant", "", "the `ID` of the tenant, for a function with tenant isolation")
	fs.StringVar(&cmd.durable, "durable-name", "", "the `name` of a durable execution")
	fs.BoolVar(&cmd.log, "log", false, "show the end of the function's log on standard error")
	fs.BoolVar(&cmd.verbose, "v", false, "show status, version, request ID and attempts on standard error")

	fs.StringVar(&cmd.region, "region", "", "the AWS `region`; else AWS_REGION, else the profile's")
	fs.StringVar(&cmd.profile, "profile", "", "the `profile` of the shared AWS files; else AWS_PROFILE")
	fs.StringVar(&cmd.endpoint, "endpoint", "", "the `URL` to call, for an emulator for instance")
	fs.IntVar(&cmd.attempts, "attempts", 0, "`how many` times to try at most; 1 never retries (default 3, unless configured)")
	fs.BoolVar(&cmd.idempotent, "idempotent", false, "the function may run twice for one call: retry also when it may have run")
	fs.DurationVar(&cmd.timeout, "timeout", 0, "give up after this `time`, such as 30s (default never)")
	return fs
}

// parse reads the command line. Flags may stand before and after the function.
// The command is never nil.
func parse(args []string) (*command, error) {
	cmd := new(command)
	fs := cmd.flags()
	var names []string
	for rest := args; ; {
		if err := fs.Parse(rest); err != nil {
			return cmd, err
		}
		if fs.NArg() == 0 {
			break
		}
		names = append(names, fs.Arg(0))
		rest = fs.Args()[1:]
	}
	fs.Visit(func(f *flag.Flag) { cmd.payloadGiven = cmd.payloadGiven || f.Name == "payload" })
	switch {
	case len(names) == 0:
		return cmd, errors.New("which function?")
	case len(names) > 1:
		return cmd, fmt.Errorf("one function at a time, not also %q", names[1])
	case cmd.payloadGiven && cmd.file != "":
		return cmd, errors.New("-payload and -file exclude each other")
	case cmd.attempts < 0:
		return cmd, errors.New("-attempts must not be negative")
	case cmd.timeout < 0:
		return cmd, errors.New("-timeout must not be negative")
	}
	cmd.function = names[0]
	return cmd, nil
}

const usageText = `Usage: lambda-invoke [flags] function

Calls an AWS Lambda function: a name, name:alias, partial or full ARN. Region and
credentials are found as the AWS CLI finds them. Without -payload and -file, the
payload is what is piped to standard input, if anything is.

The function's payload goes to standard output, everything else to standard error.
A call without an answer may take 15 minutes; on a terminal it shows that it is alive.

Exit status:
  0  the function succeeded, or the event was accepted
  1  the function ran and reported an error; its payload is on standard output
  2  the command line or the payload is wrong; nothing was sent
  3  the call failed and the function did not run: calling again is safe
  4  the call failed and the function may have run

Flags:
`

func usage(w io.Writer) {
	io.WriteString(w, usageText)
	fs := new(command).flags()
	fs.SetOutput(w)
	fs.PrintDefaults()
}
