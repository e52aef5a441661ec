package clients_test

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
)

func TestMain(m *testing.M) {
	endpoint.ServeIfChild()
	os.Exit(m.Run())
}

func TestEveryClientGetsAnswersFromEveryEndpoint(t *testing.T) {
	for _, secure := range []bool{false, true} {
		e, err := endpoint.Start(endpoint.Config{TLS: secure})
		require.NoError(t, err)
		defer func() { require.NoError(t, e.Close()) }()
		for _, name := range clients.Names() {
			for _, size := range []int{0, 1, 1 << 10, 3 << 20} {
				c, err := clients.New(name, clients.Config{Endpoint: e.URL, Roots: e.Roots})
				require.NoError(t, err)
				for range 3 {
					reply, err := c.Call(context.Background(), make([]byte, size))
					require.NoError(t, err)
					require.Len(t, reply, size)
				}
				c.Close()
				s, err := e.Stats()
				require.NoError(t, err)
				if name == clients.Ours || name == clients.Bare { // the SDK loses connections: see the endpoint's grace
					require.Equal(t, endpoint.Stats{Connections: 1, Served: 3}, s, "%s, %d bytes", name, size)
				}
			}
		}
	}
}

func TestEveryClientGetsAnErrorForAMissingFunction(t *testing.T) {
	e, err := endpoint.Start(endpoint.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()
	for _, name := range clients.Names() {
		for _, doer := range []clients.Doer{nil, clients.NewMemory(clients.Missing)} {
			c, err := clients.New(name, clients.Config{Endpoint: e.URL, Function: clients.Missing, Transport: doer})
			require.NoError(t, err)
			_, err = c.Call(context.Background(), []byte("{}"))
			require.ErrorContains(t, err, "Function not found", name)
			c.Close()
		}
	}
}

func TestEveryClientReadsAStreamToItsEnd(t *testing.T) {
	e, err := endpoint.Start(endpoint.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()
	for _, name := range clients.Names() {
		c, err := clients.New(name, clients.Config{Endpoint: e.URL, Function: clients.Stream})
		require.NoError(t, err)
		for range 2 {
			n, err := c.Stream(context.Background())
			require.NoError(t, err)
			if name == clients.Bare { // it counts the frames around the payload as well
				require.Greater(t, n, int64(endpoint.StreamSize))
			} else {
				require.EqualValues(t, endpoint.StreamSize, n, name)
			}
		}
		c.Close()
	}
}

func TestTheTunedSDKKeepsItsConnectionsAndSendsNothingTwice(t *testing.T) {
	e, err := endpoint.Start(endpoint.Config{Limit: 100, Work: 20 * time.Millisecond})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()
	c, err := clients.New(clients.Tuned, clients.Config{Endpoint: e.URL})
	require.NoError(t, err)
	defer c.Close()
	crowd := func() int64 {
		var failed atomic.Int64
		var callers sync.WaitGroup
		for range 64 {
			callers.Go(func() {
				if _, err := c.Call(context.Background(), nil); err != nil {
					failed.Add(1)
				}
			})
		}
		callers.Wait()
		return failed.Load()
	}
	for range 4 {
		crowd()
	}
	s, err := e.Stats()
	require.NoError(t, err)
	require.LessOrEqual(t, s.Connections, int64(64*2), "without the option it is more than 200")

	_, err = e.SetLimit(1)
	require.NoError(t, err)
	failed := crowd()
	s, err = e.Stats()
	require.NoError(t, err)
	require.Positive(t, s.Refused)
	require.Equal(t, s.Refused, failed, "each refusal is an error")
}

func TestMemoryAnswersEveryClient(t *testing.T) {
	for _, name := range clients.Names() {
		c, err := clients.New(name, clients.Config{Endpoint: "http://127.0.0.1:1", Transport: clients.NewMemory(clients.Echo)})
		require.NoError(t, err)
		reply, err := c.Call(context.Background(), []byte("{}"))
		require.NoError(t, err)
		require.JSONEq(t, `{"ok":true}`, string(reply))
	}
}

func TestEndpointRefusesCallsBeyondItsLimit(t *testing.T) {
	e, err := endpoint.Start(endpoint.Config{Limit: 1, Work: 50 * time.Millisecond})
	require.NoError(t, err)
	defer func() { require.NoError(t, e.Close()) }()
	c, err := clients.New(clients.Bare, clients.Config{Endpoint: e.URL})
	require.NoError(t, err)
	defer c.Close()
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() { _, _ = c.Call(context.Background(), nil) })
	}
	callers.Wait()
	s, err := e.Stats()
	require.NoError(t, err)
	require.EqualValues(t, 8, s.Served+s.Refused)
	require.Positive(t, s.Refused)
	require.Positive(t, s.Served)
}

// The benchmarks are for profiles: go test -bench Memory/client=lambda-invoke-go -cpuprofile cpu.out ./clients

func BenchmarkMemory(b *testing.B) {
	for _, function := range []string{clients.Echo, clients.Missing} {
		each(b, "function="+function, clients.Config{
			Endpoint: "http://127.0.0.1:1", Function: function, Transport: clients.NewMemory(function),
		}, []byte(`{"key":"value"}`))
	}
}

func BenchmarkLoopback(b *testing.B) {
	e, err := endpoint.Start(endpoint.Config{})
	require.NoError(b, err)
	defer e.Close()
	for _, payload := range []struct {
		name string
		size int
	}{{"0B", 0}, {"1KB", 1 << 10}, {"100KB", 100 << 10}, {"6MB", 6 << 20}} {
		each(b, "payload="+payload.name, clients.Config{Endpoint: e.URL}, make([]byte, payload.size))
	}
}

func each(b *testing.B, what string, cfg clients.Config, payload []byte) {
	for _, name := range clients.Names() {
		b.Run("client="+name+"/"+what, func(b *testing.B) {
			c, err := clients.New(name, cfg)
			require.NoError(b, err)
			defer c.Close()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = c.Call(context.Background(), payload)
			}
		})
	}
}
