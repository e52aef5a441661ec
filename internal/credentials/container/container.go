// Package container gets credentials from the endpoint that a container
// platform offers its containers: the ECS agent, the EKS Pod Identity agent, or
// another that the environment points to.
package container

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
)

// The environment variables that the configuration comes from. Errors name the
// one that is to blame.
const (
	EnvRelativeURI   = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
	EnvFullURI       = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	EnvAuthToken     = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
	EnvAuthTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
)

const (
	ecsAgent      = "169.254.170.2"
	lookupTimeout = 5 * time.Second
)

// Config holds the values of the environment variables, "" for one not set.
type Config struct {
	// RelativeURI is a path on the ECS agent, http://169.254.170.2.
	// It wins over FullURI.
	RelativeURI string
	// FullURI is a URL. Over plain http its host must be a loopback address, the
	// ECS or EKS agent, or a name that resolves to nothing but these.
	FullURI string
	// AuthToken is what to send as Authorization. Empty: nothing.
	AuthToken string
	// AuthTokenFile is a file with that token, read for each retrieval. It
	// wins over AuthToken.
	AuthTokenFile string

	// HTTPClient sends the requests. Nil: one that takes no proxy to an address
	// of the machine's own and opens a connection only to a host that plain http
	// is allowed to.
	HTTPClient fetch.HTTPClient

	lookup lookupFunc // nil: the system's resolver
}

type lookupFunc func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Provider gets credentials from one endpoint. It keeps none of them: each
// Retrieve asks the endpoint. It is safe for concurrent use.
type Provider struct {
	endpoint *url.URL
	source   string                 // endpoint and variable, for errors; without the path, which is a secret on ECS
	token    func() (string, error) // a function so that printing a Provider does not show it
	client   fetch.HTTPClient
}

// New checks a configuration and returns a provider for it. The errors say
// which environment variable is wrong, and never what the token is. It resolves
// the host name of a plain http URL, which may take up to 5 seconds, and opens the
// token file.
func New(cfg Config) (*Provider, error) {
	endpoint, variable, err := cfg.endpoint()
	if err != nil {
		return nil, fmt.Errorf("container credentials: %w", err)
	}
	if err := cfg.checkToken(); err != nil {
		return nil, fmt.Errorf("container credentials: %w", err)
	}
	client := cfg.HTTPClient
	if client == nil {
		client = fetch.NewClient(settings(endpoint.Scheme == "http"))
	}
	return &Provider{
		endpoint: endpoint,
		source:   fmt.Sprintf("%s://%s (%s)", endpoint.Scheme, endpoint.Host, variable),
		token:    cfg.token,
		client:   client,
	}, nil
}

// endpoint returns the URL to ask and the variable that it comes from.
func (cfg Config) endpoint() (endpoint *url.URL, variable string, err error) {
	switch {
	case cfg.RelativeURI != "":
		// Without the slash, the rest could make another host of the address.
		if !strings.HasPrefix(cfg.RelativeURI, "/") {
			return nil, "", errors.New(EnvRelativeURI + ` does not begin with "/"`)
		}
		endpoint, err = url.Parse("http://" + ecsAgent + cfg.RelativeURI)
		if err != nil {
			return nil, "", errors.New(EnvRelativeURI + " is not the path of a URL")
		}
		return endpoint, EnvRelativeURI, nil
	case cfg.FullURI != "":
		if endpoint, err = parseFullURI(cfg.FullURI); err == nil && endpoint.Scheme == "http" {
			ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
			defer cancel()
			err = checkHost(ctx, endpoint.Hostname(), cfg.lookup)
		}
		if err != nil {
			return nil, "", fmt.Errorf("%s %w", EnvFullURI, err)
		}
		return endpoint, EnvFullURI, nil
	default:
		return nil, "", errors.New("neither " + EnvRelativeURI + " nor " + EnvFullURI + " is set")
	}
}

// parseFullURI parses a URL. Its errors complete a sentence and do not quote it:
// it may hold a secret.
func parseFullURI(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("is not a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("is not an http or https URL")
	case u.Hostname() == "":
		return nil, errors.New("is a URL without a host")
	case u.User != nil:
		return nil, errors.New("is a URL with a user name in it")
	}
	return u, nil
}
