package invoke

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// telemetry reports calls to whoever watches them. A nil *telemetry reports
// nothing: each of its methods then returns at once.
type telemetry struct{}

func (cfg *config) setTelemetry(base *config) {}

func (t *telemetry) observe(c *call, in input, h middleware.Handler) (any, middleware.Metadata, error) {
	return h.Handle(c, in)
}

func nothing() {}

func (t *telemetry) serializing(ctx context.Context) func()       { return nothing }
func (t *telemetry) resolvingEndpoint(ctx context.Context) func() { return nothing }
func (t *telemetry) signing(ctx context.Context) func()           { return nothing }
func (t *telemetry) deserializing(ctx context.Context) func()     { return nothing }
func (t *telemetry) gettingIdentity(ctx context.Context) func(error) {
	return func(error) {}
}
func (t *telemetry) retrying(ctx context.Context) (context.Context, func()) { return ctx, nothing }
func (t *telemetry) attempting(ctx context.Context, c *call) (context.Context, func(any, error)) {
	return ctx, func(any, error) {}
}
func (t *telemetry) retry(ctx context.Context, c *call, err error, delay time.Duration) {}
func (t *telemetry) sending(ctx context.Context, req *smithyhttp.Request) (context.Context, func(*http.Response, error)) {
	return ctx, func(*http.Response, error) {}
}
