package single

import (
	"fmt"
	"io"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/terminal"
)

// patience is how long a call may be silent before somebody wonders.
const patience = 2 * time.Second

// startProgress shows, on a line of its own that is written over, that a call
// is under way and for how long. The function it returns removes the line and
// returns when nothing more will be written.
func startProgress(w io.Writer, function string) (stop func()) {
	start := time.Now()
	stopped, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		frames := []rune(`|/-\`)
		next := time.After(patience)
		for frame := 0; ; frame++ {
			select {
			case <-next:
				fmt.Fprintf(w, "\r\x1b[K%c waiting for %s, %s", frames[frame%len(frames)], terminal.Printable(function), time.Since(start).Truncate(time.Second))
				next = time.After(time.Second)
			case <-stopped:
				if frame > 0 {
					io.WriteString(w, "\r\x1b[K")
				}
				return
			}
		}
	}()
	return func() {
		close(stopped)
		<-done
	}
}
