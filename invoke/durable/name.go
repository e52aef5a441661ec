package durable

import (
	"strings"

	smithy "github.com/aws/smithy-go"

	"github.com/lambda-invoke/lambda-invoke-go/internal/lambdaop"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// maxName is the service's limit on the name of an execution, in characters.
const maxName = 64

// check returns what is wrong with the request that starts an execution, nil for
// a good one. Package invoke checks the rest.
func check(in *invoke.InvokeInput) (reasons []smithy.InvalidParamError) {
	switch name := in.DurableExecutionName; {
	case name == "":
		reasons = append(reasons, smithy.NewErrParamRequired("DurableExecutionName"))
	case len(name) > maxName || strings.ContainsFunc(name, notInName):
		reasons = append(reasons, lambdaop.Invalid("DurableExecutionName", "a name has 1 to 64 of the characters a-z, A-Z, 0-9, - and _"))
	}
	if in.FunctionName != "" && in.Qualifier == "" && !hasQualifier(in.FunctionName) {
		reasons = append(reasons, lambdaop.Invalid("Qualifier", "a durable function is called with a version, an alias or $LATEST"))
	}
	return reasons
}

func notInName(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
}

// hasQualifier reports whether what names a function (a name, a partial or a full
// ARN) ends in a version or an alias.
func hasQualifier(function string) bool {
	if i := strings.LastIndex(function, "function:"); i == 0 || i > 0 && function[i-1] == ':' {
		function = function[i+len("function:"):]
	}
	_, qualifier, _ := strings.Cut(function, ":")
	return qualifier != ""
}
