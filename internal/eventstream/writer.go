package eventstream

import (
	"encoding/json"
	"fmt"
	"io"

	smithy "github.com/aws/smithy-go/eventstream"
)

// AppendEvent writes one event to w. A payload of more than about 23 MB does
// not fit a frame and is an error.
func AppendEvent(w io.Writer, eventType string, payload []byte) error {
	contentType := "application/json"
	if eventType == PayloadChunk {
		contentType = "application/octet-stream"
	}
	return write(w, payload,
		smithy.MessageTypeHeader, smithy.EventMessageType,
		smithy.EventTypeHeader, eventType,
		smithy.ContentTypeHeader, contentType)
}

// AppendComplete writes the event that ends a stream.
func AppendComplete(w io.Writer, complete Complete) error {
	payload, err := json.Marshal(complete)
	if err != nil {
		return err
	}
	return AppendEvent(w, InvokeComplete, payload)
}

// AppendException writes an exception of the service, whose payload is JSON
// such as {"message":"…"}.
func AppendException(w io.Writer, exceptionType string, payload []byte) error {
	return write(w, payload,
		smithy.MessageTypeHeader, smithy.ExceptionMessageType,
		smithy.ExceptionTypeHeader, exceptionType,
		smithy.ContentTypeHeader, "application/json")
}

// AppendError writes an error that is not one of the operation's exceptions; it
// has its message in the headers.
func AppendError(w io.Writer, code, message string) error {
	return write(w, nil,
		smithy.MessageTypeHeader, smithy.ErrorMessageType,
		smithy.ErrorCodeHeader, code,
		smithy.ErrorMessageHeader, message)
}

// write writes a message with headers given as names and values in turn.
func write(w io.Writer, payload []byte, headers ...string) error {
	if len(payload) > maxPayloadLen {
		return fmt.Errorf("payload of %d bytes: an event holds %d at most", len(payload), maxPayloadLen)
	}
	message := smithy.Message{Payload: payload}
	for i := 0; i < len(headers); i += 2 {
		message.Headers.Set(headers[i], smithy.StringValue(headers[i+1]))
	}
	return smithy.NewEncoder().Encode(w, message)
}
