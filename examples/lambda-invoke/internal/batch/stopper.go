package batch

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// stopper ends a job in two steps. It is safe for concurrent use.
type stopper struct {
	// draining ends when nothing more is to be sent.
	draining context.Context
	drain    context.CancelCauseFunc
}

func newStopper() *stopper {
	s := new(stopper)
	s.draining, s.drain = context.WithCancelCause(context.Background())
	return s
}

// stop lets what is in flight finish, and nothing begin.
func (s *stopper) stop(cause error) { s.drain(cause) }

func (s *stopper) stopped() bool { return s.draining.Err() != nil }

// why returns the first cause, nil if the job was not stopped.
func (s *stopper) why() error {
	if !s.stopped() {
		return nil
	}
	return context.Cause(s.draining)
}

// errInterrupted is the cause of a job that a signal has stopped.
var errInterrupted = errors.New("interrupted")

// watchSignals lets the first signal drain the job and the second end ctx. The
// third kills the process. say tells the user.
func (s *stopper) watchSignals(say func(string)) (ctx context.Context, done func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for n := 1; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-signals:
			}
			if n == 1 {
				s.stop(errInterrupted)
				say("what is in flight may finish; interrupt again to stop at once")
				continue
			}
			signal.Stop(signals)
			cancel()
			return
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}
