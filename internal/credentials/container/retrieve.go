package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
)

// An agent is near and answers in milliseconds, or is starting up. So attempts
// are short and few, and the whole is bounded by about 14 seconds.
const (
	maxRetries     = 3
	attemptTimeout = 3 * time.Second
	firstDelay     = 200 * time.Millisecond // on average, then twice as long each time
	maxAnswer      = 64 << 10
)

var errNoAnswer = errors.New("no answer within 3s") // attemptTimeout

// Retrieve asks the endpoint for credentials, again if it fails in a way that
// may pass: it cannot be reached, does not answer within 3 seconds, answers 429
// or 5xx. An error says where the credentials were looked for; where the
// endpoint said why it has none, it is a *[StatusError]; where ctx ended, that.
//
// Credentials come back as the endpoint gives them, expired ones too.
func (p *Provider) Retrieve(ctx context.Context) (credentials.Credentials, error) {
	token, err := p.token()
	if err != nil {
		return credentials.Credentials{}, fmt.Errorf("container credentials: %w", err)
	}

	var last error // of the attempts, for when ctx ends between two of them
	attempt := func() (credentials.Credentials, error) {
		creds, err := p.attempt(ctx, token)
		if ctx.Err() == nil {
			last = err
		}
		return creds, err
	}
	delays := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(firstDelay), backoff.WithMultiplier(2), backoff.WithMaxElapsedTime(0))
	creds, err := backoff.RetryWithData(attempt, backoff.WithContext(backoff.WithMaxRetries(delays, maxRetries), ctx))
	switch {
	case err == nil:
		return creds, nil
	case ctx.Err() != nil && last != nil:
		return credentials.Credentials{}, fmt.Errorf("container credentials from %s: %w, after: %w", p.source, ctx.Err(), last)
	default:
		return credentials.Credentials{}, fmt.Errorf("container credentials from %s: %w", p.source, err)
	}
}

// attempt makes one request. An error that is not worth a retry is permanent.
func (p *Provider) attempt(ctx context.Context, token string) (credentials.Credentials, error) {
	limited, cancel := context.WithTimeoutCause(ctx, attemptTimeout, errNoAnswer)
	defer cancel()
	status, body, err := p.ask(limited, token)
	switch {
	case err == nil:
		return parseAnswer(status, body, token)
	case ctx.Err() != nil:
		return credentials.Credentials{}, backoff.Permanent(ctx.Err())
	case limited.Err() != nil:
		// Not the error at hand: it would pass for the end of the caller's context.
		return credentials.Credentials{}, errNoAnswer
	}
	// The URL that net/http puts in front has the path in it.
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		err = urlErr.Err
	}
	var forbidden forbiddenError
	if errors.As(err, &forbidden) {
		err = backoff.Permanent(err)
	}
	return credentials.Credentials{}, err
}

// ask sends the request and reads the answer, one byte more than allowed at most.
func (p *Provider) ask(ctx context.Context, token string) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.endpoint.String(), nil)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Accept", "application/json")
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	return response.StatusCode, body, err
}
