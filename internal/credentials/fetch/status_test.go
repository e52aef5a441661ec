package fetch_test

import (
	"strings"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
)

// The code gets into logs and metrics, and an endpoint may write anything there.
func TestOnlyAWordIsACode(t *testing.T) {
	for code, want := range map[string]string{
		"AccessDenied": "AccessDenied", "com.amazon#X": "UnknownError", "a.b-c_1": "a.b-c_1", "": "UnknownError", "two words": "UnknownError",
		"é": "UnknownError", "line\nline": "UnknownError", strings.Repeat("x", 64): strings.Repeat("x", 64), strings.Repeat("x", 65): "UnknownError",
	} {
		var err smithy.APIError = fetch.NewStatusError(400, code, "m", "")
		require.Equal(t, want, err.ErrorCode())
		require.Equal(t, "m", err.ErrorMessage())
	}
}

func TestTheStatusTellsWhoseTheErrorIs(t *testing.T) {
	for status, want := range map[int]smithy.ErrorFault{200: smithy.FaultUnknown, 302: smithy.FaultUnknown, 400: smithy.FaultClient, 499: smithy.FaultClient, 500: smithy.FaultServer} {
		require.Equal(t, want, fetch.NewStatusError(status, "", "", "").ErrorFault())
	}
	for status, want := range map[int]bool{200: false, 403: false, 429: true, 500: true, 503: true} {
		require.Equal(t, want, fetch.Temporary(status))
	}
}
