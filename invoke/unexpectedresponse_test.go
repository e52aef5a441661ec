package invoke_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// What emulators of the service send, header by header as they send it, so far as it matters.
func TestRepliesOfEmulatorsAreSuccesses(t *testing.T) {
	for _, tc := range []struct {
		name, header, body string
		status             int
		functionError      string
	}{
		{name: "runtime interface emulator: JSON", status: 200, header: "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n", body: `{"a":1}`},
		{name: "runtime interface emulator: text", status: 200, header: "Content-Type: text/plain; charset=utf-8\r\n", body: "Task timed out after 3.00 seconds"},
		{name: "runtime interface emulator: a custom runtime's text", status: 200, header: "Content-Type: text/plain; charset=utf-8\r\n", body: "<3 & <no page>"},
		{name: "runtime interface emulator: bytes", status: 200, header: "Content-Type: application/octet-stream\r\n", body: "\x00\x01\x02"},
		{name: "runtime interface emulator: nothing", status: 200},
		{name: "SAM local: JSON", status: 200, header: "Server: Werkzeug/3.0.1 Python/3.12.3\r\nContent-Type: application/json\r\nConnection: close\r\n", body: `{"a":1}`},
		{name: "SAM local: an image", status: 200, header: "Server: Werkzeug/3.0.1 Python/3.12.3\r\nContent-Type: image/gif\r\n", body: "GIF89a\x01"},
		{name: "SAM local: a function error", status: 200, header: "Content-Type: application/json\r\nx-amz-function-error: Unhandled\r\n", body: `{"errorMessage":"no"}`, functionError: "Unhandled"},
		{name: "serverless-offline: an object", status: 200, header: "content-type: application/json; charset=utf-8\r\nvary: origin\r\ncache-control: no-cache\r\n", body: `{"a":1}`},
		{name: "serverless-offline: a string", status: 200, header: "content-type: text/html; charset=utf-8\r\ncache-control: no-cache\r\n", body: `"said "hi" in <b>bold</b>"`},
		{name: "serverless-offline: an event", status: 202, header: "cache-control: no-cache\r\n"},
		{name: "serverless-offline: a thrown error", status: 200, header: "content-type: application/json; charset=utf-8\r\nx-amz-function-error: Unhandled\r\n", body: `{"errorMessage":"no"}`, functionError: "Unhandled"},
		{name: "LocalStack: JSON", status: 200, header: "Server: TwistedWeb/24.3.0\r\nContent-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\nx-amzn-requestid: id\r\n", body: `{"a":1}`},
		{name: "LocalStack: a custom runtime's page", status: 200, header: "Content-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\n", body: "<html></html>"},
		{name: "LocalStack: text", status: 200, header: "Content-Type: text/plain\r\nX-Amz-Log-Result: eA==\r\nX-Amz-Executed-Version: $LATEST\r\n", body: "plain"},
		{name: "LocalStack: an event", status: 202, header: "Content-Type: application/json\r\nx-amzn-requestid: id\r\n"},
		{name: "moto: JSON", status: 200, header: "Server: Werkzeug/3.0.1\r\nContent-Type: text/html; charset=utf-8\r\nx-amzn-requestid: ABC\r\n", body: `{"a":1}`},
		{name: "moto: its own text", status: 200, header: "Content-Type: text/html; charset=utf-8\r\nx-amzn-requestid: ABC\r\n", body: "Simple Lambda happy path OK"},
		{name: "moto: a call that older ones answer with 202", status: 202, header: "Content-Type: text/html; charset=utf-8\r\nx-amzn-requestid: ABC\r\n", body: `{"a":1}`},
		{name: "the service: a result", status: 200, header: "Content-Type: application/json\r\nx-amzn-RequestId: id\r\nx-amzn-Remapped-Content-Length: 0\r\nX-Amz-Executed-Version: $LATEST\r\n", body: `"<html>"`},
		{name: "the service: a custom runtime's page", status: 200, header: "Content-Type: text/html\r\nx-amzn-RequestId: id\r\nX-Amz-Executed-Version: 3\r\n", body: "<html></html>"},
		{name: "the service: an event", status: 202, header: "x-amzn-RequestId: id\r\nx-amzn-Remapped-Content-Length: 0\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := listen(t, answeringText(httpReply(tc.status, tc.header, tc.body)))
			out, err := invokeOnce(t, optionsFor(server.url), &invoke.InvokeInput{FunctionName: "f"})
			require.NoError(t, err)
			require.Equal(t, tc.status, out.StatusCode)
			require.Equal(t, tc.body, string(out.Payload))
			require.Equal(t, tc.functionError, out.FunctionError)
		})
	}
}

// strangers are successes that something other than the service sends.
var strangers = []struct {
	name, header, body string
	status             int
}{
	{"a captive portal", "Content-Type: text/html\r\n", "<html>login</html>", 200},
	{"a captive portal in upper case", "CONTENT-TYPE: TEXT/HTML\r\n", "<HTML>LOGIN</HTML>", 200},
	{"a captive portal without a content type", "", "\r\n<!DOCTYPE html><title>login</title>", 200},
	{"a captive portal that says it accepted", "Content-Type: text/html; charset=utf-8\r\n", "<html>login</html>", 202},
	{"a captive portal's words", "Content-Type: text/html\r\n", "login please", 200},
	{"a captive portal after a byte order mark", "", "\xef\xbb\xbf<html>login</html>", 200},
	{"a load balancer's fixed reply", "Server: awselb/2.0\r\nContent-Type: text/html\r\n", "<h1>login at maintenance</h1>", 200},
	{"a web server's page that is called text", "Server: nginx\r\nContent-Type: text/plain\r\n", "<!DOCTYPE html><p>login", 200},
	{"a proxy's page that is called JSON", "Content-Type: application/json\r\n", "<html>login</html>", 203},
	{"XML of another service", "Content-Type: application/xml\r\nx-amz-request-id: id\r\n", "<?xml version=\"1.0\"?><login/>", 200},
	{"XML of another service with a request ID", "Content-Type: text/xml\r\nx-amzn-RequestId: id\r\n", "<login/>", 200},
}

func TestASuccessThatIsNotTheServicesIsAnErrorOfItsOwn(t *testing.T) {
	for _, tc := range strangers {
		for _, in := range []*invoke.InvokeInput{
			{FunctionName: "f", Payload: []byte(`{}`)},
			{FunctionName: "f", InvocationType: invoke.InvocationTypeEvent},
		} {
			t.Run(tc.name+"/"+string(in.InvocationType), func(t *testing.T) {
				requireUnexpected(t, tc.status, httpReply(tc.status, tc.header, tc.body), false, func(c *invoke.Client) error {
					out, err := c.Invoke(t.Context(), in)
					require.Nil(t, out)
					return err
				})
			})
		}
		t.Run(tc.name+"/stream", func(t *testing.T) {
			requireUnexpected(t, tc.status, httpReply(tc.status, tc.header, tc.body), true, func(c *invoke.Client) error {
				out, err := c.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
				require.Nil(t, out)
				return err
			})
		})
	}
}

// requireUnexpected makes a call, once as it is and once as an idempotent one, of an endpoint that always sends reply.
func requireUnexpected(t *testing.T, status int, reply string, streaming bool, call func(*invoke.Client) error) {
	t.Helper()
	for _, policy := range []retry.Policy{{BaseDelay: 1}, {BaseDelay: 1, Idempotent: true}} {
		server := listen(t, answeringText(reply))
		opts := optionsFor(server.url)
		opts.Retry = policy
		err := call(newClient(t, opts))

		var unexpected *errors.UnexpectedResponseError
		require.ErrorAs(t, err, &unexpected)
		require.Equal(t, streaming, unexpected.Streaming)
		require.Equal(t, status, unexpected.StatusCode)
		require.Contains(t, strings.ToLower(unexpected.Body), "login")
		require.NotContains(t, err.Error(), "\n")
		var response *smithyhttp.ResponseError
		require.ErrorAs(t, err, &response)
		require.Equal(t, status, response.HTTPStatusCode())
		require.True(t, errors.MayHaveExecuted(err))
		require.Equal(t, retry.Class{Retryable: true, MayHaveExecuted: true}, retry.Classify(unexpected))
		attempts := int32(1)
		if policy.Idempotent {
			attempts = 3
		}
		require.Equal(t, attempts, server.whole.Load(), "requests")
	}
}

func TestAnIdempotentCallGetsPastACaptivePortal(t *testing.T) {
	var requests atomic.Int32
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			reply(200, map[string]string{"Content-Type": "text/html"}, "<html>login</html>")(w, r)
			return
		}
		reply(200, map[string]string{"X-Amz-Executed-Version": "1"}, `"done"`)(w, r)
	})
	opts.Retry = retry.Policy{BaseDelay: 1, Idempotent: true}
	out, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, `"done"`, string(out.Payload))
	require.Equal(t, 2, out.Attempts)
}

func TestAPageShowsNoSessionToken(t *testing.T) {
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<html>%s</html>", r.Header.Get("X-Amz-Security-Token"))
	})
	opts.Credentials = invoke.StaticCredentials("AKIDEXAMPLE", "the-secret", "the-token")
	_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorContains(t, err, "<html>[hidden]</html>")
}

func TestAStreamThatSendsNothingIsRefusedAllTheSame(t *testing.T) {
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done() // which ends when the client closes the connection
	})
	_, err := newClient(t, opts).InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
	var unexpected *errors.UnexpectedResponseError
	require.ErrorAs(t, err, &unexpected)
	require.Empty(t, unexpected.Body)
}
