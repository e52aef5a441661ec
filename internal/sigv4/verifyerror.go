package sigv4

import "strconv"

// Reason says why a signature was refused. The zero value is no reason.
type Reason int

const (
	// ReasonMissing says that there is no Authorization header.
	ReasonMissing Reason = iota + 1
	// ReasonIncomplete says that the Authorization or X-Amz-Date header is malformed or lacks a part.
	ReasonIncomplete
	// ReasonUnknownKey says that nobody has that access key ID.
	ReasonUnknownKey
	// ReasonTokenMismatch says that the session token is wrong, missing, or not expected.
	ReasonTokenMismatch
	// ReasonExpired says that the request was signed too long ago.
	ReasonExpired
	// ReasonNotYetCurrent says that the request was signed too far in the future.
	ReasonNotYetCurrent
	// ReasonUnsignedHeader says that a header that must be signed is not.
	ReasonUnsignedHeader
	// ReasonMismatch says that the request is not the one that was signed, or not with that secret.
	ReasonMismatch
)

// String returns the reason's name, in lower case.
func (r Reason) String() string {
	switch r {
	case ReasonMissing:
		return "missing signature"
	case ReasonIncomplete:
		return "incomplete signature"
	case ReasonUnknownKey:
		return "unknown access key"
	case ReasonTokenMismatch:
		return "token mismatch"
	case ReasonExpired:
		return "signature expired"
	case ReasonNotYetCurrent:
		return "signature not yet current"
	case ReasonUnsignedHeader:
		return "unsigned header"
	case ReasonMismatch:
		return "signature mismatch"
	}
	return "Reason(" + strconv.Itoa(int(r)) + ")"
}

// Code returns the exception with which the service answers, always with
// status 403.
func (r Reason) Code() string {
	switch r {
	case ReasonMissing:
		return "MissingAuthenticationTokenException"
	case ReasonIncomplete:
		return "IncompleteSignatureException"
	case ReasonUnknownKey, ReasonTokenMismatch:
		return "UnrecognizedClientException"
	}
	return "InvalidSignatureException"
}

// VerifyError is a signature that [Verify] refused. Detail says what is wrong
// in words fit for a reply: it holds no secret, no signature and no part of
// what was signed, but the date and the names of headers.
type VerifyError struct {
	Reason Reason
	Detail string
}

// Error returns the reason and the detail.
func (e *VerifyError) Error() string { return "sigv4: " + e.Reason.String() + ": " + e.Detail }

func fail(reason Reason, detail string) *VerifyError {
	return &VerifyError{Reason: reason, Detail: detail}
}
