package invoke

import (
	"context"
	stderrors "errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
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
	x.start(c.payload, c.config.watch)
	c.exchange, c.sentAt = x, time.Now()

	ctx, end := c.config.telemetry.sending(ctx, req)
	resp, err := c.config.send(x.request(ctx, req))
	err = x.verdict(resp, err)
	end(resp, err)
	if err != nil {
		if resp != nil && resp.Body != nil {
			resp.Body.Close()
		}
		failed := c.transportError(x.stage(), cause(ctx, err))
		if failed.MayHaveExecuted() {
			c.sent = failed
		}
		c.verdict = failed
		return out, metadata, failed
	}
	c.sent = errAnswered
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	if c.config.watch == watchPayload {
		resp.Header = wire.Canonical(resp.Header)
	}
	x.out.Response = resp
	out.RawResponse = &x.out
	return out, metadata, nil
}

// errAnswered stands for a request that had a response.
var errAnswered = stderrors.New("the request was answered")

// newExchange returns an exchange for another request. The first one is part of
// the call, which saves an allocation. None is used twice: net/http may yet look
// at the last one's.
func (c *call) newExchange() *exchange {
	if c.exchange != nil { // middleware sends a second time
		c.exchange.end()
	}
	if c.sent != nil {
		c.earlier, c.sent = c.sent, nil
	}
	c.verdict = nil
	if c.first.body.exchange == nil {
		return &c.first
	}
	return new(exchange)
}

// errNothing is what became of a request to an HTTP client that is out of order.
var errNothing = stderrors.New("the HTTP client returned neither a response nor an error")

// verdict returns the error of sending a request, with which the HTTP client
// returned resp and err.
func (x *exchange) verdict(resp *http.Response, err error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case err != nil && x.foreign != nil && x.foreign.again:
		return errRepeated // not the end of the context by which it was kept from being sent again
	case err == nil && resp == nil:
		return errNothing
	}
	return err
}

// cause takes net/http's repetition of the URL off err, and makes sure that an
// end of the caller's context can be found in it: net/http reports a custom
// cause, and package net a timeout of its own, in the context error's stead.
func cause(ctx context.Context, err error) error {
	if wrapped, ok := err.(*url.Error); ok && wrapped.Err != nil { //nolint:errorlint // net/http's own is the outermost
		err = wrapped.Err
	}
	if ended := ctx.Err(); ended != nil && !contains(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

// contains is errors.Is for what err really wraps, without the Is methods by
// which any timeout claims to be context.DeadlineExceeded.
func contains(err, target error) bool {
	for err != nil {
		if err == target {
			return true
		}
		err = errors.Unwrap(err)
	}
	return false
}
