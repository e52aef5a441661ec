package invoketest

import (
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Config is how a [Server] behaves. The zero value works.
type Config struct {
	// Region is where the server says it is. A signature for another region is
	// refused. Default "us-east-1".
	Region string

	// Address is where the server listens, such as "127.0.0.1:9001", for clients
	// that are configured ahead. Default a free port of the loopback interface.
	Address string

	// Credentials are those that requests have to be signed with, until
	// [Server.RotateCredentials] makes others. Default random ones, which
	// [Server.Options] has.
	Credentials invoke.Credentials

	// TLS serves https with a certificate made for this server. What
	// [Server.Options] returns trusts it, and nobody else does: see
	// [Server.Certificate]. Default plain http.
	TLS bool

	// SessionToken gives the server's credentials a session token, without
	// which a request is refused. Default none.
	SessionToken bool

	// ClockOffset is how far the server's clock is ahead of the local one, or
	// behind if negative: see [Server.SetClockOffset].
	ClockOffset time.Duration

	// Concurrency is how many synchronous and streamed invocations run at a
	// time; more are throttled. Default 0, no limit. [Server.SetConcurrency]
	// changes it later.
	Concurrency int

	// RatePerSecond is how many invocations are admitted each second, evenly
	// but for bursts of a tenth of a second; more are throttled. Default 0, no
	// limit.
	RatePerSecond float64

	// RetryAfter is sent with what the two limits throttle, in whole seconds
	// rounded up. Default 0, which leaves the header out.
	RetryAfter time.Duration

	// ExecutionTimeout is how long a durable execution may take before it is timed
	// out and the context of its function ends. Default 0, no limit.
	ExecutionTimeout time.Duration

	// KeepRequests is how many requests, the latest, [Server.Requests] knows.
	// Default 10,000. Negative: none. The counters go on in any case.
	KeepRequests int

	// DiscardBodies leaves the bodies out of [Server.Requests].
	DiscardBodies bool

	// Grace is how long Close lets functions finish before it ends their
	// contexts, and how long it then waits for them to notice. Default 5 s.
	Grace time.Duration
}

func (c Config) withDefaults() Config {
	if c.Address == "" {
		c.Address = "127.0.0.1:0"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.KeepRequests == 0 {
		c.KeepRequests = 10_000
	}
	if c.Grace <= 0 {
		c.Grace = 5 * time.Second
	}
	return c
}
