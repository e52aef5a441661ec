package invoke

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/internal/retries"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// retryLoop makes the attempts of a call. What follows it in the stack runs
// once per attempt: identity, endpoint and signature are fresh each time.
type retryLoop struct{}

func (*retryLoop) ID() string { return "Retry" }

func (*retryLoop) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	original, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return out, metadata, fmt.Errorf("unexpected request %T", in.Request)
	}
	c := callFrom(ctx)
	ctx = c.startSession(ctx)
	defer c.endSession()
	for {
		out, metadata, err = c.try(ctx, c.nextRequest(original), next)
		if err == nil {
			if c.session.RetriesFunctionErrors() && c.awaitFunctionRetry(ctx, out.Result) {
				continue
			}
			c.session.Succeeded()
			return out, metadata, nil
		}
		if err = c.awaitRetry(ctx, err); err != nil {
			return out, metadata, err
		}
	}
}

//go:noinline
func (c *call) startSession(ctx context.Context) context.Context {
	policy := c.config.Retry
	policy.Idempotent = policy.Idempotent || c.idempotent
	c.session, c.recovery = retries.Start(&policy, &c.state.quota), recovery{}
	ctx, c.loopSpan = c.config.telemetry.Start(ctx, telemetry.RetryLoop)
	return ctx
}

func (c *call) endSession() { c.loopSpan.End(nil) }

// nextRequest returns the request of the next attempt.
func (c *call) nextRequest(original *smithyhttp.Request) *smithyhttp.Request {
	c.attempt = c.session.Attempt()
	req := original
	if c.customStack || c.attempt > 1 {
		// Middleware may add headers to what it is given, and the last
		// attempt's request may still be being written.
		req = original.Clone()
	}
	c.setHeader(req.Header, wire.HeaderSDKRequest, c.attemptHeader())
	return req
}

// awaitRetry waits until another attempt is due after one that failed with err, or
// returns the error of the call.
//
//go:noinline
func (c *call) awaitRetry(ctx context.Context, err error) error {
	class := retry.Classify(err)
	known, recovered := c.recovery.attempt(c, err)
	if known {
		class.Retryable = recovered
	}
	if !class.Retryable && ctx.Err() == nil && c.config.Retry.Retryable != nil {
		class.Retryable = c.config.Retry.Retryable(err)
	}
	delay, failure := c.session.Failed(ctx, err, class, recovered)
	if failure != nil {
		return c.earlier.Explain(failure)
	}
	c.config.telemetry.Retry(ctx, c.functionName, c.attempt, err, delay)
	return c.earlier.Explain(c.session.Wait(ctx, delay, err))
}

// awaitFunctionRetry waits until another attempt is due after one whose function
// failed. It is false if none is: then the reply stands.
//
//go:noinline
func (c *call) awaitFunctionRetry(ctx context.Context, result any) bool {
	out, ok := result.(*InvokeOutput)
	if !ok || out.FunctionError == "" {
		return false
	}
	err := out.Err()
	delay, due := c.session.FunctionFailed(ctx, err)
	if !due {
		return false
	}
	c.config.telemetry.Retry(ctx, c.functionName, c.attempt, err, delay)
	return c.session.Wait(ctx, delay, err) == nil
}

// try makes one attempt. When it returns, nothing reads the payload any more.
func (c *call) try(ctx context.Context, req *smithyhttp.Request, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if err := ctx.Err(); err != nil {
		return out, metadata, c.transportError(errors.StageConnect, err)
	}
	ctx = c.startAttempt(ctx)
	returned := false
	defer func() {
		if !returned {
			c.endAttempt(nil, errPanicked)
		}
	}()
	out, metadata, err = next.HandleFinalize(ctx, middleware.FinalizeInput{Request: req})
	returned = true
	return out, metadata, c.endAttempt(out.Result, err)
}

//go:noinline
func (c *call) startAttempt(ctx context.Context) context.Context {
	c.exchange, c.identity, c.requestID, c.skewKnown = nil, nil, "", false
	c.requests = attempt.Record{}
	ctx, c.attemptSpan = c.config.telemetry.StartAttempt(ctx, c.functionName, c.attempt)
	return ctx
}

//go:noinline
func (c *call) endAttempt(result any, err error) error {
	if c.exchange != nil {
		_, c.exchange.streams = result.(*InvokeWithResponseStreamOutput)
		if err != nil {
			c.exchange.discard()
		}
		c.exchange.end()
	}
	err = c.requests.Explain(err)
	c.earlier.Add(&c.requests)
	c.attemptSpan.End(c.reply(result), err)
	return err
}

func (c *call) attemptHeader() string {
	if c.attempt == 1 {
		return c.config.firstAttempt
	}
	return attemptHeader(c.attempt, c.session.MaxAttempts())
}

func attemptHeader(attempt, limit int) string {
	return "attempt=" + strconv.Itoa(attempt) + "; max=" + strconv.Itoa(limit)
}
