package invoke

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// sender is the end of every stack: it sends the request and returns the
// response with its body unread.
type sender struct{}

func (*sender) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput) (
	out middleware.DeserializeOutput, metadata middleware.Metadata, err error,
) {
	req, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return out, metadata, fmt.Errorf("unexpected request %T", in.Request)
	}
	c := callFrom(ctx)
	if c == nil {
		return out, metadata, errContext
	}
	x := c.newExchange()
	c.exchange, c.sentAt = x, time.Now()
	ctx, span := c.config.telemetry.StartRequest(ctx, req.Method, len(c.payload))
	returned := false
	defer func() {
		if !returned {
			span.End(nil, errPanicked)
			// How far it came is not known, and middleware may go on after the panic.
			c.requests.Fail(&attempt.Progress{AllWritten: true}, errPanicked)
		}
	}()
	resp, err := x.send(ctx, c.config, req, c.payload)
	returned = true
	span.End(resp, err)
	if err := c.endRequest(ctx, x, resp, err); err != nil {
		return out, metadata, err
	}
	out.RawResponse = &x.response
	return out, metadata, nil
}

// endRequest keeps the response in x, or makes the error of the attempt.
//
//go:noinline
func (c *call) endRequest(ctx context.Context, x *exchange, resp *http.Response, err error) error {
	if err != nil {
		if resp != nil && resp.Body != nil {
			resp.Body.Close()
		}
		err = c.transportError(x.stage(), cause(ctx, err))
		c.requests.Fail(&x.progress, err)
		return err
	}
	c.requests.Reply()
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	if c.config.transport == nil {
		resp.Header = wire.Canonical(resp.Header)
	}
	x.response.Response = resp
	return nil
}

// newExchange returns an exchange for another request. The first one is part of
// the call, which saves an allocation. None is used twice, because a custom HTTP
// client may still read the body of the last one.
func (c *call) newExchange() *exchange {
	if c.exchange != nil { // middleware sends a second time
		c.exchange.end()
	}
	c.requests.Begin()
	if !c.first.started {
		c.first.started = true
		return &c.first
	}
	return new(exchange)
}

// cause returns err so that, where the caller's context has ended, errors.Is finds
// the context's error in it: net/http may report a custom cause in its place, and
// package net a timeout of its own.
func cause(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil && !contains(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

// contains is errors.Is without the Is methods of the errors in the chain: package
// net's timeouts use one to pass for context.DeadlineExceeded.
func contains(err, target error) bool {
	for err != nil {
		if err == target {
			return true
		}
		err = errors.Unwrap(err)
	}
	return false
}
