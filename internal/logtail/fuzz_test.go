package logtail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/logtail"
)

func FuzzParseReport(f *testing.F) {
	f.Add([]byte(start + "hello\n" + end + textReport + "Init Duration: 120.5 ms\t\n" + xray))
	f.Add([]byte(textReport + "Restore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\tStatus: error\tError Type: Runtime.ExitError\n"))
	f.Add([]byte(start + jsonReport + "\n"))
	f.Add([]byte(`{"type":"platform.report","record":{"metrics":[]}}`))
	f.Add([]byte("REPORT RequestId: \t: \tDuration: 1e99 ms\r\n\n"))
	f.Add([]byte("REPORT RequestId: a Duration: 1 ms Billed Duration: 1 ms Memory Size: 1 MB Max Memory Used: 1 MB\n"))
	const year = 366 * 24 * time.Hour

	f.Fuzz(func(t *testing.T, tail []byte) {
		r, ok := logtail.ParseReport(tail)
		if !ok {
			require.Zero(t, r)
		} else {
			require.NotEmpty(t, r.RequestID)
		}
		for _, d := range []time.Duration{r.Duration, r.BilledDuration, r.InitDuration, r.RestoreDuration, r.BilledRestoreDuration} {
			require.True(t, d >= 0 && d <= year, "%s", d)
		}
		require.GreaterOrEqual(t, r.MemorySizeMB, 0)
		require.GreaterOrEqual(t, r.MaxMemoryUsedMB, 0)

		// Whatever the function wrote, the platform's report comes after it and wins.
		for report, want := range map[string]logtail.Report{textReport: warm(), jsonReport: warm(succeeded)} {
			got, ok := logtail.ParseReport([]byte(string(tail) + "\n" + report + "\n"))
			require.True(t, ok)
			require.Equal(t, want, got)
		}
	})
}
