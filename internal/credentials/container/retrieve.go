package container

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// An agent is near and answers in milliseconds, or is starting up. So attempts
// are short and few, and the whole is bounded by about 14 seconds.
const (
	maxRetries     = 3
	attemptTimeout = 3 * time.Second
)

// Retrieve asks the endpoint for credentials, again if it fails in a way that
// may pass: it cannot be reached, does not answer within 3 seconds, answers 429
// or 5xx. An error says where the credentials were looked for; where the
// endpoint said why it has none, it is a *[fetch.StatusError]; where ctx ended,
// that.
//
// Credentials come back as the endpoint gives them, expired ones too.
func (p *Provider) Retrieve(ctx context.Context) (credentials.Credentials, error) {
	token, err := p.token()
	if err != nil {
		return credentials.Credentials{}, fmt.Errorf("container credentials: %w", err)
	}
	endpoint := fetch.Endpoint{
		Source:    "container credentials from " + p.source,
		Client:    p.client,
		Permanent: isForbidden,
		Retries:   maxRetries,
		Timeout:   attemptTimeout,
		Request:   func(ctx context.Context) (*http.Request, error) { return p.request(ctx, token) },
		Parse: func(status int, body []byte) (credentials.Credentials, error) {
			return parseAnswer(status, body, token)
		},
	}
	return endpoint.Retrieve(ctx)
}

func (p *Provider) request(ctx context.Context, token string) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.endpoint.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	return request, nil
}

// isForbidden keeps a request to a forbidden host from being tried again.
func isForbidden(err error) bool {
	var forbidden forbiddenError
	return errtree.As(err, &forbidden)
}
