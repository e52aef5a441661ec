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
// the response. It keeps as many idle connections as it is left with.
func newBare(cfg Config) Client {
	own := http.DefaultTransport.(*http.Transport).Clone()
	keepConnections(own)
	if cfg.Roots != nil {
		own.TLSClientConfig = &tls.Config{RootCAs: cfg.Roots}
	}
	b := bare{
		doer:      cfg.Transport,
		callURL:   cfg.Endpoint + "/2015-03-31/functions/" + cfg.Function + "/invocations",
		streamURL: cfg.Endpoint + "/2021-11-15/functions/" + cfg.Function + "/response-streaming-invocations",
	}
	if b.doer == nil {
		b.doer = &http.Client{Transport: own}
	}
	return Client{Call: b.call, Stream: b.stream, Close: own.CloseIdleConnections}
}

// keepConnections lifts net/http's limits on connections, so that no idle one is closed that the next call needs.
func keepConnections(t *http.Transport) {
	t.MaxIdleConns = 0 // no limit
	t.MaxIdleConnsPerHost = 10_000
	t.MaxConnsPerHost = 0 // no limit
}

type bare struct {
	doer               Doer
	callURL, streamURL string
}

func (b bare) call(ctx context.Context, payload []byte) ([]byte, error) {
	req, err := newRequest(ctx, b.callURL, payload)
	if err != nil {
		return nil, err
	}
	resp, err := b.doer.Do(req)
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
}

// stream reads the bytes of the event stream and does not decode them, so it returns a few more than the function sent.
func (b bare) stream(ctx context.Context) (int64, error) {
	req, err := newRequest(ctx, b.streamURL, nil)
	if err != nil {
		return 0, err
	}
	resp, err := b.doer.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return io.Copy(io.Discard, resp.Body)
}

func newRequest(ctx context.Context, url string, payload []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	return req, nil
}
