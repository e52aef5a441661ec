//go:build !race

// The race detector makes sync.Pool drop values at random.

package sigv4_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

func TestASignatureAllocatesItsHeaderValuesOnly(t *testing.T) {
	var signer sigv4.Signer
	req, creds, hash, at := invokeRequest(t, "{}"), testCredentials(), sigv4.AppendPayloadHash(nil, []byte("{}")), testTime()
	values := make([]string, sigv4.HeaderValues)
	// Date and authorization, in one string.
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		if err := signer.SignInto(values, req, creds, hash, testService, testRegion, at); err != nil {
			t.Error(err)
		}
	}), 1.0)
}
