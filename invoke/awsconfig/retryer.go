package awsconfig

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	sdkretry "github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// retryPolicy returns the policy that cfg stands for. The error says what a
// Retryer does that no policy can.
func retryPolicy(cfg aws.Config) (retry.Policy, error) {
	var retryer aws.Retryer
	if cfg.Retryer != nil {
		retryer = cfg.Retryer()
	}
	if retryer == nil {
		return retry.Policy{MaxAttempts: cfg.RetryMaxAttempts}, nil // 0 is the common default
	}
	// To a Retryer, 0 is no limit.
	policy := retry.Policy{MaxAttempts: cmp.Or(cfg.RetryMaxAttempts, retryer.MaxAttempts(), math.MaxInt32)}
	if policy.MaxAttempts == 1 { // nothing else matters
		return policy, nil
	}
	policy.Retryable = retryer.IsErrorRetryable
	if problem := carryOver(retryer, &policy); problem != "" {
		return policy, fmt.Errorf("awsconfig: the Retryer of aws.Config cannot be carried over, because %s: "+
			"use one without, or none, and set Options.Retry to what is wanted", problem)
	}
	return policy, nil
}

// carryOver sets the delays and the quota of policy to those of retryer, or says
// why that is not possible.
func carryOver(retryer aws.Retryer, policy *retry.Policy) (problem string) {
	options, ok := standardOptions(retryer)
	if !ok {
		return fmt.Sprintf("its delays and its quota are not known (%T)", unwrap(retryer))
	}
	defaults, _ := standardOptions(sdkretry.NewStandard())

	switch options.Backoff.(type) {
	case nil, *sdkretry.ExponentialJitterBackoff:
	default:
		return fmt.Sprintf("the delays of its Backoff are not known (%T)", options.Backoff)
	}
	if options.BaseDelay != defaults.BaseDelay {
		policy.BaseDelay = atLeast1(options.BaseDelay)
	}
	if longest, ok := longestDelay(retryer); ok {
		policy.MaxDelay = atLeast1(longest)
	} else if options.MaxBackoff != defaults.MaxBackoff {
		policy.MaxDelay = atLeast1(options.MaxBackoff)
	}

	switch limiter := options.RateLimiter.(type) {
	case *ratelimit.TokenRateLimit:
		// Not Remaining: a limiter that is shared with other clients may just be used up.
		if tokens, ok := capacity(limiter); !ok {
			return fmt.Sprintf("the quota of its RateLimiter is not known (%T)", limiter)
		} else if tokens != sdkretry.DefaultRetryRateTokens {
			policy.Quota = int(atLeast1(tokens))
		}
	default:
		if limiter != ratelimit.None {
			return fmt.Sprintf("the quota of its RateLimiter is not known (%T)", limiter)
		}
		policy.Quota = -1
	}
	if options.RetryCost != defaults.RetryCost || options.ThrottlingRetryCost != defaults.ThrottlingRetryCost ||
		options.NoRetryIncrement != defaults.NoRetryIncrement {
		return "its RetryCost, ThrottlingRetryCost or NoRetryIncrement is not the default"
	}
	return ""
}

// capacity returns how many tokens a full limiter has, which the SDK shows to nobody.
func capacity(limiter *ratelimit.TokenRateLimit) (tokens uint, ok bool) {
	bucket := reflect.Indirect(reflect.Indirect(reflect.ValueOf(limiter)).FieldByName("bucket"))
	if bucket.Kind() != reflect.Struct {
		return 0, false
	}
	field := bucket.FieldByName("maxCapacity")
	if field.Kind() != reflect.Uint {
		return 0, false
	}
	return uint(field.Uint()), true
}

// atLeast1 is n, or 1 where that is 0: to a policy, 0 is the default.
func atLeast1[T time.Duration | uint](n T) T { return max(n, 1) }

// longestDelay returns the longest delay of a Retryer whose delays reach it, as
// those of AddWithMaxBackoffDelay do. Those of a Standard are drawn at random
// below it.
func longestDelay(retryer aws.Retryer) (time.Duration, bool) {
	const late = 1 << 10 // the number of an attempt by which every delay has reached its bound
	longest, err := retryer.RetryDelay(late, errLate)
	if err != nil || longest < 0 {
		return 0, false
	}
	for range 3 {
		if again, err := retryer.RetryDelay(late, errLate); err != nil || again != longest {
			return 0, false
		}
	}
	return longest, true
}

var errLate = errors.New("awsconfig: asks for the longest delay")
