package eventstream

import (
	"encoding/json"
	"errors"
	"fmt"

	smithy "github.com/aws/smithy-go/eventstream"
)

// Kind tells what an event means.
type Kind int

// The kinds of events. An unknown one is an event that the service has added
// since: skip it.
const (
	KindUnknown   Kind = iota
	KindPayload        // some of the function's bytes
	KindComplete       // the function's end; no payload comes after it
	KindException      // the service's, in place of the function's end
)

// String returns the kind's name, for messages.
func (k Kind) String() string {
	switch k {
	case KindPayload:
		return "payload"
	case KindComplete:
		return "complete"
	case KindException:
		return "exception"
	default:
		return "unknown"
	}
}

// Types of events, as the service names them.
const (
	PayloadChunk   = "PayloadChunk"
	InvokeComplete = "InvokeComplete"
)

// Event is one message of the stream.
type Event struct {
	Kind Kind
	// Type is the service's name for the event, or for the exception. It may be
	// empty for an exception whose message does not give its name.
	Type string
	// Payload is the message's body: the function's bytes for KindPayload, JSON
	// for KindComplete and most often for KindException. It is valid until the
	// next call of Next.
	Payload []byte
	// Complete is what Payload says, for KindComplete.
	Complete Complete
	// ErrorMessage is set for a KindException that has its message in the
	// headers and not in Payload.
	ErrorMessage string
}

// Complete says how the function ended. With an empty ErrorCode it succeeded.
type Complete struct {
	ErrorCode    string `json:"ErrorCode,omitempty"`
	ErrorDetails string `json:"ErrorDetails,omitempty"`
	LogResult    string `json:"LogResult,omitempty"` // base64, if the log was asked for
}

// newEvent interprets a message. An event of a type that is not known is one to
// skip; a message of a kind that is not known may be an error, and so is one.
func newEvent(message smithy.Message) (Event, error) {
	header := func(name string) string {
		value, _ := message.Headers.Get(name).(smithy.StringValue)
		return string(value)
	}
	event := Event{Payload: message.Payload}
	switch messageType := header(smithy.MessageTypeHeader); messageType {
	case smithy.EventMessageType:
		event.Type = header(smithy.EventTypeHeader)
	case smithy.ExceptionMessageType:
		event.Kind, event.Type = KindException, header(smithy.ExceptionTypeHeader)
	case smithy.ErrorMessageType:
		event.Kind, event.Type = KindException, header(smithy.ErrorCodeHeader)
		event.ErrorMessage = header(smithy.ErrorMessageHeader)
	default:
		return Event{}, fmt.Errorf("its message type is %.64q", messageType)
	}
	if event.Kind == KindException {
		return event, nil
	}

	switch event.Type {
	case PayloadChunk:
		event.Kind = KindPayload
	case InvokeComplete:
		event.Kind = KindComplete
		if len(event.Payload) > 0 && json.Unmarshal(event.Payload, &event.Complete) != nil {
			return Event{}, errors.New(InvokeComplete + " is not the expected JSON")
		}
	}
	return event, nil
}
