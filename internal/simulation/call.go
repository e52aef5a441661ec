package simulation

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
)

// callID is the place of a call in the run. Items of a Map have numbers from 1; any other call has item 0.
type callID struct{ client, caller, call, item int }

// String is also the name of the function that the call is for.
func (id callID) String() string {
	if id.item > 0 {
		return fmt.Sprintf("f-%d-%d-%d-%d", id.client, id.caller, id.call, id.item)
	}
	return fmt.Sprintf("f-%d-%d-%d", id.client, id.caller, id.call)
}

func (id callID) place(more ...int) []int {
	return append([]int{id.client, id.caller, id.call, id.item}, more...)
}

// parseCall reads what String wrote.
func parseCall(text string) (id callID, ok bool) {
	parts := strings.Split(text, "-")
	if len(parts) < 4 || len(parts) > 5 || parts[0] != "f" {
		return id, false
	}
	for i, to := range []*int{&id.client, &id.caller, &id.call, &id.item}[:len(parts)-1] {
		n, err := strconv.Atoi(parts[i+1])
		if err != nil {
			return id, false
		}
		*to = n
	}
	return id, true
}

// dialing tells the dials of a call from each other.
type dialing struct {
	call  callID
	dials atomic.Int32
}

type dialingKey struct{}

// contextOf returns a context by which a dial finds out which call it is for.
func contextOf(ctx context.Context, id callID) context.Context {
	return context.WithValue(ctx, dialingKey{}, &dialing{call: id})
}

// dialOf returns the place of a dial.
func dialOf(ctx context.Context) (id callID, n int) {
	if d, ok := ctx.Value(dialingKey{}).(*dialing); ok {
		return d.call, int(d.dials.Add(1))
	}
	return callID{}, 0
}

// payload is what functions are given and return: a JSON object that names the call, so that a reply to another one is found out.
type payload struct {
	Call string `json:"call"`
	Run  int    `json:"run,omitempty"`
	Pad  string `json:"pad,omitempty"`
}
