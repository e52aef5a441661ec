package invoke

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// userAgentHeader tells the service what called it. What middleware put there
// before stays, in front.
type userAgentHeader struct{}

func (*userAgentHeader) ID() string { return "UserAgent" }

func (*userAgentHeader) HandleBuild(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
	out middleware.BuildOutput, metadata middleware.Metadata, err error,
) {
	if err := setUserAgent(ctx, in.Request); err != nil {
		return out, metadata, err
	}
	return next.HandleBuild(ctx, in)
}

//go:noinline
func setUserAgent(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unexpected request %T", request)
	}
	c := callFrom(ctx)
	agent := c.config.userAgent
	if before := wire.Value(req.Header, wire.HeaderUserAgent); before != "" {
		agent = before + " " + agent
	}
	c.setHeader(req.Header, wire.HeaderUserAgent, agent)
	return nil
}

const (
	// version is this library's, as the User-Agent header names it.
	version = "0.1.0"

	maxAppID = 50
)

// userAgent builds the header's value in the form that the AWS SDKs use, so
// that the service's logs can be read with the same tools.
func userAgent(appID string) string {
	var b strings.Builder
	b.WriteString("lambda-invoke-go/" + version + " ua/2.1 os/" + agentToken(runtime.GOOS) +
		" lang/go#" + agentToken(strings.TrimPrefix(runtime.Version(), "go")) +
		" md/GOARCH#" + agentToken(runtime.GOARCH) + " api/lambda")
	if appID != "" {
		b.WriteString(" app/" + agentToken(appID))
	}
	return b.String()
}

// agentToken replaces what a token of the header cannot hold.
func agentToken(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9',
			strings.ContainsRune("!#$%&'*+-.^_`|~", r):
			return r
		}
		return '-'
	}, s)
}
