// Package retry decides what happens after a failed attempt: whether another
// one is worth making, whether it is safe, and how long to wait before it.
//
// Two questions are kept apart. [Class].Retryable says that another attempt
// might succeed. [Class].MayHaveExecuted says that the function may already
// have run. A client retries when the first is true and the second is false;
// only a call that the caller declared idempotent ([Policy].Idempotent) is
// repeated in spite of the second. Everything that cannot be told for certain
// counts as "may have executed".
//
// A program needs [Policy], [Classify] and the errors. [Session], [Quota] and
// [WithEarlier] are how package invoke applies a policy, for those who make a
// loop of their own.
//
// The delays are those the AWS SDKs agreed on for 2026: full jitter over an
// exponentially growing interval, and a [Quota] that stops a client from
// drowning a service which is down.
package retry
