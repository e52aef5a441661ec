// Package fanout calls a function for every item of a sequence, as many at a
// time as the service behind it admits.
//
// [Run] is told of each call whether the service admitted it, refused it
// because too many were running, or refused it because too many came in a
// second. From that alone it finds both limits and follows them: an AIMD
// limiter bounds the calls in flight, a token bucket spaces them. Refused items
// wait in a retry queue and are called again, oldest first, until the context
// ends, the item's own timeout passes or Config.Stop is closed. The package knows
// nothing of what a call is: no HTTP, no JSON, no error types.
//
// Every item that was pulled is yielded or handed to Config.Abandoned, exactly
// once, and no goroutine is left when Run returns.
package fanout
