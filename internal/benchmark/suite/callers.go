package suite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Callers are the numbers of callers that share a client.
func Callers() []int { return []int{1, 64, 256, 1000} }

// CallersBenchmark is the name that the results for n callers stand under.
func CallersBenchmark(n int) string { return fmt.Sprintf("TLS/callers=%d", n) }

// work is how long the function of this measurement runs. With it the callers are all waiting for answers at the same
// time, as those of real functions are.
const work = 10 * time.Millisecond

// callers measures how many calls a second go through one client, over TLS, and how many connections it opens for them.
// Each round starts without connections.
func (s *Suite) callers(ctx context.Context) error {
	e, err := endpoint.Start(endpoint.Config{TLS: true, Work: work})
	if err != nil {
		return err
	}
	defer e.Close()
	for _, n := range Callers() {
		// Long enough that opening the first connections, a second or so for a thousand, is not most of it.
		window := pick(s, 1500*time.Millisecond, 400*time.Millisecond) + time.Duration(n)*time.Millisecond
		err := measure.Interleave(pick(s, 3, 1), clients.Names(), func(name string) error {
			c, err := clients.New(name, clients.Config{Endpoint: e.URL, Roots: e.Roots})
			if err != nil {
				return err
			}
			defer c.Close()
			if _, err := e.Stats(); err != nil { // from here on
				return err
			}
			values, err := crowd(ctx, c, n, window)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			seen, err := e.Stats()
			values["connections"] = float64(seen.Connections)
			s.samples.Add(CallersBenchmark(n), name, values)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// crowd lets n callers make one call after another until the window closes, and says what came of it.
func crowd(ctx context.Context, c clients.Client, n int, window time.Duration) (map[string]float64, error) {
	var (
		crew   sync.WaitGroup
		closed atomic.Bool
		calls  atomic.Int64
		failed atomic.Pointer[error]
	)
	payload := make([]byte, 1<<10)
	start := time.Now()
	time.AfterFunc(window, func() { closed.Store(true) })
	for range n {
		crew.Go(func() {
			for !closed.Load() {
				if _, err := c.Call(ctx, payload); err != nil {
					failed.CompareAndSwap(nil, &err)
					return
				}
				calls.Add(1)
			}
		})
	}
	crew.Wait()
	values := map[string]float64{"calls/s": float64(calls.Load()) / time.Since(start).Seconds()}
	if err := failed.Load(); err != nil {
		return values, *err
	}
	return values, nil
}
