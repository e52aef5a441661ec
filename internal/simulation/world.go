package simulation

import (
	"fmt"
	"runtime"
	"sync"
	"testing/synctest"
	"time"
	"weak"

	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/network"
)

// world is one run: a network, the service, clients and their callers.
type world struct {
	scenario scenario
	history  *History
	network  *network.Network
	service  *service
	drawDial func(call callID, n int) dialPlan

	mu   sync.Mutex
	load map[int]*load // by client
}

// load is how many requests a client may have under way.
type load struct{ now, most int }

// busy changes a client's load.
func (w *world) busy(client, by int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.load[client] == nil {
		w.load[client] = new(load)
	}
	l := w.load[client]
	l.now += by
	l.most = max(l.most, l.now)
}

// closingAtMost is how many connections may be closing, which takes TLS its time, beside those of the callers.
const closingAtMost = 2

// newWorld makes the world of a scenario. It belongs to the bubble that it is made in.
func newWorld(s scenario) *world {
	w := &world{scenario: s, history: newHistory(s.seed), network: network.New(), load: make(map[int]*load)}
	w.network.Observe = func(conn int, format string, args ...any) {
		w.history.note(callID{}, conn, "network: "+format, args...)
	}
	w.service = &service{
		seed: s.seed, chaos: s.chaos, skew: s.skew, limit: s.limit, history: w.history, keys: newKeyring(), executions: newExecutions(),
	}
	w.service.plan = func(call callID, n int) answer { return drawAnswer(s.seed, s.chaos, call, n) }
	// net/http takes unsolicited bytes for a reply if they arrive when a request has just begun.
	w.service.canTell = func(client int) bool { return s.clients[client].own() }
	w.drawDial = func(call callID, n int) dialPlan { return drawDial(s.seed, s.chaos, call, n) }
	w.network.Listen(hostPlain, func(c *network.Conn) { w.service.serve(c, nil) })
	w.network.Listen(hostSecure, func(c *network.Conn) { w.service.serve(c, authority().server) })
	w.network.Listen(hostProxy, w.serveProxy)
	return w
}

// Run makes the run of a seed, in a bubble of testing/synctest, and checks it.
func Run(seed Seed) *History {
	w := newWorld(drawScenario(seed))
	left := w.play()
	w.check()
	w.checkSuccess()
	if seed.collects() {
		w.checkCollected(left)
	}
	return w.history
}

// play makes the run, and returns what should be garbage after it.
func (w *world) play() []remains {
	clients := w.clients()
	w.callAll(clients)
	w.settle(clients)
	left := make([]remains, len(clients))
	for i, c := range clients {
		left[i] = remains{weak.Make(c.provider), weak.Make(c.dialer)}
	}
	return left
}

func (w *world) clients() []*client {
	clients := make([]*client, len(w.scenario.clients))
	for i := range clients {
		var err error
		if clients[i], err = w.newClient(i); err != nil {
			panic(err)
		}
		w.history.note(callID{}, 0, "client %d: %v", i, clients[i].plan)
	}
	return clients
}

// callAll has all callers make their calls, at the same time.
func (w *world) callAll(clients []*client) {
	var all sync.WaitGroup
	for i, c := range clients {
		for n, calls := range c.plan.callers {
			all.Go(func() { (&caller{world: w, client: c, number: [2]int{i, n + 1}}).run(calls) })
		}
	}
	all.Wait()
}

// settle waits until nothing is under way any more. What is still open then is a leak.
func (w *world) settle(clients []*client) {
	synctest.Wait()
	for _, c := range clients {
		c.http.CloseIdleConnections()
	}
	synctest.Wait()
	// A handshake or dial that nobody waits for any more may have its timeout still to come.
	time.Sleep(time.Minute)
	for _, c := range clients {
		c.http.CloseIdleConnections()
	}
	time.Sleep(2 * closeTime) // TLS says goodbye, and waits for room to
	synctest.Wait()
	for i, c := range clients {
		open, most := w.network.Open(addressOf(i))
		if open > 0 {
			w.history.fail("leak", callID{}, "client %d has %d connections open after all calls ended", i, open)
		}
		if bound := w.load[i].most + closingAtMost; c.plan.own() && most > bound {
			w.history.fail("connections", callID{}, "client %d had %d connections open for %d callers", i, most, w.load[i].most)
		}
	}
	time.Sleep(time.Hour)
	w.network.Wait()
	w.service.begun.Wait()
}

// collects reports whether the run ends with a collection of garbage, which takes as long as a run.
func (s Seed) collects() bool { return s%16 == 0 }

// remains is what is left of a client when nobody refers to it any more.
type remains struct {
	provider weak.Pointer[provider] // what refers to a call holds it
	dialer   weak.Pointer[dialer]   // what refers to a connection, or to the pool of connections, holds it
}

// checkCollected checks that one collection of garbage takes the clients away. A goroutine, a timer or a pool that refers to a call or
// to a connection would hold them. No other run may be under way in the process.
func (w *world) checkCollected(left []remains) {
	w.history.forget()
	runtime.GC()
	for i, r := range left {
		if r.provider.Value() != nil || r.dialer.Value() != nil {
			w.history.fail("leak", callID{}, "something still holds client %d", i)
		}
	}
}

// addressOf is where a client dials from.
func addressOf(client int) string { return fmt.Sprintf("client-%d:1", client) }
