package suite

import (
	"context"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
)

// Payloads are the sizes that are sent, and come back.
func Payloads() []Payload {
	return []Payload{
		{"0B", 0, 400},
		{"1KB", 1 << 10, 400},
		{"100KB", 100 << 10, 60},
		{"6MB", 6 << 20, 5},
	}
}

// Payload is a size of payload.
type Payload struct {
	Name  string
	Bytes int
	calls int // in a round
}

// loopback measures calls over the loopback interface, to an endpoint in another process.
func (s *Suite) loopback(ctx context.Context) error {
	e, err := endpoint.Start(endpoint.Config{})
	if err != nil {
		return err
	}
	defer e.Close()
	rounds := pick(s, 15, 5)
	for _, p := range Payloads() {
		err := each(clients.Config{Endpoint: e.URL}, func(all map[string]clients.Client) error {
			return s.calls(ctx, "Loopback/payload="+p.Name, all, make([]byte, p.Bytes), false, rounds, p.calls)
		})
		if err != nil {
			return err
		}
	}
	return each(clients.Config{Endpoint: e.URL, Function: clients.Missing}, func(all map[string]clients.Client) error {
		return s.calls(ctx, "LoopbackError", all, event, true, rounds, 300)
	})
}
