package logtail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/logtail"
)

const (
	id         = "1b8ad2bf-6f3c-4ef4-9d2c-0a7a7ed5b1a9"
	start      = "START RequestId: " + id + " Version: $LATEST\n"
	end        = "END RequestId: " + id + "\n"
	textReport = "REPORT RequestId: " + id + "\tDuration: 3.81 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t"
	xray       = "XRAY TraceId: 1-677faf89-09a6b95269c6e56c4d1ab356\tSegmentId: 7e44b09386b9ab35\tSampled: true\t\n"
	jsonReport = `{"time":"2024-03-13T18:56:24.046Z","type":"platform.report","record":{"requestId":"` + id +
		`","metrics":{"durationMs":3.81,"billedDurationMs":4,"memorySizeMB":128,"maxMemoryUsedMB":40},"status":"success"}}`
)

// warm is the report that textReport and jsonReport stand for, with changes.
func warm(changes ...func(*logtail.Report)) logtail.Report {
	r := logtail.Report{
		RequestID: id, Duration: 3810 * time.Microsecond, BilledDuration: 4 * time.Millisecond,
		MemorySizeMB: 128, MaxMemoryUsedMB: 40,
	}
	for _, change := range changes {
		change(&r)
	}
	return r
}

func succeeded(r *logtail.Report) { r.Status = "success" }

func cold(r *logtail.Report) { r.InitDuration = 120500 * time.Microsecond }

func traced(r *logtail.Report) {
	r.TraceID, r.SegmentID, r.Sampled = "1-677faf89-09a6b95269c6e56c4d1ab356", "7e44b09386b9ab35", true
}

func TestParseReportReadsEveryField(t *testing.T) {
	tests := map[string]struct {
		tail string
		want logtail.Report
	}{
		"text, warm":                  {start + "hello\n" + end + textReport + "\n", warm()},
		"text, no final newline":      {start + end + textReport, warm()},
		"text, spaces":                {strings.ReplaceAll(textReport, "\t", " ") + "\n", warm()},
		"text, many spaces":           {strings.ReplaceAll(textReport, "\t", "    ") + "\n", warm()},
		"text, tabs and spaces":       {strings.Replace(textReport, "\t", "  ", 2) + "\n", warm()},
		"text, spaces, no units lost": {strings.ReplaceAll(textReport, "\t", " ") + "Init Duration: 120.5 ms Status: timeout\n", warm(cold, func(r *logtail.Report) { r.Status = "timeout" })},
		"text, spaces, restored": {strings.ReplaceAll(textReport, "\t", " ") + "Restore Duration: 398.97 ms Billed Restore Duration: 182 ms\n", warm(func(r *logtail.Report) {
			r.RestoreDuration, r.BilledRestoreDuration = 398970*time.Microsecond, 182*time.Millisecond
		})},
		"text, spaces, as the runtime interface emulator orders them": {"REPORT RequestId: " + id + " Init Duration: 120.5 ms Duration: 3.81 ms Billed Duration: 4 ms Memory Size: 128 MB Max Memory Used: 40 MB \n", warm(cold)},
		"text, spaces, traced":    {strings.ReplaceAll(textReport+"\n"+xray, "\t", " "), warm(traced)},
		"text, no trailing tab":   {strings.TrimSuffix(textReport, "\t") + "\n", warm()},
		"text, CRLF":              {strings.ReplaceAll(start+end+textReport+"\n", "\n", "\r\n"), warm()},
		"text, tail starts in it": {textReport + "\n", warm()},
		"text, cold start": {
			start + end + textReport + "Init Duration: 120.5 ms\t\n",
			warm(func(r *logtail.Report) { r.InitDuration = 120500 * time.Microsecond }),
		},
		"text, cold start of an emulator, other order": {
			"REPORT RequestId: " + id + "\tInit Duration: 0.12 ms\tDuration: 3.81 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t\n",
			warm(func(r *logtail.Report) { r.InitDuration = 120 * time.Microsecond }),
		},
		"text, restored": {
			textReport + "Restore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\n",
			warm(func(r *logtail.Report) {
				r.RestoreDuration, r.BilledRestoreDuration = 398970*time.Microsecond, 182*time.Millisecond
			}),
		},
		"text, timeout": {
			start + "2024-05-01T10:00:00.000Z " + id + " Task timed out after 3.00 seconds\n\n" + end + textReport + "Status: timeout\t\n",
			warm(func(r *logtail.Report) { r.Status = "timeout" }),
		},
		"text, timeout of old, said after the report": {
			start + end + textReport + "\t\n" + "2019-05-01T10:00:00.000Z " + id + " Task timed out after 3.00 seconds\n\n",
			warm(),
		},
		"text, crash": {
			end + textReport + "Status: error\tError Type: Runtime.ExitError\t\n",
			warm(func(r *logtail.Report) { r.Status, r.ErrorType = "error", "Runtime.ExitError" }),
		},
		"text, fields to come": {textReport + "Shoe Size: 43\tNonsense\t\n", warm()},
		"text, traced":         {start + end + textReport + "\n" + xray, warm(traced)},
		"text, traced, trace on the same line": {
			textReport + xray, warm(traced),
		},
		"text, not sampled": {
			textReport + "\n" + strings.Replace(xray, "true", "false", 1),
			warm(traced, func(r *logtail.Report) { r.Sampled = false }),
		},
		"json": {jsonReport + "\n", warm(succeeded)},
		"json, cold start, traced": {
			`{"type":"platform.start","record":{"requestId":"x"}}` + "\n" +
				`{"time":"2022-10-21T14:05:05.766Z","type":"platform.report","record":{"requestId":"` + id + `","metrics":{"durationMs":3.81,"billedDurationMs":4,"memorySizeMB":128,"maxMemoryUsedMB":40,"initDurationMs":549.04},` +
				`"tracing":{"spanId":"7e44b09386b9ab35","type":"X-Amzn-Trace-Id","value":"Root=1-677faf89-09a6b95269c6e56c4d1ab356;Parent=35465b3a9e2f7c6a;Sampled=1"},` +
				`"spans":[{"name":"extensionOverhead","start":"2022-10-21T14:05:05.766Z","durationMs":0.1}],"status":"success"}}`,
			warm(succeeded, traced, func(r *logtail.Report) { r.InitDuration = 549040 * time.Microsecond }),
		},
		"json, restored, crashed": {
			`{"type":"platform.report","record":{"requestId":"` + id + `","metrics":{"durationMs":3.81,"billedDurationMs":4,"memorySizeMB":128,"maxMemoryUsedMB":40,"restoreDurationMs":398.97,"billedRestoreDurationMs":182},"status":"error","errorType":"Runtime.ExitError"}}`,
			warm(func(r *logtail.Report) {
				r.RestoreDuration, r.BilledRestoreDuration = 398970*time.Microsecond, 182*time.Millisecond
				r.Status, r.ErrorType = "error", "Runtime.ExitError"
			}),
		},
		"json, duration alone": {
			`{"type":"platform.report","record":{"requestId":"` + id + `","metrics":{"durationMs":3.81e0},"status":"success"}}`,
			logtail.Report{RequestID: id, Duration: 3810 * time.Microsecond, Status: "success"},
		},
		"json, nulls": {
			`{"type":"platform.report","record":{"requestId":"` + id + `","metrics":{"durationMs":3.81,"initDurationMs":null},"status":null,"errorType":null,"tracing":null}}`,
			logtail.Report{RequestID: id, Duration: 3810 * time.Microsecond},
		},
		"json log with a trace line": {jsonReport + "\n" + xray, warm(succeeded, traced)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := logtail.ParseReport([]byte(test.tail))
			require.True(t, ok)
			require.Equal(t, test.want, got)
		})
	}
}

func TestParseReportFindsNoneInATailWithoutAWholeReport(t *testing.T) {
	tests := map[string]string{
		"nothing":                          "",
		"newlines":                         "\n\n\n",
		"no report":                        start + "hello\n" + end,
		"beginning lost":                   "ion: 3.81 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t\n",
		"beginning lost, trace kept":       "Size: 128 MB\tMax Memory Used: 40 MB\t\n" + xray,
		"trace only":                       xray,
		"init report":                      "INIT_REPORT Init Duration: 0.79 ms\tPhase: init\tStatus: error\tError Type: Runtime.InvalidEntrypoint\n",
		"in the middle of a line":          "log: " + textReport + "\n",
		"no request ID":                    strings.Replace(textReport, id, "", 1),
		"json, beginning lost":             jsonReport[10:],
		"json, no request ID":              strings.Replace(jsonReport, id, "", 1),
		"json, quoted by another line":     `{"type":"function","record":{"type":"platform.report"}}`,
		"json, quoted by a log message":    `{"level":"INFO","message":"{\"type\":\"platform.report\"}","type":"x","like":"platform.report"}`,
		"json, no metrics":                 `{"type":"platform.report","record":{"requestId":"` + id + `"}}`,
		"json, record is no object":        `{"type":"platform.report","record":"a text"}`,
		"json, report of the initializing": strings.Replace(jsonReport, "platform.report", "platform.initReport", 1),
	}
	for name, tail := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := logtail.ParseReport([]byte(tail))
			require.False(t, ok)
			require.Zero(t, got)
		})
	}
}

func TestParseReportNeverInventsANumberFromACutLine(t *testing.T) {
	full := strings.TrimSuffix(textReport, "\t") + "\tInit Duration: 120.5 ms\t"
	want := warm(func(r *logtail.Report) { r.InitDuration = 120500 * time.Microsecond })
	for cut := range len(full) {
		got, ok := logtail.ParseReport([]byte(start + end + full[:cut]))
		if !ok {
			require.Zero(t, got)
			continue
		}
		if got.InitDuration == 0 {
			got.InitDuration = want.InitDuration // the optional field was cut off
		}
		require.Equal(t, want, got, "cut after %q", full[:cut])
	}
	for cut := range len(jsonReport) {
		_, ok := logtail.ParseReport([]byte(jsonReport[:cut]))
		require.False(t, ok, "cut after %q", jsonReport[:cut])
	}
}

func TestParseReportTakesTheLastReport(t *testing.T) {
	fakeText := "REPORT RequestId: fake\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 1 MB\tMax Memory Used: 1 MB\tInit Duration: 9 ms\t\n"
	fakeJSON := `{"type":"platform.report","record":{"requestId":"fake","metrics":{"durationMs":1,"initDurationMs":9}}}` + "\n"
	fakeTrace := "XRAY TraceId: fake\tSegmentId: fake\tSampled: true\n"
	fakes := start + fakeText + fakeJSON + fakeTrace + end

	tests := map[string]struct {
		tail string
		want logtail.Report
		ok   bool
	}{
		"text":                          {fakes + textReport + "\n", warm(), true},
		"text, traced":                  {fakes + textReport + "\n" + xray, warm(traced), true},
		"json":                          {fakes + jsonReport + "\n", warm(succeeded), true},
		"two invocations in one tail":   {fakeText + start + end + textReport + "\n", warm(), true},
		"text, real one cut at its end": {fakes + textReport[:60], logtail.Report{}, false},
		"json, real one cut at its end": {fakes + jsonReport[:90], logtail.Report{}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := logtail.ParseReport([]byte(test.tail))
			require.Equal(t, test.ok, ok)
			require.Equal(t, test.want, got)
		})
	}
}

func TestParseReportIgnoresNumbersThatMakeNoSense(t *testing.T) {
	for _, number := range []string{
		"-1", "-0.5", "1e999", "1e300", "99999999999999999999", "9223372036854775807", "NaN", "Inf", "+Inf",
		"0x10", "1_000", "1,5", "1.5.2", "٣", " ", "ms", "e", "true", `"4"`, "[4]", "{}",
	} {
		t.Run(number, func(t *testing.T) {
			text := fmt.Sprintf("REPORT RequestId: %s\tDuration: %[2]s ms\tBilled Duration: %[2]s ms\tMemory Size: %[2]s MB\tMax Memory Used: %[2]s MB\tInit Duration: %[2]s ms\t\n", id, number)
			got, ok := logtail.ParseReport([]byte(text))
			require.True(t, ok)
			require.Equal(t, logtail.Report{RequestID: id}, got)

			// Not every one of them is JSON; a line that is not is no report.
			json := fmt.Sprintf(`{"type":"platform.report","record":{"requestId":"%s","metrics":{"durationMs":%[2]s,"memorySizeMB":%[2]s,"restoreDurationMs":%[2]s}}}`, id, number)
			got, ok = logtail.ParseReport([]byte(json))
			if ok {
				require.Equal(t, logtail.Report{RequestID: id}, got)
			} else {
				require.Zero(t, got)
			}
		})
	}
}
