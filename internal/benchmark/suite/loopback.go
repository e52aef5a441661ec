package suite

import (
	"context"
	"errors"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/awake"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
)

// Payloads are the sizes that are sent, and come back. Rounds are short where calls are, so that what is compared lies
// close together in time.
func Payloads() []Payload {
	return []Payload{
		{"0B", 0, 41, 400},
		{"1KB", 1 << 10, 41, 400},
		{"100KB", 100 << 10, 21, 50},
		{"6MB", 6 << 20, 15, 4},
	}
}

// Payload is a size of payload.
type Payload struct {
	Name          string
	Bytes         int
	rounds, calls int
}

// loopback measures calls over the loopback interface, to an endpoint in another process: on CPUs that stay awake, and
// for one size also on CPUs that fall asleep when they please.
func (s *Suite) loopback(ctx context.Context) error {
	e, err := endpoint.Start(endpoint.Config{})
	if err != nil {
		return err
	}
	defer e.Close()
	for _, p := range Payloads() {
		if p.Bytes == 1<<10 {
			if err := s.echo(ctx, e, "LoopbackAsleep/payload="+p.Name, p); err != nil {
				return err
			}
		}
	}
	release, err := awake.Keep()
	if err != nil {
		return err
	}
	for _, p := range Payloads() {
		if err := s.echo(ctx, e, "Loopback/payload="+p.Name, p); err != nil {
			return errors.Join(err, release())
		}
	}
	err = each(clients.Config{Endpoint: e.URL, Function: clients.Missing}, func(all map[string]clients.Client) error {
		return s.calls(ctx, "LoopbackError", all, event, true, pick(s, 21, 9), 150)
	})
	return errors.Join(err, release())
}

func (s *Suite) echo(ctx context.Context, e *endpoint.Endpoint, benchmark string, p Payload) error {
	return each(clients.Config{Endpoint: e.URL}, func(all map[string]clients.Client) error {
		return s.calls(ctx, benchmark, all, make([]byte, p.Bytes), false, pick(s, p.rounds, p.rounds/4), p.calls)
	})
}
