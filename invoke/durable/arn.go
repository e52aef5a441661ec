package durable

import "strings"

// arn is what the ARN of an execution is made of:
// arn:{partition}:lambda:{region}:{account}:function:{function}:{version}/durable-execution/{name}/{id}
type arn struct {
	function, version, name, id string
}

// maxARN is the service's limit, in characters.
const maxARN = 1024

// parseARN reads the ARN of an execution. It asks for the form alone: which
// characters a part may have is for the service to say, as long as none of them
// can mean something else in a path.
func parseARN(s string) (a arn, ok bool) {
	if len(s) > maxARN {
		return arn{}, false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			return arn{}, false
		}
	}
	function, execution, _ := strings.Cut(s, "/durable-execution/")
	parts := strings.Split(function, ":")
	if len(parts) != 8 || parts[0] != "arn" || parts[2] != "lambda" || parts[5] != "function" {
		return arn{}, false
	}
	a = arn{function: parts[6], version: parts[7]}
	a.name, a.id, _ = strings.Cut(execution, "/")
	for _, part := range append(parts, a.name, a.id) {
		if part == "" || strings.Contains(part, "/") {
			return arn{}, false
		}
	}
	return a, true
}

// sameExecution reports whether two ARNs are about one execution. The service may
// write the function's version in more than one way.
func sameExecution(a, b arn) bool { return a.name == b.name && a.id == b.id }
