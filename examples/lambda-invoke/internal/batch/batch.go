// Package batch is the command that calls a function for every line of a file.
package batch

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/exit"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/journal"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/progress"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/terminal"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Run does the job that the arguments describe, and returns the exit status. It
// handles the signals that interrupt it.
func Run(arguments []string, stdin, stdout, stderr *os.File) int {
	o, err := parse(arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage(stdout)
		return exit.OK
	case err != nil:
		return exit.Fail(stderr, exit.UsageError{Err: err})
	}
	j, err := prepare(o, stdin, stdout)
	if err != nil {
		return exit.Fail(stderr, err)
	}
	return j.do(stderr)
}

// job is a job that can begin.
type job struct {
	o         *options
	in        *input
	reader    *lines.Reader
	past      *past // nil without a file of results
	output    *output
	stats     *stats.Stats
	stopper   *stopper
	caller    *caller
	clientCtx string

	empty    int  // lines
	left     int  // items that were read and neither ran nor have a line
	ended    bool // the input was read to its end
	cutShort bool // and ended in the middle of a line
	read     journal.Checkpoint
}

// prepare opens what the job needs. Nothing has been sent when it returns.
func prepare(o *options, stdin, stdout *os.File) (*job, error) {
	j := &job{o: o, stats: stats.New(), stopper: newStopper()}
	var err error
	if j.clientCtx, err = o.EncodedClientContext(); err != nil {
		return nil, exit.UsageError{Err: err}
	}
	if j.in, err = openInput(o.in, stdin); err != nil {
		return nil, exit.UsageError{Err: fmt.Errorf("open the input: %w", err)}
	}
	client, err := o.Client(j.stopper.draining)
	if err != nil {
		return nil, exit.SetupError{Err: err}
	}
	j.output = &output{stats: j.stats, stopper: j.stopper, w: stream{stdout}}
	var state recorder = noState{}
	if o.out == "-" {
		j.reader, err = j.in.reader(journal.Checkpoint{}, true, "")
	} else {
		state, err = j.resume()
	}
	if err != nil {
		return nil, err
	}
	j.caller = newCaller(client, state, j.output, j.stats, o.timeout, j.stopper)
	return j, nil
}

// resume goes on where earlier runs were.
func (j *job) resume() (recorder, error) {
	if same(j.in.file, j.o.out) {
		return nil, exit.UsageError{Err: errors.New("-in and -out are the same file")}
	}
	p, err := openPast(j.o, j.stats)
	if err != nil {
		return nil, err
	}
	if j.reader, err = j.in.reader(p.content.Read, !p.gaps(), dirOf(j.o.out)); err != nil {
		j.in.close()
		return nil, errors.Join(exit.UsageError{Err: err}, p.close())
	}
	if err := p.settle(); err != nil {
		j.in.close()
		return nil, errors.Join(exit.SetupError{Err: err}, p.close())
	}
	j.past, j.output.w, j.read = p, p.results, p.content.Read
	for index := range p.inFlight.All() {
		j.output.failure(index, interrupted(), true)
	}
	return p.state, nil
}

func same(f *os.File, path string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(path)
	return err == nil && os.SameFile(a, b)
}

// do runs the job and tells about it.
func (j *job) do(stderr *os.File) int {
	say := func(text string) { fmt.Fprintf(stderr, "lambda-invoke: %s\n", text) }
	show := progress.Start(stderr, terminal.Is(stderr), j.in.size, j.stats.Counts)
	ctx, done := j.stopper.watchSignals(show.Say)
	j.run(ctx)
	done()
	show.Stop()
	cause := errors.Join(j.stopper.why(), j.close())
	summary := j.stats.Summary()
	j.writeSummary(stderr, summary)
	cause = errors.Join(cause, j.writePage(summary, cause))
	return j.status(say, summary.Counts, cause)
}

func (j *job) close() error {
	j.in.close()
	if j.past == nil {
		return nil
	}
	var err error
	if j.ended && j.read.Lines > j.past.content.Read.Lines {
		err = j.past.state.Read(j.read)
	}
	return errors.Join(err, j.past.close())
}

// status says why the job did not come to its end, if it did not, and returns
// the exit status.
func (j *job) status(say func(string), c stats.Counts, cause error) int {
	if cause != nil {
		say(terminal.Printable(cause.Error()))
	}
	if j.output.lost > 0 {
		say(fmt.Sprintf("%d results could not be written: their items will be given as ones that may have run", j.output.lost))
	}
	if cause != nil && j.past != nil {
		say("the same command goes on from here")
	}
	switch {
	case c.Unknown > 0 || j.output.lost > 0:
		return exit.MayHaveRun
	case cause != nil:
		return exit.NotRun
	case c.Failed > 0:
		return exit.FunctionError
	}
	return exit.OK
}

// funcOptions are the options of the function's calls.
func (j *job) funcOptions(f *invoke.FuncOptions) {
	f.Qualifier, f.TenantId, f.ClientContext = j.o.Qualifier, j.o.Tenant, j.clientCtx
	if j.o.log {
		f.LogType = invoke.LogTypeTail
	}
}
