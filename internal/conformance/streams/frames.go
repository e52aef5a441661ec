// Package streams gives both clients the same response streams and compares the bytes and the ends that they come to.
package streams

import (
	"bytes"

	"github.com/aws/smithy-go/eventstream"
)

// Frame is one message of a response stream as bytes, written with smithy-go's encoder.
type Frame []byte

// Chunk carries bytes of the function.
func Chunk(payload []byte) Frame {
	return frame(payload, eventstream.MessageTypeHeader, "event", eventstream.EventTypeHeader, "PayloadChunk",
		eventstream.ContentTypeHeader, "application/octet-stream")
}

// Complete ends the function; body is JSON.
func Complete(body string) Frame {
	return frame([]byte(body), eventstream.MessageTypeHeader, "event", eventstream.EventTypeHeader, "InvokeComplete",
		eventstream.ContentTypeHeader, "application/json")
}

// Unknown is an event of a type that neither client knows.
func Unknown() Frame {
	return frame([]byte(`{"new":true}`), eventstream.MessageTypeHeader, "event", eventstream.EventTypeHeader, "SomethingNew",
		eventstream.ContentTypeHeader, "application/json")
}

// Exception is an error of the service inside the stream.
func Exception(code, body string) Frame {
	return frame([]byte(body), eventstream.MessageTypeHeader, "exception", eventstream.ExceptionTypeHeader, code,
		eventstream.ContentTypeHeader, "application/json")
}

// Failure is an error that has its code and message in the headers.
func Failure(code, message string) Frame {
	return frame(nil, eventstream.MessageTypeHeader, "error", eventstream.ErrorCodeHeader, code, eventstream.ErrorMessageHeader, message)
}

// Flipped is the frame with one bit of the byte at changed.
func (f Frame) Flipped(at int) Frame {
	g := bytes.Clone(f)
	g[at] ^= 1
	return g
}

func frame(payload []byte, headers ...string) Frame {
	m := eventstream.Message{Payload: payload}
	for i := 0; i < len(headers); i += 2 {
		m.Headers.Set(headers[i], eventstream.StringValue(headers[i+1]))
	}
	var b bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&b, m); err != nil {
		panic(err) // a frame of this package's own making that does not fit the format
	}
	return b.Bytes()
}
