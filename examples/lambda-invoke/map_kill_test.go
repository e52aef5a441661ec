package main_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// With the race detector, or on a slow machine, less may do:
//
//	go test -run TestMapIsKilled -map.items 10000 -map.kills 5
var (
	killItems = flag.Int("map.items", 100_000, "how many items TestMapIsKilledAndGoesOn has")
	kills     = flag.Int("map.kills", 20, "how many times it kills the program")
)

// tally is how many times the function ran for each item.
type tally struct {
	runs  []atomic.Int32
	total atomic.Int64
}

// tallied is a server with a function that counts. One request in fifty is
// broken, half of them before the function runs and half of them after it.
func tallied(t *testing.T, items int) (*invoketest.Server, *tally) {
	t.Helper()
	counts := &tally{runs: make([]atomic.Int32, items)}
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.Concurrency, c.KeepRequests = 100, -1 })
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) {
		counts.runs[n].Add(1)
		counts.total.Add(1)
		time.Sleep(time.Millisecond)
		return 2 * n, nil
	})
	broken := []invoketest.Fault{
		invoketest.HangUp(invoketest.BeforeRun, invoketest.Reset),
		invoketest.HangUp(invoketest.AfterRun, invoketest.Reset),
		invoketest.Throw("EC2ThrottledException"),
		invoketest.RunFirst(invoketest.ThrowStatus(500, "ServiceException", "scripted")),
	}
	var requests atomic.Int64
	s.Inject(func(*invoketest.Request) invoketest.Fault {
		if n := requests.Add(1); n%50 == 0 {
			return broken[n/50%int64(len(broken))]
		}
		return nil
	})
	return s, counts
}

// check holds every line against what really happened, and returns how many
// items are done, failed and unknown.
func (c *tally) check(t *testing.T, all map[int]line, idempotent bool) (done, failed, unknown int) {
	t.Helper()
	require.Len(t, all, len(c.runs))
	for n := range c.runs {
		runs, l := c.runs[n].Load(), all[n]
		switch {
		case l.Error == nil:
			done++
			require.Equal(t, fmt.Sprint(2*n), string(l.Output))
			require.Positive(t, runs, "item %d is done and did not run", n)
		case *l.MayHaveRun:
			unknown++
		default:
			failed++
			require.Zero(t, runs, "item %d ran, and its line says that it did not", n)
		}
		if !idempotent {
			require.LessOrEqual(t, runs, int32(1), "item %d ran more than once", n)
		}
	}
	return done, failed, unknown
}

// killedAt runs the program and kills it when so many items have run. It returns
// false if the program ended before.
func (c *tally) killedAt(t *testing.T, s *invoketest.Server, at int64, args []string) (killed bool) {
	t.Helper()
	cmd := command(t, s, args...)
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return killed
		case <-ticker.C:
			if c.total.Load() >= at && !killed {
				killed = true
				require.NoError(t, cmd.Process.Kill())
			}
		}
	}
}

func TestMapIsKilledAndGoesOn(t *testing.T) {
	for name, flags := range map[string][]string{"once": nil, "idempotent": {"-idempotent"}} {
		t.Run(name, func(t *testing.T) {
			items := *killItems
			if name != "once" {
				items /= 10
			}
			s, counts := tallied(t, items)
			j := newJob(t, numbers(items))
			args := j.args(append(flags, "double")...)
			for kill := range *kills {
				// Somewhere in its share of the items.
				share := float64(items) / float64(*kills+1)
				at := int64(share * (float64(kill) + 0.5 + rand.Float64()))
				require.True(t, counts.killedAt(t, s, at, args), "it ended before kill %d", kill+1)
			}
			got := call(t, s, args...)
			done, failed, unknown := counts.check(t, readLines(t, j.out), flags != nil)
			t.Logf("%d done, %d failed, %d unknown; %d runs\n%s", done, failed, unknown, counts.total.Load(), got.stderr)
			if flags == nil {
				require.Equal(t, 4, got.status, got.stderr)
				require.Positive(t, unknown)
				require.Less(t, unknown, items/10)
			} else {
				require.LessOrEqual(t, unknown, items/100)
			}
		})
	}
}
