package invoke_test

import (
	"context"
	stderrors "errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// reported is what the log says of a call's only attempt.
func reported(t *testing.T, ctx context.Context, opts invoke.Options) string {
	t.Helper()
	var out strings.Builder
	opts.Retry.MaxAttempts = 1
	opts.Logger = invoke.LogTo(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch a.Key {
		case "error_type", "error", "may_have_executed":
			return a
		}
		return slog.Attr{}
	}})))
	_, err := newClient(t, opts).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	require.Error(t, err)
	return strings.TrimSpace(out.String())
}

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

func TestAFailedConnectionIsReportedByItsTypeWhateverTheClient(t *testing.T) {
	for name, client := range map[string]invoke.HTTPClient{
		"the default": nil, "net/http's": &http.Client{}, "with a timeout": &http.Client{Timeout: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			var w watcher
			opts := optionsFor("http://127.0.0.1:1")
			opts.HTTPClient, opts.Retry.MaxAttempts = client, 1
			_, err := newClient(t, opts, w.watch).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.Error(t, err)
			var types []any
			for _, span := range w.Spans {
				if span.Name() == "DoHTTPRequest" {
					types = append(types, fmt.Sprint(span.Properties))
				}
			}
			require.Len(t, types, 1)
			require.Contains(t, types[0], "*net.OpError")
		})
	}
}
