package invoke

import (
	"context"
	stderrors "errors"
	"io/fs"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/internal/containercreds"
)

const seeAWSConfig = "NewFromEnv reads environment variables only; module " + awsconfigModule + " serves this"

// addCredentials finds the environment's credentials. The sources are looked
// at in the order that the AWS SDKs have; the first that the environment asks
// for decides, also where it is one that NewFromEnv does not serve. Going on to
// the next would be to call in the name of somebody else.
func (e *environment) addCredentials(opts *Options) {
	keys, partial := e.keys()
	profileName, _ := firstSet("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
	identityName, _ := firstSet("AWS_WEB_IDENTITY_TOKEN_FILE")
	fileName, _ := firstSet("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
	containerName, _ := firstSet(containercreds.EnvRelativeURI, containercreds.EnvFullURI)
	switch {
	case partial:
		// The problem is noted.
	case keys != nil && profileName != "":
		e.problem(never, "%s is set and so are access keys, and tools differ in which of them counts: unset %[1]s to use the keys, or the keys and use module "+awsconfigModule+" for the profile", profileName)
	case keys != nil:
		opts.Credentials = keys
	case identityName != "":
		e.problem(never, "%s asks for the credentials of a web identity: %s", identityName, seeAWSConfig)
	case profileName != "":
		e.problem(never, "%s asks for a profile of the shared AWS files: %s", profileName, seeAWSConfig)
	case fileName != "":
		e.problem(never, "%s asks for credentials from a shared AWS file: %s", fileName, seeAWSConfig)
	case containerName != "":
		e.addContainerCredentials(opts)
	default:
		e.problem(never, "no credentials: none of AWS_ACCESS_KEY_ID, %s and %s is set; for profiles, SSO, roles, web identity and EC2 instances use module "+awsconfigModule,
			containercreds.EnvRelativeURI, containercreds.EnvFullURI)
	}
}

// keys returns the access keys of the environment, nil if it has none. A part
// of them alone is a problem and not nothing: whoever set it meant to use keys.
func (e *environment) keys() (keys CredentialsProvider, partial bool) {
	idName, id := firstSet("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY")
	secretName, secret := firstSet("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY")
	token := os.Getenv("AWS_SESSION_TOKEN")
	switch {
	case id != "" && secret != "":
		return StaticCredentials(id, secret, token), false
	case id != "":
		e.problem(never, "%s is set without AWS_SECRET_ACCESS_KEY: set both, or neither", idName)
	case secret != "":
		e.problem(never, "%s is set without AWS_ACCESS_KEY_ID: set both, or neither", secretName)
	case token != "":
		e.problem(never, "AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set all three, or none")
	default:
		return nil, false
	}
	return nil, true
}

func (e *environment) addContainerCredentials(opts *Options) {
	tokenFile := os.Getenv(containercreds.EnvAuthTokenFile)
	if err := readable(tokenFile); err != nil {
		e.problem(never, "the authorization token file %s (%s) cannot be read: %w", tokenFile, containercreds.EnvAuthTokenFile, err)
		return
	}
	provider, err := containercreds.New(containercreds.Config{
		RelativeURI:   os.Getenv(containercreds.EnvRelativeURI),
		FullURI:       os.Getenv(containercreds.EnvFullURI),
		AuthToken:     os.Getenv(containercreds.EnvAuthToken),
		AuthTokenFile: tokenFile,
	})
	if err != nil {
		e.problem(never, "%w", err)
		return
	}
	opts.Credentials = containerCredentials{provider}
}

// readable tells why a file cannot be opened, without its name. No file is not
// an error.
func readable(name string) error {
	if name == "" {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return withoutPath(err)
	}
	return file.Close()
}

// withoutPath takes the name of the file off an error, for sentences that have it.
func withoutPath(err error) error {
	if pathErr := (*fs.PathError)(nil); stderrors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// containerCredentials gives the container platform's credentials the client's
// type.
type containerCredentials struct {
	provider *containercreds.Provider
}

func (c containerCredentials) Retrieve(ctx context.Context) (Credentials, error) {
	creds, err := c.provider.Retrieve(ctx)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials(creds), nil
}
