package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Config are the settings of a client. The zero value means the defaults.
//
// There is no read timeout and no timeout for response headers: a synchronous call may be silent for as long as the
// function runs. Give each request a context with a deadline.
type Config struct {
	// KeepAliveIdle is how long a connection is silent before the first TCP keep-alive probe. Default 30 s: far below
	// the 350 s after which a NAT gateway or network load balancer drops an idle connection, and below the minute or two of
	// many firewalls. Systems count it in whole seconds, rounded up. Negative: no probes and no detection of dead peers.
	KeepAliveIdle time.Duration

	// KeepAliveInterval is the time between probes that are not answered. Default 15 s. Systems count it in whole
	// seconds, rounded up. Negative: what the operating system has.
	KeepAliveInterval time.Duration

	// KeepAliveCount is how many probes may go unanswered before the connection is given up. Default 4, so that a peer
	// that died in silence is noticed KeepAliveIdle + KeepAliveCount*KeepAliveInterval = 90 s after it was last heard
	// of. Negative: what the operating system has.
	//
	// Where the system has an option for it (linux: TCP_USER_TIMEOUT, darwin: TCP_RXT_CONNDROPTIME, windows:
	// TCP_MAXRT) the same time bounds how long a part of the request may stay unacknowledged, because a connection
	// with data in flight sends no probes and would be retransmitted for many minutes. Linux applies it in place of
	// the probe count as well, and to a peer that takes no data for that long although it answers. The option is not
	// set if one of the three values is negative.
	KeepAliveCount int

	// ConnectTimeout bounds name resolution and TCP connect, and then once more the answer of a proxy that was asked for a
	// tunnel. Default 10 s: a second and a third SYN have been tried by then. Negative: what the operating system has.
	ConnectTimeout time.Duration

	// TLSHandshakeTimeout bounds the TLS handshake. Default 10 s. Negative: none.
	TLSHandshakeTimeout time.Duration

	// IdleConnTimeout is how long an unused connection is kept. Default 50 s: less than the minute after which servers
	// and load balancers commonly close theirs, so that it is the client who closes. Negative: until the server does.
	IdleConnTimeout time.Duration

	// MaxConns is how many connections to one destination there may be, in use, idle and on their way. A caller beyond it
	// waits until one comes free, in the order of arrival and for as long as the context allows. Default 0: any number.
	// Negative: the same.
	MaxConns int

	// MaxIdleConns is how many unused connections are kept, in all. Default 1024: a thousand callers of one host keep
	// theirs. When there are more, the one that has been idle longest is closed. Negative: none are kept, every request
	// opens its own.
	MaxIdleConns int

	// MaxResponseHeaderBytes bounds the status line and headers of a response, and of all 1xx responses before it.
	// Default 256 KiB, many times what the service sends. A response that exceeds it is an error. Negative: the
	// default; there is always a bound.
	MaxResponseHeaderBytes int64

	// DialPatience is how long a caller waits for a connection that is being dialed on behalf of another, or that comes
	// free, before one is dialed on the caller's own behalf. Default 10 s. It is a safety net: what ends the wait in
	// practice is that a connection comes free or a dial ends. Negative: a connection is dialed for every caller that finds
	// none idle.
	//
	// Without it, a burst of callers opens far more connections than there are callers: a caller who finishes gives
	// its connection to one who waits for a handshake of its own, comes back, finds none free and opens another.
	//
	// A dial that fails because the process or the machine has run out of file descriptors, ports or buffers is no error
	// of its caller while other connections to the destination are in use: the caller waits for one of those, and every
	// DialPatience another dial is tried.
	DialPatience time.Duration

	// TLSConfig is for the service and for proxies reached by https. It is cloned. TLS 1.2 is the minimum even if it
	// says less, and NextProtos is replaced, as the client speaks HTTP/1.1. Sessions are resumed, from a cache of the
	// client's own if it names none. Default: the system's roots.
	TLSConfig *tls.Config

	// Proxy says which proxy a request goes through; nil, nil means none. Default [http.ProxyFromEnvironment]. It is
	// asked once for each request. The schemes http, https, socks5 and socks5h are known, with credentials in the URL. A
	// proxy that opens no tunnel is an errors.ProxyError.
	Proxy func(*http.Request) (*url.URL, error)

	// DialContext opens TCP connections in place of the built-in dialer. Keep-alive, detection of dead peers and
	// ConnectTimeout are then its business. Its context has the values and hooks of the context that a request came with,
	// and ends when no request wants a connection any more. It may make requests itself.
	//
	// A connection that is no plain *net.TCPConn or *net.UnixConn may have a method Idle() bool, which reports without
	// waiting that neither bytes nor the end nor a failure have arrived. It is asked before each further request. While
	// a connection without it is idle, a goroutine reads from it, to notice its end; unsolicited bytes that arrive just
	// before the next request may then pass for its reply.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

const (
	defaultKeepAliveIdle          = 30 * time.Second
	defaultKeepAliveInterval      = 15 * time.Second
	defaultKeepAliveCount         = 4
	defaultConnectTimeout         = 10 * time.Second
	defaultTLSHandshakeTimeout    = 10 * time.Second
	defaultIdleConnTimeout        = 50 * time.Second
	defaultMaxIdleConns           = 1024
	defaultMaxResponseHeaderBytes = 256 << 10
	defaultDialPatience           = 10 * time.Second
)

// withDefaults returns c with its zero values filled in. Negative values stay: they mean "off" to those who read them.
func (c Config) withDefaults() Config {
	setDefault(&c.KeepAliveIdle, defaultKeepAliveIdle)
	setDefault(&c.KeepAliveInterval, defaultKeepAliveInterval)
	setDefault(&c.KeepAliveCount, defaultKeepAliveCount)
	setDefault(&c.ConnectTimeout, defaultConnectTimeout)
	setDefault(&c.TLSHandshakeTimeout, defaultTLSHandshakeTimeout)
	setDefault(&c.IdleConnTimeout, defaultIdleConnTimeout)
	setDefault(&c.MaxIdleConns, defaultMaxIdleConns)
	setDefault(&c.DialPatience, defaultDialPatience)
	if c.MaxResponseHeaderBytes <= 0 {
		c.MaxResponseHeaderBytes = defaultMaxResponseHeaderBytes
	}
	if c.Proxy == nil {
		c.Proxy = http.ProxyFromEnvironment
	}
	c.TLSConfig = c.tlsConfig()
	if c.DialContext == nil {
		c.DialContext = c.netDialer().DialContext
	}
	return c
}

func setDefault[T int | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

func (c Config) tlsConfig() *tls.Config {
	cfg := c.TLSConfig.Clone()
	if cfg == nil {
		cfg = &tls.Config{}
	}
	cfg.MinVersion = max(cfg.MinVersion, tls.VersionTLS12)
	cfg.NextProtos = []string{"http/1.1"}
	if cfg.ClientSessionCache == nil {
		cfg.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	}
	return cfg
}

func (c Config) netDialer() *net.Dialer {
	d := &net.Dialer{Timeout: max(c.ConnectTimeout, 0)}
	if c.KeepAliveIdle < 0 {
		d.KeepAlive = -1
		return d
	}
	d.KeepAliveConfig = net.KeepAliveConfig{
		Enable:   true,
		Idle:     c.KeepAliveIdle,
		Interval: c.KeepAliveInterval,
		Count:    c.KeepAliveCount,
	}
	if t := c.detectionTime(); t > 0 {
		d.Control = unackedTimeout(t)
	}
	return d
}

// detectionTime is how long after its last sign of life a dead peer is noticed, or 0 if that is the system's choice.
func (c Config) detectionTime() time.Duration {
	if c.KeepAliveIdle < 0 || c.KeepAliveInterval < 0 || c.KeepAliveCount < 0 {
		return 0
	}
	return wholeSeconds(c.KeepAliveIdle) + time.Duration(c.KeepAliveCount)*wholeSeconds(c.KeepAliveInterval)
}

// wholeSeconds rounds up, as package net does for the keep-alive options.
func wholeSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
