package invoke_test

import (
	"context"
	stderrors "errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// script is an HTTP client that answers from memory, so that time can be
// virtual, and that keeps what it was asked.
type script struct {
	replies  []func(*http.Request) (*http.Response, error) // the last one again and again
	requests []*http.Request
	times    []time.Time
}

func (s *script) Do(r *http.Request) (*http.Response, error) {
	next := s.replies[min(len(s.requests), len(s.replies)-1)]
	s.requests = append(s.requests, r)
	s.times = append(s.times, time.Now())
	if r.Body != nil {
		io.Copy(io.Discard, r.Body)
	}
	return next(r)
}

func says(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}, nil
	}
}

func throws(status int, code string, header ...string) func(*http.Request) (*http.Response, error) {
	return says(status, `{"message":"m"}`, append(header, "X-Amzn-Errortype", code)...)
}

func fails(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func scripted(replies ...func(*http.Request) (*http.Response, error)) *script {
	return &script{replies: replies}
}

func (s *script) options() invoke.Options {
	opts := optionsFor("http://localhost")
	opts.HTTPClient = s
	return opts
}

func TestARetryIsSignedAnewAndTellsItsNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(throws(429, "TooManyRequestsException"), throws(429, "TooManyRequestsException"), says(200, "{}"))
		opts := s.options()
		opts.Retry.ThrottleBaseDelay = 10 * time.Second
		out, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
		require.NoError(t, err)
		require.Equal(t, 3, out.Attempts)

		require.Len(t, s.requests, 3)
		seen := map[string]bool{}
		for i, r := range s.requests {
			require.Equal(t, s.requests[0].Header.Get("Amz-Sdk-Invocation-Id"), r.Header.Get("Amz-Sdk-Invocation-Id"))
			require.Equal(t, "attempt="+string(rune('1'+i))+"; max=3", r.Header.Get("Amz-Sdk-Request"))
			date, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
			require.NoError(t, err)
			require.Equal(t, s.times[i].UTC().Truncate(time.Second), date)
			seen[r.Header.Get("Authorization")] = true
		}
		require.Len(t, seen, 3)
	})
}

func TestTheServicesWishToWaitIsHonoured(t *testing.T) {
	for _, tc := range []struct {
		name      string
		header    []string
		low, high time.Duration
	}{
		{"Retry-After", []string{"Retry-After", "7"}, 7 * time.Second, 7 * time.Second},
		{"Retry-After over the cap", []string{"Retry-After", "3000"}, 20 * time.Second, 20 * time.Second},
		{"x-amz-retry-after", []string{"x-amz-retry-after", "2500"}, 2500 * time.Millisecond, 2500 * time.Millisecond},
		{"neither", nil, 0, time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := scripted(throws(429, "TooManyRequestsException", tc.header...), says(200, "{}"))
				_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
				require.NoError(t, err)
				waited := s.times[1].Sub(s.times[0])
				require.GreaterOrEqual(t, waited, tc.low)
				require.LessOrEqual(t, waited, tc.high+time.Millisecond)
			})
		})
	}
}

func TestAGatewaysWishToWaitIsHonouredToo(t *testing.T) {
	for name, refuse := range map[string]func(*http.Request) (*http.Response, error){
		"429 without a code": says(429, "slow down", "Retry-After", "7"),
		"another code":       throws(400, "ThrottlingException", "Retry-After", "7"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := scripted(refuse, says(200, "{}"))
				_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
				require.NoError(t, err)
				require.Equal(t, 7*time.Second, s.times[1].Sub(s.times[0]))
			})
		})
	}
}

func TestADelayBeyondTheDeadlineEndsTheCallAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(throws(429, "TooManyRequestsException", "Retry-After", "10"))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, s.options()).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
		require.Zero(t, time.Since(start))

		var gaveUp *retry.GaveUpError
		require.ErrorAs(t, err, &gaveUp)
		require.Equal(t, 10*time.Second, gaveUp.Delay)
		var throttled *errors.TooManyRequestsException
		require.ErrorAs(t, err, &throttled)
		require.False(t, errors.MayHaveExecuted(err))
	})
}

func TestACancelledWaitEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(throws(429, "TooManyRequestsException", "Retry-After", "10"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := newClient(t, s.options()).Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
		require.Equal(t, 3*time.Second, time.Since(start))
		require.ErrorIs(t, err, context.Canceled)
		require.False(t, errors.MayHaveExecuted(err))
	})
}

func TestTheRetryQuotaIsTheClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(throws(409, "ResourceConflictException"))
		client := newClient(t, s.options())
		for range 100 {
			client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		}
		require.Equal(t, 100+500/14, len(s.requests))
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) { o.Region = "eu-west-1" })
		require.ErrorIs(t, err, retry.ErrQuotaExhausted)
	})
}

func TestClockSkewIsLearnedAndCorrectedOnce(t *testing.T) {
	signedAt := func(t *testing.T, r *http.Request) time.Time {
		date, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		require.NoError(t, err)
		return date
	}
	server := func(ahead time.Duration, refusal string, header ...string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			now := time.Now().Add(ahead)
			header := append(header, "Date", now.UTC().Format(http.TimeFormat))
			date, _ := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
			if now.Sub(date).Abs() > 5*time.Minute {
				return throws(403, refusal, header...)(r)
			}
			return says(200, "{}", header...)(r)
		}
	}
	for _, code := range []string{"RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "AccessDeniedException"} {
		for _, ahead := range []time.Duration{time.Hour, -26 * time.Hour} {
			t.Run(code+ahead.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := scripted(server(ahead, code))
					client := newClient(t, s.options())
					out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
					require.NoError(t, err)
					require.Equal(t, 2, out.Attempts)
					require.Equal(t, time.Now().Add(ahead).UTC().Truncate(time.Second), signedAt(t, s.requests[1]))

					out, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
					require.NoError(t, err)
					require.Equal(t, 1, out.Attempts, "the skew is remembered")
				})
			})
		}
	}

	for _, tc := range []struct {
		name  string
		reply func(*http.Request) (*http.Response, error)
	}{
		{"a refusal with the right time", throws(403, "InvalidSignatureException", "Date", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat))},
		{"no Date", throws(403, "InvalidSignatureException")},
		{"an unreadable Date", throws(403, "InvalidSignatureException", "Date", "yesterday")},
		{"a cached reply", throws(403, "InvalidSignatureException", "Age", "7200", "Date", time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat))},
		{"another code", throws(403, "UnrecognizedClientException", "Date", time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := scripted(tc.reply)
				_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
				require.Error(t, err)
				require.Len(t, s.requests, 1)
			})
		})
	}

	t.Run("a reply that took too long", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := scripted(func(r *http.Request) (*http.Response, error) {
				time.Sleep(16 * time.Minute)
				return throws(403, "InvalidSignatureException", "Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))(r)
			})
			_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.Error(t, err)
			require.Len(t, s.requests, 1)
		})
	})

	t.Run("a clock that jumps each time is given up on", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ahead := time.Duration(0)
			s := scripted(func(r *http.Request) (*http.Response, error) {
				ahead += time.Hour
				return server(ahead, "RequestTimeTooSkewed")(r)
			})
			_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.Error(t, err)
			require.Len(t, s.requests, 2)
		})
	})
}

func TestExpiredCredentialsAreReplacedOnce(t *testing.T) {
	key := func(r *http.Request) string {
		key, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="), "/")
		return key
	}
	accept := func(good string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			if key(r) == good {
				return says(200, "{}")(r)
			}
			return throws(403, "ExpiredTokenException")(r)
		}
	}
	provider := func(retrievals *atomic.Int32) invoke.CredentialsProvider {
		return invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
			n := retrievals.Add(1)
			return invoke.Credentials{AccessKeyID: "KEY" + string(rune('0'+n)), SecretAccessKey: "s"}, nil
		})
	}
	for _, tc := range []struct {
		name                 string
		good                 string
		requests, retrievals int
	}{
		{"fresh ones help", "KEY2", 2, 2},
		{"fresh ones do not help", "KEY9", 2, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var retrievals atomic.Int32
			s := scripted(accept(tc.good))
			opts := s.options()
			opts.Credentials = provider(&retrievals)
			_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			require.Equal(t, tc.good == "KEY2", err == nil)
			require.Len(t, s.requests, tc.requests)
			require.EqualValues(t, tc.retrievals, retrievals.Load())
		})
	}
	t.Run("fixed ones cannot be replaced", func(t *testing.T) {
		s := scripted(accept("none"))
		_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
		require.Len(t, s.requests, 1)
	})
	t.Run("never with one attempt", func(t *testing.T) {
		var retrievals atomic.Int32
		s := scripted(accept("KEY2"))
		opts := s.options()
		opts.Credentials = provider(&retrievals)
		opts.Retry.MaxAttempts = 1
		_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.Error(t, err)
		require.Len(t, s.requests, 1)
	})
}

func TestWithoutCredentialsNothingIsSent(t *testing.T) {
	fault := stderrors.New("the provider is down")
	s := scripted(says(200, "{}"))
	opts := s.options()
	opts.Credentials = invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
		return invoke.Credentials{}, fault
	})
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	var missing *errors.CredentialsError
	require.ErrorAs(t, err, &missing)
	require.ErrorIs(t, err, fault)
	require.False(t, errors.MayHaveExecuted(err))
	require.Empty(t, s.requests)
}

func TestAnErrorAfterAnAmbiguousAttemptTellsOfIt(t *testing.T) {
	s := scripted(says(500, ""), throws(403, "AccessDeniedException"))
	opts := s.options()
	opts.Retry = retry.Policy{Idempotent: true, BaseDelay: 1}
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.Len(t, s.requests, 2)
	var base *errors.LambdaServiceException
	require.ErrorAs(t, err, &base)
	require.Equal(t, "AccessDeniedException", base.Code)
	require.True(t, errors.MayHaveExecuted(err))
}

func TestAnHTTPClientThatFailsAndSaysNothingMayHaveSentTheRequest(t *testing.T) {
	s := scripted(fails(io.ErrUnexpectedEOF))
	_, err := newClient(t, s.options()).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.Len(t, s.requests, 1)
	require.True(t, errors.MayHaveExecuted(err))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}
