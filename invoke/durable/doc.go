// Package durable runs durable executions of Lambda functions: pieces of work that
// have a name, may take up to a year, and give one result to everybody who asks for it
// under that name.
//
//	ship := durable.New[Order, Receipt](client, "ship:live")
//	receipt, err := ship.Call(ctx, "order-4711", order)
//
// Call may be repeated until it returns: after an error, by another goroutine, by the
// next process after this one was killed. The first start that reaches the service
// begins the execution, and every later one joins it.
//
// # When is it the right tool?
//
// For work that must be done once although the caller may fail: a payment, a shipment,
// a night's batch; and for work that takes longer than 15 minutes. The function has to be a
// durable one, which its configuration says, and is called with a version, an alias or
// $LATEST. For all else [invoke.Func] is simpler and answers sooner.
//
// # What does "once" mean?
//
// A name stands for one execution in an account and region, for as long as the service
// retains it after its end (the function's configuration says how long; the service
// forgets the name then, and a start begins anew). The name has to come from the work, such
// as the number of an order, and not from the attempt; and the payload has to be the same, byte
// for byte, or the start is a [*errors.DurableExecutionAlreadyStartedException].
//
// The execution is started once. Its steps are the function's business: the service runs the
// function again from its last checkpoint where it was interrupted, so a step that was under
// way may be done again, unless the function makes it idempotent.
//
// # What does it cost?
//
// A start is one request, and each question of a [Execution.Wait] another: at once, then at
// intervals that grow from 100 ms to 30 s. An execution of a minute is asked some 15 times, one
// of a day some 4,000 times. Nothing is held open between two questions, neither a
// connection nor a goroutine but the waiting one. [Func.WithIntervals] changes the
// intervals.
//
// The caller needs three permissions: lambda:InvokeFunction,
// lambda:GetDurableExecution, and lambda:StopDurableExecution for [Execution.Stop].
//
// # Errors
//
// An [*ExecutionError] says that the execution was started, and carries its ARN; it wraps the
// function's own failure as well as that of asking for it. errors.MayHaveExecuted is true for it. Any
// other error of a start answers as it does for [invoke.Client.Invoke].
package durable
