package telemetry

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

	"github.com/aws/smithy-go/tracing"
)

// Request observes one HTTP request up to the head of its response.
type Request struct {
	meter *requestMeter // nil in a zero Request
	span  tracing.Span
}

// StartRequest observes a request whose payload has a length in bytes. The
// context that it returns is the request's: it has hooks of package httptrace,
// beside those of the caller's.
func (o *Observer) StartRequest(ctx context.Context, method string, length int) (context.Context, Request) {
	if o.unwatched() {
		return ctx, Request{}
	}
	ctx, span := o.tracer.StartSpan(ctx, "DoHTTPRequest")
	span.SetProperty("http.method", method)
	span.SetProperty("http.request_content_length", length)
	m := &requestMeter{instruments: o.meters, ctx: ctx, start: time.Now()}
	// WithClientTrace links reflection into every program, some 25 KB. It cannot be
	// avoided: it hands the hooks for lookups and dials to package net under a key
	// that is internal to the standard library.
	return httptrace.WithClientTrace(ctx, m.hooks()), Request{m, span}
}

// End ends the request with its response, or with none. It may wrap the body of
// the response, whose end is the end of the connection's use.
func (r Request) End(resp *http.Response, err error) {
	if r.meter == nil {
		return
	}
	r.meter.responded(resp)
	r.meter.setPeer(r.span)
	if resp != nil {
		r.span.SetProperty("net.protocol.version", strconv.Itoa(resp.ProtoMajor)+"."+strconv.Itoa(resp.ProtoMinor))
		r.span.SetProperty("http.status_code", resp.StatusCode)
		r.span.SetProperty("http.response_content_length", resp.ContentLength)
	}
	if err != nil {
		setFailed(r.span, err)
	}
	r.span.End()
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

// setPeer gives a span who the request went to.
func (m *requestMeter) setPeer(span tracing.Span) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.name != "" {
		span.SetProperty("net.peer.name", m.name)
	}
	if m.addr == nil {
		return
	}
	if host, port, err := net.SplitHostPort(m.addr.String()); err == nil {
		span.SetProperty("net.peer.host", host)
		span.SetProperty("net.peer.port", port)
		return
	}
	span.SetProperty("net.peer.addr", m.addr.String())
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
