package invoke

import (
	"context"
	stderrors "errors"
	"fmt"
	"strconv"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
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
	policy := c.config.Retry
	policy.Idempotent = policy.Idempotent || c.idempotent
	session := policy.Start(&c.state.quota)
	ctx, endLoop := c.config.telemetry.retrying(ctx)
	defer endLoop()

	var mended mendings
	for {
		c.attempt = session.Attempt()
		req := original
		if c.reshaped || c.attempt > 1 {
			// Middleware may add headers to what it is given, and the last
			// attempt's request may still be being written.
			req = original.Clone()
		}
		c.setHeader(req.Header, wire.HeaderSDKRequest, c.attemptHeader(&session))

		out, metadata, err = c.try(ctx, req, next)
		if err == nil {
			session.Succeeded()
			c.doubt = errAnswered
			return out, metadata, nil
		}

		class := retry.Classify(err)
		mendable, mend := mended.mend(c, err)
		if mendable {
			class.Retryable = mend
		}
		delay, failure := session.Failed(ctx, err, class, mend)
		if failure != nil {
			return out, metadata, c.failed(failure)
		}
		c.config.telemetry.retry(ctx, c, err, delay)
		if failure := session.Wait(ctx, delay, err); failure != nil {
			return out, metadata, c.failed(failure)
		}
	}
}

// failed returns the error of the loop, which answers for an earlier pass through
// it too: middleware in front of it may go through it again.
func (c *call) failed(failure error) error {
	failure = retry.WithEarlier(c.doubt, failure)
	if errors.MayHaveExecuted(failure) {
		c.doubt = failure
	}
	return failure
}

// try makes one attempt. When it returns, nothing reads the payload any more.
func (c *call) try(ctx context.Context, req *smithyhttp.Request, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if err := ctx.Err(); err != nil {
		return out, metadata, c.transportError(errors.StageConnect, err)
	}
	c.exchange, c.identity, c.requestID, c.skewKnown = nil, nil, "", false
	c.sent, c.earlier, c.verdict = nil, nil, nil
	ctx, end := c.config.telemetry.attempting(ctx, c)
	out, metadata, err = next.HandleFinalize(ctx, middleware.FinalizeInput{Request: req})
	if c.exchange != nil {
		_, c.exchange.streams = out.Result.(*InvokeWithResponseStreamOutput)
		if err != nil {
			c.exchange.drop()
		}
		c.exchange.end()
	}
	err = c.answerable(err)
	end(out.Result, err)
	return out, metadata, err
}

// answerable returns the error of an attempt so that it answers for all that was
// sent: for a request before the last one, and for the last one unless that was
// refused and the error is about it. Middleware may have made it of something else,
// such as a call of its own, or put what denies everything around it.
func (c *call) answerable(err error) error {
	if c.verdict == nil || !stderrors.Is(err, c.verdict) || errors.MayHaveExecuted(c.verdict) {
		err = retry.WithEarlier(c.sent, err)
	}
	return retry.WithEarlier(c.earlier, err)
}

func (c *call) attemptHeader(s *retry.Session) string {
	if c.attempt == 1 {
		return c.config.firstAttempt
	}
	return attemptHeader(c.attempt, s.MaxAttempts())
}

func attemptHeader(attempt, limit int) string {
	return "attempt=" + strconv.Itoa(attempt) + "; max=" + strconv.Itoa(limit)
}
