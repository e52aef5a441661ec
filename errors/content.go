package errors

import "github.com/lambda-invoke/lambda-invoke-go/internal/wire/printable"

// InvalidRequestContentException says that the payload is not JSON, or that another part of the request cannot be read.
type InvalidRequestContentException struct {
	LambdaServiceException
	// PayloadProblem says what the client found wrong with the payload that it sent, and at which byte, counted from 0: "is not UTF-8 at
	// offset 17: byte 0x97". It never quotes the payload. Empty if the client found nothing wrong.
	PayloadProblem string
}

// Error gives code, message, the payload's problem, status and request ID in one line.
func (e *InvalidRequestContentException) Error() string {
	const name = "InvalidRequestContentException"
	if e.PayloadProblem == "" {
		return e.text(name)
	}
	return e.text(name, "the payload "+printable.Text(e.PayloadProblem, messageLimit))
}
