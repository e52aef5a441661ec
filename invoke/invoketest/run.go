package invoketest

import (
	"context"
	"io"
	"time"
)

// start runs a function on a goroutine of its own, so that one which ends its
// goroutine (as testing.T.FailNow does) ends no more than that. The channel
// gets the failure, or nil, once it has ended and is no longer counted as
// running.
func (x *exchange) start(ctx context.Context, fn streamFunction, c *call, payload []byte, w io.Writer) <-chan *failure {
	s, req := x.s, x.req // x is gone by the time an event has run
	s.journal.ran(req)
	end := s.running.begin(req.FunctionName)
	ended := make(chan *failure, 1)
	go func() {
		outcome := exited(c.RequestID) // stands if nothing else gets to be said
		began := time.Now()
		c.start()
		defer func() {
			if value := recover(); value != nil {
				outcome = panicked(value)
			}
			c.report(time.Since(began))
			end()
			ended <- outcome
		}()
		outcome = failed(fn(context.WithValue(ctx, callKey{}, c), payload, w))
	}()
	return ended
}

// result collects what a function writes, up to what the service passes on.
type result struct {
	kept []byte
	size int
}

// Write never fails.
func (r *result) Write(p []byte) (int, error) {
	if r.size += len(p); r.size <= maxResponse {
		r.kept = append(r.kept, p...)
	}
	return len(p), nil
}
