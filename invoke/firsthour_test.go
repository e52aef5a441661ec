package invoke_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	smithy "github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func TestANilContextIsAnError(t *testing.T) {
	var none context.Context
	s := invoketest.NewServer(t)
	client := newClient(t, s.Options())
	f := invoke.NewFunc[int, int](client, "f", func(o *invoke.FuncOptions) {
		o.Prepare = func(ctx context.Context, _ *invoke.InvokeInput) { _ = ctx.Err() }
	})
	for name, call := range map[string]func() error{
		"Invoke": func() error {
			_, err := client.Invoke(none, &invoke.InvokeInput{FunctionName: "f"})
			return err
		},
		"InvokeWithResponseStream": func() error {
			_, err := client.InvokeWithResponseStream(none, &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
			return err
		},
		"NewFromEnv":  func() error { _, err := invoke.NewFromEnv(none); return err },
		"Func.Call":   func() error { _, err := f.Call(none, 1); return err },
		"Func.Invoke": func() error { _, err := f.Invoke(none, 1); return err },
		"Func.Send":   func() error { return f.Send(none, 1) },
		"Func.Map": func() error {
			for r := range f.Map(none, slices.Values([]int{1})) {
				return r.Err
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := call()
			var options *errors.OptionsError
			require.ErrorAs(t, err, &options)
			require.ErrorContains(t, err, "the context is nil")
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
	require.Empty(t, s.Requests())
}

func TestAMisspeltEnumIsRefusedWithTheRightSpelling(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	client := newClient(t, s.Options())
	for _, c := range []struct {
		in   invoke.InvokeInput
		want string
	}{
		{invoke.InvokeInput{InvocationType: "event"}, `InvokeInput.InvocationType`},
		{invoke.InvokeInput{InvocationType: "event"}, `the service takes "Event"`},
		{invoke.InvokeInput{InvocationType: "request-response"}, `the service takes "RequestResponse"`},
		{invoke.InvokeInput{InvocationType: "DRY_RUN"}, `the service takes "DryRun"`},
		{invoke.InvokeInput{LogType: "tail"}, `the service takes "Tail"`},
	} {
		c.in.FunctionName = "f"
		_, err := client.Invoke(t.Context(), &c.in)
		var invalid smithy.InvalidParamsError
		require.ErrorAs(t, err, &invalid)
		require.ErrorContains(t, err, c.want)
	}
	require.Empty(t, s.Requests())
}

func TestAStatusStandsOnceInAMessage(t *testing.T) {
	s := invoketest.NewServer(t)
	client := newClient(t, s.Options())
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing"})
	require.EqualError(t, err, fmt.Sprintf(
		"operation error Lambda: Invoke, ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing (status 404, request ID %s)",
		s.Requests()[0].RequestID))

	var response *smithyhttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.Equal(t, 404, response.HTTPStatusCode())
}

func TestACertificateThatIsNotTrustedNamesTheVariable(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS = true })
	opts := s.Options()
	for name, client := range map[string]invoke.HTTPClient{"the default": nil, "net/http's": &http.Client{}} {
		t.Run(name, func(t *testing.T) {
			opts.HTTPClient, opts.Retry.MaxAttempts = client, 1
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.ErrorContains(t, err, "AWS_CA_BUNDLE")
			var refused *tls.CertificateVerificationError
			require.ErrorAs(t, err, &refused)
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
	t.Run("another name", func(t *testing.T) {
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		opts.HTTPClient = transport.NewClient(func(c *transport.Config) {
			c.TLSConfig = &tls.Config{RootCAs: roots, ServerName: "elsewhere.example"}
		})
		_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "AWS_CA_BUNDLE")
	})
}

func TestATypedCallWithItsWholeReply(t *testing.T) {
	s := invoketest.NewServer(t)
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	double := invoke.NewFunc[int, int](newClient(t, s.Options()), "double", func(o *invoke.FuncOptions) { o.LogType = invoke.LogTypeTail })

	reply, err := double.Invoke(t.Context(), 21)
	require.NoError(t, err)
	require.Equal(t, 42, reply.Out)
	require.Equal(t, s.Requests()[0].RequestID, reply.RequestID)
	require.Equal(t, 1, reply.Attempts)
	report, ok := reply.Report()
	require.True(t, ok)
	require.Equal(t, reply.RequestID, report.RequestID)

	s.Script("double", invoketest.Crash())
	reply, err = double.Invoke(t.Context(), 21)
	var failed *errors.FunctionError
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.IsRuntimeCrash())
	require.Zero(t, reply.Out)
	require.Equal(t, failed.RequestID, reply.RequestID)
	require.NotEmpty(t, reply.LogResult)

	s.Script("double", invoketest.Throw("ResourceNotFoundException"))
	reply, err = double.Invoke(t.Context(), 21)
	require.Error(t, err)
	require.Zero(t, reply)

	words := invoke.NewFunc[int, string](newClient(t, s.Options()), "double")
	text, err := words.Invoke(t.Context(), 21)
	var decode *errors.DecodeError
	require.ErrorAs(t, err, &decode)
	require.Equal(t, decode.RequestID, text.RequestID)
}

// firstLine is code that streams, as users write it.
func firstLine(ctx context.Context, c invoke.StreamInvoker) (string, error) {
	out, err := c.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "lines"})
	if err != nil {
		return "", err
	}
	defer out.Body.Close()
	all, err := io.ReadAll(out.Body)
	line, _, _ := strings.Cut(string(all), "\n")
	return line, err
}

type streamFake struct{ body string }

func (f streamFake) InvokeWithResponseStream(context.Context, *invoke.InvokeWithResponseStreamInput, ...func(*invoke.Options)) (*invoke.InvokeWithResponseStreamOutput, error) {
	return &invoke.InvokeWithResponseStreamOutput{Body: io.NopCloser(strings.NewReader(f.body))}, nil
}

func TestCodeThatStreamsTakesAFakeOrAClient(t *testing.T) {
	line, err := firstLine(t.Context(), streamFake{"one\ntwo\n"})
	require.NoError(t, err)
	require.Equal(t, "one", line)

	s := invoketest.NewServer(t)
	s.HandleStream("lines", func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := io.WriteString(w, "three\n")
		return err
	})
	line, err = firstLine(t.Context(), newClient(t, s.Options()))
	require.NoError(t, err)
	require.Equal(t, "three", line)

	out, _ := streamFake{}.InvokeWithResponseStream(t.Context(), nil)
	log, err := out.Log()
	require.NoError(t, err)
	require.Nil(t, log)
}
