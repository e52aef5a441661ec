package single

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/args"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/payload"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/target"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// options are what the flags of the single call say.
type options struct {
	target.Target

	payload      string
	payloadGiven bool
	file         string
	raw          bool
	invocation   string
	durable      string
	stream       bool
	log          bool
	verbose      bool
	timeout      time.Duration
}

// newFlags defines the flags.
func newFlags(o *options) *args.Set {
	fs := args.New("lambda-invoke")
	o.Register(fs)
	fs.BoolVar(&o.Idempotent, "idempotent", false, "the function may run twice for one call: retry also when it may have run")
	fs.StringVar(&o.payload, "payload", "", "the payload itself, usually `JSON`, or where it is: @path, file://path or fileb://path, or - for standard input")
	fs.StringVar(&o.file, "file", "", "read the payload from this `path`; - is standard input")
	fs.BoolVar(&o.raw, "raw", false, "send the payload even if it is not JSON")
	fs.StringVar(&o.invocation, "type", string(invoke.InvocationTypeRequestResponse), "`how` to call: RequestResponse waits for the result, Event does not, DryRun only checks permission")
	fs.StringVar(&o.durable, "durable-name", "", "the `name` of a durable execution; it needs a version or an alias")
	fs.BoolVar(&o.stream, "stream", false, "print the answer of a streaming function as it comes")
	fs.BoolVar(&o.log, "log", false, "show the end of the function's log on standard error")
	fs.BoolVar(&o.verbose, "v", false, "show status, version, request ID and attempts on standard error")
	fs.Duration(&o.timeout, "timeout", "give up after this `time`, such as 30s (default never)")
	return fs
}

// Flags returns the flags of the single call.
func Flags() []*flag.Flag { return newFlags(new(options)).Flags() }

// parse reads the command line.
func parse(arguments []string) (*options, error) {
	o := new(options)
	fs := newFlags(o)
	operands, err := fs.Parse(arguments)
	if err != nil {
		return nil, err
	}
	if len(operands) == 2 && slices.Contains(operands, "map") {
		return nil, errors.New(`"map" comes first: lambda-invoke map [flags] function`)
	}
	if err := o.SetOperands(operands); err != nil {
		return nil, err
	}
	o.payloadGiven = fs.Given("payload")
	kind := invoke.InvocationType(o.invocation)
	waits := kind == invoke.InvocationTypeRequestResponse
	switch {
	case !waits && kind != invoke.InvocationTypeEvent && kind != invoke.InvocationTypeDryRun:
		return nil, fmt.Errorf("-type %q is none of RequestResponse, Event and DryRun", o.invocation)
	case o.payloadGiven && o.file != "":
		return nil, errors.New("-payload and -file exclude each other")
	case o.log && !waits:
		return nil, errors.New("-log needs a call that waits for the result: leave -type out")
	case o.stream && !waits:
		return nil, errors.New("-stream needs a call that waits for the result: leave -type out")
	case o.stream && o.durable != "":
		return nil, errors.New("-stream and -durable-name exclude each other: a durable execution has no stream")
	}
	return o, nil
}

// input makes the call's input of the command line.
func (o *options) input(stdin *os.File) (*invoke.InvokeInput, error) {
	content, err := o.readPayload(stdin)
	if err != nil {
		return nil, err
	}
	if !o.raw {
		if err := payload.Check(content); err != nil {
			return nil, fmt.Errorf("%w; -raw sends it all the same", err)
		}
	}
	in := &invoke.InvokeInput{
		FunctionName:         o.Function,
		Qualifier:            o.Qualifier,
		InvocationType:       invoke.InvocationType(o.invocation),
		DurableExecutionName: o.durable,
		TenantId:             o.Tenant,
		Payload:              content,
	}
	if o.log {
		in.LogType = invoke.LogTypeTail
	}
	in.ClientContext, err = o.EncodedClientContext()
	return in, err
}

func (o *options) readPayload(stdin *os.File) ([]byte, error) {
	switch {
	case o.payloadGiven:
		return payload.Read(o.payload, stdin)
	case o.file != "":
		return payload.ReadFile(o.file, stdin)
	case isPiped(stdin):
		return payload.ReadFile("-", stdin)
	}
	return nil, nil
}

// isPiped tells whether standard input was given on purpose: a pipe or a file,
// not a terminal and not nothing.
func isPiped(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeNamedPipe != 0)
}

const usageText = `Usage: lambda-invoke [flags] function
       lambda-invoke map [flags] function      calls it for every line of a file: see map -h
       lambda-invoke completion shell          prints the completion for bash, zsh or fish

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
	newFlags(new(options)).WriteFlags(w)
}
