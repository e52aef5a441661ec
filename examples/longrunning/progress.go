package main

import (
	"fmt"
	"io"
	"time"
)

// progress says on w, again and again, for how long it has been waiting. The
// function that it returns ends that, and returns when nothing more is written.
func progress(w io.Writer, every time.Duration) (stop func()) {
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		start := time.Now()
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprintf(w, "waiting for %s\n", time.Since(start).Round(every))
			case <-done:
				return
			}
		}
	}()
	return func() {
		close(done)
		<-stopped
	}
}
