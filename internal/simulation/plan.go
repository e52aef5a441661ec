package simulation

import (
	"fmt"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/network"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// scenario is what a seed makes of a run, apart from what is drawn at its places.
type scenario struct {
	seed    Seed
	chaos   float64       // how likely a place has a fault
	skew    time.Duration // of the service's clock
	limit   int           // executions at one time
	clients []clientPlan
}

// clientKind is what sends a client's requests.
type clientKind int

const (
	clientOwn     clientKind = iota // package transport
	clientWrapped                   // the same in an *http.Client
	clientTimeout                   // the same with a Timeout of http.Client, which hides it
	clientNetHTTP                   // net/http's Transport
	clientOpaque                    // something that nothing is known of
)

// String is the kind's name.
func (k clientKind) String() string {
	return [...]string{"transport", "transport in an http.Client", "transport with a Timeout", "net/http", "opaque"}[k]
}

// proxyKind is how a client reaches the service.
type proxyKind int

const (
	direct        proxyKind = iota
	throughTunnel           // HTTP CONNECT
	throughProxy            // plain http, by its absolute URL
)

// clientPlan is one client of a run.
type clientPlan struct {
	kind        clientKind
	secure      bool
	proxy       proxyKind
	policy      retry.Policy
	maxResponse int64
	credentials credentialsPlan
	middleware  middlewareKind
	idleTimeout time.Duration
	maxIdle     int
	callers     []int // how many calls each makes
	alone       bool  // there is one caller, who makes one call at a time, so that the retry quota can be accounted for
}

// own reports whether the client's connections are package transport's.
func (c clientPlan) own() bool { return c.kind <= clientTimeout }

// closesUnderLock reports whether the client holds a mutex while it closes a connection, as net/http does, which then may wait for room to
// write TLS's alert. Virtual time stands still while a goroutine waits for a mutex.
func (c clientPlan) closesUnderLock() bool { return c.secure && !c.own() }

// String describes it, for traces.
func (c clientPlan) String() string {
	return fmt.Sprintf("%v, TLS %v, proxy %d, policy %+v, middleware %v, credentials %+v, calls %v",
		c.kind, c.secure, c.proxy, c.policy, c.middleware, c.credentials, c.callers)
}

// drawScenario draws a run of some 60 calls.
func drawScenario(seed Seed) scenario {
	d := seed.dice("scenario")
	s := scenario{seed: seed, chaos: pick(d, 0, 0.05, 0.15, 0.3, 0.5)}
	if d.chance(0.15) {
		s.skew = pick(d, time.Hour, -time.Hour, 6*time.Minute, -6*time.Minute, 2*time.Minute)
	}
	if d.chance(0.3) {
		s.limit = 1 + d.IntN(8)
	}
	for client := range 1 + d.IntN(3) {
		s.clients = append(s.clients, drawClient(seed, client))
	}
	return s
}

// isCalm reports whether nothing goes wrong for a client. A slow network alone can make a TLS
// handshake time out, and credentials expire under way.
func (s scenario) isCalm(client int) bool {
	c := s.clients[client]
	return s.chaos == 0 && s.skew == 0 && s.limit == 0 && !c.secure && c.kind != clientTimeout && c.maxResponse == 0 &&
		c.credentials == (credentialsPlan{}) && c.middleware != middlewareHides
}

func drawClient(seed Seed, client int) clientPlan {
	d := seed.dice("client", client)
	c := clientPlan{
		secure: d.chance(0.25),
		policy: retry.Policy{MaxAttempts: pick(d, 0, 0, 1, 2, 5, 10), Idempotent: d.chance(0.25)},
	}
	if d.chance(0.4) {
		c.kind = pick(d, clientWrapped, clientTimeout, clientNetHTTP, clientOpaque)
	}
	if d.chance(0.5) {
		c.policy.BaseDelay, c.policy.ThrottleBaseDelay = 1, 1
	}
	if d.chance(0.15) {
		c.proxy = throughProxy
		if c.secure {
			c.proxy = throughTunnel
		}
	}
	if d.chance(0.1) {
		c.maxResponse = 5000
	}
	if d.chance(0.3) {
		c.credentials = credentialsPlan{life: d.between(30*time.Second, time.Hour), revoke: d.chance(0.5), fails: d.chance(0.3), slow: d.chance(0.3)}
	}
	if d.chance(0.3) {
		c.middleware = pick(d, middlewareLooks, middlewareRetries, middlewareInsists, middlewareDenies, middlewareHides)
	}
	if d.chance(0.3) {
		c.idleTimeout = d.between(time.Second, 5*time.Minute)
	}
	c.maxIdle = pick(d, 0, 0, 0, 0, 1, -1)
	for range 1 + d.IntN(4) {
		c.callers = append(c.callers, 4+d.IntN(12))
	}
	if d.chance(0.25) {
		c.alone, c.callers = true, c.callers[:1]
		c.policy.Quota = pick(d, 0, 4, 14, 20, 40, 100)
	}
	return c
}

// dialPlan is how opening a connection goes.
type dialPlan struct {
	fault   dialFault
	takes   time.Duration
	profile network.Profile
}

type dialFault int

const (
	dialWorks dialFault = iota
	dialRefused
	dialUnreachable
	dialTimeout
	dialExhausted // the process has no file descriptor left
)

// drawDial draws the n-th dial for a call.
func drawDial(seed Seed, chaos float64, call callID, n int) dialPlan {
	d := seed.dice("dial", call.place(n)...)
	p := dialPlan{profile: drawProfile(d)}
	if !d.chance(chaos) {
		return p
	}
	if d.chance(0.3) {
		p.fault = pick(d, dialRefused, dialUnreachable, dialTimeout, dialExhausted)
		p.takes = d.between(time.Millisecond, 20*time.Second)
		return p
	}
	if d.chance(0.7) {
		p.profile.Request = drawFault(d)
	} else {
		p.profile.Reply = drawFault(d)
	}
	if d.chance(0.2) {
		p.profile.Idle = network.Idle{Kind: pick(d, network.Reset, network.Vanish), After: d.between(time.Second, 6*time.Minute)}
	}
	return p
}

func drawProfile(d *dice) network.Profile {
	p := network.Profile{Latency: d.between(time.Microsecond, 200*time.Millisecond), KeepsData: d.chance(0.7), Opaque: d.chance(0.2)}
	if d.chance(0.2) {
		p.Bandwidth = 1000 << d.IntN(12)
	}
	if d.chance(0.3) {
		p.Buffer = 1 << (4 + d.IntN(12))
	}
	if d.chance(0.2) {
		p.Segment = 1 + d.IntN(200)
	}
	return p
}

// drawFault draws where in the first few requests of a connection it breaks.
func drawFault(d *dice) network.Fault {
	f := network.Fault{
		Kind: pick(d, network.Close, network.Reset, network.Reset, network.HalfClose, network.Stall, network.Vanish),
		At:   d.Int64N(4000),
		Lazy: d.chance(0.5),
	}
	if d.chance(0.2) {
		f.At = d.Int64N(400_000)
	}
	if f.Kind == network.Stall {
		f.For = d.between(time.Millisecond, 10*time.Minute)
	}
	return f
}
