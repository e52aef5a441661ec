package invoketest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// reply is what a request is answered with.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func newReply(status int, contentType string, body []byte) *reply {
	rep := &reply{status: status, header: make(http.Header), body: body}
	if contentType != "" {
		rep.header.Set(wire.HeaderContentType, contentType)
	}
	return rep
}

// exception is the reply that a code of the service stands for.
func exception(status int, code, message string) *reply {
	return exceptionWith(status, code, message, nil)
}

// exceptionWith is exception with further members.
func exceptionWith(status int, code, message string, members map[string]string) *reply {
	code, body := exceptionBody(status, code, message, members)
	rep := newReply(status, wire.ContentTypeJSON, body)
	rep.header.Set(wire.HeaderErrorType, code)
	return rep
}

// exceptionBody is an exception's JSON, and its code as it is on the wire,
// where the one for large payloads has another name than in the documentation.
func exceptionBody(status int, code, message string, members map[string]string) (wireCode string, body []byte) {
	if code == "RequestTooLargeException" {
		code = "RequestEntityTooLargeException"
	}
	object := map[string]string{messageMember(code): message}
	for name, value := range members {
		object[name] = value
	}
	if _, documented := errors.LookupException(code); documented {
		object["Type"] = "User"
		if status >= http.StatusInternalServerError {
			object["Type"] = "Server"
		}
	}
	body, _ = json.Marshal(object) // strings always marshal
	return code, body
}

// messageMember is how the exception spells its message: the service does not
// do so in one way.
func messageMember(code string) string {
	switch code {
	case "ResourceConflictException", "TooManyRequestsException", "InvalidParameterValueException",
		"RequestEntityTooLargeException", "UnsupportedMediaTypeException", "InvalidRequestContentException":
		return "message"
	case "AccessDeniedException":
		return "Message"
	}
	if _, documented := errors.LookupException(code); documented {
		return "Message"
	}
	return "message"
}

// throttled is the reply to an invocation beyond a limit.
func throttled(reason errors.ThrottleReason, retryAfter time.Duration) *reply {
	rep := exceptionWith(http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded.",
		map[string]string{"Reason": string(reason)})
	if retryAfter > 0 {
		seconds := (retryAfter + time.Second - 1) / time.Second
		rep.header.Set(wire.HeaderRetryAfter, strconv.FormatInt(int64(seconds), 10))
	}
	return rep
}
