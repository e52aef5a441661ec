package invoke_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

const shown = "Credentials(AKID, secret hidden)"

func hiddenCredentials() invoke.Credentials {
	return invoke.Credentials{
		AccessKeyID: "AKID", SecretAccessKey: "the-secret-key", SessionToken: "the-session-token",
		Expires: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func logged(handler func(*bytes.Buffer) slog.Handler, value any) string {
	var out bytes.Buffer
	slog.New(handler(&out)).Info("m", "k", value)
	return out.String()
}

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func textHandler(out *bytes.Buffer) slog.Handler {
	return slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: withoutTime})
}

func jsonHandler(out *bytes.Buffer) slog.Handler {
	return slog.NewJSONHandler(out, &slog.HandlerOptions{ReplaceAttr: withoutTime})
}

func TestCredentialsShowTheirAccessKeyIDAlone(t *testing.T) {
	for name, creds := range map[string]any{
		"credentials":            hiddenCredentials(),
		"a pointer to them":      func() any { c := hiddenCredentials(); return &c }(),
		"a provider of them":     invoke.StaticCredentials("AKID", "the-secret-key", "the-session-token"),
		"an interface with them": fmt.Stringer(hiddenCredentials()),
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%X", "%q", "%t", "%c", "%U", "%e", "%o", "%b", "%10s", "%.3s", "% x", "%#x"} {
				require.Equal(t, shown, fmt.Sprintf(verb, creds), verb)
			}
			require.Equal(t, shown, fmt.Sprint(creds))
			require.Equal(t, shown+"\n", fmt.Sprintln(creds))
			require.Equal(t, "x%!(EXTRA "+fmt.Sprintf("%T", creds)+"="+shown+")", fmt.Sprintf(extra(), creds))
			require.Equal(t, "["+shown+"]", fmt.Sprint([]any{creds}))

			encoded, err := json.Marshal(creds)
			require.NoError(t, err)
			require.Equal(t, `"`+shown+`"`, string(encoded))
			encoded, err = json.Marshal(map[string]any{"credentials": creds})
			require.NoError(t, err)
			require.Equal(t, `{"credentials":"`+shown+`"}`, string(encoded))

			require.Equal(t, "level=INFO msg=m k=\""+shown+"\"\n", logged(textHandler, creds))
			require.Equal(t, `{"level":"INFO","msg":"m","k":"`+shown+"\"}\n", logged(jsonHandler, creds))
		})
	}
}

// extra is a format without verbs, out of sight of go vet.
func extra() string { return "x" }

func TestCredentialsAreHiddenWhereverTheyAreKept(t *testing.T) {
	static := invoke.StaticCredentials("AKID", "the-secret-key", "the-session-token")
	opts := invoke.Options{Region: "us-east-1", Credentials: static, HTTPClient: doFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})}
	var perCall invoke.Options
	client, err := invoke.New(opts)
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) { perCall = *o })
	require.NoError(t, err)

	// The zero Options show what is no credential's.
	require.Equal(t, "{Region: Credentials:"+shown, fmt.Sprintf("%+v", invoke.Options{Credentials: static})[:21+len(shown)])

	type unexported struct {
		opts     invoke.Options
		provider invoke.CredentialsProvider
	}
	for name, value := range map[string]any{
		"options":                      opts,
		"a pointer to options":         &opts,
		"what a call's options see":    perCall,
		"the provider that they see":   perCall.Credentials,
		"a client":                     client,
		"what a client points to":      *client,
		"unexported fields":            unexported{opts, static},
		"a slice of providers":         []invoke.CredentialsProvider{static, perCall.Credentials},
		"a map of providers":           map[string]invoke.CredentialsProvider{"k": static},
		"a function as a provider":     invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) { return hiddenCredentials(), nil }),
		"a struct that embeds them":    struct{ invoke.Credentials }{hiddenCredentials()},
		"a struct with them in fields": struct{ C invoke.Credentials }{hiddenCredentials()},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
				requireHidden(t, fmt.Sprintf(verb, value))
			}
			encoded, _ := json.Marshal(value) // options have functions, which JSON refuses
			requireHidden(t, string(encoded))
			requireHidden(t, logged(textHandler, value))
			requireHidden(t, logged(jsonHandler, value))
		})
	}
}

// requireHidden looks for the secrets as they are and in hexadecimal.
func requireHidden(t *testing.T, printed string) {
	t.Helper()
	for _, secret := range []string{"the-secret-key", "the-session-token"} {
		require.NotContains(t, printed, secret)
		require.NotContains(t, printed, fmt.Sprintf("%x", secret))
	}
}
