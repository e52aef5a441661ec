package batch

import (
	"io"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/results"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

// lineWriter is where lines go: a [results.File], or standard output.
type lineWriter interface {
	// Write adds a line. An error ends the job, whether or not the line was
	// written.
	Write(line []byte) (written bool, err error)
	Close() error
}

// output writes the results and counts them. It is safe for concurrent use.
type output struct {
	stats   *stats.Stats
	stopper *stopper

	mu   sync.Mutex
	w    lineWriter
	line []byte // to build lines in
	lost int    // lines that could not be written
}

// maxSpareLine is how large a line may be for its memory to be kept.
const maxSpareLine = 64 << 10

// done writes that the function succeeded.
func (o *output) done(index int, payload []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.write(results.AppendOutput(o.line[:0], index, payload), results.Record{Index: index, Outcome: results.Done})
}

// failure writes that an item has an error.
func (o *output) failure(index int, failure *results.Failure, mayHaveRun bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.write(results.AppendFailure(o.line[:0], index, failure, mayHaveRun),
		results.Record{Index: index, Outcome: results.OutcomeOf(failure, mayHaveRun), Failure: failure})
}

func (o *output) write(line []byte, r results.Record) {
	if cap(line) <= maxSpareLine {
		o.line = line
	}
	written, err := o.w.Write(line)
	if err != nil {
		o.stopper.stop(err)
	}
	if written {
		o.stats.Result(r)
	} else {
		o.lost++
	}
}

// stream is a lineWriter without a file.
type stream struct{ w io.Writer }

func (s stream) Write(line []byte) (bool, error) {
	_, err := s.w.Write(line)
	return err == nil, err
}

func (stream) Close() error { return nil }
