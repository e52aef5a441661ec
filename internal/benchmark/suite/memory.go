package suite

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// event is a small payload, as most events are.
var event = []byte(`{"key":"value"}`)

// memory measures what a call costs without a network: a success and an error reply.
func (s *Suite) memory(ctx context.Context) error {
	for _, function := range []string{clients.Echo, clients.Missing} {
		benchmark := "Memory"
		if function == clients.Missing {
			benchmark = "MemoryError"
		}
		cfg := clients.Config{
			Endpoint:  "https://lambda.us-east-1.example.com",
			Function:  function,
			Transport: clients.NewMemory(function),
		}
		err := each(cfg, func(all map[string]clients.Client) error {
			return s.calls(ctx, benchmark, all, event, function == clients.Missing, pick(s, 21, 9), pick(s, 2000, 600))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// calls takes rounds of n calls of each client, one after the other.
func (s *Suite) calls(ctx context.Context, benchmark string, all map[string]clients.Client, payload []byte, wantErr bool, rounds, n int) error {
	take := func(name string, n int) (map[string]float64, error) {
		var failed error
		values := measure.Calls(n, func() {
			if _, err := all[name].Call(ctx, payload); (err != nil) != wantErr {
				failed = fmt.Errorf("%s: unexpected outcome, error %w", name, err)
			}
		})
		return values, failed
	}
	for name := range all { // connections, pools and caches come into being
		if _, err := take(name, max(n/10, 3)); err != nil {
			return err
		}
	}
	return measure.Interleave(rounds, clients.Names(), func(name string) error {
		values, err := take(name, n)
		if err == nil {
			s.samples.Add(benchmark, name, values)
		}
		return err
	})
}
