package invoketest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// Fault is something that goes wrong with one request. A nil Fault is none.
// Faults are immutable: one value can serve any number of requests.
type Fault interface {
	apply(*plan)
}

type faultFunc func(*plan)

func (f faultFunc) apply(p *plan) { f(p) }

// plan is what is to become of one request.
type plan struct {
	delay, replyDelay time.Duration
	reply             *reply // in place of the function's
	runFirst          bool   // run the function although reply is set
	header            http.Header
	point             Point // where the connection breaks; 0: nowhere
	how               Hangup
	end               platformEnd // how the platform ends the function; nil: not at all
	truncate          *int
	declare           *int64
	stream            streamPlan
}

// Compose is several faults at once, such as a delay and then an exception.
// Where two contradict each other, the later one holds.
func Compose(all ...Fault) Fault {
	all = slices.Clone(all)
	return faultFunc(func(p *plan) {
		for _, f := range all {
			if f != nil {
				f.apply(p)
			}
		}
	})
}

// Delay waits before the function runs, or before the reply of the fault that it is
// composed with is sent. It ends early where the caller disconnects
// or the server closes, and then the function does not run.
func Delay(d time.Duration) Fault { return faultFunc(func(p *plan) { p.delay = d }) }

// DelayReply waits after the function ran, before anything of the reply is sent.
func DelayReply(d time.Duration) Fault { return faultFunc(func(p *plan) { p.replyDelay = d }) }

// Throw answers with an exception and does not run the function. A documented
// exception comes with the status, and in the form, that it has on the wire. Of
// other codes, those about throttling come with 429, those about identity and
// permission with 403, InternalFailure and the like with 500, and any other with
// 400: [ThrowStatus] says something else.
func Throw(code string) Fault {
	return ThrowStatus(statusOf(code), code, "scripted by the test")
}

// ThrowStatus is [Throw] with a status and a message. It panics if the status is
// not one that ends a response: 200 to 999.
func ThrowStatus(status int, code, message string) Fault {
	var members map[string]string
	switch code {
	case "EC2UnexpectedException":
		members = map[string]string{"EC2ErrorCode": "InternalError"}
	case "TooManyRequestsException":
		members = map[string]string{"Reason": string(errors.ThrottleConcurrentInvocations)}
	}
	return answer(exceptionWith(status, code, message, members))
}

// statusOf is the status that a code comes with.
func statusOf(code string) int {
	if x, ok := errors.LookupException(code); ok {
		return x.StatusCode
	}
	if errors.IsThrottleCode(code) {
		return http.StatusTooManyRequests
	}
	switch code {
	case "AccessDeniedException", "AuthFailure", "ExpiredTokenException", "IncompleteSignatureException",
		"InvalidClientTokenId", "InvalidSignatureException", "MissingAuthenticationTokenException", "OptInRequired",
		"RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch", "UnrecognizedClientException":
		return http.StatusForbidden
	case "InternalError", "InternalFailure", "InternalServerError", "InternalServerException":
		return http.StatusInternalServerError
	case "ServiceUnavailable", "ServiceUnavailableException":
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// Throttle answers with TooManyRequestsException and does not run the function.
// A positive retryAfter is sent in whole seconds, rounded up.
func Throttle(reason errors.ThrottleReason, retryAfter time.Duration) Fault {
	return answer(throttled(reason, retryAfter))
}

// ForeignBody answers with what is not the service's, such as a proxy's page of
// HTML, and does not run the function. It panics as ThrowStatus does.
func ForeignBody(status int, contentType string, body []byte) Fault {
	return answer(newReply(status, contentType, slices.Clone(body)))
}

func answer(rep *reply) Fault {
	if rep.status < 200 || rep.status > 999 { // package net/http would send no response, or panic
		panic(fmt.Sprintf("invoketest: %d is no status of a response", rep.status))
	}
	return faultFunc(func(p *plan) { p.reply = rep })
}

// RunFirst lets the function run before f answers in its place, as happens
// where a proxy gives up, or the service fails, once the function has begun.
func RunFirst(f Fault) Fault {
	return Compose(f, faultFunc(func(p *plan) { p.runFirst = true }))
}

// ReplyHeader sets a header of the reply, whatever the reply is.
func ReplyHeader(name, value string) Fault {
	return faultFunc(func(p *plan) {
		if p.header == nil {
			p.header = make(http.Header)
		}
		p.header.Set(name, value)
	})
}

// Truncate sends the first n bytes of the reply's body under the Content-Length
// of the whole, and closes the connection.
func Truncate(n int) Fault { return faultFunc(func(p *plan) { p.truncate = &n }) }

// DeclareLength sends the whole reply under a Content-Length of n, which may be
// more or less than there is, and closes the connection.
func DeclareLength(n int64) Fault { return faultFunc(func(p *plan) { p.declare = &n }) }

// faults chooses the plan of each request.
type faults struct {
	mu      sync.Mutex
	scripts map[string][]Fault
	inject  func(*Request) Fault
}

// Script gives each of the next requests for a function, by its bare name, one
// of the faults, in order; nil leaves one request alone. Those about its durable
// executions count as well; [Server.Inject] tells them apart. Requests after that
// are served as usual. A second Script replaces what is left of the first.
func (s *Server) Script(name string, all ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.scripts == nil {
		s.faults.scripts = make(map[string][]Fault)
	}
	s.faults.scripts[name] = slices.Clone(all)
}

// Inject chooses a fault for every request that no script is about; a nil fault
// is none, and a nil fn ends it. fn is called once the headers have arrived, so
// there is no Body yet; it is called by many goroutines, and must not keep or
// change the request.
func (s *Server) Inject(fn func(*Request) Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.inject = fn
}

func (f *faults) plan(req *Request) plan {
	var p plan
	if fault := f.choose(req); fault != nil {
		fault.apply(&p)
	}
	return p
}

func (f *faults) choose(req *Request) Fault {
	f.mu.Lock()
	if script := f.scripts[req.FunctionName]; len(script) > 0 {
		f.scripts[req.FunctionName] = script[1:]
		f.mu.Unlock()
		return script[0]
	}
	inject := f.inject
	f.mu.Unlock()
	if inject == nil {
		return nil
	}
	return inject(req)
}
