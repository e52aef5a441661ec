package single

import (
	"context"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/exit"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// streamed makes a call and prints the answer as it comes.
func streamed(ctx context.Context, o *options, client *invoke.Client, in *invoke.InvokeInput, stdout, stderr *os.File, stopProgress func()) error {
	out, err := client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{
		FunctionName:  in.FunctionName,
		Qualifier:     in.Qualifier,
		LogType:       in.LogType,
		ClientContext: in.ClientContext,
		TenantId:      in.TenantId,
		Payload:       in.Payload,
	})
	if err != nil {
		stopProgress()
		return err
	}
	defer out.Body.Close()

	screen := &streamWriter{w: stdout, first: stopProgress}
	_, err = io.Copy(screen, out.Body)
	screen.begin() // an empty answer has no first write
	if screen.err != nil {
		return exit.OutputError{Err: screen.err}
	}
	if screen.any {
		if err := endLine(stdout, screen.last); err != nil {
			return exit.OutputError{Err: err}
		}
	}
	writeStreamReport(stderr, o, out)
	return err
}

// streamWriter removes the sign of life before the first bytes, and keeps the
// errors of writing apart from those of the stream.
type streamWriter struct {
	w     io.Writer
	first func()
	begun bool
	any   bool
	last  byte
	err   error
}

func (s *streamWriter) begin() {
	if !s.begun {
		s.begun = true
		s.first()
	}
}

func (s *streamWriter) Write(p []byte) (int, error) {
	s.begin()
	n, err := s.w.Write(p)
	if n > 0 {
		s.any, s.last = true, p[n-1]
	}
	s.err = err
	return n, err
}
