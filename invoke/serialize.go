package invoke

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// requestParts is a request with all that it points to.
type requestParts struct {
	stack smithyhttp.Request
	http  http.Request
	url   url.URL
}

// newRequest returns the empty request that a call starts with.
func (c *call) newRequest() any {
	p := &c.request
	if p.stack.Request != nil { // middleware goes through the stack a second time
		p = new(requestParts)
	}
	p.stack.Request = &p.http
	p.http.URL = &p.url
	p.http.Header = make(http.Header, 8) // what most calls send
	p.http.ContentLength = -1            // unknown, as smithy-go's own constructor says it
	return &p.stack
}

// serializer puts the members of the input where the protocol wants them.
type serializer struct {
	path func(functionName string) (path, rawPath string)
}

func (*serializer) ID() string { return "OperationSerializer" }

func (s *serializer) HandleSerialize(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
	out middleware.SerializeOutput, metadata middleware.Metadata, err error,
) {
	if in.Request, err = s.request(ctx, &in); err != nil {
		return out, metadata, err
	}
	return next.HandleSerialize(ctx, in)
}

// request fills in the request.
//
//go:noinline
func (s *serializer) request(ctx context.Context, in *middleware.SerializeInput) (*smithyhttp.Request, error) {
	req, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return nil, fmt.Errorf("unexpected request %T", in.Request)
	}
	params, ok := in.Parameters.(input)
	if !ok {
		return nil, fmt.Errorf("unexpected input %T", in.Parameters)
	}

	c, m := callFrom(ctx), params.members()
	_, span := c.config.telemetry.Start(ctx, telemetry.Serialize)
	c.functionName = m.functionName
	c.idempotent = m.idempotent()
	path, rawPath := s.path(m.functionName)
	c.setPath(req, path, rawPath)
	c.serialize(req, &m)
	req, err := c.setPayload(req, m.payload)
	span.End(err)
	return req, err
}

// setPath sets the path below the endpoint's base path.
func (c *call) setPath(req *smithyhttp.Request, path, rawPath string) {
	base := c.destination
	if rawPath == "" && base.RawBasePath != base.BasePath {
		rawPath = (&url.URL{Path: path}).EscapedPath()
	}
	req.URL.Path = base.BasePath + path
	if rawPath != "" {
		req.URL.RawPath = base.RawBasePath + rawPath
	}
}

// setPayload sets the payload of the call, and where the stack has custom
// middleware, that of the request's stream too.
func (c *call) setPayload(req *smithyhttp.Request, payload []byte) (*smithyhttp.Request, error) {
	c.payload, c.payloadHash = payload, nil
	req.ContentLength = int64(len(payload))
	if !c.customStack || len(payload) == 0 {
		return req, nil
	}
	return req.SetStream(bytes.NewReader(payload))
}

func (c *call) serialize(req *smithyhttp.Request, m *members) {
	req.Method = http.MethodPost
	if m.qualifier != "" {
		req.URL.RawQuery = "Qualifier=" + wire.EscapeQuery(m.qualifier)
	}

	h := req.Header
	if len(m.payload) > 0 {
		c.setHeader(h, wire.HeaderContentType, "application/octet-stream")
	}
	for _, member := range [...]struct{ name, value string }{
		{wire.HeaderInvocationType, string(m.invocationType)},
		{wire.HeaderLogType, string(m.logType)},
		{wire.HeaderClientContext, m.clientContext},
		{wire.HeaderDurableExecutionName, m.durableExecutionName},
		{wire.HeaderTenantID, m.tenantID},
	} {
		if member.value != "" {
			c.setHeader(h, member.name, member.value)
		}
	}
}

// setHeader is h.Set for a canonical name, with the values of the whole call
// in one array.
func (c *call) setHeader(h http.Header, name, value string) {
	slot := c.headerSlots(1)
	slot[0] = value
	h[name] = slot
}

// maxHeaders is how many header values of one call share an array.
const maxHeaders = 16

// headerSlots returns a slice for n header values. The array behind it is a part of
// the call, which saves an allocation, except for a custom HTTP client: net/http,
// which may be below it, keeps the values that it wrote last in a pool, and would
// keep the whole call with them, payload included.
func (c *call) headerSlots(n int) []string {
	if c.headerSpace == nil {
		c.headerSpace = c.headerBuffer[:]
		if c.config.transport == nil {
			c.headerSpace = make([]string, maxHeaders)
		}
	}
	if n > len(c.headerSpace) {
		return make([]string, n)
	}
	slots := c.headerSpace[:n:n]
	c.headerSpace = c.headerSpace[n:]
	return slots
}
