package wire

import "strings"

// Operations' paths, before and after what they are about: a function's name, or an execution's ARN.
const (
	invokePrefix, invokeSuffix = "/2015-03-31/functions/", "/invocations"
	streamPrefix, streamSuffix = "/2021-11-15/functions/", "/response-streaming-invocations"
	executionPrefix            = "/2025-12-01/durable-executions/"
	stopSuffix                 = "/stop"
)

// InvokePath returns the path of the operation Invoke for url.URL's Path and RawPath: functionName is one segment, in which every byte
// but RFC 3986's unreserved characters is percent-encoded. rawPath is "" where url.URL would encode path to the same by itself.
func InvokePath(functionName string) (path, rawPath string) {
	return join(invokePrefix, functionName, invokeSuffix)
}

// ResponseStreamPath is InvokePath for the operation InvokeWithResponseStream.
func ResponseStreamPath(functionName string) (path, rawPath string) {
	return join(streamPrefix, functionName, streamSuffix)
}

// DurableExecutionPath is InvokePath for the operation GetDurableExecution and the ARN of an execution.
func DurableExecutionPath(arn string) (path, rawPath string) { return join(executionPrefix, arn, "") }

// StopDurableExecutionPath is DurableExecutionPath for the operation StopDurableExecution.
func StopDurableExecutionPath(arn string) (path, rawPath string) {
	return join(executionPrefix, arn, stopSuffix)
}

func join(prefix, segment, suffix string) (path, rawPath string) {
	path = prefix + segment + suffix
	if strings.ContainsAny(segment, "$&+,/:;=@") { // what url.URL leaves as it is in a path, and a segment must not
		rawPath = escape(prefix, segment, suffix, isUnreserved)
	}
	return path, rawPath
}

// EscapeQuery percent-encodes every byte of a query's value but RFC 3986's unreserved characters. A space becomes %20, never a plus.
func EscapeQuery(value string) string { return escape("", value, "", isUnreserved) }

// PercentEncodeTrace writes a trace ID the way a header carries it: percent-encoded but for letters, digits and -=;:+&[]{}"',
func PercentEncodeTrace(trace string) string { return escape("", trace, "", isTrace) }

// escape returns prefix, s and suffix in one, with each byte of s that keep refuses as %XX.
func escape(prefix, s, suffix string, keep func(byte) bool) string {
	refused := 0
	for i := range len(s) {
		if !keep(s[i]) {
			refused++
		}
	}
	if refused == 0 {
		return prefix + s + suffix // of which "" + s + "" is s itself
	}
	var b strings.Builder
	b.Grow(len(prefix) + len(s) + 2*refused + len(suffix))
	b.WriteString(prefix)
	for i := range len(s) {
		if c := s[i]; keep(c) {
			b.WriteByte(c)
		} else {
			const digits = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	b.WriteString(suffix)
	return b.String()
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// isUnreserved reports whether c is one of RFC 3986's unreserved characters.
func isUnreserved(c byte) bool {
	return isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

// isTrace reports whether c stands for itself in a trace header.
func isTrace(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte(`-=;:+&[]{}"',`, c) >= 0
}
