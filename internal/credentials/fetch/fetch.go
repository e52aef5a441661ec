// Package fetch asks an HTTP endpoint for credentials, with what all such endpoints
// have in common: a few short attempts, a bound on the answer, errors that show no
// secret, and a token from a file.
package fetch

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

const (
	// MaxAnswer is how many bytes of an answer are of use. One byte more is read,
	// so that a longer one can be told.
	MaxAnswer  = 64 << 10
	firstDelay = 200 * time.Millisecond // on average, then twice as long each time
)

// HTTPClient sends one request, and follows no redirect.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// Endpoint is where credentials are asked for.
type Endpoint struct {
	Source string // for errors, before the colon: what is asked for, and where
	Client HTTPClient
	// Permanent tells of an error of Client that another attempt is of no use, besides
	// certificates that do not verify and proxies that refuse; nil if there are none.
	Permanent func(error) bool

	Retries int           // after the first attempt
	Timeout time.Duration // of one attempt

	// Request makes the request of one attempt.
	Request func(context.Context) (*http.Request, error)
	// Parse reads an answer. Its error ends the retrieval if it is a
	// [backoff.PermanentError], see [Malformed], and else another attempt is made.
	Parse func(status int, body []byte) (credentials.Credentials, error)
}

// Retrieve asks the endpoint, again if it fails in a way that may pass: it cannot
// be reached, does not answer in time, or Parse says so. Where ctx ended, the error
// wraps that.
func (e *Endpoint) Retrieve(ctx context.Context) (credentials.Credentials, error) {
	// The library's loop finds permanent errors by reflection, which adds 20 KB to
	// a program.
	delays := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(firstDelay), backoff.WithMultiplier(2), backoff.WithMaxElapsedTime(0))
	var last error // of the attempts, for when ctx ends between two of them
	for retries := e.Retries; ; retries-- {
		creds, err := e.attempt(ctx)
		if err == nil {
			return creds, nil
		}
		if ctx.Err() == nil {
			last = err
		}
		var permanent *backoff.PermanentError
		final := errtree.As(err, &permanent)
		if final {
			err = permanent.Err
		}
		if final || retries <= 0 || !sleep(ctx, delays.NextBackOff()) {
			return credentials.Credentials{}, e.failed(ctx, err, last)
		}
	}
}

func (e *Endpoint) failed(ctx context.Context, err, last error) error {
	if ctx.Err() != nil && last != nil {
		return fmt.Errorf("%s: %w, after: %w", e.Source, ctx.Err(), last)
	}
	return fmt.Errorf("%s: %w", e.Source, err)
}

// sleep reports whether the delay passed before ctx ended.
func sleep(ctx context.Context, delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// attempt makes one request. An error that is not worth a retry is permanent.
func (e *Endpoint) attempt(ctx context.Context) (credentials.Credentials, error) {
	noAnswer := fmt.Errorf("no answer within %s", e.Timeout)
	limited, cancel := context.WithTimeoutCause(ctx, e.Timeout, noAnswer)
	defer cancel()
	status, body, err := e.ask(limited)
	switch {
	case err == nil:
		return e.Parse(status, body)
	case ctx.Err() != nil:
		return credentials.Credentials{}, backoff.Permanent(ctx.Err())
	case limited.Err() != nil:
		// Not the error at hand: it would pass for the end of the caller's context.
		return credentials.Credentials{}, noAnswer
	}
	// The URL that net/http puts in front may hold a secret.
	var urlErr *url.Error
	if errtree.As(err, &urlErr) {
		err = urlErr.Err
	}
	if isPermanent(err) || e.Permanent != nil && e.Permanent(err) {
		err = backoff.Permanent(err)
	}
	return credentials.Credentials{}, err
}

// isPermanent reports whether err will be the same a second later: a certificate that
// does not verify, or a proxy that refuses.
func isPermanent(err error) bool {
	var certificate *tls.CertificateVerificationError
	var proxy *errors.ProxyError
	return errtree.As(err, &certificate) || errtree.As(err, &proxy) && proxy.Refused
}

// ask sends the request and reads the answer, one byte more than allowed at most.
func (e *Endpoint) ask(ctx context.Context) (status int, body []byte, err error) {
	request, err := e.Request(ctx)
	if err != nil {
		return 0, nil, err
	}
	response, err := e.Client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, MaxAnswer+1))
	return response.StatusCode, body, err
}

// NewClient returns a client for a request every few hours: it keeps no connection,
// which would be dead by then. It follows no redirect, which would carry the token to
// wherever it points, and takes the proxy of the environment.
func NewClient(optFns ...func(*transport.Config)) HTTPClient {
	return transport.New(append([]func(*transport.Config){func(c *transport.Config) {
		c.MaxIdleConns = -1
		c.MaxResponseHeaderBytes = MaxAnswer
	}}, optFns...)...)
}
