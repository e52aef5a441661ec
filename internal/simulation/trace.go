package simulation

import (
	"fmt"
	"strings"
)

// Trace tells what happened in the run, in order: of the calls that something is wrong with and the connections that they used, or of
// all calls where nothing is wrong.
func (h *History) Trace() string {
	wanted, all := h.suspects()
	conns := make(map[int]bool)
	for _, e := range h.events {
		if e.conn > 0 && wanted[e.call] {
			conns[e.conn] = true
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\n", h.Seed)
	for _, e := range h.events {
		if !all && !wanted[e.call] && !conns[e.conn] && (e.call != (callID{}) || e.conn != 0) {
			continue
		}
		call, conn := "", ""
		if e.call != (callID{}) {
			call = e.call.String()
		}
		if e.conn > 0 {
			conn = fmt.Sprintf("conn %d", e.conn)
		}
		fmt.Fprintf(&b, "%16v  %-12s %-9s %s\n", e.at, call, conn, fmt.Sprintf(e.format, e.args...))
	}
	return b.String()
}

// suspects returns the calls that a problem is about.
func (h *History) suspects() (calls map[callID]bool, all bool) {
	calls = make(map[callID]bool)
	for _, p := range h.problems {
		id, ok := parseCall(p.Call)
		if !ok {
			return nil, true
		}
		calls[id] = true
		id.item = 0
		calls[id] = true
		for _, o := range h.calls {
			if o.id == id && o.execution != (callID{}) {
				calls[o.execution] = true // under which questions about it are noted
			}
		}
	}
	return calls, len(calls) == 0
}
