// Package layers holds a test of the direction of imports: they go down only.
//
//	invoke/durable  invoke/invoketest   on top of invoke
//	invoke                              the client
//	transport  internal/…               know nothing of invoke; internal/credentials asks by transport
//	retry
//	errors
//
// Nothing below imports what stands above it, in code or in tests of its own package.
package layers
