package observability

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestAStreamIsWatchedUnderItsOwnOperation(t *testing.T) {
	o, s := newObserver(t), newServer(t)
	s.HandleStream("stream", func(_ context.Context, payload []byte, w io.Writer) error {
		_, err := w.Write(payload)
		return err
	})
	client := newClient(t, s.Options(), o.watch)
	out, err := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "stream", Payload: []byte("{}")})
	require.NoError(t, err)
	require.Equal(t, int64(1), o.counts()["client.http.connections.usage state=acquired"])

	root := o.span("Lambda.InvokeWithResponseStream", 0) // it ends when the response begins
	require.Equal(t, codes.Ok, root.Status.Code)
	require.Equal(t, "InvokeWithResponseStream", attributes(root)["rpc.method"])
	require.Equal(t, out.RequestID, attributes(root)["aws.request_id"])
	require.Equal(t, out.ExecutedVersion, attributes(root)["aws.lambda.executed_version"])
	o.span("OperationDeserializer", 0)

	body, err := io.ReadAll(out.Body)
	require.NoError(t, err)
	require.Equal(t, "{}", string(body))
	counts := o.counts()
	require.Zero(t, counts["client.http.connections.usage state=acquired"])
	require.Equal(t, int64(1), counts["client.call.duration rpc.method=InvokeWithResponseStream rpc.service=Lambda"])
}
