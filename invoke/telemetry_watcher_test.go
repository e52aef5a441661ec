package invoke_test

import (
	"bytes"
	"log/slog"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry/telemetrytest"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// watcher keeps spans, measurements and log records.
type watcher struct {
	telemetrytest.Watcher
	log lockedLog
}

func (w *watcher) watch(o *invoke.Options) {
	o.TracerProvider, o.MeterProvider = w.TracerProvider(), w.MeterProvider()
	o.Logger = invoke.LogTo(slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug - 8})))
}

// everything is all that was reported, in text.
func (w *watcher) everything() string {
	return w.log.text() + w.Text()
}

type lockedLog struct {
	mu  sync.Mutex
	log bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Write(p)
}

func (l *lockedLog) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.String()
}
