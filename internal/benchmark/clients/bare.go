package clients

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
)

// newBare is the least that gets a payload there and back with net/http: no signature, no retries, and one buffer for
// the response.
func newBare(cfg Config) Client {
	own := http.DefaultTransport.(*http.Transport).Clone()
	if cfg.Roots != nil {
		own.TLSClientConfig = &tls.Config{RootCAs: cfg.Roots}
	}
	doer := cfg.Transport
	if doer == nil {
		doer = &http.Client{Transport: own}
	}
	url := cfg.Endpoint + "/2015-03-31/functions/" + cfg.Function + "/invocations"
	return Client{
		Call: func(ctx context.Context, payload []byte) ([]byte, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(payload))
			if err != nil {
				return nil, err
			}
			req.Header.Set("Content-Type", "application/octet-stream")
			resp, err := doer.Do(req)
			if err != nil {
				return nil, err
			}
			defer resp.Body.Close()
			body := make([]byte, max(resp.ContentLength, 0))
			if _, err := io.ReadFull(resp.Body, body); err != nil {
				return nil, err
			}
			if resp.StatusCode != http.StatusOK {
				return nil, fmt.Errorf("status %d: %s", resp.StatusCode, body)
			}
			return body, nil
		},
		Close: own.CloseIdleConnections,
	}
}
