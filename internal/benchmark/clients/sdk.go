package clients

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func newSDK(cfg Config, optFns ...func(*lambda.Options)) Client {
	client, closeIdle := NewSDK(cfg, optFns...)
	return Client{
		Call: func(ctx context.Context, payload []byte) ([]byte, error) {
			out, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(cfg.Function), Payload: payload})
			if err != nil {
				return nil, err
			}
			return out.Payload, nil
		},
		Stream: func(ctx context.Context) (int64, error) { return sdkStream(ctx, client, cfg.Function) },
		Close:  closeIdle,
	}
}

// Tune is what an experienced user changes: connections are kept, and nothing is sent twice.
func Tune(o *lambda.Options) {
	KeepConnections(o)
	o.Retryer = aws.NopRetryer{}
}

// KeepConnections lifts the SDK's limits on connections: 10 idle ones per host, 100 in all, and 2,048 open.
func KeepConnections(o *lambda.Options) {
	if own, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
		o.HTTPClient = own.WithTransportOptions(keepConnections)
	}
}

func sdkStream(ctx context.Context, client *lambda.Client, function string) (n int64, err error) {
	out, err := client.InvokeWithResponseStream(ctx, &lambda.InvokeWithResponseStreamInput{FunctionName: aws.String(function)})
	if err != nil {
		return 0, err
	}
	events := out.GetStream()
	for event := range events.Events() {
		if chunk, ok := event.(*types.InvokeWithResponseStreamResponseEventMemberPayloadChunk); ok {
			n += int64(len(chunk.Value.Payload))
		}
	}
	return n, errors.Join(events.Err(), events.Close())
}

// NewSDK makes the SDK's client itself, with the changes of optFns, and the function that closes its idle connections.
func NewSDK(cfg Config, optFns ...func(*lambda.Options)) (*lambda.Client, func()) {
	opts := lambda.Options{
		Region:       Region,
		Credentials:  aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider(AccessKey, Secret, "")),
		BaseEndpoint: aws.String(cfg.Endpoint),
	}
	if cfg.Transport != nil {
		opts.HTTPClient = cfg.Transport
		return lambda.New(opts, optFns...), func() {}
	}
	var opened connections
	own := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.DialContext = opened.keep(t.DialContext)
		if cfg.Roots != nil {
			t.TLSClientConfig = &tls.Config{RootCAs: cfg.Roots, MinVersion: t.TLSClientConfig.MinVersion}
		}
	})
	opts.HTTPClient = own
	return lambda.New(opts, optFns...), opened.close
}
