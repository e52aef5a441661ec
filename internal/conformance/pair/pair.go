// Package pair makes the two clients that are held against each other, this one and the AWS SDK for Go's, for one
// endpoint and one identity, and puts what they return into one form that can be compared.
package pair

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// The identity and region of both clients, where a test does not say otherwise.
const (
	Region       = "us-east-1"
	AccessKeyID  = "AKIDEXAMPLE"
	Secret       = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	SessionToken = "session-token"
)

// Pair is one client of each kind.
type Pair struct {
	Ours *invoke.Client
	SDK  *lambda.Client
}

// Config is what both clients are made with.
type Config struct {
	Endpoint    string
	MaxAttempts int // 0: each client's default
	HTTPClient  func() *http.Client
	Ours        []func(*invoke.Options)
	SDK         []func(*lambda.Options)
}

// New makes a pair for an endpoint. Each call is made once only unless MaxAttempts is set by an option.
func New(tb testing.TB, endpoint string, optFns ...func(*Config)) Pair {
	tb.Helper()
	p, err := Make(endpoint, optFns...)
	if err != nil {
		tb.Fatalf("the client cannot be made: %v", err)
	}
	return p
}

// Make is New for programs.
func Make(endpoint string, optFns ...func(*Config)) (Pair, error) {
	cfg := Config{Endpoint: endpoint, MaxAttempts: 1}
	for _, fn := range optFns {
		fn(&cfg)
	}
	ours := invoke.Options{
		Region:       Region,
		Credentials:  invoke.StaticCredentials(AccessKeyID, Secret, SessionToken),
		BaseEndpoint: cfg.Endpoint,
	}
	ours.Retry.MaxAttempts = cfg.MaxAttempts
	theirs := lambda.Options{
		Region:           Region,
		Credentials:      credentials.NewStaticCredentialsProvider(AccessKeyID, Secret, SessionToken),
		BaseEndpoint:     aws.String(cfg.Endpoint),
		RetryMaxAttempts: cfg.MaxAttempts,
	}
	if cfg.HTTPClient != nil {
		ours.HTTPClient, theirs.HTTPClient = cfg.HTTPClient(), cfg.HTTPClient()
	}
	client, err := invoke.New(ours, cfg.Ours...)
	return Pair{Ours: client, SDK: lambda.New(theirs, cfg.SDK...)}, err
}

// Invoke makes the same call with both clients and returns what each made of it.
func (p Pair) Invoke(ctx context.Context, in *invoke.InvokeInput) (ours, sdk Outcome) {
	return OurOutcome(p.Ours.Invoke(ctx, in)), SDKOutcome(p.SDK.Invoke(ctx, SDKInput(in)))
}

// SDKInput is the same input for the SDK: a member that is not set is a nil pointer there.
func SDKInput(in *invoke.InvokeInput) *lambda.InvokeInput {
	return &lambda.InvokeInput{
		FunctionName:         optional(in.FunctionName),
		Qualifier:            optional(in.Qualifier),
		InvocationType:       types.InvocationType(in.InvocationType),
		LogType:              types.LogType(in.LogType),
		ClientContext:        optional(in.ClientContext),
		DurableExecutionName: optional(in.DurableExecutionName),
		TenantId:             optional(in.TenantId),
		Payload:              in.Payload,
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// As is errors.As for a type, in an expression.
func As[T error](err error) (T, bool) {
	var target T
	ok := errors.As(err, &target)
	return target, ok
}
