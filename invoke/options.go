package invoke

import (
	"net/http"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/tracing"

	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// Options configures a [Client]. Region and Credentials are required, every
// other field works as its zero value. A client copies its Options, so later
// changes to the caller's value have no effect; the same fields can be changed
// for a single call with the functions that Invoke takes.
type Options struct {
	// Region names the AWS Region that the function lives in, for example
	// "eu-central-1". It decides the endpoint and is signed into every
	// request. Required, also with BaseEndpoint.
	Region string

	// Credentials signs the requests. Required. Use [StaticCredentials] for
	// fixed keys, [NewFromEnv] for what the environment holds, and module
	// invoke/awsconfig for profiles, SSO, roles and instance metadata. The
	// client caches what the provider returns until shortly before it expires.
	Credentials CredentialsProvider

	// BaseEndpoint replaces the resolved endpoint: a URL with scheme, host and
	// maybe a base path, such as "http://localhost:4566" for an emulator.
	// Plain http is refused for the service's own domains. It cannot be
	// combined with UseFIPSEndpoint or UseDualStackEndpoint.
	BaseEndpoint string

	// UseFIPSEndpoint selects the endpoint with validated cryptography.
	UseFIPSEndpoint bool

	// UseDualStackEndpoint selects the endpoint that also answers over IPv6.
	UseDualStackEndpoint bool

	// UseARNRegion sends a call whose FunctionName is an ARN of another region to
	// that region's endpoint, signed for that region. Without it, such a call is
	// refused before anything is sent. Credentials are valid in one partition
	// only, so an ARN of another partition needs others too. With BaseEndpoint set,
	// no ARN is checked and every call goes there.
	UseARNRegion bool

	// HTTPClient sends the requests. nil means [transport.New](), made
	// once per Client, which is tuned for calls that stay silent for minutes
	// and for hundreds of callers at once. An *http.Client given here is used
	// without its redirect policy: redirects are never followed. It brings
	// net/http's own client and transport into the program, 0.6 MB that the
	// default does without.
	HTTPClient HTTPClient

	// Retry says how often a call is retried. The zero value makes up to three
	// attempts, and only where the function provably did not run.
	Retry retry.Policy

	// MaxResponseBytes bounds the response payload that Invoke holds in
	// memory; a larger one is an [errors.ResponseTooLargeError]. 0 means
	// 64 MiB. The service's own limit is 6 MB. Response streams are not
	// bounded by it.
	MaxResponseBytes int64

	// APIOptions changes the middleware stack: each function is called for
	// every stack that is built. Middleware written for the AWS SDK for Go
	// finds the IDs it expects. Stacks are built ahead and reused, so
	// middleware must be safe for concurrent use and keep nothing of a call
	// outside of it. A call with APIOptions of its own gets its own stack.
	APIOptions []func(*middleware.Stack) error

	// Logger is told of each attempt and of each retry, and never of a secret or
	// a payload. [LogTo] makes one of a *slog.Logger; a program that does not call
	// it links nothing of log/slog. nil logs nothing.
	Logger Logger

	// TracerProvider receives the spans of each call: those of the AWS SDK for
	// Go, with attributes for function, qualifier, invocation type, attempts,
	// status, error type and whether the function may have run, and with no
	// payload and no message. A function that failed fails its spans, except in a
	// response stream, of which it is known too late. Module
	// smithyoteltracing of smithy-go makes one of OpenTelemetry's. nil traces
	// nothing and costs nothing.
	TracerProvider tracing.TracerProvider

	// MeterProvider receives the metrics of each call, which are those of the
	// AWS SDK for Go: client.call.duration, client.call.attempts,
	// client.call.errors and so on, and those of its HTTP client. Function
	// errors are no errors there. The instruments are made once. Module
	// smithyotelmetrics of smithy-go makes one of OpenTelemetry's. nil measures
	// nothing and costs nothing.
	MeterProvider metrics.MeterProvider

	// AppID names the application in the User-Agent header, in up to 50
	// bytes. Empty leaves it out.
	AppID string
}

// HTTPClient sends one request and returns its response. An *http.Client is
// one. Do must be safe for concurrent use. What an implementation returns as
// an error is reported as an [errors.TransportError].
//
// The client knows most about the requests of a [transport.Transport], of package
// transport's clients, and of an *http.Client whose Transport is a plain
// *http.Transport, as long as their Timeout and Jar are not set. With any other
// implementation, only a payload that was not read to its end proves that the
// function did not run, so more errors count as "may have run" and are not retried.
// For a time limit, use the context.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

const defaultMaxResponseBytes = 64 << 20
