package invoke_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestReportIsReadFromTheLogTail(t *testing.T) {
	const id = "7a1e3c52-0b6f-4d0e-9a55-2f1b7c3d9e10"
	whole := invoke.Report{
		RequestID:       id,
		Duration:        3810 * time.Microsecond,
		BilledDuration:  124 * time.Millisecond,
		MemorySizeMB:    128,
		MaxMemoryUsedMB: 40,
		InitDuration:    120500 * time.Microsecond,
	}
	text := "REPORT RequestId: " + id + "\tDuration: 3.81 ms\tBilled Duration: 124 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: 120.5 ms\t\n"
	json := `{"time":"2026-01-02T03:04:05.678Z","type":"platform.report","record":{"requestId":"` + id +
		`","metrics":{"durationMs":3.81,"billedDurationMs":124,"memorySizeMB":128,"maxMemoryUsedMB":40,"initDurationMs":120.5},"status":"success"}}` + "\n"
	inJSON := whole
	inJSON.Status = "success"

	for name, tc := range map[string]struct {
		log   string
		want  invoke.Report
		found bool
	}{
		"text":             {"START\nhello\nEND RequestId: " + id + "\n" + text, whole, true},
		"JSON":             {`{"level":"INFO","message":"hello"}` + "\n" + json, inJSON, true},
		"cut mid-line":     {text[40:], invoke.Report{}, false},
		"report lost":      {"hello\n", invoke.Report{}, false},
		"no log asked for": {"", invoke.Report{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			out := &invoke.InvokeOutput{LogResult: base64.StdEncoding.EncodeToString([]byte(tc.log))}
			report, ok := out.Report()
			require.Equal(t, tc.found, ok)
			require.Equal(t, tc.want, report)

			log, err := out.Log()
			require.NoError(t, err)
			require.Equal(t, tc.log, string(log))
		})
	}
}

func TestReportOfALogThatIsNotBase64IsMissing(t *testing.T) {
	_, ok := (&invoke.InvokeOutput{LogResult: "!"}).Report()
	require.False(t, ok)
}
