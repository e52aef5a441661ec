// Package requests compares what the two clients send: method, request target, headers, which of them are signed, and
// body, as a server receives them.
package requests
