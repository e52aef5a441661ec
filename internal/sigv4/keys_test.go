package sigv4_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

// keyUse is what a derived key depends on.
type keyUse struct {
	creds           *sigv4.Credentials
	service, region string
	at              time.Time
}

func (u keyUse) authorization(tb testing.TB, signer *sigv4.Signer) string {
	req := invokeRequest(tb, "{}")
	require.NoError(tb, signer.Sign(req, u.creds, sigv4.PayloadHash([]byte("{}")), u.service, u.region, u.at))
	return req.Header.Get("Authorization")
}

// keyUses differ from each other in one thing at a time, and are more than a
// signer keeps keys of.
func keyUses() []keyUse {
	creds, other := testCredentials(), testCredentials()
	other.SecretAccessKey = "the right one"
	uses := []keyUse{
		{creds, "lambda", "eu-west-1", testTime()},
		{other, "lambda", "eu-west-1", testTime()},
		{creds, "lambda", "us-east-1", testTime()},
		{creds, "sts", "eu-west-1", testTime()},
		{creds, "lambda", "eu-west-1", testTime().Add(2 * time.Second)}, // the next day
	}
	for i := range 40 {
		uses = append(uses, keyUse{
			&sigv4.Credentials{AccessKeyID: "AKID" + strconv.Itoa(i), SecretAccessKey: "secret"},
			"lambda", "eu-west-1", testTime(),
		})
	}
	return uses
}

func TestASharedSignerSignsAsAFreshOne(t *testing.T) {
	uses := keyUses()
	want := make([]string, len(uses))
	distinct := make(map[string]bool)
	for i, use := range uses {
		want[i] = use.authorization(t, new(sigv4.Signer))
		distinct[want[i]] = true
	}
	require.Len(t, distinct, len(uses))

	var signer sigv4.Signer
	for range 2 {
		for i, use := range uses {
			require.Equal(t, want[i], use.authorization(t, &signer))
		}
	}

	var wg sync.WaitGroup
	for g := range 64 {
		wg.Go(func() {
			for n := range uses {
				i := (n*7 + g) % len(uses)
				if got := uses[i].authorization(t, &signer); got != want[i] {
					t.Errorf("use %d: got %q, want %q", i, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestTheScopeFollowsTheDay(t *testing.T) {
	var signer sigv4.Signer
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{testTime(), "/20260203/eu-west-1/lambda/aws4_request"},
		{testTime().Add(2 * time.Second), "/20260204/eu-west-1/lambda/aws4_request"},
		{testTime(), "/20260203/eu-west-1/lambda/aws4_request"}, // the clock was set back
	} {
		require.Contains(t, authorization(t, &signer, testCredentials(), c.at), c.want)
	}
}
