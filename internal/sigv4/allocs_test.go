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
	req, creds, hash, at := invokeRequest(t, "{}"), testCredentials(), sigv4.PayloadHash([]byte("{}")), testTime()
	// Date and authorization in one string, and the array that holds them.
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		if err := signer.Sign(req, creds, hash, testService, testRegion, at); err != nil {
			t.Error(err)
		}
	}), 2.0)
}
