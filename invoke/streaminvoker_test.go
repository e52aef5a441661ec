package invoke_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

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
