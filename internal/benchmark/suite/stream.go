package suite

import (
	"context"
	"fmt"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// StreamBenchmark is the name that the results for a streamed response stand under.
const StreamBenchmark = "Stream/payload=200MB"

// stream measures what it costs to read a streamed response to its end and to throw it away.
func (s *Suite) stream(ctx context.Context) error {
	e, err := endpoint.Start(endpoint.Config{})
	if err != nil {
		return err
	}
	defer e.Close()
	return each(clients.Config{Endpoint: e.URL, Function: clients.Stream}, func(all map[string]clients.Client) error {
		return measure.Interleave(pick(s, 9, 2), clients.Names(), func(name string) error {
			var n int64
			var err error
			values := measure.Cost(1, func() { n, err = all[name].Stream(ctx) })
			if err == nil && n < endpoint.StreamSize {
				err = fmt.Errorf("%d bytes of %d came", n, endpoint.StreamSize)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			values["MB/s"] = endpoint.StreamSize / 1e6 / (values["ns/op"] / 1e9)
			s.samples.Add(StreamBenchmark, name, values)
			return nil
		})
	})
}
