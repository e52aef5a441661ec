package lambdaop

import smithy "github.com/aws/smithy-go"

// Invalid returns the error of a member that is set to a wrong value. The value is not part of it, as it may be a secret.
func Invalid(member, reason string) smithy.InvalidParamError {
	return &invalidParam{member: member, reason: reason}
}

// invalidParam is a smithy.InvalidParamError with a reason of its own, which smithy-go offers for missing members only.
type invalidParam struct {
	context, nested, member, reason string
}

func (e *invalidParam) Error() string { return e.reason + ", " + e.Field() + "." }

func (e *invalidParam) Field() string {
	path := e.member
	if e.nested != "" {
		path = e.nested + "." + path
	}
	if e.context != "" {
		path = e.context + "." + path
	}
	return path
}

func (e *invalidParam) SetContext(context string) { e.context = context }

func (e *invalidParam) AddNestedContext(context string) {
	if e.nested != "" {
		context += "." + e.nested
	}
	e.nested = context
}
