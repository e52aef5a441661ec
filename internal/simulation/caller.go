package simulation

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// caller makes calls, one after the other.
type caller struct {
	world  *world
	client *client
	number [2]int // of client and caller
}

func (c *caller) run(calls int) {
	for n := range calls {
		id := callID{c.number[0], c.number[1], n + 1, 0}
		d := c.world.scenario.seed.dice("call", id.place()...)
		if d.chance(0.3) {
			time.Sleep(d.between(time.Millisecond, 3*time.Minute))
		}
		c.call(d, id)
	}
}

// call makes one call of a kind that is drawn.
func (c *caller) call(d *dice, id callID) {
	ctx, cancel, limit := c.context(d)
	defer cancel()
	ctx = contextOf(ctx, id)
	c.world.busy(id.client, 1)
	defer c.world.busy(id.client, -1)
	o := &outcome{id: id, began: c.world.history.now(), limit: limit, idempotent: c.client.plan.policy.Idempotent, blind: c.client.plan.middleware == middlewareInsists}
	c.world.history.note(id, 0, "caller: begins, context ends at %v", limit)
	body, in := c.payload(d, id)
	kind := d.IntN(16)
	if kind == 7 && c.client.plan.alone {
		kind = 15 // a Map makes several calls at a time
	}
	switch kind {
	case 0:
		o.what = "Send"
		o.err = invoke.NewFunc[payload, payload](c.client, id.String()).Send(ctx, in)
	case 1, 2:
		o.what = "Call"
		o.result, o.err = invoke.NewFunc[payload, payload](c.client, id.String()).Call(ctx, in)
		o.hasResult = true
	case 3:
		o.what, o.dry, o.idempotent = "DryRun", true, true
		_, o.err = c.client.Invoke(ctx, &invoke.InvokeInput{FunctionName: id.String(), InvocationType: invoke.InvocationTypeDryRun, Payload: body})
	case 4:
		// Whoever joins an execution gets its result, whichever request started it.
		if d.chance(0.6) {
			c.durable(ctx, d, o, in)
			break
		}
		o.what, o.idempotent, o.execution = "durable", true, id
		c.invoke(ctx, o, &invoke.InvokeInput{FunctionName: id.String(), Qualifier: "$LATEST", DurableExecutionName: id.String(), Payload: body})
	case 5, 6:
		o.what = "stream"
		c.stream(ctx, d, o, body)
	case 7:
		c.fanOut(ctx, d, id, limit)
		return
	case 8:
		o.what, o.idempotent = "idempotent", true
		c.invoke(ctx, o, &invoke.InvokeInput{FunctionName: id.String(), Payload: body}, func(o *invoke.Options) { o.Retry.Idempotent = true })
	default:
		o.what = "Invoke"
		c.invoke(ctx, o, &invoke.InvokeInput{FunctionName: id.String(), Payload: body})
	}
	c.world.history.done(o)
}

// context draws when the caller gives up. limit is that time, 0 for never.
func (c *caller) context(d *dice) (ctx context.Context, cancel context.CancelFunc, limit time.Duration) {
	ctx = context.Background()
	if d.chance(0.5) {
		return ctx, func() {}, 0
	}
	after := d.between(time.Millisecond, 20*time.Minute)
	limit = c.world.history.now() + after
	if d.chance(0.5) {
		ctx, cancel = context.WithTimeout(ctx, after)
		return ctx, cancel, limit
	}
	ctx, stop := context.WithCancel(ctx)
	timer := time.AfterFunc(after, stop)
	return ctx, func() { timer.Stop(); stop() }, limit
}

// payload draws what the function is given.
func (c *caller) payload(d *dice, id callID) ([]byte, payload) {
	in := payload{Call: id.String()}
	switch d.IntN(96) {
	case 0, 1, 2, 3, 4, 5, 6, 7:
		return nil, in
	case 8, 9, 10, 11:
		return []byte("1"), in
	case 12:
		in.Pad = strings.Repeat("x", 300_000)
	case 13, 14, 15, 16:
		in.Pad = strings.Repeat("x", d.IntN(70_000))
	case 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32:
		in.Pad = strings.Repeat("x", d.IntN(4_000))
	}
	body, _ := json.Marshal(in) // always marshals
	return body, in
}

func (c *caller) invoke(ctx context.Context, o *outcome, in *invoke.InvokeInput, optFns ...func(*invoke.Options)) {
	out, err := c.client.Invoke(ctx, in, optFns...)
	if o.err = err; err != nil {
		return
	}
	if o.err = out.Err(); o.err != nil {
		return
	}
	o.requestID, o.attempts, o.hasResult = out.RequestID, out.Attempts, true
	if err := json.Unmarshal(out.Payload, &o.result); err != nil {
		c.world.history.fail("result", o.id, "a success is no result: %.80q", out.Payload)
	}
}

// stream reads a streamed reply, sometimes slowly, and sometimes not to its end.
func (c *caller) stream(ctx context.Context, d *dice, o *outcome, body []byte) {
	out, err := c.client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: o.id.String(), Payload: body})
	if o.err = err; err != nil {
		return
	}
	defer out.Body.Close()
	o.requestID, o.attempts, o.streamed = out.RequestID, out.Attempts, true
	if d.chance(0.1) {
		return // and never reads it
	}
	read, err := io.ReadAll(out.Body)
	if o.err = err; err != nil {
		return
	}
	o.hasResult = true
	if err := json.Unmarshal(read, &o.result); err != nil {
		c.world.history.fail("result", o.id, "a stream that ended well is no result: %.80q", read)
	}
}

// mapCeiling is how many calls a Map makes at one time at most.
const mapCeiling = 6

// fanOut calls a function for several items. Each item is a call of its own in the history.
func (c *caller) fanOut(ctx context.Context, d *dice, id callID, limit time.Duration) {
	items := make([]payload, 1+d.IntN(12))
	for i := range items {
		_, items[i] = c.payload(d, callID{id.client, id.caller, id.call, i + 1})
	}
	item := func(index int) *outcome {
		return &outcome{
			id: callID{id.client, id.caller, id.call, index + 1}, what: "item", limit: limit, idempotent: c.client.plan.policy.Idempotent,
			blind: c.client.plan.middleware == middlewareInsists,
		}
	}
	f := invoke.NewFunc[payload, payload](c.client, id.String(), func(o *invoke.FuncOptions) {
		o.Prepare = func(_ context.Context, in *invoke.InvokeInput) {
			var p payload
			if json.Unmarshal(in.Payload, &p) == nil {
				in.ClientContext = p.Call
			}
		}
	})
	seen := make([]int, len(items))
	leaves := -1
	if d.chance(0.15) {
		leaves = d.IntN(len(items))
	}
	ceiling := 1 + d.IntN(mapCeiling)
	c.world.busy(id.client, ceiling)
	defer c.world.busy(id.client, -ceiling)
	results := f.Map(ctx, slices.Values(items), func(o *invoke.MapOptions) {
		o.Ordered, o.MaxConcurrency = d.chance(0.5), ceiling
		o.Abandoned = func(index int, err error) {
			seen[index]++
			o := item(index)
			o.what = "abandoned item"
			if o.err = err; err != nil {
				c.world.history.done(o)
			}
		}
	})
	n := 0
	for r := range results {
		if r.Index < 0 || r.Index >= len(items) {
			c.world.history.fail("map", id, "a result of item %d, and there are %d", r.Index, len(items))
			continue
		}
		seen[r.Index]++
		o := item(r.Index)
		o.result, o.err, o.hasResult = r.Out, r.Err, r.Err == nil
		if r.In.Call != o.id.String() {
			c.world.history.fail("map", o.id, "its result is that of %s", r.In.Call)
		}
		c.world.history.done(o)
		if n == leaves {
			break
		}
		n++
	}
	c.checkItems(ctx, id, seen, leaves >= 0)
	c.world.checkLimit(&outcome{id: id, what: "Map", limit: limit, ended: c.world.history.now()})
}

// checkItems checks that no item was lost or doubled. Those that had not been pulled when the loop ended have no outcome.
func (c *caller) checkItems(ctx context.Context, id callID, seen []int, left bool) {
	for i, n := range seen {
		item := callID{id.client, id.caller, id.call, i + 1}
		switch {
		case n > 1:
			c.world.history.fail("map", item, "it has %d results", n)
		case n == 0 && !left && ctx.Err() == nil:
			c.world.history.fail("map", item, "it is lost")
		case n == 0 && c.world.history.count(item) > 0:
			c.world.history.fail("map", item, "a request was made for it, and it has no result")
		}
	}
}
