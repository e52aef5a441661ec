package invoke

import (
	"cmp"
	stderrors "errors"
	"fmt"
	"math"
	"net/http"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// config is Options made ready for calls: checked, with its defaults and with
// everything derived from it. It is never written after it is made, and shared
// by all calls that change nothing.
type config struct {
	Options
	destination *destination // of all calls but those of an ARN of another region
	credentials *credentials.Cache
	userAgent   string
	// firstAttempt is the Amz-Sdk-Request header of a first attempt.
	firstAttempt string
	// transport sends requests and says how far each came; nil for a custom HTTP
	// client, which sends them then.
	transport *transport.Transport
	// client is the custom HTTP client, without its redirects.
	client HTTPClient
	// plain: the custom client is net/http's own, with its own transport.
	plain     bool
	telemetry *telemetry.Observer // nil where nothing is reported
}

// newConfig makes opts ready. What base has made already and opts leaves
// unchanged is taken from there; base is nil for a new client.
//
// Its error is an [*errors.OptionsError].
func newConfig(opts Options, base *config) (*config, error) {
	cfg, err := resolve(opts, base)
	if err != nil {
		return nil, &errors.OptionsError{Err: err}
	}
	return cfg, nil
}

func resolve(opts Options, base *config) (*config, error) {
	errs := check(&opts)
	cfg := &config{Options: opts}
	if cfg.MaxResponseBytes == 0 {
		cfg.MaxResponseBytes = defaultMaxResponseBytes
	}
	cfg.MaxResponseBytes = min(cfg.MaxResponseBytes, math.MaxInt64-1) // one byte more is read
	cfg.Retry = cfg.Retry.WithDefaults()
	if base != nil && cfg.Retry.MaxAttempts == base.Retry.MaxAttempts {
		cfg.firstAttempt = base.firstAttempt
	} else {
		cfg.firstAttempt = attemptHeader(1, cfg.Retry.MaxAttempts)
	}

	if base != nil && sameEndpoint(&opts, &base.Options) {
		cfg.destination = base.destination
	} else {
		resolved, err := endpoint.Resolve(endpoint.Input{
			Region:       opts.Region,
			UseFIPS:      opts.UseFIPSEndpoint,
			UseDualStack: opts.UseDualStackEndpoint,
			BaseEndpoint: opts.BaseEndpoint,
		})
		if err != nil {
			if errs = append(errs, checkEndpoint(&opts)...); len(errs) == 0 {
				errs = []error{fmt.Errorf("invoke: %w", err)}
			}
		}
		cfg.destination = &destination{Endpoint: resolved}
	}
	if err := cfg.setTelemetry(base); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return nil, stderrors.Join(errs...)
	}

	if cached, ok := opts.Credentials.(cachedCredentials); ok {
		cfg.credentials = cached.cache
	} else {
		cfg.credentials = credentials.NewCache(providerOf(opts.Credentials))
		cfg.Options.Credentials = cachedCredentials{cfg.credentials}
	}

	cfg.setHTTPClient(base)
	if base != nil && opts.AppID == base.AppID {
		cfg.userAgent = base.userAgent
	} else {
		cfg.userAgent = userAgent(opts.AppID)
	}
	return cfg, nil
}

// check returns everything that can only be a mistake, in words that say what to
// do. The endpoint is for [checkEndpoint] to look at.
func check(opts *Options) []error {
	var errs []error
	if opts.Region == "" {
		advice := "set the AWS Region of the function, such as \"us-east-1\" (NewFromEnv reads it from AWS_REGION)"
		if source, ok := opts.Credentials.(interface{ RegionAdvice() string }); ok { // that of invoke/awsconfig
			advice = source.RegionAdvice()
		}
		errs = append(errs, stderrors.New("invoke: Options.Region is empty; "+advice))
	}
	if opts.Credentials == nil {
		errs = append(errs, stderrors.New("invoke: Options.Credentials is nil; use StaticCredentials, NewFromEnv or module "+awsconfigModule))
	} else if f, ok := opts.Credentials.(CredentialsProviderFunc); ok && f == nil {
		errs = append(errs, stderrors.New("invoke: Options.Credentials is a nil CredentialsProviderFunc"))
	} else if static, ok := opts.Credentials.(staticCredentials); ok {
		if err := credentials.Credentials(static.get()).Validate(); err != nil {
			errs = append(errs, fmt.Errorf("invoke: %w", err))
		}
	}
	if err := checkHTTPClient(opts.HTTPClient); err != nil {
		errs = append(errs, err)
	}
	if opts.MaxResponseBytes < 0 {
		errs = append(errs, fmt.Errorf("invoke: Options.MaxResponseBytes is %d; use 0 for the default of 64 MiB", opts.MaxResponseBytes))
	}
	if err := opts.Retry.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("invoke: %w", err))
	}
	if err := checkAppID(opts.AppID); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// checkHTTPClient finds nil pointers, which would fail in the first call only.
func checkHTTPClient(client HTTPClient) error {
	const isNil = "invoke: Options.HTTPClient is a nil %T; leave it nil for the default"
	switch c := client.(type) {
	case *http.Client:
		if c == nil {
			return fmt.Errorf(isNil, client)
		}
		if inner, ok := c.Transport.(*transport.Transport); ok && inner == nil {
			return stderrors.New("invoke: the Transport of Options.HTTPClient is a nil *transport.Transport; make it with transport.New")
		}
	case *transport.Transport:
		if c == nil {
			return fmt.Errorf(isNil, client)
		}
	}
	return nil
}

// checkEndpoint returns everything that is wrong with region and endpoint, one at a
// time where [endpoint.Resolve] stops at the first. A region that is missing is no
// part of it.
func checkEndpoint(opts *Options) (errs []error) {
	const anyRegion, anyBase = "us-east-1", "https://localhost"
	inputs := []endpoint.Input{{Region: cmp.Or(opts.Region, anyRegion)}}
	if opts.BaseEndpoint != "" {
		inputs = []endpoint.Input{
			{Region: cmp.Or(opts.Region, anyRegion), BaseEndpoint: anyBase},
			{Region: anyRegion, UseFIPS: opts.UseFIPSEndpoint, BaseEndpoint: anyBase},
			{Region: anyRegion, UseDualStack: opts.UseDualStackEndpoint, BaseEndpoint: anyBase},
			{Region: anyRegion, BaseEndpoint: opts.BaseEndpoint},
		}
	}
	for _, in := range inputs {
		if _, err := endpoint.Resolve(in); err != nil {
			errs = append(errs, fmt.Errorf("invoke: %w", err))
		}
	}
	return errs
}

// awsconfigModule is where messages send those whose credentials the
// environment alone does not give.
const awsconfigModule = "github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"

func checkAppID(id string) error {
	if len(id) > maxAppID {
		return fmt.Errorf("invoke: Options.AppID has %d bytes; the limit is %d", len(id), maxAppID)
	}
	if strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return stderrors.New("invoke: Options.AppID has control characters")
	}
	return nil
}

func sameEndpoint(a, b *Options) bool {
	return a.Region == b.Region && a.BaseEndpoint == b.BaseEndpoint &&
		a.UseFIPSEndpoint == b.UseFIPSEndpoint && a.UseDualStackEndpoint == b.UseDualStackEndpoint
}

// setHTTPClient settles how to send.
func (cfg *config) setHTTPClient(base *config) {
	if cfg.HTTPClient == nil {
		if base != nil {
			cfg.HTTPClient = base.HTTPClient
		} else {
			cfg.HTTPClient = transport.New()
		}
	}
	if client, ok := cfg.HTTPClient.(*http.Client); ok {
		cfg.setNetHTTPClient(client, base)
		return
	}
	cfg.client = cfg.HTTPClient
	// Exactly this type: a type that embeds one may have a Do of its own.
	cfg.transport, _ = cfg.HTTPClient.(*transport.Transport)
}
