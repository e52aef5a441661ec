package invoketest

import (
	"crypto/sha256"
	"maps"
	"net/http"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// executions are those with a name, by function and name. A second request for
// one joins it in place of running the function again.
type executions struct {
	mu     sync.Mutex
	byName map[string]*execution
}

type execution struct {
	arn     string
	payload [sha256.Size]byte
	done    chan struct{} // closed once reply is set
	reply   *reply        // nil if the execution never began
}

// join returns the execution of that name. It is the caller's to run if first
// is true.
func (e *executions) join(key, arn string, payload []byte) (ex *execution, first bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ex, ok := e.byName[key]; ok {
		return ex, false
	}
	if e.byName == nil {
		e.byName = make(map[string]*execution)
	}
	ex = &execution{arn: arn, payload: sha256.Sum256(payload), done: make(chan struct{})}
	e.byName[key] = ex
	return ex, true
}

func (e *executions) forget(key string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.byName, key)
}

// invokeDurable invokes a function once for each name. Its context does not end
// with the caller's connection, as others may be waiting for it.
func (x *exchange) invokeDurable(name string, fn streamFunction, body []byte) *reply {
	key := x.req.FunctionName + "\x00" + name
	arn := x.s.functionARN(x.req.FunctionName, x.req.executedVersion()) + "/durable-execution/" + name + "/" + x.req.RequestID
	ex, first := x.s.executions.join(key, arn, body)
	if first {
		rep := x.invokeWith(x.s.base, fn, body)
		if rep.status == http.StatusTooManyRequests {
			x.s.executions.forget(key)
		} else {
			ex.reply = rep
		}
		close(ex.done)
		return ex.named(rep)
	}
	if ex.payload != sha256.Sum256(body) {
		return exception(http.StatusConflict, "DurableExecutionAlreadyStartedException",
			"an execution of this name has another payload")
	}
	select {
	case <-ex.done:
	case <-x.r.Context().Done():
		x.hangUp(Close, nil)
		return nil
	}
	if ex.reply == nil {
		return x.invokeDurable(name, fn, body)
	}
	return ex.named(ex.reply)
}

// named is rep with the name of the execution, as a reply of its own.
func (ex *execution) named(rep *reply) *reply {
	if rep.status >= http.StatusMultipleChoices {
		return rep
	}
	named := *rep
	named.header = maps.Clone(rep.header)
	named.header.Set(wire.HeaderDurableExecutionArn, ex.arn)
	return &named
}
