package invoke_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	stderrors "errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// reported is what the log says of a call's only attempt.
func reported(t *testing.T, ctx context.Context, opts invoke.Options) string {
	t.Helper()
	var out strings.Builder
	opts.Retry.MaxAttempts = 1
	opts.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch a.Key {
		case "error_type", "error", "may_have_executed":
			return a
		}
		return slog.Attr{}
	}}))
	_, err := newClient(t, opts).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	require.Error(t, err)
	return strings.TrimSpace(out.String())
}

func TestErrorsAreReportedInWordsThatAreFixed(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for want, err := range map[string]error{
		"connection refused":                   dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
		"lookup nowhere.invalid: no such host": dial(&net.DNSError{Err: "no such host", Name: "nowhere.invalid", IsNotFound: true}),
		"timeout":                              dial(os.ErrDeadlineExceeded),
		"EOF":                                  io.EOF,
		"unexpected EOF":                       fmt.Errorf("read: %w", io.ErrUnexpectedEOF),
		"use of closed network connection":     dial(net.ErrClosed),
		"x509.UnknownAuthorityError":           &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"*errors.errorString":                  stderrors.New("a secret of mine"),
		"context canceled":                     stderrors.Join(context.Canceled, stderrors.New("a secret of mine")),
		"AThrottle":                            &smithy.GenericAPIError{Code: "AThrottle", Message: "a secret of mine"},
		"*invoke_test.multi":                   &multi{},
		"*invoke_test.selfish":                 &selfish{},
		"connection reset by peer":             fmt.Errorf("a secret of mine: %w", fmt.Errorf("again: %w", syscall.ECONNRESET)),
		"broken pipe":                          stderrors.Join(syscall.EPIPE, io.EOF),
	} {
		t.Run(want, func(t *testing.T) {
			opts := optionsFor("http://127.0.0.1:1")
			opts.HTTPClient = doer(func(*http.Request) (*http.Response, error) { return nil, err })
			got := reported(t, t.Context(), opts)
			require.Contains(t, got, "transport failed at stage ")
			require.Contains(t, got, ": "+want+`"`)
			require.NotContains(t, got, "secret")
		})
	}
}

type multi struct{}

func (*multi) Error() string   { return "a secret of mine" }
func (*multi) Unwrap() []error { return nil }

type selfish struct{}

func (*selfish) Error() string { return "a secret of mine" }
func (*selfish) Unwrap() error { return nil }

// failing is middleware that fails each attempt after its response arrived.
func failing(err error) func(*middleware.Stack) error {
	return func(s *middleware.Stack) error {
		return s.Finalize.Add(middleware.FinalizeMiddlewareFunc("Failing", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			out, metadata, _ := next.HandleFinalize(ctx, in)
			return out, metadata, err
		}), middleware.After)
	}
}

func TestErrorsOfEachKindAreReportedByTheirTypeOrCode(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	for name, tc := range map[string]struct {
		ctx    context.Context
		change func(*invoke.Options)
		answer http.HandlerFunc
		want   string
	}{
		"exception": {
			answer: reply(404, map[string]string{"X-Amzn-Errortype": "ResourceNotFoundException"}, `{"Message":"no"}`),
			want:   `error_type=ResourceNotFoundException error="ResourceNotFoundException (status 404)" may_have_executed=false`,
		},
		"page of a proxy": {
			answer: reply(502, map[string]string{"Content-Type": "text/html"}, `<html>`),
			want:   `error_type=UnknownError error="UnknownError (status 502)" may_have_executed=true`,
		},
		"too large": {
			change: func(o *invoke.Options) { o.MaxResponseBytes = 1 },
			answer: reply(200, nil, "{}"),
			want:   `error_type=*errors.ResponseTooLargeError error="response is larger than the limit of 1 bytes: it declares 2 (status 200)" may_have_executed=true`,
		},
		"credentials": {
			change: func(o *invoke.Options) {
				o.Credentials = invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
					return invoke.Credentials{}, stderrors.New("a secret of mine")
				})
			},
			want: `error_type=*errors.CredentialsError error="no credentials to sign the request with: *errors.errorString" may_have_executed=false`,
		},
		"cancelled": {
			ctx: cancelled,
			change: func(o *invoke.Options) {
				o.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
					cancel()
					return nil, stderrors.New("a secret of mine")
				})
			},
			want: `error_type=*errors.TransportError error="transport failed at stage await: context canceled" may_have_executed=true`,
		},
		"middleware": {
			change: func(o *invoke.Options) {
				o.HTTPClient = doer(func(*http.Request) (*http.Response, error) { return answering200(&http.Request{Body: http.NoBody}) })
				o.APIOptions = append(o.APIOptions, failing(stderrors.New("a secret of mine")))
			},
			want: `error_type=*errors.errorString error=*errors.errorString may_have_executed=true`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			opts := optionsFor("http://127.0.0.1:1")
			if tc.answer != nil {
				opts = serve(t, tc.answer)
			}
			if tc.change != nil {
				tc.change(&opts)
			}
			ctx := tc.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			require.Equal(t, tc.want, reported(t, ctx, opts))
		})
	}
}
