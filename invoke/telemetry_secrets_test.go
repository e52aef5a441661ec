package invoke_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	stderrors "errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

const (
	payloadMarker = "payload-marker-4711"
	contextMarker = "context-marker-4712"
	keyMarker     = "secret/key+marker-4713"
	tokenMarker   = "session-token-marker-4714"
)

// secrets are looked for in everything that was reported and printed.
type secrets struct {
	mu  sync.Mutex
	all []string
}

func newSecrets(more ...string) *secrets {
	s := &secrets{all: []string{payloadMarker, contextMarker, keyMarker, tokenMarker}}
	s.all = append(s.all, more...)
	return s
}

// sent adds what is secret in a request.
func (s *secrets) sent(h http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, signature, ok := strings.Cut(h.Get("Authorization"), "Signature="); ok {
		s.all = append(s.all, signature)
	}
	for _, name := range []string{"X-Amz-Security-Token", "X-Amz-Client-Context"} {
		if value := h.Get(name); value != "" {
			s.all = append(s.all, value)
		}
	}
}

// requireNone looks for the secrets as they are and in the forms in which
// packages fmt and slog print bytes.
func (s *secrets) requireNone(t *testing.T, text string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.all {
		for _, form := range []string{
			secret,
			fmt.Sprintf("%x", secret),
			strings.Trim(fmt.Sprint([]byte(secret)), "[]"),
			strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", []byte(secret)), "[]byte{"), "}"),
			base64.StdEncoding.EncodeToString([]byte(secret)),
		} {
			if at := strings.Index(text, form); at >= 0 {
				require.Fail(t, "a secret got out", "%q in ...%s", secret, text[max(0, at-300):min(len(text), at+300)])
			}
		}
	}
}

// printed is err in all the ways in which one is printed or logged.
func printed(err error) string {
	var text strings.Builder
	for ; err != nil; err = stderrors.Unwrap(err) {
		fmt.Fprintf(&text, "%v\n%+v\n%#v\n%s\n%q\n", err, err, err, err, err)
		slog.New(slog.NewTextHandler(&text, nil)).Error("text", "err", err)
		slog.New(slog.NewJSONHandler(&text, nil)).Error("json", "err", err)
	}
	return text.String()
}

// everyCall makes a call of every kind and returns their errors, in print.
func everyCall(ctx context.Context, client *invoke.Client, name string) string {
	payload := []byte(`{"p":"` + payloadMarker + `"}`)
	clientContext, err := invoke.EncodeClientContext(map[string]any{"custom": map[string]string{"c": contextMarker}})
	all := []error{err}
	for _, kind := range []invoke.InvocationType{"", invoke.InvocationTypeRequestResponse, invoke.InvocationTypeEvent, invoke.InvocationTypeDryRun} {
		in := &invoke.InvokeInput{FunctionName: name, InvocationType: kind, LogType: invoke.LogTypeTail, Payload: payload}
		if kind != invoke.InvocationTypeEvent {
			in.ClientContext = clientContext
		}
		_, err := client.Invoke(ctx, in)
		all = append(all, err)
	}
	_, err = client.Invoke(ctx, &invoke.InvokeInput{FunctionName: name, ClientContext: clientContext + "\n", Payload: payload})
	all = append(all, err)

	out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: name, Payload: payload, ClientContext: clientContext})
	if err == nil {
		_, err = io.Copy(io.Discard, out.Body)
		out.Body.Close()
	}
	all = append(all, err)

	text := invoke.NewFunc[json.RawMessage, int](client, name, func(o *invoke.FuncOptions) { o.ClientContext = clientContext })
	_, err = text.Call(ctx, payload) // the payload comes back, and is no number
	all = append(all, err, text.Send(ctx, payload))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for result := range text.Map(ctx, slices.Values([]json.RawMessage{payload, payload}), func(o *invoke.MapOptions) {
		o.Progress = func(p invoke.MapProgress) {
			if p.Throttled > 0 { // Map would go on as long as that
				cancel()
			}
		}
	}) {
		all = append(all, result.Err)
	}

	var report strings.Builder
	for _, err := range all {
		report.WriteString(printed(err))
	}
	return report.String()
}

func TestNoSecretIsReportedOrPrintedOfAnyCall(t *testing.T) {
	for name, fault := range map[string]invoketest.Fault{
		"success":           nil,
		"throttled":         invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0),
		"exception":         invoketest.Throw("ServiceException"),
		"a proxy's reply":   invoketest.ForeignBody(502, "text/html", []byte("<html>")),
		"broken in request": invoketest.HangUp(invoketest.RequestBody, invoketest.Reset),
		"broken before":     invoketest.HangUp(invoketest.BeforeRun, invoketest.Close),
		"broken after":      invoketest.HangUp(invoketest.AfterRun, invoketest.Reset),
		"broken in reply":   invoketest.HangUp(invoketest.ReplyBody, invoketest.Reset),
		"truncated":         invoketest.Truncate(5),
		"broken stream":     invoketest.CorruptStream(3),
		"exception within":  invoketest.ThrowInStream("ServiceException"),
		"another signature": invoketest.Throw("InvalidSignatureException"),
		"expired":           invoketest.Throw("ExpiredTokenException"),
	} {
		t.Run(name, func(t *testing.T) {
			var w watcher
			s := invoketest.NewServer(t, func(c *invoketest.Config) { c.SessionToken = true })
			s.Handle("f", echo)
			s.Handle("fails", func(context.Context, []byte) ([]byte, error) { return nil, stderrors.New("no such order") })
			s.Inject(func(*invoketest.Request) invoketest.Fault { return fault })
			creds, err := s.Options().Credentials.Retrieve(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, creds.SessionToken)
			client := newClient(t, s.Options(), w.watch, fast)

			report := everyCall(t.Context(), client, "f") + everyCall(t.Context(), client, "fails") + everyCall(t.Context(), client, "missing")
			hidden := newSecrets(creds.SecretAccessKey, creds.SessionToken)
			for _, r := range s.Requests() {
				hidden.sent(r.Header)
			}
			hidden.requireNone(t, report)
			hidden.requireNone(t, w.everything())
			requireReported(t, &w)
		})
	}
}

// fast makes retries come at once.
func fast(o *invoke.Options) { o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = 1, 1 }

// requireReported makes sure that there was something to search.
func requireReported(t *testing.T, w *watcher) {
	t.Helper()
	require.Contains(t, w.SpanNames(), "Lambda.Invoke")
	require.Contains(t, w.everything(), "level=DEBUG")
	require.Contains(t, w.everything(), "client.call.duration")
}

// A service, provider or HTTP client may repeat in its messages what it was
// given. Its error says so to the caller, but nothing is kept of it.
func TestNothingIsReportedOfWhatOthersRepeat(t *testing.T) {
	hidden := newSecrets()
	keys := invoke.StaticCredentials("AKIDEXAMPLE", keyMarker, tokenMarker)
	repeat := func(r *http.Request) string {
		body, _ := io.ReadAll(r.Body)
		hidden.sent(r.Header)
		return fmt.Sprint(r.Header, string(body), keyMarker)
	}
	refuse := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			message, _ := json.Marshal(map[string]string{"Message": repeat(r), "Type": "User"})
			reply(status, map[string]string{"X-Amzn-Errortype": code}, string(message))(w, r)
		}
	}
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		change  func(*invoke.Options)
	}{
		"payload that does not parse": {handler: refuse(400, "InvalidRequestContentException")},
		"signature":                   {handler: refuse(403, "InvalidSignatureException")},
		"throttle":                    {handler: refuse(429, "TooManyRequestsException")},
		"function": {handler: func(w http.ResponseWriter, r *http.Request) {
			message, _ := json.Marshal(map[string]string{"errorMessage": repeat(r), "errorType": payloadMarker})
			reply(200, map[string]string{"X-Amz-Function-Error": "Unhandled"}, string(message))(w, r)
		}},
		"HTTP client": {change: func(o *invoke.Options) {
			o.HTTPClient = doer(func(r *http.Request) (*http.Response, error) { return nil, stderrors.New(repeat(r)) })
		}},
		"credentials": {change: func(o *invoke.Options) {
			o.Credentials = invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
				return invoke.Credentials{}, stderrors.New(keyMarker + tokenMarker)
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var w watcher
			opts := serve(t, tc.handler)
			opts.Credentials = keys
			if tc.change != nil {
				tc.change(&opts)
			}
			client := newClient(t, opts, w.watch, fast)
			everyCall(t.Context(), client, "f")
			hidden.requireNone(t, w.everything())
			requireReported(t, &w)
		})
	}
}
