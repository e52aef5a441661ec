//go:build !race

// The race detector allocates for itself.

package guard_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/guard"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

func TestMain(m *testing.M) {
	endpoint.ServeIfChild()
	os.Exit(m.Run())
}

func TestCallCostsNoMoreThanTheTableAllows(t *testing.T) {
	e, err := endpoint.Start(endpoint.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()

	for _, limit := range guard.Limits() {
		t.Run(limit.Name, func(t *testing.T) {
			cfg := clients.Config{Endpoint: e.URL, Function: clients.Echo}
			if limit.Missing {
				cfg.Function = clients.Missing
			}
			if !limit.Loopback {
				cfg.Transport = clients.NewMemory(cfg.Function)
			}
			c, err := clients.New(clients.Ours, cfg)
			require.NoError(t, err)
			defer c.Close()

			payload := make([]byte, limit.Payload)
			got := costs(limit.Calls, func() {
				if _, err := c.Call(context.Background(), payload); (err != nil) != limit.Missing {
					t.Fatal("unexpected outcome:", err)
				}
			})
			t.Logf("%d allocations, at most %d; %d bytes, at most %d; %v", got.allocs, limit.Allocs, got.bytes, limit.Bytes, got.time)
			require.LessOrEqual(t, got.allocs, limit.Allocs, "allocations per call")
			require.LessOrEqual(t, got.bytes, limit.Bytes, "bytes allocated per call")
		})
	}
}

func TestTransportIsNoDeeperInTheStackThanTheTableAllows(t *testing.T) {
	frames, err := suite.Frames(context.Background(), clients.Ours)
	require.NoError(t, err)
	t.Logf("%d frames, at most %d", frames, guard.Frames)
	require.LessOrEqual(t, frames, guard.Frames)
}

type cost struct {
	allocs, bytes int
	time          time.Duration
}

// costs returns what one of n calls costs, rounded down: on loopback net/http's timers and the pools that a garbage
// collection empties add a few allocations now and then, which is less than one a call.
func costs(n int, call func()) cost {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // so that no other goroutine counts in
	for range n/10 + 1 {                            // connections, pools and caches come into being
		call()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range n {
		call()
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return cost{
		allocs: int(after.Mallocs-before.Mallocs) / n,
		bytes:  int(after.TotalAlloc-before.TotalAlloc) / n,
		time:   took / time.Duration(n),
	}
}
