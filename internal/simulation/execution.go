package simulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
)

// executions are the service's durable executions.
type executions struct {
	mu     sync.Mutex
	byName map[string]*execution
	byARN  map[string]*execution
}

func newExecutions() *executions {
	return &executions{byName: make(map[string]*execution), byARN: make(map[string]*execution)}
}

// execution is a durable execution. Whoever starts it again under its name joins it.
type execution struct {
	name  string
	arn   string
	input []byte
	run   *run
	ends  durable.ExecutionStatus // how it ends unless it is stopped
	stop  chan struct{}           // closed by the first who stops it
	done  chan struct{}           // closed when it has ended

	// Guarded by executions.mu.
	stopping bool
	status   durable.ExecutionStatus
}

// join starts the execution of a name, or returns the one that there is. It reports false where that has another input.
func (x *exchange) join(name string, input []byte, a answer) (e *execution, same bool) {
	x.executions.mu.Lock()
	defer x.executions.mu.Unlock()
	if e, ok := x.executions.byName[name]; ok {
		return e, bytes.Equal(e.input, input)
	}
	r := x.history.start(x.call, x.conn.ID())
	e = &execution{
		name: name, arn: fmt.Sprintf("arn:aws:lambda:us-east-1:123456789012:function:%s:7/durable-execution/%s/id-%d", name, name, r.id),
		input: input, run: r, ends: x.drawEnd(name), status: durable.StatusRunning, stop: make(chan struct{}), done: make(chan struct{}),
	}
	x.executions.byName[name], x.executions.byARN[e.arn] = e, e
	conn := x.conn.ID()
	x.begun.Go(func() { x.service.carryOut(e, a.takes, conn) })
	return e, true
}

func (s *service) drawEnd(name string) durable.ExecutionStatus {
	id, _ := parseCall(name)
	d := s.seed.dice("execution", id.place()...)
	if !d.chance(s.chaos) {
		return durable.StatusSucceeded
	}
	return pick(d, durable.StatusSucceeded, durable.StatusFailed, durable.StatusTimedOut)
}

// carryOut runs an execution to its end.
func (s *service) carryOut(e *execution, takes time.Duration, conn int) {
	timer := time.NewTimer(takes)
	defer timer.Stop()
	ends := e.ends
	select {
	case <-timer.C:
	case <-e.stop:
		ends = durable.StatusStopped
	}
	s.history.finish(e.run, conn)
	s.executions.mu.Lock()
	e.status = ends
	s.executions.mu.Unlock()
	close(e.done)
}

// find returns the execution with an ARN.
func (s *executions) find(arn string) (*execution, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byARN[arn]
	return e, ok
}

// named returns the execution with a name, or nil.
func (s *executions) named(name string) *execution {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byName[name]
}

// statusOf tells how far an execution has come.
func (s *executions) statusOf(e *execution) durable.ExecutionStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return e.status
}

// end stops an execution unless it has ended.
func (s *executions) end(e *execution) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.status == durable.StatusRunning && !e.stopping {
		e.stopping = true
		close(e.stop)
	}
}

// executionReply is what GetDurableExecution tells.
type executionReply struct {
	DurableExecutionArn  string
	DurableExecutionName string
	Version              string
	StartTimestamp       float64
	Status               durable.ExecutionStatus
	InputPayload         string            `json:",omitempty"`
	Result               string            `json:",omitempty"`
	Error                map[string]string `json:",omitempty"`
}

// tell writes the reply to a question about an execution, or to the wish to stop it.
func (x *exchange) tell(req *http.Request) []byte {
	if req.Method == http.MethodPost {
		return fmt.Appendf(nil, `{"StopTimestamp":%d}`, x.now().Unix())
	}
	e := x.execution
	reply := executionReply{
		DurableExecutionArn: e.arn, DurableExecutionName: e.name, Version: "7",
		StartTimestamp: float64(x.history.began.Add(e.run.started).UnixMilli()) / 1000, Status: x.executions.statusOf(e),
	}
	if req.URL.Query().Get("IncludeExecutionData") == "true" {
		reply.InputPayload = string(e.input)
		switch reply.Status {
		case durable.StatusSucceeded:
			result, _ := json.Marshal(payload{Call: e.name, Run: e.run.id}) // always marshals
			reply.Result = string(result)
		case durable.StatusRunning:
		default:
			reply.Error = map[string]string{"ErrorType": "Error", "ErrorMessage": "simulated"}
		}
	}
	body, _ := json.Marshal(reply) // always marshals
	return body
}

// tellOther writes a reply that something in between mistook for the one: it is about another execution.
func tellOther(e *execution) []byte {
	result, _ := json.Marshal(payload{Call: "of another execution"})
	body, _ := json.Marshal(executionReply{
		DurableExecutionArn: "arn:aws:lambda:us-east-1:123456789012:function:" + e.name + ":7/durable-execution/another/id-0",
		Status:              durable.StatusSucceeded, Result: string(result),
	})
	return body
}
