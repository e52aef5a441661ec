package wire_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func baseOf(t *testing.T, err error) errors.LambdaServiceException {
	t.Helper()
	var base *errors.LambdaServiceException
	require.True(t, errors.As(err, &base))
	return *base
}

// codeForms are the ways in which a reply can name its code.
var codeForms = []struct {
	name, header, body string // with %s for the code
}{
	{"header", "%s", `{"message":"why"}`},
	{"header with a URI", "%s:http://internal.amazon.com/coral/com.amazonaws.lambda/", `{"message":"why"}`},
	{"header with a namespace", "com.amazonaws.lambda#%s", `{"message":"why"}`},
	{"header with both", " aws.lambda#%s :http://x/y#z", `{"message":"why"}`},
	{"header before body", "%s", `{"code":"ServiceException","__type":"ServiceException","message":"why"}`},
	{"body code", "", `{"code":"%s","message":"why"}`},
	{"body code before __type", "", `{"__type":"ServiceException","code":"%s","message":"why"}`},
	{"body __type", "", `{"__type":"%s","message":"why"}`},
	{"body __type with both", "", `{"__type":"aws.lambda#%s:http://x/y","message":"why"}`},
	{"body __type, code is no string", "", `{"code":502,"__type":"%s","message":"why"}`},
	{"body __type, code and header empty", ":", `{"code":"","__type":"%s","message":"why"}`},
}

func TestEveryExceptionInEveryForm(t *testing.T) {
	for _, row := range errors.Exceptions() {
		for _, form := range codeForms {
			h := header("X-Amzn-RequestId", "1b2c")
			if form.header != "" {
				h.Set("X-Amzn-ErrorType", strings.Replace(form.header, "%s", row.Code, 1))
			}
			err := wire.ServiceError(row.StatusCode, h, []byte(strings.Replace(form.body, "%s", row.Code, 1)), "")

			require.Equal(t, row.Code, reflect.TypeOf(err).Elem().Name(), form.name)
			require.Equal(t, errors.LambdaServiceException{
				Code: row.Code, Message: "why", Fault: row.Fault, StatusCode: row.StatusCode, RequestID: "1b2c",
			}, baseOf(t, err), form.name)
		}
	}
}

func TestOtherNamesOfDocumentedExceptions(t *testing.T) {
	var tooLarge *errors.RequestTooLargeException
	require.True(t, errors.As(wire.ServiceError(413, header("X-Amzn-ErrorType", "RequestEntityTooLargeException"), nil, ""), &tooLarge))
	require.Equal(t, "RequestTooLargeException", tooLarge.Code)

	var missing *errors.ResourceNotFoundException
	require.True(t, errors.As(wire.ServiceError(404, header("x-amzn-errortype", "ResourceNotFound"), nil, ""), &missing))
	require.Equal(t, "ResourceNotFoundException", missing.Code)
}

func TestRepliesOutsideTheTable(t *testing.T) {
	type base = errors.LambdaServiceException
	long := strings.Repeat("x", 10<<20)
	for name, c := range map[string]struct {
		status int
		header http.Header
		body   string
		want   base
	}{
		"a code that is not documented": {403, header("X-Amzn-ErrorType", "AccessDeniedException"), `{"Message":"no","Type":"User"}`,
			base{Code: "AccessDeniedException", Message: "no", Type: "User", Fault: smithy.FaultClient}},
		"message before Message": {400, nil, `{"code":"Odd","Message":"big","message":"small"}`,
			base{Code: "Odd", Message: "small", Fault: smithy.FaultClient}},
		"message in capitals": {400, nil, `{"code":"Odd","MESSAGE":"big"}`,
			base{Code: "Odd", Message: "big", Fault: smithy.FaultClient}},
		"members that are null": {500, nil, `{"code":"Odd","message":null,"Type":null}`,
			base{Code: "Odd", Fault: smithy.FaultServer}},
		"members of other types": {500, nil, `{"code":"Odd","message":{"a":[1]},"Type":7}`,
			base{Code: "Odd", Fault: smithy.FaultServer}},
		"a message of several lines": {500, nil, `{"code":"Odd","message":"one\r\n\ttwo\u001b[31m"}`,
			base{Code: "Odd", Message: "one\r\n\ttwo\x1b[31m", Fault: smithy.FaultServer}},
		"a long message, cut within a character": {500, nil, `{"code":"Odd","message":"` + long[:1023] + `é"}`,
			base{Code: "Odd", Message: long[:1023] + "…", Fault: smithy.FaultServer}},
		"a long message": {500, nil, `{"code":"Odd","message":"` + long[:5000] + `"}`,
			base{Code: "Odd", Message: long[:1024] + "…", Fault: smithy.FaultServer}},
		"cut in the message": {500, nil, `{"code":"Odd","message":"on`,
			base{Code: "UnknownError", Message: `{"code":"Odd","message":"on`, Fault: smithy.FaultServer}},
		"cut after the message": {500, nil, `{"message":"whole","code":"Odd","Type":`,
			base{Code: "UnknownError", Message: "whole", Fault: smithy.FaultServer}},
		"cut after a documented code": {500, nil, `{"code":"TooManyRequestsException","mess`,
			base{Code: "UnknownError", Message: `{"code":"TooManyRequestsException","mess`, Fault: smithy.FaultServer}},
		"cut in the code": {502, nil, `{"message":"whole","code":"Od`,
			base{Code: "UnknownError", Message: "whole", Fault: smithy.FaultServer}},
		"cut at once": {502, nil, `{`,
			base{Code: "UnknownError", Message: "{", Fault: smithy.FaultServer}},
		"empty": {503, nil, "",
			base{Code: "UnknownError", Fault: smithy.FaultServer}},
		"no code": {500, nil, `{"message":"hm"}`,
			base{Code: "UnknownError", Message: "hm", Fault: smithy.FaultServer}},
		"an object of other things": {500, nil, `{"error": "hm"}`,
			base{Code: "UnknownError", Message: `{"error": "hm"}`, Fault: smithy.FaultServer}},
		"JSON that is no object": {500, nil, `["hm"]`,
			base{Code: "UnknownError", Message: `["hm"]`, Fault: smithy.FaultServer}},
		"HTML": {502, nil, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n",
			base{Code: "UnknownError", Message: "<html> <head><title>502 Bad Gateway</title></head> </html>", Fault: smithy.FaultServer}},
		"XML": {403, nil, `<Error><Code>AccessDenied</Code></Error>`,
			base{Code: "UnknownError", Message: `<Error><Code>AccessDenied</Code></Error>`, Fault: smithy.FaultClient}},
		"text of 10 MB": {502, nil, long,
			base{Code: "UnknownError", Message: long[:256] + "…", Fault: smithy.FaultServer}},
		"JSON of 10 MB": {502, nil, `{"code":"Odd","message":"early","pad":"` + long + `"}`,
			base{Code: "UnknownError", Message: "early", Fault: smithy.FaultServer}},
		"blanks of 10 MB": {502, nil, strings.Repeat(" ", 10<<20),
			base{Code: "UnknownError", Fault: smithy.FaultServer}},
		"deep": {502, nil, `{"code":"Odd","message":"early","a":` + strings.Repeat("[", 1<<20),
			base{Code: "UnknownError", Message: "early", Fault: smithy.FaultServer}},
		"deep from the start": {502, nil, strings.Repeat("[", 1<<20),
			base{Code: "UnknownError", Message: strings.Repeat("[", 256) + "…", Fault: smithy.FaultServer}},
		"more members than any error has": {502, nil, `{"a":1` + strings.Repeat(`,"a":1`, 1000) + `,"code":"ServiceException"}`,
			base{Code: "UnknownError", Message: `{"a":1` + strings.Repeat(`,"a":1`, 41) + `,"a"…`, Fault: smithy.FaultServer}},
		"more members than most errors have": {500, nil, `{"a":1` + strings.Repeat(`,"a":1`, 100) + `,"code":"Odd","message":"m"}`,
			base{Code: "Odd", Message: "m", Fault: smithy.FaultServer}},
		"names in another case, after others": {500, nil, `{"CODE":"Other","MESSAGE":"other","code":"Odd","message":"m","type":"User"}`,
			base{Code: "Odd", Message: "m", Type: "User", Fault: smithy.FaultServer}},
		"names with escapes": {500, nil, `{"\u0063ode":"Odd","mess\u0041ge":"\ud83d\ude00 \"m\"","T\nype":"User"}`,
			base{Code: "Odd", Message: `😀 "m"`, Fault: smithy.FaultServer}},
		"bytes that are no text": {502, nil, "\x00\xff\x1b\x80",
			base{Code: "UnknownError", Fault: smithy.FaultServer}},
		"a redirect": {307, header("Location", "https://elsewhere/path?token=secret"), "<html>",
			base{Code: "UnknownError", Message: "the endpoint redirects to elsewhere, which is not followed: is it the right one?"}},
		"a redirect to a path": {301, header("Location", "/elsewhere"), "",
			base{Code: "UnknownError", Message: "the endpoint redirects, which is not followed: is it the right one?"}},
		"a redirect to nowhere": {302, header("Location", "http://[::1"), "",
			base{Code: "UnknownError", Message: "the endpoint redirects, which is not followed: is it the right one?"}},
		"no redirect": {304, nil, "", base{Code: "UnknownError"}},
		"a header that is no code": {500, header("X-Amzn-ErrorType", "http://x"), `{}`,
			base{Code: "http", Message: "", Fault: smithy.FaultServer}},
		"a long code": {500, header("X-Amzn-ErrorType", long[:5000]), "",
			base{Code: long[:128] + "…", Fault: smithy.FaultServer}},
		"the other request ID": {500, header("X-Amz-RequestId", "3d"), "",
			base{Code: "UnknownError", RequestID: "3d", Fault: smithy.FaultServer}},
		"both request IDs": {500, header("X-Amz-RequestId", "3d", "X-Amzn-RequestId", "1b"), "",
			base{Code: "UnknownError", RequestID: "1b", Fault: smithy.FaultServer}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.StatusCode = c.status
			err := wire.ServiceError(c.status, c.header, []byte(c.body), "")
			require.Equal(t, &c.want, err)
		})
	}
}

// AWS's runtime interface emulator answers 502 with the payload of a function that failed, whatever members that has.
func TestAFunctionsOwnErrorIsNotTakenForTheServices(t *testing.T) {
	for _, body := range []string{
		`{"errorMessage":"boom","errorType":"Error","code":"TooManyRequestsException"}`,
		`{"__type":"KMSDisabledException","errorType":"Error","errorMessage":"boom"}`,
	} {
		err := wire.ServiceError(502, http.Header{}, []byte(body), "")
		require.Equal(t, errors.CodeUnknown, baseOf(t, err).Code)
		require.Equal(t, "boom", baseOf(t, err).Message)
		require.True(t, errors.MayHaveExecuted(err))
	}
}

// What is missing of a body may have been a function's error.
func TestABodyThatIsNotWholeMayBeAFunctions(t *testing.T) {
	bodies := map[string]string{
		"behind the limit":            `{"stackTrace":"` + strings.Repeat("x", 64<<10) + `","errorMessage":"boom"}`,
		"behind the limit of members": `{` + strings.Repeat(`"a":1,`, 256) + `"errorMessage":"boom"}`,
		"behind something very deep":  `{"a":` + strings.Repeat("[", 10001) + strings.Repeat("]", 10001) + `,"errorType":"E"}`,
		"behind what is no JSON":      `{"code":"TooManyRequestsException","a":tru,"errorType":"E"}`,
	}
	whole := `{"code":"TooManyRequestsException","a":[{}],"errorType":"E","errorMessage":"boom"}`
	for n := 1; n <= len(whole); n++ {
		bodies[fmt.Sprintf("cut after %d bytes", n)] = " " + whole[:n]
	}
	for name, body := range bodies {
		for _, status := range []int{307, 400, 404, 408, 429, 499} {
			err := wire.ServiceError(status, http.Header{}, []byte(body), "")
			require.Equal(t, errors.CodeFunctionReply, baseOf(t, err).Code, "%s, %d", name, status)
			require.NotEmpty(t, baseOf(t, err).Message, "%s, %d", name, status)
			require.True(t, errors.MayHaveExecuted(err), "%s, %d", name, status)
		}
		for _, status := range []int{500, 502, 503} {
			err := wire.ServiceError(status, http.Header{}, []byte(body), "")
			require.Equal(t, errors.CodeUnknown, baseOf(t, err).Code, "%s, %d", name, status)
			require.True(t, errors.MayHaveExecuted(err), "%s, %d", name, status)
		}
		// The service's word is in its header, whatever became of the body.
		err := wire.ServiceError(429, header("X-Amzn-ErrorType", "TooManyRequestsException"), []byte(body), "")
		require.Equal(t, "TooManyRequestsException", baseOf(t, err).Code, name)
		require.False(t, errors.MayHaveExecuted(err), name)
	}

	// What is no object is no function's error, whole or not, and neither is an object that is whole and has none of its members.
	for _, body := range []string{"", "<html>", `"throt`, `[{"a":`, `{}`, `{"message":"slow down"}`, ` {"code":"Odd"} `} {
		err := wire.ServiceError(429, http.Header{}, []byte(body), "")
		require.NotEqual(t, errors.CodeFunctionReply, baseOf(t, err).Code, body)
		require.False(t, errors.MayHaveExecuted(err), body)
	}
}

func TestMembersThatOnlySomeExceptionsHave(t *testing.T) {
	var throttled *errors.TooManyRequestsException
	require.True(t, errors.As(wire.ServiceError(429, header("X-Amzn-ErrorType", "TooManyRequestsException", "Retry-After", "7"),
		[]byte(`{"Type":"User","Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}`), ""), &throttled))
	require.Equal(t, errors.ThrottleReservedConcurrency, throttled.Reason)
	require.Equal(t, 7*time.Second, throttled.RetryAfter)
	require.Equal(t, "User", throttled.Type)
	require.Equal(t, "Rate Exceeded.", throttled.Message)

	require.True(t, errors.As(wire.ServiceError(429, header("X-Amzn-ErrorType", "TooManyRequestsException"),
		[]byte(`{"Reason":"SomethingNew"}`), ""), &throttled))
	require.Equal(t, errors.ThrottleReason("SomethingNew"), throttled.Reason)
	require.Zero(t, throttled.RetryAfter)

	var ec2 *errors.EC2UnexpectedException
	require.True(t, errors.As(wire.ServiceError(502, header("X-Amzn-ErrorType", "EC2UnexpectedException"),
		[]byte(`{"EC2ErrorCode":"Unavailable"}`), ""), &ec2))
	require.Equal(t, "Unavailable", ec2.EC2ErrorCode)
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		header, body string
		want         time.Duration
	}{
		{"1", "", time.Second},
		{" 30 ", "", 30 * time.Second},
		{"86400", "", 24 * time.Hour},
		{"86401", "", 0},
		{"99999999999999999999", "", 0},
		{"0", "", 0},
		{"-5", "", 0},
		{"1.5", "", 0},
		{"Fri, 31 Dec 1999 23:59:59 GMT", "", 0},
		{"", `{"retryAfterSeconds":"4"}`, 4 * time.Second},
		{"", `{"retryAfterSeconds":4}`, 4 * time.Second},
		{"3", `{"retryAfterSeconds":"4"}`, 3 * time.Second},
		{"soon", `{"retryAfterSeconds":"4"}`, 4 * time.Second},
		{"", `{"retryAfterSeconds":[4]}`, 0},
		{"", `{"retryAfterSeconds":null}`, 0},
	} {
		var throttled *errors.TooManyRequestsException
		h := header("X-Amzn-ErrorType", "TooManyRequestsException", "Retry-After", c.header)
		require.True(t, errors.As(wire.ServiceError(429, h, []byte(c.body), ""), &throttled))
		require.Equal(t, c.want, throttled.RetryAfter, c)
	}
}

func TestEachReplyMakesAFreshValue(t *testing.T) {
	h := header("X-Amzn-ErrorType", "ServiceException")
	require.NotSame(t, wire.ServiceError(500, h, nil, ""), wire.ServiceError(500, h, nil, ""))
	require.NotSame(t, wire.ServiceError(500, nil, nil, ""), wire.ServiceError(500, nil, nil, ""))
}

func TestHeadersInAnyCasingOnTheWire(t *testing.T) {
	for _, names := range [][3]string{
		{"x-amzn-errortype", "x-amzn-requestid", "retry-after"},
		{"X-Amzn-ErrorType", "x-amzn-RequestId", "Retry-After"},
		{"X-AMZN-ERRORTYPE", "X-AMZ-REQUESTID", "RETRY-AFTER"},
		{"x-Amzn-Errortype", "x-amz-RequestId", "retry-After"},
	} {
		url := rawServer(t, fmt.Sprintf("HTTP/1.1 429 Slow\r\n%s: TooManyRequestsException\r\n%s: 1b\r\n%s: 2\r\nContent-Length: 2\r\n\r\n{}",
			names[0], names[1], names[2]))
		resp, err := http.Get(url)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())

		var throttled *errors.TooManyRequestsException
		require.True(t, errors.As(wire.ServiceError(resp.StatusCode, resp.Header, body, ""), &throttled), names)
		require.Equal(t, "1b", throttled.RequestID, names)
		require.Equal(t, 2*time.Second, throttled.RetryAfter, names)
	}
}

// rawServer answers one request with these very bytes.
func rawServer(t *testing.T, response string) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, response)
		}
	}()
	return "http://" + listener.Addr().String()
}

func FuzzServiceError(f *testing.F) {
	for _, form := range codeForms {
		f.Add(502, form.header, "1b2c", "7", []byte(form.body))
	}
	f.Add(500, "", "", "", []byte(`{"code":"Odd","message":"on`))
	f.Add(502, "\n", "\xff", "-1", []byte("<html>\x00"))
	f.Fuzz(func(t *testing.T, status int, code, id, after string, body []byte) {
		h := header("X-Amzn-ErrorType", code, "X-Amzn-RequestId", id, "Retry-After", after)
		err := wire.ServiceError(status, h, body, "")
		base := baseOf(t, err)
		require.NotEmpty(t, base.Code)
		require.Equal(t, status, base.StatusCode)
		require.LessOrEqual(t, len(err.Error()), 2<<10)
		require.True(t, utf8.ValidString(err.Error()))
		require.NotContains(t, err.Error(), "\n")
		if row, documented := errors.LookupException(base.Code); documented {
			require.Equal(t, base.Code, reflect.TypeOf(err).Elem().Name())
			require.Equal(t, row.MayHaveExecuted, errors.MayHaveExecuted(err))
		}
	})
}

func TestAReplyWithTheHeadersOfAFunctionsIsNoRefusal(t *testing.T) {
	for _, headers := range [][]string{
		{"X-Amz-Function-Error", "Unhandled"},
		{"X-Amz-Function-Error", ""},
		{"X-Amz-Executed-Version", "7"},
		{"X-Amz-Function-Error", "Unhandled", "X-Amzn-ErrorType", "TooManyRequestsException"},
	} {
		for _, body := range []string{`"boom"`, `[]`, ``, `{"code":"TooManyRequestsException"}`} {
			for _, status := range []int{302, 403, 429, 502} {
				err := wire.ServiceError(status, header(headers...), []byte(body), "")
				require.True(t, errors.MayHaveExecuted(err), "%d %q %q: %v", status, headers, body, err)
			}
		}
	}
}

func TestASecretIsTakenOutBeforeAMessageIsCut(t *testing.T) {
	const secret = "s3cr3t-token"
	for name, body := range map[string]string{
		"a message":                     `{"message":"signed with ` + secret + `, twice: ` + secret + `"}`,
		"one cut off":                   `{"message":"` + strings.Repeat("x", 1019) + secret + `"}`,
		"a page":                        "<p>" + secret + "</p>",
		"a page cut off":                strings.Repeat("x", 250) + secret,
		"an escaped one":                `{"Message":"\u00733cr3t-token"}`,
		"a function's, passed on wrong": `{"errorMessage":"` + secret + `"}`,
	} {
		err := wire.ServiceError(403, http.Header{}, []byte(body), secret)
		require.NotContains(t, err.Error(), "s3cr", name)
	}
}
