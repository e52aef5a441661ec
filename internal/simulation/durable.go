package simulation

import (
	"context"
	stderrors "errors"
	"time"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
)

// sharedNames is how many names of executions the callers of a run share.
const sharedNames = 3

// durable runs a durable execution, under a name of its own or under one that other callers use too.
func (c *caller) durable(ctx context.Context, d *dice, o *outcome, in payload) {
	o.what, o.idempotent, o.execution = "durable execution", true, o.id
	if d.chance(0.4) {
		o.execution = callID{caller: 0, call: 1 + o.id.call%sharedNames} // callers of calls are numbered from 1
		in.Pad = ""
		if d.chance(0.1) {
			in.Pad = "the service refuses another input under the same name"
		}
	}
	name := o.execution.String()
	in.Call = name
	f := durable.New[payload, payload](c.client.Client, name, func(f *invoke.FuncOptions) {
		f.Qualifier, f.TenantId = "live", o.id.String() // by which the service knows who starts it
	})
	if d.chance(0.8) {
		f = f.WithIntervals(time.Second, 5*time.Minute)
	}
	if d.chance(0.5) {
		o.result, o.err = f.Call(ctx, name, in)
		o.hasResult = true
		return
	}
	e, err := f.Start(ctx, name, in)
	if o.err = err; err != nil {
		return
	}
	c.checkStarted(o, e.ARN())
	if d.chance(0.3) {
		time.Sleep(d.between(time.Millisecond, time.Minute))
	}
	if o.limit > 0 && c.world.history.now() >= o.limit {
		o.limit = -1 // the caller itself slept beyond the end of its context
	}
	switch d.IntN(3) {
	case 0:
		e = f.Execution(e.ARN()) // as another process would
	case 1:
		if o.err = e.Stop(ctx, nil); o.err != nil {
			return
		}
	case 2:
		status, err := e.Status(ctx)
		if o.err = err; err != nil {
			return
		}
		if over := c.world.history.isOver(c.world.service.executions.named(name).run); status.Status.Ended() && !over {
			c.world.history.fail("result", o.id, "the execution is told to be %s and runs", status.Status)
		}
	}
	o.result, o.err = e.Wait(ctx)
	o.hasResult = true
}

// checkStarted: an execution that was started is there, under its ARN.
func (c *caller) checkStarted(o *outcome, arn string) {
	if e := c.world.service.executions.named(o.execution.String()); e == nil || e.arn != arn {
		c.world.history.fail("result", o.id, "it has started %q, which is not the execution of its name", arn)
	}
}

// checkExecution holds the outcome of a durable execution against what became of it.
func (w *world) checkExecution(o *outcome) {
	e := w.service.executions.named(o.execution.String())
	if o.err == nil {
		if e == nil || o.result.Call != e.name || o.result.Run != e.run.id || !e.run.over || e.status != durable.StatusSucceeded {
			w.history.fail("result", o.id, "the result %+v is not that of its execution", o.result)
		}
		return
	}
	var started *durable.ExecutionError
	if !stderrors.As(o.err, &started) {
		w.checkOperation(o)
		return
	}
	if e == nil || started.ARN != e.arn || !errors.MayHaveExecuted(o.err) {
		w.history.fail("guarantee", o.id, "an execution was started, and the error does not say so: %v", o.err)
		return
	}
	var failed *errors.FunctionError
	ended := ""
	var request *smithy.OperationError
	switch {
	case stderrors.As(o.err, &failed) && e.status != durable.StatusFailed:
		ended = "failed"
	case stderrors.Is(o.err, durable.ErrTimedOut) && e.status != durable.StatusTimedOut:
		ended = "timed out"
	case stderrors.Is(o.err, durable.ErrStopped) && e.status != durable.StatusStopped:
		ended = "was stopped"
	case failed == nil && !stderrors.Is(o.err, durable.ErrTimedOut) && !stderrors.Is(o.err, durable.ErrStopped) && !stderrors.As(o.err, &request) &&
		!stderrors.Is(o.err, context.Canceled) && !stderrors.Is(o.err, context.DeadlineExceeded):
		w.history.fail("error", o.id, "it is neither an end of the execution nor of the context, nor an OperationError: %v", o.err)
	}
	if ended != "" {
		w.history.fail("result", o.id, "its execution %s, which is told to have %s", e.status, ended)
	}
}
