package clients

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

func newOurs(cfg Config) (Client, error) {
	client, closeIdle, err := NewOurs(cfg)
	if err != nil {
		return Client{}, err
	}
	return Client{
		Call: func(ctx context.Context, payload []byte) ([]byte, error) {
			out, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: cfg.Function, Payload: payload})
			if err != nil {
				return nil, err
			}
			return out.Payload, nil
		},
		Stream: func(ctx context.Context) (int64, error) {
			out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: cfg.Function})
			if err != nil {
				return 0, err
			}
			defer out.Body.Close()
			return io.Copy(io.Discard, out.Body)
		},
		Close: closeIdle,
	}, nil
}

// NewOurs makes the client itself, and the function that closes its idle connections.
func NewOurs(cfg Config) (*invoke.Client, func(), error) {
	own := transport.NewClient(func(c *transport.Config) {
		if cfg.Roots != nil {
			c.TLSConfig = &tls.Config{RootCAs: cfg.Roots}
		}
	})
	opts := invoke.Options{
		Region:       Region,
		Credentials:  invoke.StaticCredentials(AccessKey, Secret, ""),
		BaseEndpoint: cfg.Endpoint,
		HTTPClient:   invoke.HTTPClient(own),
	}
	if cfg.Transport != nil {
		opts.HTTPClient = cfg.Transport
	}
	client, err := invoke.New(opts)
	return client, own.CloseIdleConnections, err
}

var _ Doer = (*http.Client)(nil)
