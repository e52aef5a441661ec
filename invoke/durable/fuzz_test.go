package durable_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
)

// Whatever comes as a reply is read without a panic, and only a whole JSON object
// whose status says so is a success.
func FuzzReply(f *testing.F) {
	for _, body := range []string{
		"", "{}", "[]", "null", running, succeeded, `{"Status":"FAILED","Error":{"ErrorType":"T","ErrorMessage":"m","StackTrace":["a"]}}`,
		`{"Status":"STOPPED","Error":null}`, `{"Status":"TIMED_OUT","StartTimestamp":1.5,"EndTimestamp":-1e9}`, `{"Status":"SUCCEEDED","Result":{}}`,
		`{"Status":"SUCCEEDED","Result":"\"\ud800\""}`, `{"Status":"SUCCEEDED","DurableExecutionArn":"` + anARN + `"}`, `{"Status":"NEW"`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		questions := 0
		client := service(t, func(*http.Request) (int, string) {
			if questions++; questions > 3 {
				return 404, `{"code":"ResourceNotFoundException"}`
			}
			return 200, body
		}, func(o *invoke.Options) {
			o.Retry.BaseDelay, o.Retry.MaxDelay = 1, 1 // a reply that is not the service's is asked for again, at once
		})
		e := durable.New[int, []byte](client, "f:7").WithIntervals(1, 1).Execution(anARN)
		result, err := e.Wait(t.Context())
		if err == nil {
			require.True(t, json.Valid([]byte(body)))
			require.True(t, strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "{"))
			require.LessOrEqual(t, len(result), 3*len(body))
		} else {
			var execution *durable.ExecutionError
			require.ErrorAs(t, err, &execution)
			require.NotContains(t, err.Error(), "\n")
		}
		questions = 0
		status, err := e.Status(t.Context())
		if err == nil {
			require.NotEmpty(t, status.Status)
		}
	})
}

// An ARN is refused, or asked for as it is, as one segment of the path.
func FuzzARN(f *testing.F) {
	for _, arn := range []string{
		"", anARN, "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST.PUBLISHED/durable-execution/n/1", anARN + "/", "/../" + anARN,
		"arn:aws:lambda:::function:f:1/durable-execution/n/1", "arn:a?b:lambda:r#:1:function:%2e%2e:1/durable-execution/../..", strings.Repeat("a", 2000),
	} {
		f.Add(arn)
	}
	f.Fuzz(func(t *testing.T, arn string) {
		var paths []string
		client := service(t, func(r *http.Request) (int, string) {
			paths = append(paths, r.URL.EscapedPath())
			return 200, running
		})
		if _, err := durable.New[int, int](client, "f:7").Execution(arn).Status(t.Context()); err != nil {
			require.Empty(t, paths)
			return
		}
		require.Len(t, paths, 1)
		segment, ok := strings.CutPrefix(paths[0], "/2025-12-01/durable-executions/")
		require.True(t, ok)
		require.NotContains(t, segment, "/")
		asked, err := url.PathUnescape(segment)
		require.NoError(t, err)
		require.Equal(t, arn, asked)
	})
}

var goodName = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,64}$`)

// A name is refused, or sent as it is; and of what comes back, only the ARN of an
// execution of this name is one.
func FuzzStart(f *testing.F) {
	f.Add("order-1", "f:7", anARN)
	f.Add("order-2", "f:7", anARN)
	f.Add("", "f", "")
	f.Add("a b", "f:", "arn:")
	f.Add("\n", ":", "\n")
	f.Add("n", "arn:aws:lambda:us-east-1:123456789012:function:f:7", strings.Replace(anARN, "order-1", "n", 1)+"/")
	f.Fuzz(func(t *testing.T, name, function, arn string) {
		sent := 0
		client := serviceWithHeader(t, http.Header{"X-Amz-Durable-Execution-Arn": {arn}}, func(r *http.Request) (int, string) {
			sent++
			require.Equal(t, []string{name}, r.Header["X-Amz-Durable-Execution-Name"])
			require.Equal(t, []string{"Event"}, r.Header["X-Amz-Invocation-Type"])
			return 202, ""
		})
		e, err := durable.New[int, int](client, function).Start(t.Context(), name, 1)
		if !goodName.MatchString(name) || !strings.Contains(function, ":") {
			require.Error(t, err)
			require.Zero(t, sent)
		}
		if err == nil {
			require.Equal(t, 1, sent)
			require.Equal(t, arn, e.ARN())
			require.Contains(t, arn, "/durable-execution/"+name+"/")
		}
	})
}
