package invoketest

import (
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// limiter admits invocations within the limits of the account.
type limiter struct {
	retryAfter time.Duration

	mu          sync.Mutex
	concurrency int // 0: no limit
	inUse       int
	rate        float64 // a second; 0: no limit
	tokens      float64
	filled      time.Time
}

func (l *limiter) configure(cfg Config) {
	l.retryAfter = cfg.RetryAfter
	l.concurrency = cfg.Concurrency
	l.setRate(cfg.RatePerSecond)
}

func (l *limiter) setRate(perSecond float64) {
	l.rate, l.filled = max(perSecond, 0), time.Now()
	l.tokens = l.capacity()
}

// capacity is the burst that is admitted at once.
func (l *limiter) capacity() float64 { return max(l.rate/10, 1) }

// SetConcurrency changes [Config.Concurrency]. Invocations that run already are
// not affected, but count. 0 or less lifts the limit.
func (s *Server) SetConcurrency(n int) {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	s.limits.concurrency = max(n, 0)
}

// SetRatePerSecond changes [Config.RatePerSecond]. 0 or less lifts the limit.
func (s *Server) SetRatePerSecond(n float64) {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	s.limits.setRate(n)
}

// admit takes one of the rate's tokens, and a place where held, which release
// gives back. It returns the limit that is exceeded, "" if none is.
func (l *limiter) admit(held bool) errors.ThrottleReason {
	l.mu.Lock()
	defer l.mu.Unlock()
	if held && l.concurrency > 0 && l.inUse >= l.concurrency {
		return errors.ThrottleConcurrentInvocations
	}
	if l.rate > 0 {
		now := time.Now()
		l.tokens = min(l.capacity(), l.tokens+now.Sub(l.filled).Seconds()*l.rate)
		l.filled = now
		if l.tokens < 1 {
			return errors.ThrottleCallerRate
		}
		l.tokens--
	}
	if held {
		l.inUse++
	}
	return ""
}

func (l *limiter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inUse--
}
