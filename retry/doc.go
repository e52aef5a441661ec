// Package retry decides what happens after a failed attempt: whether another
// one is worth making, whether it is safe, and how long to wait before it.
//
// Two questions are kept apart. [Class].Retryable says that another attempt
// might succeed. [Class].MayHaveExecuted says that the function may already
// have run. A client retries when the first is true and the second is false;
// only a call that the caller declared idempotent ([Policy].Idempotent) is
// repeated in spite of the second. Everything that cannot be told for certain
// counts as "may have run".
//
// The delays are those the AWS SDKs agreed on for 2026: full jitter over an
// exponentially growing interval. A quota of 500 tokens stops a client from
// drowning a service which is down: a retry costs 14 tokens, 5 where the service
// throttled, and a success gives back what its last retry cost, or 1.
package retry
