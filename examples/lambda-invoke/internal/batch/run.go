package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/journal"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// run calls the function for every item that is to be run. When ctx ends, it
// ends the calls in flight as well.
func (j *job) run(ctx context.Context) {
	function := invoke.NewFunc[[]byte, []byte](j.caller, j.o.Function, j.funcOptions)
	results := function.Map(ctx, j.items(), func(m *invoke.MapOptions) {
		m.MaxConcurrency = j.o.maxConcurrency
		m.Progress = j.stats.Progress
		m.Stop = j.stopper.draining.Done()
	})
	for r := range results {
		if f := j.caller.land(r.In); !f.written {
			j.finish(ctx, f, r.Err)
		}
	}
}

// finish writes what became of an item whose call failed. An item that did not
// run because the job ends gets no line: it is run by the next start.
func (j *job) finish(ctx context.Context, f *flight, err error) {
	stopped := errors.Is(err, errStopped) || errors.Is(err, invoke.ErrMapStopped)
	mayHaveRun := f.mayHaveRun || !stopped && lambdaerrors.MayHaveExecuted(err)
	if !mayHaveRun && (stopped || ctx.Err() != nil) {
		j.left++
		return
	}
	j.output.failure(f.index, callFailure(err), mayHaveRun)
}

// items yields the payloads that are to be sent. It deals with the other lines
// itself.
func (j *job) items() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		next := j.readAhead()
		for {
			var line lines.Line
			select {
			case <-j.stopper.draining.Done():
				return
			case item := <-next:
				if item.err == io.EOF {
					j.ended = true
					return
				}
				if item.err != nil {
					j.stopper.stop(fmt.Errorf("read the input: %w", item.err))
					return
				}
				line = item.line
			}
			if !j.accept(line, yield) {
				return
			}
		}
	}
}

// accept deals with one line. It returns false when yield wants no more.
func (j *job) accept(line lines.Line, yield func([]byte) bool) bool {
	j.stats.Read(line.Bytes)
	if line.Fault != lines.ErrCutShort { // which is read again by the next start
		j.read = journal.Checkpoint{Lines: line.Index + 1, Sum: line.Sum}
	}
	switch {
	case j.past != nil && j.past.finished.Has(line.Index):
	case line.Fault != nil:
		j.cutShort = line.Fault == lines.ErrCutShort
		j.output.failure(line.Index, faultFailure(line.Fault), false)
	case line.Payload == nil:
		j.empty++
	default:
		j.caller.take(line)
		return yield(line.Payload)
	}
	return true
}

// item is what reading has come to.
type item struct {
	line lines.Line
	err  error
}

// readAhead reads the input on a goroutine of its own, a line ahead, so that a
// pipe that is silent does not keep the job from ending.
func (j *job) readAhead() <-chan item {
	next := make(chan item)
	go func() {
		for {
			line, err := j.reader.Next()
			select {
			case next <- item{line, err}:
			case <-j.stopper.draining.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return next
}
