package observability

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// sdkClient makes the AWS SDK for Go's client for a server.
func sdkClient(t *testing.T, s *invoketest.Server, o *observer) *lambda.Client {
	t.Helper()
	opts := s.Options()
	return lambda.New(lambda.Options{
		Region:       opts.Region,
		BaseEndpoint: aws.String(s.URL()),
		Credentials: aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
			creds, err := opts.Credentials.Retrieve(ctx)
			return aws.Credentials{AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey}, err
		}),
		TracerProvider: o.tracerProvider(),
		MeterProvider:  o.meterProvider(),
	})
}

// callBoth makes the same calls with both clients, each under an observer of
// its own: one that is answered, and one of a function that does not exist.
func callBoth(t *testing.T) (ours, sdk *observer) {
	ours, sdk = newObserver(t), newObserver(t)
	s := newServer(t)
	client, official := newClient(t, s.Options(), ours.watch), sdkClient(t, s, sdk)

	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	require.NoError(t, err)
	_, err = official.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("echo"), Payload: []byte("{}")})
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing"})
	require.Error(t, err)
	_, err = official.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("missing")})
	require.Error(t, err)
	return ours, sdk
}

func TestMetricsAreThoseOfTheAWSSDKForGo(t *testing.T) {
	ours, sdk := callBoth(t)
	require.Equal(t, normal(sdk.series()), normal(ours.series()))
}

// normal leaves the counts out that depend on the connections, which each
// client keeps in its own way.
func normal(all []series) []series {
	for i := range all {
		if strings.HasPrefix(all[i].name, "client.http.connections.") {
			all[i].count = 0
		}
	}
	return all
}

func TestSpansAreThoseOfTheAWSSDKForGo(t *testing.T) {
	ours, sdk := callBoth(t)
	want := slices.DeleteFunc(sdk.tree(), func(path string) bool {
		return strings.HasSuffix(path, "/ResolveAuthScheme") // a choice that the library has no need of
	})
	require.Equal(t, want, ours.tree())

	for _, name := range []string{"Lambda.Invoke", "Attempt", "RetryLoop", "GetIdentity", "SignRequest", "DoHTTPRequest", "OperationSerializer", "OperationDeserializer"} {
		for n := range 2 {
			theirs, mine := sdk.span(name, n), ours.span(name, n)
			require.Equal(t, theirs.InstrumentationScope.Name, mine.InstrumentationScope.Name)
			require.Equal(t, theirs.SpanKind, mine.SpanKind, name)
			for key, value := range attributes(theirs) {
				switch key {
				case "api.error_message": // may quote the request
				case "exception.type", "exception.message", "http.request_content_length", "aws.request_id":
					require.Contains(t, attributes(mine), key, name)
				default:
					require.Equal(t, value, attributes(mine)[key], "%s %s", name, key)
				}
			}
		}
	}
}
