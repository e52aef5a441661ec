package suite

import (
	"context"
	"fmt"
	"sync"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Crowd is a number of callers over loopback, with or without TLS.
type Crowd struct {
	TLS     bool
	Callers int
}

// Crowds are what the CPU time of a call is measured with. One caller without TLS is measured by loopback.
func Crowds() []Crowd { return []Crowd{{false, 64}, {true, 1}, {true, 64}} }

// Benchmark names the measurement.
func (c Crowd) Benchmark() string { return fmt.Sprintf("CPU/tls=%v/callers=%d", c.TLS, c.Callers) }

// crowds measures the CPU time of calls of 1 KB each way, of this process alone: the endpoint is in another.
func (s *Suite) crowds(ctx context.Context) error {
	for _, crowd := range Crowds() {
		e, err := endpoint.Start(endpoint.Config{TLS: crowd.TLS})
		if err != nil {
			return err
		}
		err = each(clients.Config{Endpoint: e.URL, Roots: e.Roots}, func(all map[string]clients.Client) error {
			calls := func(name string, n int) (map[string]float64, error) {
				return together(ctx, all[name], crowd.Callers, n)
			}
			for name := range all {
				if _, err := calls(name, 10); err != nil {
					return err
				}
			}
			return measure.Interleave(pick(s, 11, 5), clients.Names(), func(name string) error {
				values, err := calls(name, pick(s, 2000, 600)/crowd.Callers)
				if err == nil {
					s.samples.Add(crowd.Benchmark(), name, values)
				}
				return err
			})
		})
		e.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// together makes n calls by each of many callers, and returns what one call costs.
func together(ctx context.Context, c clients.Client, callers, n int) (map[string]float64, error) {
	payload := make([]byte, 1<<10)
	var failed error
	var once sync.Once
	values := measure.Cost(callers*n, func() {
		var crew sync.WaitGroup
		for range callers {
			crew.Go(func() {
				for range n {
					if _, err := c.Call(ctx, payload); err != nil {
						once.Do(func() { failed = err })
						return
					}
				}
			})
		}
		crew.Wait()
	})
	return values, failed
}
