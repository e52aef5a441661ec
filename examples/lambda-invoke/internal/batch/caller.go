package batch

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/journal"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// errStopped is the error of an item that was not sent because the job is to
// end.
var errStopped = errors.New("the job is stopping")

// flight is an item between input and results.
type flight struct {
	index      int
	read       journal.Checkpoint // behind it in the input
	size       int                // of the payload, as far as it counts as in flight
	started    bool               // the state says so
	mayHaveRun bool               // an attempt that failed may have run it
	written    bool               // its line is in the results
}

// caller is the Invoker that the map calls. It writes down what is sent before
// it is sent, and what was answered as soon as it is: the map hands results on
// only while it gets further items, for which a pipe may let it wait.
type caller struct {
	client  *invoke.Client
	state   recorder
	output  *output
	stats   *stats.Stats
	timeout time.Duration
	stopper *stopper

	unreached atomic.Int64 // requests in a row that did not reach the service

	mu      sync.Mutex
	flights map[*byte]*flight // by the first byte of the payload, which the map hands on untouched
	bytes   int               // of the payloads in flight
	landed  sync.Cond         // bytes has become less
}

// recorder is what writes down which items are sent: a [journal.Journal], or
// nothing where the results go to standard output.
type recorder interface {
	Start(index int, read journal.Checkpoint) error
	Back(index int)
}

type noState struct{}

func (noState) Start(int, journal.Checkpoint) error { return nil }
func (noState) Back(int)                            {}

func newCaller(client *invoke.Client, state recorder, output *output, s *stats.Stats, timeout time.Duration, stopper *stopper) *caller {
	c := &caller{client: client, state: state, output: output, stats: s, timeout: timeout, stopper: stopper, flights: make(map[*byte]*flight)}
	c.landed.L = &c.mu
	return c
}

// maxUnreached is how many requests in a row may not reach the service: without a
// network, every item would soon have failed.
const maxUnreached = 100

// maxBytes is how many bytes of payloads are in flight, unless it is one
// payload.
const maxBytes = 32 << 20

// take makes a line a flight. It waits while too many bytes are in flight.
func (c *caller) take(line lines.Line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.bytes > 0 && c.bytes+len(line.Payload) > maxBytes {
		c.landed.Wait()
	}
	c.bytes += len(line.Payload)
	c.flights[&line.Payload[0]] = &flight{
		index: line.Index, size: len(line.Payload),
		read: journal.Checkpoint{Lines: line.Index + 1, Sum: line.Sum},
	}
}

// land ends a flight.
func (c *caller) land(payload []byte) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.flights[&payload[0]]
	delete(c.flights, &payload[0])
	return f
}

// Invoke makes one request for an item. An item in flight is in one call at a
// time.
func (c *caller) Invoke(ctx context.Context, in *invoke.InvokeInput, optFns ...func(*invoke.Options)) (*invoke.InvokeOutput, error) {
	c.mu.Lock()
	f := c.flights[&in.Payload[0]]
	c.mu.Unlock()
	defer c.ended(f)
	if c.stopper.stopped() && !f.mayHaveRun { // what may have run is better called again than left unknown
		return nil, errStopped
	}
	if !f.started {
		if err := c.state.Start(f.index, f.read); err != nil {
			c.stopper.stop(err)
			return nil, errStopped
		}
		f.started = true
	}
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	began := time.Now()
	out, err := c.client.Invoke(ctx, in, optFns...)
	if err != nil {
		return nil, c.failed(f, err)
	}
	c.unreached.Store(0)
	c.stats.Call(time.Since(began))
	if in.LogType == invoke.LogTypeTail {
		if report, ok := out.Report(); ok {
			c.stats.Report(report)
		}
	}
	if failed := out.Err(); failed != nil {
		c.output.failure(f.index, callFailure(failed), true)
	} else {
		c.output.done(f.index, out.Payload)
	}
	f.written = true
	out.Payload = nil // a map holds results until it gets further items
	return out, nil
}

// failed notes what an error says about the item, and returns the error for the
// map.
func (c *caller) failed(f *flight, err error) error {
	f.mayHaveRun = f.mayHaveRun || lambdaerrors.MayHaveExecuted(err)
	if f.mayHaveRun {
		return err
	}
	c.state.Back(f.index)
	f.started = false
	if endsJob(err) || is[*lambdaerrors.TransportError](err) && c.unreached.Add(1) >= maxUnreached {
		c.stopper.stop(err)
		return errStopped
	}
	return err
}

// ended takes a payload out of what counts as in flight: one that was throttled
// waits outside, as there is always room for what is in the map already.
func (c *caller) ended(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes -= f.size
	f.size = 0
	c.landed.Signal()
}
