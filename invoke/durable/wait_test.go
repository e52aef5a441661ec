package durable_test

import (
	"context"
	stderrors "errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

const running, succeeded = `{"Status":"RUNNING"}`, `{"Status":"SUCCEEDED","Result":"42"}`

// asked notes when questions came.
type asked struct{ at []time.Time }

func (a *asked) gaps() []time.Duration {
	gaps := make([]time.Duration, len(a.at)-1)
	for i := range gaps {
		gaps[i] = a.at[i+1].Sub(a.at[i])
	}
	return gaps
}

// ending is a service whose execution ends after a time.
func (a *asked) ending(after time.Duration) func(*http.Request) (int, string) {
	end := time.Now().Add(after)
	return func(*http.Request) (int, string) {
		a.at = append(a.at, time.Now())
		if time.Now().Before(end) {
			return 200, running
		}
		return 200, succeeded
	}
}

func TestAnExecutionIsAskedForAtGrowingIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var questions asked
		f := durable.New[int, int](service(t, questions.ending(time.Hour)), "f:7")
		start := time.Now()
		out, err := f.Execution(anARN).Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, 42, out)
		require.Equal(t, start, questions.at[0], "the first question is asked at once")
		require.Less(t, time.Since(start), time.Hour+30*time.Second)

		limit := 100 * time.Millisecond
		for i, gap := range questions.gaps() {
			require.GreaterOrEqual(t, gap, limit/2, "gap %d", i)
			require.LessOrEqual(t, gap, limit, "gap %d", i)
			limit = min(limit+limit/2, 30*time.Second)
		}
	})
}

func TestTwoWhoWaitDoNotAskInStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var one, other asked
		for _, questions := range []*asked{&one, &other} {
			_, err := durable.New[int, int](service(t, questions.ending(time.Minute)), "f:7").Execution(anARN).Wait(t.Context())
			require.NoError(t, err)
		}
		require.NotEqual(t, one.gaps(), other.gaps())
	})
}

func TestAYearCanBeWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const year = 365 * 24 * time.Hour
		var questions asked
		f := durable.New[int, int](service(t, questions.ending(year)), "f:7").WithIntervals(0, time.Hour)
		start := time.Now()
		out, err := f.Execution(anARN).Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, 42, out)
		require.WithinRange(t, time.Now(), start.Add(year), start.Add(year+time.Hour))
		require.InDelta(t, year/(45*time.Minute), len(questions.at), 500)
	})
}

func TestWhileTheServiceThrottlesItIsAskedMoreSeldom(t *testing.T) {
	questions := func(status int, code string) (n int) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			client := service(t, func(*http.Request) (int, string) { n++; return status, `{"code":"` + code + `"}` })
			_, err := durable.New[int, int](client, "f:7").Execution(anARN).Wait(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			var service *errors.LambdaServiceException
			require.ErrorAs(t, err, &service, "the last request's error is there as well")
			require.Equal(t, code, service.Code)
			require.True(t, errors.MayHaveExecuted(err))
		})
		return n
	}
	failing, throttling := questions(500, "ServiceException"), questions(429, "TooManyRequestsException")
	require.Less(t, throttling*3/2, failing)
}

func TestAWaitGoesOnThroughWhatPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, n := time.Now(), 0
		client := service(t, func(*http.Request) (int, string) {
			n++
			switch {
			case time.Since(start) > 12*time.Hour:
				return 200, succeeded
			case n%5 == 0:
				return 200, `{"Status":"SOMETHING_NEW"}`
			case n%5 == 1:
				return 200, running
			case n%5 == 2:
				return 429, `{"code":"TooManyRequestsException"}`
			case n%5 == 3:
				return 503, "<html>a proxy's</html>"
			}
			return 500, `{"code":"ServiceException"}`
		})
		out, err := durable.New[int, int](client, "f:7").Execution(anARN).Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, 42, out)
	})
}

// Twelve hours of nothing but faults use up the client's retry quota.
func TestAnExhaustedRetryQuotaEndsNoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, exhausted := time.Now(), false
		client := service(t, func(*http.Request) (int, string) {
			if time.Since(start) > 12*time.Hour {
				return 200, succeeded
			}
			return 500, `{"code":"ServiceException"}`
		})
		e := durable.New[int, int](client, "f:7").Execution(anARN)
		for range 100 {
			_, err := e.Status(t.Context())
			exhausted = exhausted || errors.Is(err, retry.ErrQuotaExhausted)
		}
		require.True(t, exhausted)
		out, err := e.Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, 42, out)
	})
}

func TestWhatDoesNotPassEndsAWaitAtOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		is     any
	}{
		"not allowed": {403, `{"code":"AccessDeniedException"}`, new(*errors.LambdaServiceException)},
		"not known":   {404, `{"code":"ResourceNotFoundException"}`, new(*errors.ResourceNotFoundException)},
		"not valid":   {400, `{"code":"InvalidParameterValueException"}`, new(*errors.InvalidParameterValueException)},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := durable.New[int, int](service(t, always(tt.status, tt.body)), "f:7").Execution(anARN).Wait(t.Context())
			require.ErrorAs(t, err, tt.is, name)
			require.True(t, errors.MayHaveExecuted(err), name)
			require.Zero(t, time.Since(start), name)
			var execution *durable.ExecutionError
			require.ErrorAs(t, err, &execution)
			require.Equal(t, anARN, execution.ARN)
		})
	}
}

// What is between may answer in the service's place for a while.
func TestAReplyThatIsNotTheServicesIsNoEnd(t *testing.T) {
	secret := `"Result":"4","InputPayload":"secret"`
	for name, body := range map[string]string{
		"nothing":             ``,
		"a page":              `<html>login</html>`,
		"no status":           `{` + secret + `}`,
		"an empty status":     `{"Status":"",` + secret + `}`,
		"a status of numbers": `{"Status":7,` + secret + `}`,
		"cut off":             `{"Status":"SUCCEEDED",` + secret,
		"an array":            `[{"Status":"SUCCEEDED",` + secret + `}]`,
		"another's result":    `{"DurableExecutionArn":"` + strings.Replace(anARN, "order-1", "order-2", 1) + `","Status":"SUCCEEDED",` + secret + `}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			over := time.Now().Add(time.Hour)
			e := durable.New[int, int](service(t, func(*http.Request) (int, string) {
				if time.Now().Before(over) {
					return 200, body
				}
				return 200, succeeded
			}), "f:7").Execution(anARN)
			_, err := e.Status(t.Context())
			var unexpected *errors.UnexpectedResponseError
			require.ErrorAs(t, err, &unexpected, name)
			require.True(t, errors.MayHaveExecuted(err), name)
			require.NotContains(t, err.Error(), "secret", name)

			out, err := e.Wait(t.Context())
			require.NoError(t, err, name)
			require.Equal(t, 42, out, name)
		})
	}
}

func TestEveryEndIsRead(t *testing.T) {
	for name, tt := range map[string]struct {
		body, text string
		is         error
	}{
		"no result": {`{"Status":"SUCCEEDED"}`, "", nil},
		"null":      {`{"Status":"SUCCEEDED","Result":null,"Error":null}`, "", nil},
		"no reason": {`{"Status":"FAILED"}`, "function f failed: Unhandled (request ID a-request)", nil},
		"timed out": {`{"Status":"TIMED_OUT","Error":{"ErrorMessage":"after 3 s"}}`, "the execution timed out: after 3 s", durable.ErrTimedOut},
		"stopped":   {`{"Status":"STOPPED","Error":{"ErrorType":"Recalled"}}`, "the execution was stopped: Recalled", durable.ErrStopped},
		"a line":    {`{"Status":"STOPPED","Error":{"ErrorType":"a\nb"}}`, "the execution was stopped: a b", durable.ErrStopped},
		"a version": {`{"Status":"SUCCEEDED","Version":"7","DurableExecutionArn":"` + strings.Replace(anARN, ":7/", ":$LATEST.PUBLISHED/", 1) + `"}`, "", nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			out, err := durable.New[int, int](service(t, always(200, tt.body)), "f:7").Execution(anARN).Wait(t.Context())
			require.Zero(t, out)
			if tt.text == "" {
				require.NoError(t, err, name)
				return
			}
			require.ErrorContains(t, err, tt.text, name)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is, name)
			}
		})
	}
}

func TestTimesAreReadAsTheServiceWritesThem(t *testing.T) {
	for text, want := range map[string]time.Time{
		`1764000000`:      time.Unix(1764000000, 0),
		`1764000000.123`:  time.Unix(1764000000, 123e6),
		`1.764E9`:         time.Unix(1764000000, 0),
		`0`:               time.Unix(0, 0),
		`-1.5`:            time.Unix(-2, 5e8),
		`1e300`:           {},
		`"2025-11-24"`:    {},
		`null`:            {},
		`{"seconds": 17}`: {},
	} {
		e := durable.New[int, int](service(t, always(200, `{"Status":"STOPPED","StartTimestamp":`+text+`,"EndTimestamp":`+text+`}`)), "f:7").Execution(anARN)
		status, err := e.Status(t.Context())
		require.NoError(t, err, text)
		require.True(t, want.Equal(status.StartTimestamp), "%s: %v", text, status.StartTimestamp)
		require.True(t, want.Equal(status.EndTimestamp), "%s: %v", text, status.EndTimestamp)
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := durable.New[int, int](service(t, always(200, running)), "f:7").Execution(anARN)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		_, err := e.Wait(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(start))
		require.True(t, errors.MayHaveExecuted(err))

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		start = time.Now()
		_, err = e.Wait(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, time.Minute, time.Since(start))
		_, err = e.Status(ctx)
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestAResultThatComesBeforeTheDeadlineIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var questions asked
		f := durable.New[int, int](service(t, questions.ending(time.Hour-200*time.Millisecond)), "f:7")
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		out, err := f.Execution(anARN).Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, 42, out)
	})
}

func TestAStopThatOthersAnswerIsNone(t *testing.T) {
	for name, body := range map[string]string{"nothing": "", "a page": "<html>login</html>", "another object": "{}", "cut off": `{"StopTimestamp":1`} {
		e := durable.New[int, int](service(t, always(200, body)), "f:7").Execution(anARN)
		var unexpected *errors.UnexpectedResponseError
		require.ErrorAs(t, e.Stop(t.Context(), stderrors.New("no")), &unexpected, name)
	}
	e := durable.New[int, int](service(t, always(200, `{"StopTimestamp":1}`)), "f:7").Execution(anARN)
	require.NoError(t, e.Stop(t.Context(), nil))
}
