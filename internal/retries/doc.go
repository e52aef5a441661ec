// Package retries applies a retry.Policy to one call.
//
// A [Session] counts the attempts of a call and says after each failure whether another one follows, and when. It retries
// what is worth it and safe: a retry.Class that is Retryable, and that cannot have run the function unless the policy
// declares the call idempotent. Delays are those the AWS SDKs agreed on for 2026: full jitter over an interval that
// doubles, or longer where the service asks for it. A [Quota], shared by the calls of a client, is a token bucket that stops
// retries while the service keeps failing.
//
// It sends nothing and knows nothing of package invoke. Time is the process's, so tests make it virtual.
package retries
