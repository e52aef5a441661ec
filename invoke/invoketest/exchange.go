package invoketest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// exchange is one request's way through the server.
type exchange struct {
	s    *Server
	w    http.ResponseWriter
	r    *http.Request
	req  *Request
	plan plan
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	req := newRequest(r)
	defer s.serving.begin(req.FunctionName)()
	s.journal.add(req)
	x := &exchange{s: s, w: w, r: r, req: req, plan: s.faults.plan(req)}
	body, ok := x.read()
	if !ok {
		return
	}
	if rep := x.answer(body); rep != nil {
		x.send(rep)
	}
}

// read returns the body. Of one that is too large it returns a byte more than
// is allowed and reads the rest, without which many clients miss the answer.
func (x *exchange) read() (body []byte, ok bool) {
	if x.breaks(RequestHeaders) {
		return nil, false
	}
	if x.plan.point == RequestBody {
		_, _ = io.CopyN(io.Discard, x.r.Body, x.r.ContentLength/2)
		x.breaks(RequestBody)
		return nil, false
	}
	var buf bytes.Buffer
	buf.Grow(int(min(max(x.r.ContentLength, 0), maxRequest)) + bytes.MinRead)
	if _, err := buf.ReadFrom(io.LimitReader(x.r.Body, maxRequest+1)); err != nil {
		x.hangUp(Close, nil) // the client left in the middle of its request
		return nil, false
	}
	if buf.Len() > maxRequest {
		_, _ = io.CopyN(io.Discard, x.r.Body, 10*maxRequest)
	}
	x.s.journal.setBody(x.req, buf.Bytes())
	if x.breaks(BeforeRun) {
		return nil, false
	}
	return buf.Bytes(), true
}

// answer returns the reply, nil if there is none, or none any more, to send.
func (x *exchange) answer(body []byte) *reply {
	if rep := x.refusal(body); rep != nil {
		return rep
	}
	if !x.wait(x.plan.delay) {
		return nil
	}
	if x.plan.reply != nil && !x.plan.runFirst {
		return x.plan.reply
	}
	rep := x.operate(body)
	if rep != nil && x.plan.reply != nil {
		return x.plan.reply
	}
	return rep
}

// operate does what the request asks for.
func (x *exchange) operate(body []byte) *reply {
	switch x.req.Operation {
	case opGet:
		return x.getDurable()
	case opStop:
		return x.stopDurable(body)
	}
	fn := x.s.functions.get(x.req.FunctionName)
	if fn == nil {
		return exception(http.StatusNotFound, "ResourceNotFoundException",
			"Function not found: "+x.s.functionARN(x.req.FunctionName, x.req.Qualifier))
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	if x.plan.end != nil {
		fn = x.plan.end.after(fn)
	}
	return x.invoke(fn, body)
}

// invoke does what the invocation type says.
func (x *exchange) invoke(fn streamFunction, body []byte) *reply {
	if x.req.InvocationType == invoke.InvocationTypeDryRun {
		return newReply(http.StatusNoContent, "", nil)
	}
	if name := x.durableName(); name != "" {
		return x.invokeDurable(name, fn, body)
	}
	return x.invokeWith(x.r.Context(), fn, body)
}

// invokeWith starts the function within the limits of the account. It waits
// for it in ctx unless the payload is an event.
func (x *exchange) invokeWith(ctx context.Context, fn streamFunction, body []byte) *reply {
	event := x.req.InvocationType == invoke.InvocationTypeEvent
	if reason := x.s.limits.admit(!event); reason != "" {
		x.s.journal.throttled()
		return throttled(reason, x.s.limits.retryAfter)
	}
	c := x.s.newCall(x.req)
	if event {
		x.start(x.s.base, fn, c, body, io.Discard)
		return newReply(http.StatusAccepted, "", nil)
	}
	defer x.s.limits.release()
	if x.req.Streamed {
		return x.stream(ctx, fn, c, body)
	}
	var out result
	failure := <-x.start(ctx, fn, c, body, &out)
	if failure == nil && out.size > maxResponse {
		failure = tooLarge()
	}
	return x.result(c, out.kept, failure)
}

// result is the reply to a synchronous invocation.
func (x *exchange) result(c *call, out []byte, failure *failure) *reply {
	rep := newReply(http.StatusOK, wire.ContentTypeJSON, out)
	rep.header.Set(wire.HeaderExecutedVersion, c.ExecutedVersion)
	if failure != nil {
		rep.body = failure.payload
		rep.header.Set(wire.HeaderFunctionError, failure.kind)
	}
	if x.wantsLog() {
		rep.header.Set(wire.HeaderLogResult, c.log.encoded())
	}
	return rep
}

func (x *exchange) wantsLog() bool {
	return x.r.Header.Get(wire.HeaderLogType) == string(invoke.LogTypeTail)
}

// wait waits for d. It is false if there is nobody left to wait for; the
// connection is then closed.
func (x *exchange) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-x.r.Context().Done():
	case <-x.s.closing.Done():
	}
	x.hangUp(Close, nil)
	return false
}

// send sends a reply as far as the plan lets it come.
func (x *exchange) send(rep *reply) {
	if !x.wait(x.plan.replyDelay) || x.breaks(AfterRun) {
		return
	}
	x.setHeader(rep)
	body, declared := rep.body, int64(len(rep.body))
	switch {
	case x.plan.truncate != nil:
		body = body[:min(max(*x.plan.truncate, 0), len(body))]
	case x.plan.point == ReplyBody:
		body = body[:len(body)/2]
	case x.plan.declare != nil:
		declared = max(*x.plan.declare, 0)
	}
	if rep.status != http.StatusNoContent {
		x.w.Header().Set("Content-Length", strconv.FormatInt(declared, 10))
	}
	x.s.journal.setStatus(x.req, rep.status)
	if x.plan.point == ReplyHeaders {
		x.hangUp(x.plan.how, halfHead(rep.status, x.w.Header()))
		return
	}
	fits := min(int64(len(body)), declared)
	x.w.WriteHeader(rep.status)
	_, _ = x.w.Write(body[:fits])
	if x.plan.point > 0 || int64(len(body)) != declared {
		_ = http.NewResponseController(x.w).Flush()
		x.hangUp(x.plan.how, body[fits:])
	}
}

// setHeader sets the reply's headers, those that every reply has, and those of
// the plan.
func (x *exchange) setHeader(rep *reply) {
	h := x.w.Header()
	maps.Copy(h, rep.header)
	h.Set(wire.HeaderRequestID, x.req.RequestID)
	h.Set(wire.HeaderDate, x.s.now().UTC().Format(http.TimeFormat))
	maps.Copy(h, x.plan.header)
}

// halfHead is the first half of a reply up to its body.
func halfHead(status int, h http.Header) []byte {
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n")
	_ = h.Write(&head)
	return head.Bytes()[:head.Len()/2]
}
