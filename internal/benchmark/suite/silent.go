package suite

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Silent is a number of calls that wait for their replies.
type Silent struct {
	TLS   bool
	Calls int
}

// Silents are what the memory of a silent call is measured with.
func Silents() []Silent {
	return []Silent{{false, 1000}, {true, 1000}, {false, 5000}, {true, 5000}}
}

// Benchmark names the measurement.
func (c Silent) Benchmark() string { return fmt.Sprintf("Silent/tls=%v/calls=%d", c.TLS, c.Calls) }

const (
	// silentFor is longer than it takes to open all connections and to look at the memory.
	silentFor = time.Hour
	// stalled is how long no call arrives before those that have not are given up.
	stalled = 3 * time.Second
)

// silent measures what this process holds while calls wait: heap, stacks and goroutines, for each call.
func (s *Suite) silent(ctx context.Context) error {
	for _, crowd := range Silents() {
		if s.Short && crowd.Calls > 1000 {
			continue
		}
		rounds := pick(s, 3, 1)
		if crowd.Calls > 1000 {
			rounds = 1 // they take long, and their memory hardly varies
		}
		err := measure.Interleave(rounds, clients.Names(), func(name string) error {
			values, err := waiting(ctx, name, crowd)
			if err == nil {
				s.samples.Add(crowd.Benchmark(), name, values)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waiting makes the calls, looks at the memory when all of them have arrived, and gives them up. A client that limits
// its connections does not let all of them out; what it holds for each is then not known.
func waiting(ctx context.Context, name string, crowd Silent) (map[string]float64, error) {
	e, err := endpoint.Start(endpoint.Config{TLS: crowd.TLS, Work: silentFor})
	if err != nil {
		return nil, err
	}
	defer e.Close()
	c, err := clients.New(name, clients.Config{Endpoint: e.URL, Roots: e.Roots})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	ctx, cancel := context.WithCancel(ctx)
	payload := make([]byte, 1<<10)
	before := look()
	var crew sync.WaitGroup
	for range crowd.Calls {
		crew.Go(func() { _, _ = c.Call(ctx, payload) })
	}
	defer crew.Wait()
	defer cancel()
	running, err := arrived(e, crowd.Calls)
	if err != nil {
		return nil, err
	}
	if running < crowd.Calls {
		return map[string]float64{"running": float64(running)}, nil
	}
	after := look()
	n := float64(crowd.Calls)
	return map[string]float64{
		"heap-B":     (after.heap - before.heap) / n,
		"stack-B":    (after.stack - before.stack) / n,
		"memory-B":   (after.heap + after.stack - before.heap - before.stack) / n,
		"running":    float64(running),
		"goroutines": (after.goroutines - before.goroutines) / n,
	}, nil
}

// arrived waits for n calls to run at the endpoint, or for no more of them to come, and returns how many do.
func arrived(e *endpoint.Endpoint, n int) (running int, err error) {
	for last := time.Now(); running < n && time.Since(last) < stalled; time.Sleep(50 * time.Millisecond) {
		stats, err := e.Stats()
		if err != nil {
			return 0, err
		}
		if int(stats.Running) > running {
			running, last = int(stats.Running), time.Now()
		}
	}
	return running, nil
}

type held struct{ heap, stack, goroutines float64 }

// look collects garbage twice, which also empties pools.
func look() held {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return held{float64(m.HeapAlloc), float64(m.StackInuse), float64(runtime.NumGoroutine())}
}
