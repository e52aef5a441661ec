package awsconfig_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	sdkretry "github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func TestTheCodesOfARetryerAreRetried(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Script("f", invoketest.Throw("ServiceQuotaExceededException"))
	opts := awsconfig.FromConfig(aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(s.URL()),
		Credentials:  credentialsOf(s),
		Retryer: func() aws.Retryer {
			return sdkretry.AddWithErrorCodes(sdkretry.AddWithMaxBackoffDelay(sdkretry.NewStandard(), 7*time.Millisecond), "ServiceQuotaExceededException")
		},
	})
	client, err := invoke.New(opts)
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	var missing *errors.ResourceNotFoundException
	require.ErrorAs(t, err, &missing, "the second attempt's")
	require.Len(t, s.Requests(), 2)

	require.False(t, opts.Retry.Retryable(&errors.ResourceNotFoundException{}))
	require.Nil(t, awsconfig.FromConfig(aws.Config{}).Retry.Retryable)
}

// own is a Retryer of a program's own, of the kind that changes one thing.
type own struct{ aws.Retryer }

func (own) IsErrorRetryable(error) bool { return true }

// once makes one attempt only.
type once struct{ aws.Retryer }

func (once) MaxAttempts() int { return 1 }

type ownLimiter struct{ sdkretry.RateLimiter }

func standard(optFns ...func(*sdkretry.StandardOptions)) aws.Retryer {
	return sdkretry.NewStandard(optFns...)
}

func TestARetryerIsCarriedOver(t *testing.T) {
	for name, tc := range map[string]struct {
		cfg  aws.Config
		with aws.Retryer
		want retry.Policy
	}{
		"none":                        {},
		"the number of attempts":      {cfg: aws.Config{RetryMaxAttempts: 4}, want: retry.Policy{MaxAttempts: 4}},
		"a mode":                      {cfg: aws.Config{RetryMode: aws.RetryModeAdaptive}},
		"a function that makes none":  {cfg: aws.Config{Retryer: func() aws.Retryer { return nil }, RetryMaxAttempts: 4}, want: retry.Policy{MaxAttempts: 4}},
		"the default":                 {with: standard(), want: retry.Policy{MaxAttempts: 3}},
		"attempts":                    {with: standard(func(o *sdkretry.StandardOptions) { o.MaxAttempts = 5 }), want: retry.Policy{MaxAttempts: 5}},
		"attempts, wrapped":           {with: sdkretry.AddWithMaxAttempts(standard(), 5), want: retry.Policy{MaxAttempts: 5}},
		"attempts without a limit":    {with: sdkretry.AddWithMaxAttempts(standard(), 0), want: retry.Policy{MaxAttempts: math.MaxInt32}},
		"the number before a Retryer": {cfg: aws.Config{RetryMaxAttempts: 2}, with: standard(), want: retry.Policy{MaxAttempts: 2}},
		"MaxBackoff":                  {with: standard(func(o *sdkretry.StandardOptions) { o.MaxBackoff = 5 * time.Second }), want: retry.Policy{MaxAttempts: 3, MaxDelay: 5 * time.Second}},
		"no delay":                    {with: standard(func(o *sdkretry.StandardOptions) { o.MaxBackoff = 0 }), want: retry.Policy{MaxAttempts: 3, MaxDelay: 1}},
		"MaxBackoff, wrapped":         {with: sdkretry.AddWithMaxBackoffDelay(standard(), 5*time.Second), want: retry.Policy{MaxAttempts: 3, MaxDelay: 5 * time.Second}},
		"MaxBackoff, of former times": {with: standard(func(o *sdkretry.StandardOptions) { o.Backoff = sdkretry.NewExponentialJitterBackoff(5 * time.Second) }), want: retry.Policy{MaxAttempts: 3, MaxDelay: 5 * time.Second}},
		"BaseDelay":                   {with: standard(func(o *sdkretry.StandardOptions) { o.BaseDelay = time.Second }), want: retry.Policy{MaxAttempts: 3, BaseDelay: time.Second}},
		"no quota":                    {with: standard(func(o *sdkretry.StandardOptions) { o.RateLimiter = ratelimit.None }), want: retry.Policy{MaxAttempts: 3, Quota: -1}},
		"a larger quota":              {with: standard(func(o *sdkretry.StandardOptions) { o.RateLimiter = ratelimit.NewTokenRateLimit(9000) }), want: retry.Policy{MaxAttempts: 3, Quota: 9000}},
		"a quota of nothing":          {with: standard(func(o *sdkretry.StandardOptions) { o.RateLimiter = ratelimit.NewTokenRateLimit(0) }), want: retry.Policy{MaxAttempts: 3, Quota: 1}},
		"codes around everything":     {with: sdkretry.AddWithErrorCodes(sdkretry.AddWithMaxAttempts(sdkretry.AddWithLongPolling(standard()), 5), "Odd"), want: retry.Policy{MaxAttempts: 5}},
		"never":                       {with: aws.NopRetryer{}, want: retry.Policy{MaxAttempts: 1}},
		"never, of one's own":         {with: once{standard()}, want: retry.Policy{MaxAttempts: 1}},
		"of one's own, but never":     {cfg: aws.Config{RetryMaxAttempts: 1}, with: own{standard()}, want: retry.Policy{MaxAttempts: 1}},
		"adaptive, but never":         {cfg: aws.Config{RetryMaxAttempts: 1}, with: sdkretry.NewAdaptiveMode(), want: retry.Policy{MaxAttempts: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.cfg.Region, tc.cfg.Credentials = "us-east-1", staticProvider()
			if tc.with != nil {
				tc.cfg.Retryer = func() aws.Retryer { return tc.with }
			}
			opts := awsconfig.FromConfig(tc.cfg)
			require.Equal(t, tc.with != nil && tc.want.MaxAttempts != 1, opts.Retry.Retryable != nil)
			opts.Retry.Retryable = nil // functions cannot be compared
			require.Equal(t, tc.want, opts.Retry)
			_, err := invoke.New(opts)
			require.NoError(t, err)
		})
	}
}

func TestARetryerThatCannotBeCarriedOverIsRefusedWithTheReason(t *testing.T) {
	for name, tc := range map[string]struct {
		retryer aws.Retryer
		want    string
	}{
		"adaptive":          {sdkretry.NewAdaptiveMode(), "its delays and its quota are not known (*retry.AdaptiveMode)"},
		"adaptive, wrapped": {sdkretry.AddWithMaxAttempts(sdkretry.NewAdaptiveMode(), 5), "its delays and its quota are not known (*retry.AdaptiveMode)"},
		"one's own":         {own{standard()}, "its delays and its quota are not known (awsconfig_test.own)"},
		"one's own, wrapped": {sdkretry.AddWithErrorCodes(own{standard()}, "Odd"),
			"its delays and its quota are not known (awsconfig_test.own)"},
		"delays": {
			standard(func(o *sdkretry.StandardOptions) {
				o.Backoff = sdkretry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return time.Minute, nil })
			}),
			"the delays of its Backoff are not known (retry.BackoffDelayerFunc)",
		},
		"quota": {
			standard(func(o *sdkretry.StandardOptions) { o.RateLimiter = ownLimiter{o.RateLimiter} }),
			"the quota of its RateLimiter is not known (awsconfig_test.ownLimiter)",
		},
		"costs": {
			standard(func(o *sdkretry.StandardOptions) { o.RetryCost = 1 }),
			"its RetryCost, ThrottlingRetryCost or NoRetryIncrement is not the default",
		},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, nil, profiles, secrets)
			opts, err := awsconfig.Load(context.Background(), config.WithRetryer(func() aws.Retryer { return tc.retryer }))
			require.NoError(t, err)
			_, err = invoke.New(opts)
			require.ErrorContains(t, err, "awsconfig: the Retryer of aws.Config cannot be carried over, because "+tc.want+
				": use one without, or none, and set Options.Retry to what is wanted")
		})
	}
}

func TestEverythingThatCannotBeCarriedOverIsReportedAtOnce(t *testing.T) {
	_, err := invoke.New(awsconfig.FromConfig(aws.Config{
		Retryer: func() aws.Retryer { return own{standard()} },
		//lint:ignore SA1019 what is deprecated may still be set
		EndpointResolverWithOptions: aws.EndpointResolverWithOptionsFunc(func(string, string, ...any) (aws.Endpoint, error) { return aws.Endpoint{}, nil }),
	}))
	for _, part := range []string{"the Retryer of aws.Config", "EndpointResolver", "Region is empty", "Credentials is nil"} {
		require.ErrorContains(t, err, part)
	}
}

// One Retryer for all clients of a program is how the SDK's users share a quota.
func TestAQuotaThatIsUsedUpIsCarriedOverWhole(t *testing.T) {
	for tokens, want := range map[uint]int{sdkretry.DefaultRetryRateTokens: 0, 900: 900} {
		shared := sdkretry.NewStandard(func(o *sdkretry.StandardOptions) { o.RateLimiter = ratelimit.NewTokenRateLimit(tokens) })
		for {
			if _, err := shared.GetRetryToken(t.Context(), context.DeadlineExceeded); err != nil {
				break
			}
		}
		opts := awsconfig.FromConfig(aws.Config{Region: "us-east-1", Retryer: func() aws.Retryer { return shared }})
		require.Equal(t, want, opts.Retry.Quota)
	}
}
