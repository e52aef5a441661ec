package progress_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/progress"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

func TestWithoutATerminalThereIsALineEveryTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var screen bytes.Buffer
		n := 0
		p := progress.Start(&screen, false, 1000, func() stats.Counts {
			n++
			return stats.Counts{Done: 1000 * (n - 1), Failed: n, Throttled: 3, InFlight: 7, Bytes: int64(n-1) * 250}
		})
		time.Sleep(25 * time.Second)
		synctest.Wait()
		p.Say("hello")
		p.Stop()
		require.Equal(t, "lambda-invoke: 1,000 done, 2 failed, 0 unknown, 3 throttled, 7 in flight, 100/s, 30s left\n"+
			"lambda-invoke: 2,000 done, 3 failed, 0 unknown, 3 throttled, 7 in flight, 100/s, 20s left\n"+
			"lambda-invoke: hello\n", screen.String())
	})
}
