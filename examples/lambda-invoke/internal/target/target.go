// Package target is what both commands call: the function, and the client that
// reaches it.
package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/args"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

// Target is a function and how it is reached, as the flags say.
type Target struct {
	Function      string
	Qualifier     string
	ClientContext string // JSON, not encoded
	Tenant        string

	Region     string
	Profile    string
	Endpoint   string
	Attempts   int
	Idempotent bool
}

// Register defines the flags, except for -idempotent, which means more to one
// command than to the other.
func (t *Target) Register(fs *args.Set) {
	fs.StringVar(&t.Qualifier, "qualifier", "", "a `version` or alias of the function")
	fs.StringVar(&t.ClientContext, "client-context", "", "a `JSON` object that the function sees as its client context")
	fs.StringVar(&t.Tenant, "tenant", "", "the `ID` of the tenant, for a function with tenant isolation")
	fs.StringVar(&t.Region, "region", "", "the AWS `region`; else AWS_REGION, else the profile's")
	fs.StringVar(&t.Profile, "profile", "", "the `profile` of the shared AWS files; else AWS_PROFILE")
	fs.StringVar(&t.Endpoint, "endpoint", "", "the `URL` to call, for an emulator for instance")
	fs.IntVar(&t.Attempts, "attempts", 0, "try `n` times at most; 1 never retries (default 3, unless configured)")
	fs.ExplainAWSFlags()
}

// SetOperands takes the function's name and checks what the flags say.
func (t *Target) SetOperands(operands []string) error {
	switch {
	case len(operands) == 0:
		return errors.New("which function?")
	case len(operands) > 1:
		return fmt.Errorf("one function at a time, not also %q", operands[1])
	case t.Attempts < 0:
		return errors.New("-attempts must not be negative")
	}
	t.Function = operands[0]
	return nil
}

// EncodedClientContext is the client context as it is sent, "" if there is none.
func (t *Target) EncodedClientContext() (string, error) {
	if t.ClientContext == "" {
		return "", nil
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(t.ClientContext), &object) != nil || object == nil {
		return "", errors.New("-client-context is not a JSON object; it is given as JSON, not in base64")
	}
	return invoke.EncodeClientContext(json.RawMessage(t.ClientContext))
}

// Client finds region, credentials and the rest as the AWS CLI does, and lets
// the flags win.
func (t *Target) Client(ctx context.Context) (*invoke.Client, error) {
	var found []func(*config.LoadOptions) error
	if t.Profile != "" {
		found = append(found, config.WithSharedConfigProfile(t.Profile))
	}
	if t.Region != "" {
		found = append(found, config.WithRegion(t.Region))
	}
	opts, err := awsconfig.Load(ctx, found...)
	if err != nil {
		return nil, err
	}
	client, err := invoke.New(opts, func(o *invoke.Options) {
		if t.Endpoint != "" {
			o.BaseEndpoint = t.Endpoint
		}
		if t.Attempts != 0 {
			o.Retry.MaxAttempts = t.Attempts
		}
		o.Retry.Idempotent = t.Idempotent
	})
	if err != nil && opts.Region == "" {
		return nil, fmt.Errorf("%w; here, -region gives it", err)
	}
	return client, err
}
