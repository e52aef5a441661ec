package invoke

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// sending observes one HTTP request up to the head of its response. It may wrap
// the response's body.
func (t *telemetry) sending(ctx context.Context, req *smithyhttp.Request) (context.Context, func(*http.Response, error)) {
	if t.unwatched() {
		return ctx, func(*http.Response, error) {}
	}
	return t.observeRequest(ctx, req)
}

func (t *telemetry) observeRequest(ctx context.Context, req *smithyhttp.Request) (context.Context, func(*http.Response, error)) {
	payload := len(callFrom(ctx).payload)
	ctx, span := t.tracer.StartSpan(ctx, "DoHTTPRequest")
	span.SetProperty("http.method", req.Method)
	span.SetProperty("http.request_content_length", payload)

	m := &requestMeter{instruments: t.meters, ctx: ctx, start: time.Now()}
	// The exchange's own hooks will be added to these.
	return httptrace.WithClientTrace(ctx, m.hooks()), func(resp *http.Response, err error) {
		m.responded(resp)
		setProperties(span, m.peer())
		if resp != nil {
			span.SetProperty("net.protocol.version", strconv.Itoa(resp.ProtoMajor)+"."+strconv.Itoa(resp.ProtoMinor))
			span.SetProperty("http.status_code", resp.StatusCode)
			span.SetProperty("http.response_content_length", resp.ContentLength)
		}
		if err != nil {
			setFailed(span, err)
		}
		span.End()
	}
}

// requestMeter watches one HTTP request and the connections made for it. Its
// hooks are called from goroutines of the transport, some after the request has
// ended.
type requestMeter struct {
	*instruments
	ctx   context.Context
	start time.Time

	mu     sync.Mutex
	name   string   // that was dialed
	addr   net.Addr // of the peer
	lookup time.Time
	dials  map[string]time.Time // several where there are several addresses
	shake  time.Time
	held   bool // the request has a connection
}

func (m *requestMeter) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { m.began(&m.lookup) },
		DNSDone:  func(httptrace.DNSDoneInfo) { m.ended(timeDNSLookup, &m.lookup) },
		ConnectStart: func(_, address string) {
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.dials == nil {
				m.dials = make(map[string]time.Time)
			}
			m.dials[address] = time.Now()
		},
		ConnectDone: func(_, address string, _ error) {
			m.mu.Lock()
			start := m.dials[address]
			m.mu.Unlock()
			m.record(m.ctx, timeConnect, start)
		},
		TLSHandshakeStart: func() { m.began(&m.shake) },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { m.ended(timeTLSHandshake, &m.shake) },
		GetConn: func(name string) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.name = name
		},
		GotConn: func(info httptrace.GotConnInfo) {
			m.hold(true)
			m.mu.Lock()
			defer m.mu.Unlock()
			if info.Conn != nil { // hooks can be called by anybody's transport
				m.addr = info.Conn.RemoteAddr()
			}
		},
		PutIdleConn:          func(error) { m.hold(false) },
		GotFirstResponseByte: func() { m.record(m.ctx, timeFirstByte, m.start) },
	}
}

// peer describes who the request went to.
func (m *requestMeter) peer() (properties []property) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.name != "" {
		properties = append(properties, property{"net.peer.name", m.name})
	}
	if m.addr == nil {
		return properties
	}
	if host, port, err := net.SplitHostPort(m.addr.String()); err == nil {
		return append(properties, property{"net.peer.host", host}, property{"net.peer.port", port})
	}
	return append(properties, property{"net.peer.addr", m.addr.String()})
}

func (m *requestMeter) began(at *time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	*at = time.Now()
}

func (m *requestMeter) ended(t timer, began *time.Time) {
	m.mu.Lock()
	start := *began
	m.mu.Unlock()
	m.record(m.ctx, t, start)
}

// hold counts the request's connection once, however often the transport asks
// for one, and counts it off once: not every connection becomes idle again, and
// a count that only knew of those would drift.
func (m *requestMeter) hold(held bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == held {
		return
	}
	m.held = held
	change := int64(-1)
	if held {
		change = 1
	}
	m.use(m.ctx, change)
}

// responded ends the request. The connection is held until the body ends.
func (m *requestMeter) responded(resp *http.Response) {
	m.record(m.ctx, timeRequest, m.start)
	if m.instruments == nil {
		return
	}
	if resp == nil || resp.Body == nil || resp.Body == http.NoBody {
		m.hold(false)
		return
	}
	resp.Body = &holdingBody{ReadCloser: resp.Body, meter: m}
}

// holdingBody holds the connection until it is read or closed.
type holdingBody struct {
	io.ReadCloser
	meter *requestMeter
}

func (b *holdingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.meter.hold(false)
	}
	return n, err
}

func (b *holdingBody) Close() error {
	err := b.ReadCloser.Close()
	b.meter.hold(false)
	return err
}
