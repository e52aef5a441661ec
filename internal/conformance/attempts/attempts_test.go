package attempts_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/attempts"
)

func TestWhatMayHaveExecutedIsNeverTriedAgain(t *testing.T) {
	for _, row := range measure(t) {
		if row.MayHaveExecuted {
			require.Equal(t, 1, row.Ours, "%+v", row)
		}
	}
}

func TestDocumentedExceptionsAreTriedAgainAsTheTableSays(t *testing.T) {
	for _, row := range measure(t) {
		x, documented := errors.LookupException(row.Code)
		if !documented {
			continue
		}
		want := 1
		if x.Retry != errors.RetryNever && !x.MayHaveExecuted {
			want = 3
		}
		require.Equal(t, want, row.Ours, "%+v", row)
	}
}

// The SDK goes by the status: it tries every 500, 502, 503 and 504 again, whatever the code says, and no 408 or 409.
func TestTheSDKTriesServerErrorsAgainAndPassingConflictsNot(t *testing.T) {
	for _, row := range measure(t) {
		switch row.Status {
		case 500, 502, 503, 504:
			require.Equal(t, 3, row.SDK, "%+v", row)
		case 408, 409:
			require.Equal(t, 1, row.SDK, "%+v", row)
		}
	}
}

func measure(t *testing.T) []attempts.Row {
	t.Helper()
	rows, err := attempts.Measure(t.Context())
	require.NoError(t, err)
	require.Greater(t, len(rows), 43)
	return rows
}
