// Package eventstream reads and writes the frames of a streamed response
// (media type application/vnd.amazon.eventstream), one at a time.
package eventstream

import (
	"bytes"
	"errors"
	"io"

	smithy "github.com/aws/smithy-go/eventstream"
)

// Reader reads the events of one stream. It reads no byte beyond the frame that
// it was asked for, starts no goroutine, and keeps one buffer, which grows to
// the largest frame so far (and to twice that at most). It is not safe for
// concurrent use.
type Reader struct {
	stream  io.Reader
	decoder *smithy.Decoder
	err     error // what Next has failed with: there is no finding the next frame

	offset           int64  // where the frame begins in the stream
	frame            []byte // the whole of it; the buffer is used for every frame
	headers, payload []byte // its parts
	chunkHeaders     []byte // the headers of the last PayloadChunk
}

// NewReader returns a Reader of the events in r.
func NewReader(r io.Reader) *Reader {
	return &Reader{stream: r, decoder: smithy.NewDecoder()}
}

// Next returns the next event. Its error is
//
//   - io.EOF, where the stream ends between two frames;
//   - io.ErrUnexpectedEOF, where it ends inside one;
//   - a *[FrameError], where the bytes are no valid frame;
//   - the stream's own, otherwise.
//
// Once Next has failed it goes on failing in the same way.
func (r *Reader) Next() (Event, error) {
	if r.err != nil {
		return Event{}, r.err
	}
	event, err := r.next()
	if err != nil {
		r.err = err
		return Event{}, err
	}
	return event, nil
}

func (r *Reader) next() (Event, error) {
	if err := r.readFrame(); err != nil {
		return Event{}, err
	}
	// Nearly every frame of a stream has the headers of the one before it.
	// Decoding them once makes 40 allocations a frame into none.
	if len(r.headers) > 0 && bytes.Equal(r.headers, r.chunkHeaders) {
		return Event{Kind: KindPayload, Type: PayloadChunk, Payload: r.payload}, nil
	}
	room := make([]byte, 0, len(r.payload)+bytes.MinRead) // or the decoder would grow its own, over and over
	message, err := r.decoder.Decode(bytes.NewReader(r.frame), room)
	if err != nil {
		return Event{}, r.invalid(reason(err))
	}
	message.Payload = r.payload
	event, err := newEvent(message)
	if err != nil {
		return Event{}, r.invalid(err.Error())
	}
	if event.Kind == KindPayload {
		r.chunkHeaders = append(r.chunkHeaders[:0], r.headers...)
	}
	return event, nil
}

// reason words what the decoder says about the headers of a whole frame.
func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "a header is longer than its headers" // not the end of the stream
	}
	return err.Error()
}
