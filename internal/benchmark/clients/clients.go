// Package clients makes the clients that are measured, each as one function that makes one call: this client, the AWS SDK
// for Go as it comes and as an experienced user tunes it, and bare net/http as the floor under all of them.
package clients

import (
	"context"
	"crypto/x509"
	"net/http"
)

// The names of the clients, as they stand in every result.
const (
	Ours  = "lambda-invoke-go"
	SDK   = "aws-sdk-go-v2"
	Tuned = "aws-sdk-go-v2-tuned"
	Bare  = "net/http"
)

// Names lists the clients, in the order in which results show them.
func Names() []string { return []string{Ours, SDK, Tuned, Bare} }

// The functions of package endpoint.
const (
	Echo    = "echo"
	Missing = "missing"
	Stream  = "stream"
)

// The identity and region that calls are signed with.
const (
	Region    = "us-east-1"
	AccessKey = "AKIDEXAMPLE"
	Secret    = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

// Config is what a client is made with.
type Config struct {
	Endpoint string
	Function string         // Echo when empty
	Roots    *x509.CertPool // to trust; nil: the system's
	// Transport replaces the client's own; nil keeps that.
	Transport Doer
}

// Doer is what both clients take in place of their transports.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client is one of the clients, ready for calls.
type Client struct {
	// Call makes one call and returns the payload of the response.
	Call func(ctx context.Context, payload []byte) ([]byte, error)
	// Stream makes one call of a function that streams its response, and returns the number of bytes that came.
	Stream func(ctx context.Context) (int64, error)
	// Close closes its idle connections.
	Close func()
}

// New makes the client of that name.
func New(name string, cfg Config) (Client, error) {
	if cfg.Function == "" {
		cfg.Function = Echo
	}
	switch name {
	case Ours:
		return newOurs(cfg)
	case SDK:
		return newSDK(cfg), nil
	case Tuned:
		return newSDK(cfg, Tune), nil
	default:
		return newBare(cfg), nil
	}
}
