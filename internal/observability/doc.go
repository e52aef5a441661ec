// Package observability tests what calls report, with OpenTelemetry's real
// modules and against the AWS SDK for Go's own Lambda client. It is a module of
// its own, which keeps those out of the library's dependencies.
package observability
