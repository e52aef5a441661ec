package stats_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/results"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestWhatIsKeptIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stats.New()
		for i := range 5000 {
			time.Sleep(time.Second)
			s.Result(results.Record{Index: i, Outcome: results.Failed, Failure: &results.Failure{Type: fmt.Sprint("E", i%100)}})
			s.Progress(invoke.MapProgress{Done: i + 1, InFlight: i % 7, Concurrency: 9, Throttled: i})
		}
		sum := s.Summary()
		require.Equal(t, 5000, sum.Counts.Failed)
		require.Len(t, sum.Kinds, 51)
		require.Equal(t, "(other kinds)", sum.Kinds[0].Type)
		require.Equal(t, 2500, sum.Kinds[0].Count)
		require.LessOrEqual(t, len(sum.Timeline), 240)
		done, throttled := 0, 0
		for i, p := range sum.Timeline {
			done, throttled = done+p.Done, throttled+p.Throttled
			require.Equal(t, sum.Timeline[1].At*time.Duration(i), p.At)
			require.LessOrEqual(t, p.InFlight, 6)
		}
		require.Equal(t, 5000, done)
		require.Equal(t, 4999, throttled)
	})
}

func TestLatenciesAndTheBill(t *testing.T) {
	s := stats.New()
	for i := range 1000 {
		s.Call(time.Duration(i+1) * time.Millisecond)
		s.Report(invoke.Report{BilledDuration: time.Second, MemorySizeMB: 512, MaxMemoryUsedMB: i % 200, InitDuration: time.Duration(i % 2)})
	}
	s.Call(100 * 24 * time.Hour) // more than can be
	s.Call(0)
	sum := s.Summary()
	require.EqualValues(t, 1002, sum.Calls)
	require.InDelta(t, 500, sum.Median.Milliseconds(), 2)
	require.InDelta(t, 990, sum.P99.Milliseconds(), 3)
	require.Equal(t, stats.Bill{Reports: 1000, Billed: 1000 * time.Second, GBSeconds: 500, MemorySize: 512, MaxMemory: 199, InitReports: 500}, sum.Bill)
	total := int64(0)
	for i, b := range sum.Buckets {
		total += b.Count
		require.True(t, i == 0 || b.UpTo > sum.Buckets[i-1].UpTo)
	}
	require.Equal(t, sum.Calls, total)
}
