package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing/synctest"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/network"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// Cut is a way to cut a connection, of which every byte of request and reply is a case.
type Cut struct {
	Kind      network.Kind // Close or Reset
	Secure    bool
	Reused    bool // the second request of a connection is cut, not the first
	KeepsData bool // what arrived before a reset can be read
	Lazy      bool // the cut happens when the byte is sent, not as soon as those before it arrived
	Payload   int  // bytes of the request's payload and of the result's
}

// String names it.
func (c Cut) String() string {
	return fmt.Sprintf("%v, TLS %v, reused %v, keeps data %v, lazy %v, payload %d", c.Kind, c.Secure, c.Reused, c.KeepsData, c.Lazy, c.Payload)
}

// Cuts returns every way to cut a connection.
func Cuts() []Cut {
	var all []Cut
	for _, how := range []Cut{
		{Kind: network.Close}, {Kind: network.Close, Lazy: true},
		{Kind: network.Reset, KeepsData: true}, {Kind: network.Reset, Lazy: true},
		{Kind: network.Close, Secure: true}, {Kind: network.Reset, Secure: true},
	} {
		for _, how.Reused = range []bool{false, true} {
			for _, how.Payload = range []int{0, 1, 300} {
				all = append(all, how)
			}
		}
	}
	return all
}

// cutCase is one call whose connection is cut at one byte.
type cutCase struct {
	cut   Cut
	reply bool // the reply's direction
	at    int64
}

// cutLatency is one way.
const cutLatency = time.Millisecond

// RunCuts cuts a connection at every byte, in a bubble of testing/synctest. It returns how many cases there are, and what is wrong.
func RunCuts(cut Cut, every int) (cases int, problems []string) {
	begin, end := cut.measure()
	for _, reply := range []bool{false, true} {
		first, last := begin[index(reply)], end[index(reply)]
		for at := first; at <= last; at += int64(every) {
			cases++
			if problem := (cutCase{cut, reply, at}).run(); problem != "" {
				problems = append(problems, fmt.Sprintf("%v, reply %v, byte %d of %d to %d: %s", cut, reply, at, first, last, problem))
			}
		}
	}
	return cases, problems
}

func index(reply bool) int {
	if reply {
		return 1
	}
	return 0
}

// measure returns where the request and the reply begin and end on an uncut connection. The handshake belongs to the first request.
func (c Cut) measure() (begin, end [2]int64) {
	w := newCutWorld(c, cutCase{at: -1})
	defer w.close()
	if c.Reused {
		w.call(1)
		begin = w.transferred()
	}
	w.call(2)
	return begin, w.transferred()
}

// cutWorld is a client and a service with connections of which the first is cut.
type cutWorld struct {
	*world
	client    *invoke.Client
	closeIdle func()
	first     *network.Conn
	size      int
}

func newCutWorld(cut Cut, broken cutCase) *cutWorld {
	s := scenario{clients: []clientPlan{{secure: cut.Secure}}}
	w := &cutWorld{world: newWorld(s), size: cut.Payload}
	a := answer{runs: true, variant: -1}
	if cut.Payload > 1 {
		a.variant = -cut.Payload
	}
	w.service.plan = func(callID, int) answer { return a }
	h := transport.New(func(c *transport.Config) {
		c.TLSConfig, c.Proxy = clientTLS(), noProxy
		c.DialContext = func(ctx context.Context, _, addr string) (net.Conn, error) {
			p := network.Profile{Latency: cutLatency, KeepsData: cut.KeepsData}
			if w.first == nil && broken.at >= 0 {
				fault := network.Fault{Kind: cut.Kind, At: broken.at, Lazy: cut.Lazy}
				if broken.reply {
					p.Reply = fault
				} else {
					p.Request = fault
				}
			}
			conn, err := w.network.Dial(ctx, addressOf(0), addr, p)
			if w.first == nil {
				w.first = conn
			}
			return conn, err
		}
	})
	w.closeIdle = h.CloseIdleConnections
	endpoint := "http://lambda.sim"
	if cut.Secure {
		endpoint = "https://lambda.sim"
	}
	keys := w.service.keys.issue(0, 0, 0)
	var err error
	w.client, err = invoke.New(invoke.Options{
		Region: "us-east-1", BaseEndpoint: endpoint, HTTPClient: h,
		Credentials: invoke.StaticCredentials(keys.AccessKeyID, keys.SecretAccessKey, keys.SessionToken),
		Retry:       retry.Policy{BaseDelay: 1, ThrottleBaseDelay: 1},
	})
	must(err)
	return w
}

// call makes a call and adds it to the history.
func (w *cutWorld) call(n int) *outcome {
	o := &outcome{id: callID{0, 1, n, 0}, what: "Invoke"}
	var body []byte
	switch {
	case w.size == 1:
		body = []byte("1")
	case w.size > 1:
		body, _ = json.Marshal(payload{Call: o.id.String(), Pad: strings.Repeat("x", w.size-28)})
	}
	out, err := w.client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: o.id.String(), Payload: body})
	if o.err = err; err == nil {
		o.hasResult, o.attempts = true, out.Attempts
		if err := json.Unmarshal(out.Payload, &o.result); err != nil {
			w.history.fail("result", o.id, "%.80q", out.Payload)
		}
	}
	w.history.done(o)
	return o
}

func (w *cutWorld) transferred() [2]int64 {
	request, reply := w.first.Sent()
	return [2]int64{request, reply}
}

func (w *cutWorld) close() {
	w.closeIdle()
	synctest.Wait()
	if open, _ := w.network.Open(addressOf(0)); open > 0 {
		w.history.fail("leak", callID{}, "%d connections are open", open)
	}
	w.network.Wait()
}

// run makes the calls of a case and returns what is wrong, "" if nothing is.
func (c cutCase) run() string {
	w := newCutWorld(c.cut, c)
	if c.cut.Reused {
		w.call(1)
	}
	o := w.call(2)
	w.close()
	w.check()
	if o.err != nil && !errors.MayHaveExecuted(o.err) {
		w.history.fail("retry", o.id, "a call that provably did not run was not made again: %v", o.err)
	}
	if len(w.history.problems) > 0 {
		return fmt.Sprint(w.history.problems)
	}
	return ""
}
