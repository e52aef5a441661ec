// Package mutants breaks the library on purpose, one fault at a time, so that package simulation can show that it finds each.
package mutants

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Mutant is a fault in one file of the library.
type Mutant struct {
	Name string
	File string // from the root of the module
	Old  string // what stands there once
	New  string // what takes its place
}

// All are the faults, of which package simulation finds every one.
var All = []Mutant{
	{"send a request again after bytes of it were written", "transport/exchange.go", "return x.progress.Written == 0 && !x.conn.fresh()", "return !x.conn.fresh()"},
	{"forget that a small request was written whole", "transport/write.go", "x.progress.AllWritten = err == nil", "x.progress.AllWritten = false"},
	{"forget that a large request was written whole", "transport/exchange.go", "x.progress.AllWritten = w.err == nil", "x.progress.AllWritten = false"},
	{"reuse a connection without looking for unsolicited bytes", "transport/pool.go", "!p.tooOld(c) && c.usable()", "!p.tooOld(c)"},
	{"keep a connection that the reply closes", "transport/exchange.go", "x.keep && !resp.Close && !x.req.Close", "x.keep && !x.req.Close"},
	{"keep connections of failed requests open", "transport/conn.go", "	c.pool.closing(c)\n	c.wire.Close()\n", "	c.pool.closing(c)\n"},
	{"let a request outlive its context", "transport/exchange.go", "ctx.Done() != nil {", "ctx.Done() != ctx.Done() {"},
	{"let a caller wait for a connection beyond its context", "transport/pool.go", "case <-w.ctx.Done():", "case <-chan struct{}(nil):"},
	{"dial once more for each caller than needed", "transport/pool.go", "if p.patience < 0 || h.coming() < len(h.waiting) {", "if p.begin(h, w); true {"},
	{"let the retry loop wait beyond its context", "internal/retries/session.go", "case <-ctx.Done():", "case <-chan struct{}(nil):"},
	{"retry what may have run", "internal/retries/session.go", "if !class.Retryable || (class.MayHaveExecuted && !s.policy.Idempotent) {", "if !class.Retryable {"},
	{"take too much from the retry quota", "internal/retries/quota.go", "if spent+cost > tokens {", "if spent+400 > tokens {"},
	{"give back too much to the retry quota", "internal/retries/session.go", "max(s.cost, successIncrement)", "max(s.cost, successIncrement+1)"},
	{"charge a retry after throttling as any other", "internal/retries/session.go", "cost = costThrottle", "cost = costTransient"},
	{"forget the outcome of an earlier attempt", "internal/attempt/record.go", "	case earlier != nil:\n		r.earlier = earlier\n", "	case earlier != nil:\n		r.earlier = nil\n"},
	{"believe middleware that denies", "invoke/retryloop.go", "	err = c.requests.Explain(err)\n", ""},
	{"believe a 200 that is not the service's", "invoke/deserialize.go", "if !wire.IsServiceReply(h, payload) {", "if false {"},
	{"believe that a refusal without a code means nothing ran", "errors/base.go", "	case code == \"\", code == CodeUnknown:\n		return true\n", "	case code == \"\", code == CodeUnknown:\n		return false\n"},
	{"believe that a ServiceException means nothing ran", "errors/table.go", "{server, 500, again, may, \"ServiceException\"", "{server, 500, again, not, \"ServiceException\""},
	{"take a torn reply for whole", "invoke/deserialize.go", "		case err != nil:\n			return nil, err\n", "		case err != nil:\n			return payload, nil\n"},
	{"take a torn stream for whole", "invoke/stream_body.go", "s.end(s.broken(io.ErrUnexpectedEOF))", "s.end(io.EOF)"},
	{"take every call for idempotent", "invoke/input.go", "return m.durableExecutionName != \"\" || m.invocationType == InvocationTypeDryRun", "return true"},
	{"believe a custom HTTP client that read the whole payload", "invoke/customclient.go", "whole := (len(b.payload) == 0 || b.consumed) && !unconnected", "whole := len(b.payload) == 0 && !unconnected"},
	{"forget what an earlier request of a Map's item did", "invoke/map_call.go", "i.result.Err = attempt.Explain(i.mayHaveRun, err)", "_, i.result.Err = attempt.Explain, err"},
	{"let net/http's pool hold a call", "invoke/serialize.go", "if c.config.transport == nil {", "if false {"},
	{"start an execution without its name", "invoke/durable/func.go", "in.DurableExecutionName, in.InvocationType = name, ", "in.InvocationType = "},
	{"deny that an execution was started", "invoke/durable/errors.go", "MayHaveExecuted() bool { return true }", "MayHaveExecuted() bool { return false }"},
	{"believe what is told of another execution", "invoke/durable/get.go", "return out, ok && sameExecution(asked, answered) &&", "return out, (ok || sameExecution(asked, answered)) &&"},
	{"take an execution that runs for one that has ended", "invoke/durable/status.go", "case StatusSucceeded, ", "case StatusRunning, StatusSucceeded, "},
	{"let the wait for an execution outlive its context", "invoke/durable/intervals.go", "case <-ctx.Done():", "case <-chan struct{}(nil):"},
	{"give a Map's result the wrong item", "invoke/map.go", "Result[In, Out]{Index: index, In: value}", "Result[In, Out]{Index: index / 2, In: value}"},
}

// Source returns the file with the fault in it. Where the text to replace does not stand there once, the library has changed, and the
// mutant has to follow.
func (m Mutant) Source(root string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(root, m.File))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(b), m.Old); n != 1 {
		return nil, fmt.Errorf("mutant %q: %s has %d places with the text to replace, not one: adapt the mutant to the code", m.Name, m.File, n)
	}
	return []byte(strings.Replace(string(b), m.Old, m.New, 1)), nil
}

// Overlay writes what the Go tool's -overlay takes into dir, and returns its name.
func (m Mutant) Overlay(root, dir string) (string, error) {
	source, err := m.Source(root)
	if err != nil {
		return "", err
	}
	file, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, m.File): file}})
	if err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, replace, 0o600)
}
