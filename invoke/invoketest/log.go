package invoketest

import (
	"encoding/base64"
	"fmt"
	"sync"
	"time"
)

// logTailLength is how much of a log the service returns, in bytes.
const logTailLength = 4 << 10

// logTail is a writer that keeps the end of what it is given.
type logTail struct {
	mu   sync.Mutex
	text []byte
}

// Write never fails.
func (l *logTail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(p)
	p = p[max(0, n-logTailLength):]
	if excess := len(l.text) + len(p) - logTailLength; excess > 0 {
		l.text = l.text[:copy(l.text, l.text[excess:])]
	}
	l.text = append(l.text, p...)
	return n, nil
}

// encoded is the log as it is on the wire.
func (l *logTail) encoded() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return base64.StdEncoding.EncodeToString(l.text)
}

// start and report write what the platform writes around a function's own log.
func (c *call) start() {
	fmt.Fprintf(&c.log, "START RequestId: %s Version: %s\n", c.RequestID, c.ExecutedVersion)
}

func (c *call) report(took time.Duration) {
	took = max(took, time.Microsecond*10)
	billed := (took + time.Millisecond - 1) / time.Millisecond
	fmt.Fprintf(&c.log, "END RequestId: %s\nREPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: 128 MB\tMax Memory Used: 32 MB\t\n",
		c.RequestID, c.RequestID, float64(took)/float64(time.Millisecond), billed)
}
