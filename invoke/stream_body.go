package invoke

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

const (
	// maxTail and tailTimeout bound what is read after the last event, so that the
	// connection can be used again. Normally that is the last chunk of HTTP, of a
	// few bytes.
	maxTail     = 4 << 10
	tailTimeout = time.Second
)

// streamBody takes the function's bytes out of the frames of a response. It keeps
// one whole frame in memory: the checksum follows the bytes, and bytes that are not
// checked are not handed out.
type streamBody struct {
	ctx      context.Context // the call's
	response io.ReadCloser
	events   *eventstream.Reader // nil at the end

	statusCode                                     int
	functionName, executedVersion, requestID, host string

	chunk     []byte // what of the frame is not read yet
	err       error  // how it ended; nil until then
	logResult string

	closed  atomic.Bool
	release sync.Once
	cancel  context.CancelFunc // ends ctx; may be nil
}

// Read returns what there is of a frame, and waits only if there is none.
func (s *streamBody) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := s.fill(); err != nil {
		return 0, err
	}
	n := copy(p, s.chunk)
	s.chunk = s.chunk[n:]
	return n, nil
}

// WriteTo writes frame after frame as they come. An error of w leaves unread
// what w did not take.
func (s *streamBody) WriteTo(w io.Writer) (written int64, err error) {
	for {
		if err := s.fill(); err == io.EOF {
			return written, nil
		} else if err != nil {
			return written, err
		}
		all := len(s.chunk)
		n, err := w.Write(s.chunk)
		s.chunk = s.chunk[min(max(n, 0), all):]
		written += int64(all - len(s.chunk))
		if err != nil {
			return written, err
		}
		if n != all {
			return written, io.ErrShortWrite
		}
	}
}

// Close ends the stream where it is. It may be called at any time, and as often
// as one likes.
func (s *streamBody) Close() error {
	s.closed.Store(true)
	s.closeResponse()
	return nil
}

// fill makes sure that there are bytes to read.
func (s *streamBody) fill() error {
	for {
		switch {
		case s.closed.Load():
			return http.ErrBodyReadAfterClose
		case s.err != nil:
			return s.err
		case s.ctx.Err() != nil:
			s.end(s.broken(s.ctx.Err()))
		case len(s.chunk) > 0:
			return nil
		default:
			s.next()
		}
	}
}

// next reads one event.
func (s *streamBody) next() {
	event, err := s.events.Next()
	switch {
	case err == io.EOF: // between two frames, before the last one
		s.end(s.broken(io.ErrUnexpectedEOF))
	case err != nil:
		s.end(s.broken(err))
	case event.Kind == eventstream.KindPayload:
		s.chunk = event.Payload
	case event.Kind == eventstream.KindComplete:
		s.logResult = event.Complete.LogResult
		s.drain()
		s.end(s.outcome(event.Complete))
	case event.Kind == eventstream.KindException:
		s.drain()
		s.end(s.exception(event))
	}
}

// drain reads the rest of the HTTP response, if that is short and comes soon, so
// that the connection can be used again.
func (s *streamBody) drain() {
	timer := time.AfterFunc(tailTimeout, s.closeResponse)
	defer timer.Stop()
	_, _ = io.CopyN(io.Discard, s.response, maxTail) // the outcome is known, whatever comes
}

// end makes err what every further read returns, and closes the response.
func (s *streamBody) end(err error) {
	s.err, s.chunk, s.events = err, nil, nil
	s.closeResponse()
}

func (s *streamBody) closeResponse() {
	s.release.Do(func() {
		_ = s.response.Close()
		if s.cancel != nil {
			s.cancel()
		}
	})
}

// whenOver makes the end of the stream call cancel. It must be called before the
// caller has the stream. For a nil stream it does nothing: middleware has replaced
// the output and may still read the response, which then ends with the caller's
// context.
func (s *streamBody) whenOver(cancel context.CancelFunc) {
	if s == nil {
		return
	}
	s.cancel = cancel
	if s.err != nil || s.closed.Load() {
		cancel()
	}
}

// broken is the error of a stream that did not come to its end.
func (s *streamBody) broken(err error) error {
	return &errors.TransportError{
		Stage:        errors.StageReceive,
		Err:          cause(s.ctx, err),
		FunctionName: s.functionName,
		Host:         s.host,
		StatusCode:   s.statusCode,
		RequestID:    s.requestID,
	}
}

// outcome is the end of a stream whose function has ended: io.EOF, or its error.
func (s *streamBody) outcome(complete eventstream.Complete) error {
	if complete.ErrorCode == "" {
		return io.EOF
	}
	const unhandled = "Unhandled"
	err := wire.FunctionError(unhandled, []byte(complete.ErrorDetails))
	switch complete.ErrorCode {
	case unhandled, "Handled": // a kind of failure; its type is among the details
		err.FunctionError = complete.ErrorCode
	default:
		err.ErrorType = complete.ErrorCode
	}
	err.FunctionName = s.functionName
	err.ExecutedVersion = s.executedVersion
	if s.requestID != "" {
		err.RequestID = s.requestID
	}
	return err
}

// exception is the end of a stream that the service broke off.
func (s *streamBody) exception(event eventstream.Event) error {
	header := make(http.Header, 2)
	header.Set(wire.HeaderErrorType, event.Type)
	header.Set(wire.HeaderRequestID, s.requestID)
	body := event.Payload
	if event.ErrorMessage != "" {
		body, _ = json.Marshal(map[string]string{"message": event.ErrorMessage}) // a string always marshals
	}
	return &errors.StreamError{Err: wire.ServiceError(0, header, body, "")}
}
