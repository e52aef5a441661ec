package invoketest

import (
	"context"
	"encoding/json"
	"io"
	"sync"
)

// Function is a function as the platform sees it: bytes in, bytes or an error
// out. A request without a body gives it "{}", as the service does.
//
// Its context has the invocation, see [FromContext], and ends when the caller
// disconnects, except for an event, or when the server closes. What it returns
// as an error, and a panic, reaches the caller as a function error in the form
// that Go functions have on Lambda; an [*errors.FunctionError] is sent as it is.
type Function func(ctx context.Context, payload []byte) ([]byte, error)

// streamFunction is what every function is made into: what it writes is its
// result so far.
type streamFunction func(ctx context.Context, payload []byte, w io.Writer) error

type registry struct {
	mu     sync.RWMutex
	byName map[string]streamFunction
}

func (r *registry) set(name string, fn streamFunction) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil {
		r.byName = make(map[string]streamFunction)
	}
	r.byName[name] = fn
}

func (r *registry) get(name string) streamFunction {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byName[name]
}

// Handle registers a function by its bare name, in place of the one that had
// it. Requests find it by that name, by a partial or a full ARN, with any
// qualifier. A streamed request gets its result in one piece.
func (s *Server) Handle(name string, fn Function) {
	s.functions.set(name, func(ctx context.Context, payload []byte, w io.Writer) error {
		out, err := fn(ctx, payload)
		if err != nil {
			return err
		}
		_, err = w.Write(out)
		return err
	})
}

// HandleStream registers a function that writes its result piece by piece: each
// Write is sent at once, as one event. A call that does not ask for a stream
// gets the pieces in one.
func (s *Server) HandleStream(name string, fn func(ctx context.Context, payload []byte, w io.Writer) error) {
	s.functions.set(name, fn)
}

// HandleFunc registers a function over JSON values. A payload that does not fit
// In is a function error, as it would be of a Go function on Lambda.
func HandleFunc[In, Out any](s *Server, name string, fn func(context.Context, In) (Out, error)) {
	s.Handle(name, func(ctx context.Context, payload []byte) ([]byte, error) {
		var in In
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	})
}
