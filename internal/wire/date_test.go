package wire_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// dates are a whole day's worth of forms: those that servers write, and what comes close.
var dates = []string{
	"Mon, 23 Nov 2026 08:05:01 GMT",
	"Thu, 29 Feb 2024 23:59:59 GMT",
	"Sat, 01 Jan 0000 00:00:00 GMT",
	"Fri, 31 Dec 9999 23:59:59 GMT",
	"Mon, 29 Feb 2023 00:00:00 GMT", // no such day
	"Mon, 31 Apr 2026 00:00:00 GMT",
	"Mon, 00 Jan 2026 00:00:00 GMT",
	"Mon, 23 Nov 2026 24:00:00 GMT",
	"Mon, 23 Nov 2026 08:60:00 GMT",
	"Mon, 23 Nov 2026 08:05:60 GMT",
	"Mon, 3a Nov 2026 08:05:01 GMT",
	"onT, 23 Nov 2026 08:05:01 GMT",
	"Mon, 23 ovD 2026 08:05:01 GMT",
	"Mon, 23 Nov 2026 08:05:01 UTC",
	"mon, 23 nov 2026 08:05:01 GMT",
	"Monday, 23-Nov-26 08:05:01 GMT",
	"Mon Nov 23 08:05:01 2026",
	"2026-11-23T08:05:01Z",
	"Mon, 23 Nov 2026 08:05:01 GMT ",
	"",
}

func requireSameDateAsNetHTTP(t *testing.T, value string) {
	t.Helper()
	want, err := http.ParseTime(value)
	got, ok := wire.Date(header("Date", value))
	require.Equal(t, err == nil, ok, value)
	if ok {
		require.True(t, want.Equal(got), "%q: %v, not %v", value, got, want)
	}
}

func TestDateIsReadAsNetHTTPReadsIt(t *testing.T) {
	for _, value := range dates {
		requireSameDateAsNetHTTP(t, value)
	}
	_, ok := wire.Date(http.Header{})
	require.False(t, ok)
}

func FuzzDate(f *testing.F) {
	for _, value := range dates {
		f.Add(value, int64(0))
	}
	f.Add("", time.Date(2026, 11, 23, 8, 5, 1, 0, time.UTC).Unix())
	f.Fuzz(func(t *testing.T, value string, unix int64) {
		requireSameDateAsNetHTTP(t, value)
		requireSameDateAsNetHTTP(t, time.Unix(unix, 0).UTC().Format(http.TimeFormat))
	})
}
