package invoketest_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestEveryDocumentedExceptionCanBeThrown(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	c := newClient(t, s, once)
	for _, x := range errors.Exceptions() {
		s.Script("f", invoketest.Throw(x.Code))
		_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
		var thrown *errors.LambdaServiceException
		require.ErrorAs(t, err, &thrown, x.Code)
		require.Equal(t, x.Code, thrown.Code)
		require.Equal(t, x.StatusCode, thrown.StatusCode, x.Code)
		require.NotEmpty(t, thrown.Message, x.Code)
		require.NotEmpty(t, thrown.Type, x.Code)
		require.NotEmpty(t, thrown.RequestID, x.Code)
	}
	require.Zero(t, s.Runs("f"))
}

func TestOtherCodesComeWithAFittingStatus(t *testing.T) {
	s := invoketest.NewServer(t)
	for code, status := range map[string]int{
		"ThrottlingException":   429,
		"AccessDeniedException": 403,
		"RequestTimeTooSkewed":  403,
		"InternalFailure":       500,
		"ServiceUnavailable":    503,
		"SomethingNew":          400,
	} {
		s.Script("f", invoketest.Throw(code))
		resp, body := post(t, s, newRequest(t, s, "{}").sign(t))
		require.Equal(t, status, resp.StatusCode, code)
		require.Equal(t, code, resp.Header.Get("X-Amzn-Errortype"))
		require.NotContains(t, body, `"Type"`)
	}
	s.Script("f", invoketest.ThrowStatus(418, "Teapot", "short and stout"))
	resp, body := post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, 418, resp.StatusCode)
	require.Equal(t, `{"message":"short and stout"}`, body)
}

func TestExceptionsAreSpeltAsTheServiceSpellsThem(t *testing.T) {
	s := invoketest.NewServer(t)
	for code, member := range map[string]string{
		"ResourceNotFoundException": "Message", "KMSAccessDeniedException": "Message", "AccessDeniedException": "Message",
		"TooManyRequestsException": "message", "InvalidRequestContentException": "message", "InvalidSignatureException": "message",
	} {
		s.Script("f", invoketest.Throw(code))
		_, body := post(t, s, newRequest(t, s, "{}").sign(t))
		require.Contains(t, body, `"`+member+`":`, code)
	}
	s.Script("f", invoketest.Throw("EC2UnexpectedException"))
	_, err := call(t, newClient(t, s, once), invoke.InvokeInput{FunctionName: "f"})
	var unexpected *errors.EC2UnexpectedException
	require.ErrorAs(t, err, &unexpected)
	require.NotEmpty(t, unexpected.EC2ErrorCode)
}

func TestAThrottleHasItsReasonAndItsDelay(t *testing.T) {
	s := invoketest.NewServer(t)
	c := newClient(t, s, once)
	for _, tt := range []struct {
		after time.Duration
		want  time.Duration
	}{{0, 0}, {time.Millisecond, time.Second}, {2 * time.Second, 2 * time.Second}} {
		s.Script("f", invoketest.Throttle(errors.ThrottleReservedConcurrency, tt.after))
		_, err := call(t, c, invoke.InvokeInput{FunctionName: "f"})
		var throttled *errors.TooManyRequestsException
		require.ErrorAs(t, err, &throttled)
		require.Equal(t, errors.ThrottleReservedConcurrency, throttled.Reason)
		require.Equal(t, tt.want, throttled.RetryAfter)
	}
}

func TestAScriptIsOneFaultForEachRequestOfItsFunction(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Handle("g", echo)
	s.Script("f", invoketest.Throw("ServiceException"), nil, invoketest.ForeignBody(502, "text/html", []byte("<html>")))
	statuses := func(name string, n int) (all []int) {
		for range n {
			r := newRequest(t, s, "{}")
			r.URL.Path = strings.Replace(r.URL.Path, "/f/", "/"+name+"/", 1)
			resp, _ := post(t, s, r.sign(t))
			all = append(all, resp.StatusCode)
		}
		return all
	}
	require.Equal(t, []int{200}, statuses("g", 1))
	require.Equal(t, []int{500, 200, 502, 200, 200}, statuses("f", 5))
	require.Equal(t, 3, s.Runs("f"))

	s.Inject(func(r *invoketest.Request) invoketest.Fault {
		if r.FunctionName == "g" {
			return invoketest.Throw("SnapStartException")
		}
		return nil
	})
	s.Script("g", nil)
	require.Equal(t, []int{200, 400}, statuses("g", 2), "a script comes first")
	require.Equal(t, []int{200}, statuses("f", 1))
	s.Inject(nil)
	require.Equal(t, []int{200}, statuses("g", 1))
}

func TestAForeignBodyIsWhatItIs(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Script("f",
		invoketest.ForeignBody(503, "text/html", []byte("<h1>busy</h1>")),
		invoketest.ForeignBody(502, "", nil),
		invoketest.Compose(invoketest.ForeignBody(301, "", nil), invoketest.ReplyHeader("Location", "/elsewhere")),
	)
	resp, body := post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, 503, resp.StatusCode)
	require.Equal(t, "text/html", resp.Header.Get("Content-Type"))
	require.Empty(t, resp.Header.Get("X-Amzn-Errortype"))
	require.Equal(t, "<h1>busy</h1>", body)
	resp, body = post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, 502, resp.StatusCode)
	require.Empty(t, body)
	require.NotContains(t, resp.Header, "Content-Type")
	resp, _ = post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, "/elsewhere", resp.Header.Get("Location"))
	require.Zero(t, s.Runs("f"))
}

func TestAFaultCanComeAfterTheFunctionRan(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Script("f", invoketest.RunFirst(invoketest.Throw("ServiceException")))
	resp, _ := post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, http.StatusInternalServerError, resp.StatusCode)
	require.Equal(t, 1, s.Runs("f"))
	require.True(t, s.Requests()[0].Ran)
}

func TestADelayComesBeforeWhatItIsComposedWith(t *testing.T) {
	for name, test := range map[string]struct {
		fault        func(time.Duration) invoketest.Fault
		status, runs int // runs: those within the delay
	}{
		"an exception": {func(d time.Duration) invoketest.Fault {
			return invoketest.Compose(invoketest.Delay(d), invoketest.Throw("KMSDisabledException"))
		}, 502, 0},
		"the function's reply": {func(d time.Duration) invoketest.Fault {
			return invoketest.Compose(nil, invoketest.DelayReply(d))
		}, 200, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			s.Handle("f", echo)
			s.Script("f", test.fault(time.Hour), test.fault(time.Millisecond))

			raw, err := leave(t, s, newRequest(t, s, "{}").sign(t).bytes(t))
			require.NoError(t, err)
			require.Empty(t, raw, "it came before the delay was over")
			require.Equal(t, test.runs, s.Runs("f"))

			resp, _ := post(t, s, newRequest(t, s, "{}").sign(t))
			require.Equal(t, test.status, resp.StatusCode)
		})
	}
}

func TestADelayEndsWithTheCallerAndTheFunctionDoesNotRun(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	s.Script("f", invoketest.Delay(time.Hour))
	raw, err := leave(t, s, newRequest(t, s, "{}").sign(t).bytes(t))
	require.NoError(t, err)
	require.Empty(t, raw)
	require.Zero(t, s.Runs("f"))
}

func TestADelayEndsWithTheServer(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	delayed := make(chan struct{})
	s.Inject(func(*invoketest.Request) invoketest.Fault { close(delayed); return invoketest.Delay(time.Hour) })
	ended := make(chan error, 1)
	c := newClient(t, s, once)
	go func() {
		_, err := c.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		ended <- err
	}()
	<-delayed
	s.Close()
	var broken *errors.TransportError
	require.ErrorAs(t, <-ended, &broken)
	require.Zero(t, s.Runs("f"))
}

func TestACallerWhoLeavesWithinItsRequestGetsNothing(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", echo)
	whole := newRequest(t, s, `"0123456789"`).sign(t).bytes(t)
	raw, err := leave(t, s, whole[:len(whole)-1])
	require.NoError(t, err)
	require.Empty(t, raw)
	require.Zero(t, s.Runs("f"))
	require.Nil(t, s.Requests()[0].Body)
	require.Zero(t, s.Requests()[0].Status)
}

func TestABodyCanBeShorterOrLongerThanItsLength(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { return []byte(`"0123456789"`), nil })
	for _, tt := range []struct {
		fault          invoketest.Fault
		declared, body string
	}{
		{invoketest.Truncate(4), "12", `"012`},
		{invoketest.Truncate(0), "12", ""},
		{invoketest.DeclareLength(5), "5", `"0123456789"`},
		{invoketest.DeclareLength(1 << 40), "1099511627776", `"0123456789"`},
	} {
		s.Script("f", tt.fault)
		raw, err := exchange(t, s, newRequest(t, s, "{}").sign(t))
		require.NoError(t, err, "the connection is closed in order")
		head, body, _ := strings.Cut(raw, "\r\n\r\n")
		require.Contains(t, head+"\r\n", "Content-Length: "+tt.declared+"\r\n")
		require.Equal(t, tt.body, body)
	}
	require.Equal(t, 4, s.Runs("f"))
}

func TestAFaultIsNoWayAroundTheSignature(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Script("f", invoketest.ForeignBody(200, "", nil))
	resp, _ := post(t, s, newRequest(t, s, "{}"))
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func TestAFaultKeepsNothingOfItsMakers(t *testing.T) {
	s := invoketest.NewServer(t)
	page := []byte("one")
	fault := invoketest.ForeignBody(500, "", page)
	copy(page, "two")
	s.Script("f", fault, fault)
	for range 2 {
		_, body := post(t, s, newRequest(t, s, "{}").sign(t))
		require.Equal(t, "one", body)
	}
	require.True(t, bytes.Equal(page, []byte("two")))
}

func TestAStatusThatEndsNoResponseIsRefusedAtOnce(t *testing.T) {
	for _, status := range []int{-1, 0, 99, 100, 101, 103, 199, 1000} {
		require.Panics(t, func() { invoketest.ThrowStatus(status, "X", "") }, status)
		require.Panics(t, func() { invoketest.ForeignBody(status, "", nil) }, status)
	}
}
