package batch

import (
	"errors"
	"flag"
	"io"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/args"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/target"
)

// options are what the flags of map say.
type options struct {
	target.Target

	in, out        string
	maxConcurrency int
	retryFailed    bool
	log            bool
	price          float64
	report         string
	timeout        time.Duration
}

// newFlags defines the flags.
func newFlags(o *options) *args.Set {
	fs := args.New("lambda-invoke map")
	o.Register(fs)
	fs.StringVar(&o.in, "in", "-", "read the items from this `path`; - is standard input")
	fs.StringVar(&o.out, "out", "-", "write the results to this `path`, and the state beside it; - is standard output, without a state")
	fs.IntVar(&o.maxConcurrency, "max-concurrency", 0, "make `n` calls at a time at most (default 1000)")
	fs.BoolVar(&o.Idempotent, "idempotent", false, "the function may run twice for one item: call again what may have run, now and at the next start")
	fs.BoolVar(&o.retryFailed, "retry-failed", false, "also run the items again that failed in an earlier run")
	fs.BoolVar(&o.log, "log", false, "ask for the log of each call, and sum up what was billed")
	fs.Float64Var(&o.price, "price", pricePerGBSecond, "`dollars` for a GB-second, for the estimate of -log")
	fs.StringVar(&o.report, "report", "", "write a report to this `path`, one page of HTML")
	fs.Duration(&o.timeout, "timeout", "give up a call after this `time`, such as 30s (default never)")
	return fs
}

// Flags returns the flags of map.
func Flags() []*flag.Flag { return newFlags(new(options)).Flags() }

// parse reads the command line.
func parse(arguments []string) (*options, error) {
	o := new(options)
	operands, err := newFlags(o).Parse(arguments)
	if err != nil {
		return nil, err
	}
	if err := o.SetOperands(operands); err != nil {
		return nil, err
	}
	switch {
	case o.maxConcurrency < 0:
		return nil, errors.New("-max-concurrency must not be negative")
	case o.price < 0:
		return nil, errors.New("-price must not be negative")
	case o.retryFailed && o.out == "-":
		return nil, errors.New("-retry-failed needs the results of an earlier run: give -out")
	case o.in == "":
		return nil, errors.New("-in is empty")
	case o.out == "":
		return nil, errors.New("-out is empty")
	}
	return o, nil
}

const usageText = `Usage: lambda-invoke map [flags] function

Calls a function for every line of the input, each one a payload of JSON, as many at a
time as the account admits. Throttled items are called again. Each item gets a line in the
results, in the order in which they finish, with the number of its line counted from 0:

  {"index":0,"output":{"total":12}}
  {"index":7,"error":{"type":"ValueError","message":"no such order"},"may_have_run":true}

A line that is not JSON gets an error and nothing is sent; an empty one is passed over.

With -out results.ndjson the job can be killed at any moment: the same command goes on
where it was. What is about to be sent is on the disk, in results.ndjson.state, before it
is sent. An item that was in flight is not run again: its line says that it may have run.
With -idempotent it is, and so is what may have run for other reasons. -retry-failed takes
up what failed, also where the function ran and reported an error. Remove results and state
to start over.

Ctrl-C once lets what is in flight finish, twice stops. A full disk, a wrong configuration
such as missing permission, or a service that cannot be reached stops the job: nothing is
lost.

Exit status:
  0  every item succeeded
  1  some items failed; their lines say why
  2  the command line or the input is wrong; nothing was sent
  3  the job stopped before its end, or did not begin: the same command goes on
  4  some items may have run, and it is not known whether they succeeded

Flags:
`

func usage(w io.Writer) {
	io.WriteString(w, usageText)
	newFlags(new(options)).WriteFlags(w)
}
