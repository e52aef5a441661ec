package invoke

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/attempt"
)

// exchange is one HTTP request and what is known of it.
type exchange struct {
	started  bool
	progress attempt.Progress
	payload  customBody // of a custom HTTP client's request
	response smithyhttp.Response
	once     *sendOnce // of a custom HTTP client's request without a payload
	streams  bool      // the response outlives the exchange
}

// send sends the request. Where it returns an error, x.progress says how far the
// request came.
func (x *exchange) send(ctx context.Context, cfg *config, req *smithyhttp.Request, payload []byte) (resp *http.Response, err error) {
	if cfg.transport != nil {
		r := req.Request.WithContext(ctx)
		r.ContentLength = int64(len(payload))
		r.Body, r.GetBody = nil, nil
		return cfg.transport.RoundTripPayload(r, payload, &x.progress)
	}
	x.payload.payload = payload
	if len(payload) == 0 {
		ctx, x.once = newSendOnce(ctx)
	}
	r := req.Request.WithContext(ctx)
	// Some clients add headers to what they are given, a cookie jar's for one. The
	// next attempt must not find and sign them.
	r.Header = maps.Clone(r.Header)
	x.payload.fill(r)
	resp, err = cfg.client.Do(r)
	if wrapped, ok := err.(*url.Error); ok && wrapped.Err != nil { //nolint:errorlint // net/http's own is the outermost
		err = wrapped.Err // it repeats the URL
	}
	if err == nil && resp == nil {
		err = errNothing
	}
	if err != nil {
		err = x.once.explain(err)
		x.progress = x.payload.progress(cfg.sendsOnce(r.Header) && isConnectError(err))
	}
	return resp, err
}

// stage returns the stage at which the request failed.
func (x *exchange) stage() errors.Stage {
	switch {
	case x.progress.AllWritten:
		return errors.StageAwait
	case x.progress.Connected:
		return errors.StageSend
	}
	return errors.StageConnect
}

// discard closes the response of an attempt that failed. Where middleware has
// refused a response, nothing else closes it.
func (x *exchange) discard() {
	if resp := x.response.Response; resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
}

// end ends the use of the payload, which is the caller's again.
func (x *exchange) end() {
	x.payload.end()
	if x.once != nil && !x.streams {
		x.once.cancel()
	}
}
