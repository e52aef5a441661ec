package invoketest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestARequestThatIsNotRightlySignedIsRefusedAsTheServiceDoes(t *testing.T) {
	const (
		signature = "InvalidSignatureException"
		client    = "UnrecognizedClientException"
	)
	before := func(change func(*request)) func(*testing.T, *request) {
		return func(t *testing.T, r *request) { change(r); r.sign(t) }
	}
	after := func(change func(*request)) func(*testing.T, *request) {
		return func(t *testing.T, r *request) { r.sign(t); change(r) }
	}
	for name, tt := range map[string]struct {
		spoil func(*testing.T, *request)
		code  string // empty: accepted
	}{
		"rightly signed":        {before(func(*request) {}), ""},
		"four minutes old":      {before(func(r *request) { r.at = r.at.Add(-4 * time.Minute) }), ""},
		"four minutes early":    {before(func(r *request) { r.at = r.at.Add(4 * time.Minute) }), ""},
		"six minutes old":       {before(func(r *request) { r.at = r.at.Add(-6 * time.Minute) }), signature},
		"six minutes early":     {before(func(r *request) { r.at = r.at.Add(6 * time.Minute) }), signature},
		"not signed":            {func(*testing.T, *request) {}, "MissingAuthenticationTokenException"},
		"half a header":         {after(func(r *request) { r.header("Authorization", "AWS4-HMAC-SHA256 Credential=a/b") }), "IncompleteSignatureException"},
		"no date":               {after(func(r *request) { r.Header.Del("X-Amz-Date") }), "IncompleteSignatureException"},
		"unknown access key":    {before(func(r *request) { r.creds.AccessKeyID = "AKIAIOSFODNN7EXAMPLE" }), client},
		"no session token":      {before(func(r *request) { r.creds.SessionToken = "" }), client},
		"another session token": {before(func(r *request) { r.creds.SessionToken += "x" }), client},
		"wrong secret":          {before(func(r *request) { r.creds.SecretAccessKey += "x" }), signature},
		"wrong region":          {before(func(r *request) { r.region = "eu-west-1" }), signature},
		"tampered body":         {after(func(r *request) { r.body = []byte(`{"a":2}`) }), signature},
		"tampered query":        {after(func(r *request) { r.URL.RawQuery = "Qualifier=2" }), signature},
		"tampered header":       {after(func(r *request) { r.header("X-Amz-Log-Type", "None") }), signature},
		"header added":          {after(func(r *request) { r.header("X-Amz-Tenant-Id", "t") }), signature},
		"signed header missing": {after(func(r *request) { r.Header.Del("X-Amz-Log-Type") }), signature},
	} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t, func(c *invoketest.Config) { c.SessionToken = true })
			s.Handle("f", echo)
			r := newRequest(t, s, `{"a":1}`).header("X-Amz-Log-Type", "Tail")
			tt.spoil(t, r)
			resp, body := post(t, s, r)
			if tt.code == "" {
				require.Equal(t, http.StatusOK, resp.StatusCode, body)
				require.Equal(t, 1, s.Runs("f"))
				return
			}
			require.Equal(t, http.StatusForbidden, resp.StatusCode)
			require.Equal(t, tt.code, resp.Header.Get("X-Amzn-Errortype"))
			require.Regexp(t, `^\{"message":".+"\}$`, body)
			known, err := s.Options().Credentials.Retrieve(t.Context())
			require.NoError(t, err)
			require.NotContains(t, body, known.SecretAccessKey)
			require.NotContains(t, body, known.SessionToken)
			require.Zero(t, s.Runs("f"))
			require.Equal(t, http.StatusForbidden, s.Requests()[0].Status)
		})
	}
}

func TestServersDoNotTakeEachOthersCredentials(t *testing.T) {
	one, other := invoketest.NewServer(t), invoketest.NewServer(t)
	client := newClient(t, one, once, func(o *invoke.Options) { o.Credentials = other.Options().Credentials })
	_, err := call(t, client, invoke.InvokeInput{FunctionName: "f"})
	var refused *errors.LambdaServiceException
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "UnrecognizedClientException", refused.Code)
}

func TestTheServersClockShowsInDatesAndInWhatIsAccepted(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.ClockOffset = time.Hour })
	s.Handle("f", echo)
	late := newRequest(t, s, "{}").sign(t)
	resp, _ := post(t, s, late)
	require.Equal(t, "InvalidSignatureException", resp.Header.Get("X-Amzn-Errortype"))
	date, err := http.ParseTime(resp.Header.Get("Date"))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(time.Hour), date, time.Minute)

	right := newRequest(t, s, "{}")
	right.at = date
	resp, _ = post(t, s, right.sign(t))
	require.Equal(t, http.StatusOK, resp.StatusCode)

	s.SetClockOffset(0)
	resp, _ = post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestRotatedCredentialsAreExpired(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	old := newRequest(t, s, "{}").sign(t)
	s.RotateCredentials()
	resp, body := post(t, s, old)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	require.Equal(t, "ExpiredTokenException", resp.Header.Get("X-Amzn-Errortype"))
	require.Contains(t, body, `"message"`)
	resp, _ = post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, http.StatusOK, resp.StatusCode)
}
