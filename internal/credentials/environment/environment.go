// Package environment chooses a source of credentials by the variables of the
// environment. The sources are looked at in the order that the AWS SDKs have:
//
//  1. access keys
//  2. a web identity
//  3. a profile or a shared file, which are not served here
//  4. a container's endpoint
//
// The first source that the environment asks for decides. If this package does not
// serve it, that is an error: the next source could be another identity. A profile
// together with one of the first two is refused, because the SDKs do not agree on
// which of them counts. No credentials are requested before the first Retrieve.
// Errors name variables and hold no values, because a secret may have been pasted
// into the wrong one.
package environment

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/webidentity"
	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
)

// Config is the input of [Provider].
type Config struct {
	// Getenv returns the value of a variable, "" for one that is not set.
	Getenv func(name string) string
	// Alternative is what serves the sources that this package does not, for errors.
	Alternative string

	// Region, UseFIPS and UseDualStack choose the STS endpoint for a web identity. An
	// empty Region is no error here, because package invoke reports it.
	Region                string
	UseFIPS, UseDualStack bool
	// RootCAs returns the certificates to trust there, nil for the system's.
	RootCAs func() *x509.CertPool
}

// Provider returns the provider of the credentials that the environment asks for:
// a [credentials.Static] for access keys.
func Provider(cfg Config) (credentials.Provider, error) {
	keys, err := cfg.keys()
	if err != nil {
		return nil, err
	}
	profile, _ := cfg.firstSet("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
	file, _ := cfg.firstSet("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
	agent, _ := cfg.firstSet(container.EnvRelativeURI, container.EnvFullURI)
	token := cfg.Getenv(webidentity.EnvTokenFile)
	const both = "%s is set and so %s, and tools differ in which of them counts: unset %[1]s to use the %[3]s, or the %[3]s and use %[4]s for the profile"
	switch {
	case keys != nil && profile != "":
		return nil, fmt.Errorf(both, profile, "are access keys", "keys", cfg.Alternative)
	case keys != nil:
		return *keys, nil
	case token != "" && profile != "":
		return nil, fmt.Errorf(both, profile, "is "+webidentity.EnvTokenFile, "web identity", cfg.Alternative)
	case token != "":
		return cfg.webIdentity(token)
	case profile != "":
		return nil, cfg.unserved(profile, "a profile of the shared AWS files")
	case file != "":
		return nil, cfg.unserved(file, "credentials from a shared AWS file")
	case agent != "":
		return container.New(container.Config{
			RelativeURI:   cfg.Getenv(container.EnvRelativeURI),
			FullURI:       cfg.Getenv(container.EnvFullURI),
			AuthToken:     cfg.Getenv(container.EnvAuthToken),
			AuthTokenFile: cfg.Getenv(container.EnvAuthTokenFile),
		})
	default:
		return nil, fmt.Errorf("no credentials: none of AWS_ACCESS_KEY_ID, %s, %s and %s is set; for profiles, SSO, other roles and EC2 instances use %s",
			webidentity.EnvTokenFile, container.EnvRelativeURI, container.EnvFullURI, cfg.Alternative)
	}
}

// webIdentity returns the provider of a role's credentials.
func (cfg Config) webIdentity(tokenFile string) (credentials.Provider, error) {
	in := endpoint.Input{Region: cmp.Or(cfg.Region, "us-east-1"), UseFIPS: cfg.UseFIPS, UseDualStack: cfg.UseDualStack}
	variable := "Region"
	if !strings.EqualFold(cfg.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true") {
		// Not AWS_ENDPOINT_URL: the SDK for Go does not send a token there either.
		if name, url := cfg.firstSet("AWS_ENDPOINT_URL_STS"); url != "" {
			variable, in.BaseEndpoint = name, url
		}
	}
	sts, err := endpoint.ResolveSTS(in)
	if err != nil {
		return nil, fmt.Errorf("web identity: %s: %w", variable, err)
	}
	return webidentity.New(webidentity.Config{
		RoleARN:     cfg.Getenv(webidentity.EnvRoleARN),
		SessionName: cfg.Getenv(webidentity.EnvSessionName),
		TokenFile:   tokenFile,
		Endpoint:    sts,
		RootCAs:     cfg.RootCAs(),
	})
}

func (cfg Config) unserved(name, what string) error {
	return fmt.Errorf("%s asks for %s: only environment variables are read here; %s serves this", name, what, cfg.Alternative)
}

// keys returns the access keys of the environment, nil if it has none. A part of
// them alone is an error: whoever set it meant to use keys.
func (cfg Config) keys() (*credentials.Static, error) {
	idName, id := cfg.firstSet("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY")
	secretName, secret := cfg.firstSet("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY")
	token := cfg.Getenv("AWS_SESSION_TOKEN")
	switch {
	case id != "" && secret != "":
		keys := credentials.NewStatic(credentials.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token})
		return &keys, nil
	case id != "":
		return nil, fmt.Errorf("%s is set without AWS_SECRET_ACCESS_KEY: set both, or neither", idName)
	case secret != "":
		return nil, fmt.Errorf("%s is set without AWS_ACCESS_KEY_ID: set both, or neither", secretName)
	case token != "":
		return nil, fmt.Errorf("AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set all three, or none")
	default:
		return nil, nil
	}
}

// firstSet returns the first of the variables that is set, and its value.
func (cfg Config) firstSet(names ...string) (name, value string) {
	for _, name := range names {
		if value := cfg.Getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}
