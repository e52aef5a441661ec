package awsconfig_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestARetryersCodesAndLongestDelayAreCarriedOver(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Script("f", invoketest.Throw("ServiceQuotaExceededException"))
	opts := awsconfig.FromConfig(aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(s.URL()),
		Credentials:  credentialsOf(s),
		Retryer: func() aws.Retryer {
			return retry.AddWithErrorCodes(retry.AddWithMaxBackoffDelay(retry.NewStandard(), 7*time.Millisecond), "ServiceQuotaExceededException")
		},
	})
	require.Equal(t, 7*time.Millisecond, opts.Retry.MaxDelay)
	client, err := invoke.New(opts)
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing, "the second attempt's")
	require.Len(t, s.Requests(), 2)

	require.False(t, opts.Retry.Retryable(&errors.ResourceNotFoundException{}))
	require.Nil(t, awsconfig.FromConfig(aws.Config{}).Retry.Retryable)
}
