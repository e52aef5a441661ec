package endpoint

import (
	"bytes"
	"fmt"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

// StreamSize is how many bytes the function "stream" sends.
const StreamSize = 200 << 20

const (
	eventSize = 64 << 10 // of the payload of one event, which is one HTTP chunk
	blockSize = 1 << 20  // of the payload that is written at a time
)

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n" +
	"X-Amz-Executed-Version: $LATEST\r\nX-Amzn-Requestid: " + requestID + "\r\n\r\n"

// stream is the reply of a function that streams its response. Its bytes are made once.
type stream struct{ block, end []byte }

func newStream() (s stream, err error) {
	var event bytes.Buffer
	if err = eventstream.AppendEvent(&event, eventstream.PayloadChunk, make([]byte, eventSize)); err != nil {
		return s, err
	}
	s.block = bytes.Repeat(appendChunk(nil, event.Bytes()), blockSize/eventSize)
	event.Reset()
	err = eventstream.AppendComplete(&event, eventstream.Complete{})
	s.end = append(appendChunk(nil, event.Bytes()), "0\r\n\r\n"...)
	return s, err
}

func appendChunk(b, data []byte) []byte {
	b = fmt.Appendf(b, "%x\r\n", len(data))
	b = append(b, data...)
	return append(b, "\r\n"...)
}

func (s stream) writeTo(w io.Writer) error {
	if _, err := io.WriteString(w, streamHead); err != nil {
		return err
	}
	for range StreamSize / blockSize {
		if _, err := w.Write(s.block); err != nil {
			return err
		}
	}
	_, err := w.Write(s.end)
	return err
}
