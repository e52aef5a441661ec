package sigv4_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

func BenchmarkSign(b *testing.B) {
	var signer sigv4.Signer
	req, creds, hash, at := invokeRequest(b, "{}"), testCredentials(), sigv4.PayloadHash([]byte("{}")), testTime()
	b.ReportAllocs()
	for b.Loop() {
		if err := signer.Sign(req, creds, hash, testService, testRegion, at); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignParallel(b *testing.B) {
	var signer sigv4.Signer
	creds, hash, at := testCredentials(), sigv4.PayloadHash([]byte("{}")), testTime()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		req := invokeRequest(b, "{}")
		for pb.Next() {
			if err := signer.Sign(req, creds, hash, testService, testRegion, at); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkSignColdKey is what the first signature of a day costs.
func BenchmarkSignColdKey(b *testing.B) {
	req, creds, hash, at := invokeRequest(b, "{}"), testCredentials(), sigv4.PayloadHash([]byte("{}")), testTime()
	b.ReportAllocs()
	for b.Loop() {
		var signer sigv4.Signer
		if err := signer.Sign(req, creds, hash, testService, testRegion, at); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	req := invokeRequest(b, "{}")
	sign(b, new(sigv4.Signer), req, "{}", testCredentials(), testTime())
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, sigv4.Verify(req, []byte("{}"), lookupTest, testTime(), 0))
	}
}
