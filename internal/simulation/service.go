package simulation

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/network"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
)

// service stands for the service: it reads requests, runs functions, answers as its plan says, and remembers what ran.
type service struct {
	seed    Seed
	chaos   float64
	skew    time.Duration // of its clock
	limit   int           // executions at one time; 0: no limit
	history *History
	keys    *keyring
	plan    func(call callID, n int) answer // how to answer the n-th request of a call
	canTell func(client int) bool           // the client can tell in time that a connection has unsolicited bytes

	mu      sync.Mutex
	running int
	begun   sync.WaitGroup // runs that nobody waits for

	executions *executions
}

// now is the time by the service's clock.
func (s *service) now() time.Time { return time.Now().Add(s.skew) }

// serve serves a connection until it ends.
func (s *service) serve(conn *network.Conn, secure *tls.Config) {
	defer conn.Close()
	var c net.Conn = conn
	if secure != nil {
		server := tls.Server(conn, secure)
		conn.SetDeadline(time.Now().Add(time.Minute))
		if err := server.Handshake(); err != nil {
			s.history.note(callID{}, conn.ID(), "service: TLS handshake fails: %v", err)
			return
		}
		conn.SetDeadline(time.Time{})
		c = server
	}
	x := &exchange{service: s, conn: conn, rw: c, in: bufio.NewReader(c)}
	for n := 1; x.next(n); n++ {
	}
}

// exchange is a connection on which requests are served, one after the other.
type exchange struct {
	*service
	conn *network.Conn
	rw   net.Conn // conn, or TLS on it
	in   *bufio.Reader

	// Of the current request.
	call      callID
	n         int        // of the call's requests
	execution *execution // that it starts, joins, asks for or stops; nil for none
	asks      bool       // it asks for an execution, or stops it
}

// next serves the n-th request on the connection, and reports whether there may be another.
func (x *exchange) next(n int) bool {
	d := x.seed.dice("idle", x.conn.ID(), n)
	patience := 10 * time.Minute
	if d.chance(x.chaos) {
		patience = d.between(time.Millisecond, 2*time.Minute)
	}
	x.conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := x.in.Peek(1); err != nil {
		if isTimeout(err) {
			x.history.note(callID{}, x.conn.ID(), "service: closes the idle connection")
			if d.chance(0.3) && !x.conn.Profile().Opaque {
				x.write([]byte(requestTimeout))
			}
		}
		return false
	}
	x.conn.SetReadDeadline(time.Now().Add(20 * time.Minute))
	req, err := http.ReadRequest(x.in)
	if err != nil {
		x.history.note(callID{}, x.conn.ID(), "service: no whole request head: %v", err)
		return false
	}
	if req.Method == http.MethodConnect { // an opaque client follows a redirect, and takes the service for its proxy
		return false
	}
	id, ok := x.identify(req)
	if !ok {
		x.history.fail("request", id, "a request for nothing that there is: %s", req.URL)
		return false
	}
	x.call = id
	x.n = x.history.request(id, x.conn.ID(), req.Header.Get("Amz-Sdk-Request"))
	a := x.plan(id, x.n)
	if x.conn.Profile().Opaque || id.caller == 0 || !x.canTell(id.client) {
		a.stray, a.late = 0, 0
	}
	x.history.note(id, x.conn.ID(), "service: will answer with %v", a)
	return x.serve(req, a) && !a.closes
}

// identify finds out which call a request is for, and which execution it asks for.
func (x *exchange) identify(req *http.Request) (id callID, ok bool) {
	x.execution, x.asks = nil, false
	if arn, found := strings.CutPrefix(req.URL.Path, "/2025-12-01/durable-executions/"); found {
		x.asks = true
		if x.execution, ok = x.executions.find(strings.TrimSuffix(arn, "/stop")); !ok {
			return id, false
		}
		return parseCall(x.execution.name)
	}
	path := strings.Split(req.URL.Path, "/")
	if len(path) < 4 {
		return id, false
	}
	// Items of a Map share the path, and so do those who start an execution under the same name.
	for _, header := range []string{headerItem, headerStarter} {
		if text := req.Header.Get(header); text != "" {
			return parseCall(text)
		}
	}
	return parseCall(path[3])
}

// requestTimeout is what load balancers send before they close an idle connection.
const requestTimeout = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

// serve answers one request, and reports whether the connection can serve another.
func (x *exchange) serve(req *http.Request, a answer) bool {
	if a.early && a.kind != answerResult {
		ok := x.reply(req, a, nil)
		if !ok || a.closes {
			return false
		}
		_, err := io.Copy(io.Discard, req.Body)
		return err == nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		x.history.note(x.call, x.conn.ID(), "service: no whole request: %v", err)
		return false
	}
	x.history.note(x.call, x.conn.ID(), "service: has the whole request")
	if refusal := x.authenticate(req, body); refusal != nil {
		return x.reply(req, *refusal, nil)
	}
	if x.asks {
		if req.Method == http.MethodPost && a.runs {
			x.history.note(x.call, x.conn.ID(), "service: stops the execution")
			x.executions.end(x.execution)
		}
		return x.reply(req, a, nil)
	}
	x.checkPayload(req, body)
	switch {
	case req.Header.Get("X-Amz-Invocation-Type") == "DryRun":
		return x.reply(req, a, nil)
	case !a.runs:
		return x.reply(req, a, nil)
	}
	if name := req.Header.Get(headerName); name != "" {
		return x.executeDurably(req, name, body, a)
	}
	r, ok := x.execute(req, a)
	if !ok {
		return x.reply(req, throttled(), nil)
	}
	return x.reply(req, a, r)
}

// checkPayload checks that a payload is that of its call, or that of the execution's name.
func (x *exchange) checkPayload(req *http.Request, body []byte) {
	if len(body) <= 1 {
		return
	}
	want := x.call.String()
	if name := req.Header.Get(headerName); name != "" {
		want = name
	}
	var in payload
	if err := json.Unmarshal(body, &in); err != nil || in.Call != "" && in.Call != want {
		x.history.fail("request", x.call, "the payload is another one's: %q, %v", in.Call, err)
	}
}

// executeDurably starts an execution or joins it, and waits for its end if the caller does.
func (x *exchange) executeDurably(req *http.Request, name string, body []byte, a answer) bool {
	e, same := x.join(name, body, a)
	if !same {
		return x.reply(req, answer{kind: answerException, status: 409, code: "DurableExecutionAlreadyStartedException"}, nil)
	}
	x.execution = e
	if req.Header.Get("X-Amz-Invocation-Type") != "Event" && !a.abandons {
		<-e.done
		if a.kind == answerResult && x.executions.statusOf(e) != durable.StatusSucceeded {
			a.kind = answerFunctionError
		}
	}
	return x.reply(req, a, e.run)
}

// authenticate checks the signature, and returns the refusal if it does not hold.
func (x *exchange) authenticate(req *http.Request, body []byte) *answer {
	err := sigv4.Verify(req, body, x.keys.lookup, x.now(), 0)
	var refused *sigv4.VerifyError
	switch {
	case errors.As(err, &refused):
		x.history.note(x.call, x.conn.ID(), "service: refuses the signature: %v", err)
		code := "InvalidSignatureException"
		if refused.Reason == sigv4.ReasonMismatch || refused.Reason == sigv4.ReasonUnsignedHeader {
			x.history.fail("signature", x.call, "%v", err)
		}
		if refused.Reason == sigv4.ReasonUnknownKey {
			code = "UnrecognizedClientException"
		}
		return &answer{kind: answerException, status: 403, code: code}
	case x.keys.expired(req):
		x.history.note(x.call, x.conn.ID(), "service: the credentials have expired")
		return &answer{kind: answerException, status: 403, code: "ExpiredTokenException"}
	}
	return nil
}

// execute runs the function, to its end where somebody waits for it. It reports false where too many run already.
func (x *exchange) execute(req *http.Request, a answer) (*run, bool) {
	x.mu.Lock()
	if x.limit > 0 && x.running >= x.limit {
		x.mu.Unlock()
		return nil, false
	}
	x.running++
	x.mu.Unlock()
	r := x.history.start(x.call, x.conn.ID())
	work := func() {
		time.Sleep(a.takes)
		x.mu.Lock()
		x.running--
		x.mu.Unlock()
		x.history.finish(r, x.conn.ID())
	}
	if req.Header.Get("X-Amz-Invocation-Type") == "Event" || a.abandons {
		x.begun.Go(work)
	} else {
		work()
	}
	return r, true
}

func (x *exchange) write(b []byte) bool {
	x.rw.SetWriteDeadline(time.Now().Add(20 * time.Minute))
	_, err := x.rw.Write(b)
	return err == nil
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// canonical writes a reply's head and body as one.
func canonical(status string, header []string, body []byte) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 " + status + "\r\n")
	for _, line := range header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}
