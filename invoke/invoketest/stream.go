package invoketest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// maxChunk is how many bytes of one Write go into one event.
const maxChunk = 16 << 20

// streamPlan is what is to become of the bytes of an event stream.
type streamPlan struct {
	breakAt, cutAt, corruptAt *int64
	how                       Hangup // of breakAt
	exception                 string // in place of the function's end
}

// BreakStream breaks the connection after n bytes of the event stream, frames
// counted as they are on the wire; one that is shorter ends as usual.
func BreakStream(n int64, how Hangup) Fault {
	return faultFunc(func(p *plan) { p.stream.breakAt, p.stream.how = &n, how })
}

// CutStream ends the reply after n bytes of the event stream as if that were
// all of it, in order as far as HTTP is concerned.
func CutStream(n int64) Fault { return faultFunc(func(p *plan) { p.stream.cutAt = &n }) }

// CorruptStream inverts byte n of the event stream, counted from 0.
func CorruptStream(n int64) Fault { return faultFunc(func(p *plan) { p.stream.corruptAt = &n }) }

// ThrowInStream lets the function run, and then ends the stream with an
// exception of the service.
func ThrowInStream(code string) Fault {
	return faultFunc(func(p *plan) { p.stream.exception = code })
}

// stream serves a streamed invocation. It returns a reply only where the plan
// needs the whole of it.
func (x *exchange) stream(ctx context.Context, fn streamFunction, c *call, body []byte) *reply {
	w := &streamWriter{x: x, plan: x.plan.stream, version: c.ExecutedVersion}
	if x.plan.reply != nil || x.plan.point > 0 || x.plan.truncate != nil || x.plan.declare != nil {
		w.collected = new(bytes.Buffer)
	}
	failure := <-x.start(ctx, fn, c, body, w)
	w.finish(failure, c)
	if w.collected == nil {
		return nil
	}
	rep := w.reply()
	rep.body = w.collected.Bytes()
	return rep
}

// streamWriter makes events of what a function writes.
type streamWriter struct {
	x         *exchange
	plan      streamPlan
	version   string
	collected *bytes.Buffer // in place of the connection

	mu     sync.Mutex
	begun  bool
	closed bool
	offset int64
	frame  bytes.Buffer
}

// Write sends p at once.
func (w *streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for n := 0; n < len(p); n += maxChunk {
		w.frame.Reset()
		if err := eventstream.AppendEvent(&w.frame, eventstream.PayloadChunk, p[n:min(n+maxChunk, len(p))]); err != nil {
			return n, err
		}
		if !w.emit() {
			return n, io.ErrClosedPipe
		}
	}
	return len(p), nil
}

// finish sends how the function ended. What it writes after that is refused.
func (w *streamWriter) finish(f *failure, c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frame.Reset()
	if code := w.plan.exception; code != "" {
		wireCode, body := exceptionBody(statusOf(code), code, "scripted by the test", nil)
		_ = eventstream.AppendException(&w.frame, wireCode, body)
	} else {
		var complete eventstream.Complete
		if f != nil {
			complete.ErrorCode, complete.ErrorDetails = f.kind, string(f.payload)
		}
		if w.x.wantsLog() {
			complete.LogResult = c.log.encoded()
		}
		_ = eventstream.AppendComplete(&w.frame, complete)
	}
	w.emit()
	w.closed = true
}

func (w *streamWriter) reply() *reply {
	rep := newReply(http.StatusOK, wire.ContentTypeEventStream, nil)
	rep.header.Set(wire.HeaderExecutedVersion, w.version)
	return rep
}

// emit sends w.frame as the plan has it. It is false once no more can be sent.
func (w *streamWriter) emit() bool {
	if w.closed {
		return false
	}
	frame := w.frame.Bytes()
	if at := w.plan.corruptAt; at != nil && *at >= w.offset && *at-w.offset < int64(len(frame)) {
		frame[*at-w.offset] ^= 0xff
	}
	broken := w.ends(w.plan.breakAt, len(frame))
	if end := w.plan.breakAt; broken {
		frame = frame[:max(0, *end-w.offset)]
	}
	cut := w.ends(w.plan.cutAt, len(frame))
	if end := w.plan.cutAt; cut {
		frame, broken = frame[:max(0, *end-w.offset)], false
	}
	w.offset += int64(len(frame))
	if !w.send(frame) || broken || cut {
		w.closed = true
	}
	if broken && w.collected == nil {
		w.x.hangUp(w.plan.how, nil)
	}
	return !w.closed
}

// ends reports whether the stream ends at a point within the next n bytes.
func (w *streamWriter) ends(at *int64, n int) bool { return at != nil && *at <= w.offset+int64(n) }

func (w *streamWriter) send(frame []byte) bool {
	if w.collected != nil {
		w.collected.Write(frame)
		return true
	}
	if !w.begun {
		w.begun = true
		if !w.x.wait(w.x.plan.replyDelay) {
			return false
		}
		w.x.setHeader(w.reply())
		w.x.s.journal.setStatus(w.x.req, http.StatusOK)
		w.x.w.WriteHeader(http.StatusOK)
	}
	if _, err := w.x.w.Write(frame); err != nil {
		return false
	}
	return http.NewResponseController(w.x.w).Flush() == nil
}
