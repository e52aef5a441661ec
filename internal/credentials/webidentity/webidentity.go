// Package webidentity exchanges the token of an identity provider, which a platform
// such as EKS keeps in a file, for the credentials of a role: one request to STS,
// AssumeRoleWithWebIdentity, which the token authenticates and nothing signs.
package webidentity

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// The environment variables that the configuration comes from. Errors name the one
// that is to blame.
const (
	EnvTokenFile   = "AWS_WEB_IDENTITY_TOKEN_FILE"
	EnvRoleARN     = "AWS_ROLE_ARN"
	EnvSessionName = "AWS_ROLE_SESSION_NAME"
)

// With the delays between them, three attempts of this length fit into the minute
// that a [credentials.Cache] has.
const (
	maxRetries     = 2
	attemptTimeout = 15 * time.Second
	maxToken       = 64 << 10 // STS accepts a third of it
)

// Config says which role to assume, and where.
type Config struct {
	RoleARN     string
	SessionName string // names the session in the role's records; empty: the time
	TokenFile   string // read for each retrieval
	Endpoint    endpoint.Endpoint
	RootCAs     *x509.CertPool   // nil: the system's
	HTTPClient  fetch.HTTPClient // nil: one that takes the proxy of the environment
}

// Provider gets credentials of one role. It keeps none of them: each Retrieve asks
// STS. It is safe for concurrent use.
type Provider struct {
	cfg    Config
	url    string
	client fetch.HTTPClient
}

// New checks a configuration and returns a provider for it. It opens the token file.
func New(cfg Config) (*Provider, error) {
	if cfg.RoleARN == "" {
		return nil, fmt.Errorf("%s is set without %s: set both, or neither", EnvTokenFile, EnvRoleARN)
	}
	if err := fetch.CheckToken(cfg.TokenFile); err != nil {
		return nil, cfg.tokenFileError(err)
	}
	client := cfg.HTTPClient
	if client == nil {
		client = fetch.NewClient(func(c *transport.Config) {
			c.TLSConfig = &tls.Config{RootCAs: cfg.RootCAs, MinVersion: tls.VersionTLS12}
		})
	}
	e := cfg.Endpoint
	return &Provider{cfg: cfg, url: e.Scheme + "://" + e.Host + cmp.Or(e.RawBasePath, "/"), client: client}, nil
}

func (cfg Config) tokenFileError(err error) error {
	return fmt.Errorf("web identity: the token file %s (%s) %w", cfg.TokenFile, EnvTokenFile, err)
}

// Retrieve asks STS for credentials, again if it fails in a way that may pass: it
// cannot be reached, does not answer within 15 seconds, answers 429, 5xx or a code
// that the identity provider is the cause of. Where STS refuses, the error is a
// *[fetch.StatusError]; where ctx ended, that.
func (p *Provider) Retrieve(ctx context.Context) (credentials.Credentials, error) {
	token, err := fetch.ReadToken(p.cfg.TokenFile, maxToken)
	if err != nil {
		return credentials.Credentials{}, p.cfg.tokenFileError(err)
	}
	name := p.cfg.SessionName
	if name == "" {
		name = strconv.FormatInt(time.Now().UnixNano(), 10)
	}
	form := url.Values{
		"Action":           {"AssumeRoleWithWebIdentity"},
		"Version":          {"2011-06-15"},
		"RoleArn":          {p.cfg.RoleARN},
		"RoleSessionName":  {name},
		"WebIdentityToken": {token},
	}.Encode()
	sts := fetch.Endpoint{
		Source:  fmt.Sprintf("web identity, role %s (%s) from %s", p.cfg.RoleARN, EnvRoleARN, p.cfg.Endpoint.Host),
		Client:  p.client,
		Retries: maxRetries,
		Timeout: attemptTimeout,
		Request: func(ctx context.Context) (*http.Request, error) {
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, strings.NewReader(form))
			if err == nil {
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			return request, err
		},
		Parse: func(status int, body []byte) (credentials.Credentials, error) {
			return parseAnswer(status, body, token)
		},
	}
	return sts.Retrieve(ctx)
}
