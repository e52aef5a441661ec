package format_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/format"
)

func TestNumbersAndTimesAreShort(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		require.Equal(t, want, format.Count(n))
	}
	for _, tc := range []struct {
		d    time.Duration
		want string
	}{
		{41 * time.Millisecond, "41ms"}, {1234567 * time.Nanosecond, "1.23ms"}, {12_345_678, "12.3ms"}, {999 * time.Microsecond, "999µs"},
		{12_345 * time.Millisecond, "12.3s"}, {318_400 * time.Millisecond, "5m18s"}, {9100 * time.Millisecond, "9.1s"}, {0, "0s"},
	} {
		require.Equal(t, tc.want, format.Duration(tc.d).String())
	}
}
