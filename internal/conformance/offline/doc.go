// Package offline runs serverless-offline, a Lambda endpoint that others wrote, so that the client meets
// an implementation its own authors had no hand in.
//
// It needs node and npm. Where they are missing, or the endpoint does not start, the test fails: a conformance check
// that skips itself proves nothing.
package offline
