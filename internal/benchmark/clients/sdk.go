package clients

import (
	"context"
	"crypto/tls"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func newSDK(cfg Config) Client {
	client, closeIdle := NewSDK(cfg)
	return Client{
		Call: func(ctx context.Context, payload []byte) ([]byte, error) {
			out, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(cfg.Function), Payload: payload})
			if err != nil {
				return nil, err
			}
			return out.Payload, nil
		},
		Close: closeIdle,
	}
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
