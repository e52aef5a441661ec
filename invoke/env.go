package invoke

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	stderrors "errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	environ "github.com/lambda-invoke/lambda-invoke-go/internal/credentials/environment"
	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// NewFromEnv makes a client from environment variables alone, which is all
// there is in a Lambda function, a container, a CI job and before an emulator.
// A variable that is empty counts as not set. optFns see what the environment
// gave and may change it. What they set is not looked for: with credentials
// set, none of the variables for credentials is read.
//
//	Region                AWS_REGION, else AWS_DEFAULT_REGION
//	Credentials           AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN;
//	                      else AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN and
//	                      AWS_ROLE_SESSION_NAME (by default the time), see below;
//	                      else AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
//	                      else AWS_CONTAINER_CREDENTIALS_FULL_URI, each with
//	                      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, else
//	                      AWS_CONTAINER_AUTHORIZATION_TOKEN
//	BaseEndpoint          AWS_ENDPOINT_URL_LAMBDA, else AWS_ENDPOINT_URL; neither if
//	                      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true
//	UseFIPSEndpoint       AWS_USE_FIPS_ENDPOINT
//	UseDualStackEndpoint  AWS_USE_DUALSTACK_ENDPOINT
//	Retry.MaxAttempts     AWS_MAX_ATTEMPTS
//	AppID                 AWS_SDK_UA_APP_ID
//	HTTPClient            AWS_CA_BUNDLE: a PEM file whose certificates replace the
//	                      system's as those to trust
//
// The names AWS_ACCESS_KEY and AWS_SECRET_KEY, which older tools write, stand
// in for the first two where those are missing. Booleans are true or false, in
// any case. AWS_RETRY_MODE is not read: there is one way to retry, that of
// package retry, with the delays of what AWS calls standard.
//
// A web identity, which EKS gives to service accounts, is exchanged for a role's
// credentials by one request to STS in the client's region, with its settings for
// FIPS and dual-stack; AWS_ENDPOINT_URL_STS replaces the address, AWS_ENDPOINT_URL
// does not. That request, like those to a container's endpoint, is not sent by
// Options.HTTPClient but by a client of its own, which trusts AWS_CA_BUNDLE and
// takes the proxy of HTTPS_PROXY.
//
// No shared file is read and no instance metadata asked for. Where the
// environment asks for a profile (AWS_PROFILE, AWS_DEFAULT_PROFILE) or, without
// keys and web identity, for a file of credentials (AWS_SHARED_CREDENTIALS_FILE,
// AWS_CONFIG_FILE), and where it has no credentials at all, NewFromEnv fails and
// names the variable, so that a call is never made in the name of another account
// than the one meant. Package invoke/awsconfig serves these cases. A profile
// together with keys or a web identity is refused as well, since tools do not agree
// on which of them counts.
//
// The error is an [*errors.OptionsError] that reports everything that is wrong,
// without secrets, one problem to a line. ctx bounds what there is to look up;
// today that is nothing remote: the credentials of a container or a web identity
// are first asked for by the first call, and their failure is an
// [errors.CredentialsError] of that call. Where the endpoint said why it has none,
// a smithy.APIError in it has the code. A ctx that has ended is an
// [*errors.TransportError].
func NewFromEnv(ctx context.Context, optFns ...func(*Options)) (*Client, error) {
	if ctx == nil {
		return nil, &errors.OptionsError{Err: stderrors.New("invoke: " + nilContext)}
	}
	if err := ctx.Err(); err != nil {
		return nil, &errors.TransportError{Stage: errors.StageConnect, Err: err}
	}
	var env environment
	opts := env.options()
	for _, fn := range optFns {
		fn(&opts)
	}
	if opts.Credentials == nil {
		env.addCredentials(&opts)
	}
	if opts.HTTPClient == nil {
		env.addHTTPClient(&opts)
	}
	if err := env.unsolved(&opts); err != nil {
		return nil, &errors.OptionsError{Err: err}
	}
	return New(opts)
}

const (
	fipsVariable      = "AWS_USE_FIPS_ENDPOINT"
	dualStackVariable = "AWS_USE_DUALSTACK_ENDPOINT"
)

// environment reads variables and remembers what is wrong with them. A problem
// counts only if the options leave it unsolved. Values stay out of the errors:
// a secret may have been pasted into the wrong variable.
type environment struct {
	problems   []problem
	bundle     *x509.CertPool // of AWS_CA_BUNDLE
	bundleRead bool
}

type problem struct {
	err    error
	solved func(*Options) bool
}

func (e *environment) problem(solved func(*Options) bool, format string, args ...any) {
	e.problems = append(e.problems, problem{fmt.Errorf("invoke: "+format, args...), solved})
}

func (e *environment) unsolved(opts *Options) error {
	var errs []error
	for _, p := range e.problems {
		if !p.solved(opts) {
			errs = append(errs, p.err)
		}
	}
	return stderrors.Join(errs...)
}

// never is for a problem that no option can solve, or that came up after the
// options were settled.
func never(*Options) bool { return false }

// options returns what the environment gives, but for what takes more than
// reading a variable.
func (e *environment) options() Options {
	opts := Options{
		Region:               e.region(),
		UseFIPSEndpoint:      e.boolean(fipsVariable, func(o *Options) bool { return o.UseFIPSEndpoint }),
		UseDualStackEndpoint: e.boolean(dualStackVariable, func(o *Options) bool { return o.UseDualStackEndpoint }),
		AppID:                e.appID(),
	}
	opts.Retry.MaxAttempts = e.maxAttempts()
	opts.BaseEndpoint = e.baseEndpoint(opts.UseFIPSEndpoint, opts.UseDualStackEndpoint)
	return opts
}

func (e *environment) region() string {
	set := func(o *Options) bool { return o.Region != "" }
	name, region := firstSet("AWS_REGION", "AWS_DEFAULT_REGION")
	if region == "" {
		e.problem(set, "no region: neither AWS_REGION nor AWS_DEFAULT_REGION is set, and NewFromEnv reads no shared files; set one of them or Options.Region, or use module "+awsconfigModule)
		return ""
	}
	if _, err := endpoint.Resolve(endpoint.Input{Region: region}); err != nil {
		e.problem(set, "%s: %w", name, err)
		return ""
	}
	return region
}

func (e *environment) baseEndpoint(fips, dualStack bool) string {
	set := func(o *Options) bool { return o.BaseEndpoint != "" }
	if e.boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", set) {
		return ""
	}
	name, url := firstSet("AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL")
	if url == "" {
		return ""
	}
	// Any region serves to check the URL; the real one may come later.
	if _, err := endpoint.Resolve(endpoint.Input{Region: "us-east-1", BaseEndpoint: url}); err != nil {
		e.problem(set, "%s: %w", name, err)
		return ""
	}
	const exclusive = "%s is set and %s is true, which exclude each other: unset one of them"
	if fips {
		e.problem(func(o *Options) bool { return o.BaseEndpoint != url || !o.UseFIPSEndpoint }, exclusive, name, fipsVariable)
	}
	if dualStack {
		e.problem(func(o *Options) bool { return o.BaseEndpoint != url || !o.UseDualStackEndpoint }, exclusive, name, dualStackVariable)
	}
	return url
}

func (e *environment) maxAttempts() int {
	const name = "AWS_MAX_ATTEMPTS"
	text := os.Getenv(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		e.problem(func(o *Options) bool { return o.Retry.MaxAttempts != 0 },
			"%s is not a whole number of attempts; 1 is the least and retries nothing", name)
		return 0
	}
	return n
}

func (e *environment) appID() string {
	const name = "AWS_SDK_UA_APP_ID"
	id := os.Getenv(name)
	if err := checkAppID(id); err != nil {
		e.problem(func(o *Options) bool { return o.AppID != "" }, "%s: %s", name, strings.TrimPrefix(err.Error(), "invoke: "))
		return ""
	}
	return id
}

// boolean reads a variable as the AWS tools do: neither 1 nor yes is true.
func (e *environment) boolean(name string, solved func(*Options) bool) bool {
	switch text := os.Getenv(name); {
	case text == "", strings.EqualFold(text, "false"):
		return false
	case strings.EqualFold(text, "true"):
		return true
	default:
		e.problem(solved, "%s is neither true nor false", name)
		return false
	}
}

// firstSet returns the first of the variables that is set, and its value.
func firstSet(names ...string) (name, value string) {
	for _, name := range names {
		if value := os.Getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// addCredentials finds the environment's credentials.
func (e *environment) addCredentials(opts *Options) {
	provider, err := environ.Provider(environ.Config{
		Getenv:       os.Getenv,
		Alternative:  "module " + awsconfigModule,
		Region:       opts.Region,
		UseFIPS:      opts.UseFIPSEndpoint,
		UseDualStack: opts.UseDualStackEndpoint,
		RootCAs:      e.rootCAs,
	})
	if err != nil {
		e.problem(never, "%w", err)
		return
	}
	opts.Credentials = fromInternal(provider)
}

// addHTTPClient makes a client that trusts the certificates of AWS_CA_BUNDLE,
// as networks need whose proxy looks into TLS.
func (e *environment) addHTTPClient(opts *Options) {
	if roots := e.rootCAs(); roots != nil {
		opts.HTTPClient = transport.New(func(c *transport.Config) {
			c.TLSConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		})
	}
}

// rootCAs returns the certificates of AWS_CA_BUNDLE, nil without that. It reads
// the file once.
func (e *environment) rootCAs() *x509.CertPool {
	const name = "AWS_CA_BUNDLE"
	file := os.Getenv(name)
	if file == "" || e.bundleRead {
		return e.bundle
	}
	e.bundleRead = true
	pem, err := os.ReadFile(file)
	if err != nil {
		if pathErr := (*fs.PathError)(nil); errtree.As(err, &pathErr) {
			err = pathErr.Err // the sentence has the name of the file
		}
		e.problem(never, "the file of certificates %s (%s) cannot be read: %w", file, name, err)
		return nil
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		e.problem(never, "the file of certificates %s (%s) holds no certificate in PEM form", file, name)
		return nil
	}
	e.bundle = roots
	return roots
}
