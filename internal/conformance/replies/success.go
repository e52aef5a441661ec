package replies

import "strings"

// Successes are replies with a status of success: every output member, every casing, every kind of payload.
func Successes() []Reply {
	all := []Reply{
		{Name: "plain", Status: 200, Body: `{"ok":true}`},
		{Name: "empty", Status: 200},
		{Name: "event", Status: 202},
		{Name: "dry run", Status: 204},
		{Name: "another success", Status: 201, Body: "{}"},
		{Name: "null", Status: 200, Body: "null"},
		{Name: "no JSON", Status: 200, Body: "\x00\xff\xfe"},
		{Name: "1 MB", Status: 200, Body: strings.Repeat("0123456789abcdef", 1<<16)},
		{Name: "an error document is a payload here", Status: 200, Body: `{"code":"TooManyRequestsException","message":"m"}`},
		{Name: "every member", Status: 200, Body: `"x"`, Header: map[string]string{
			"X-Amz-Executed-Version":      "42",
			"X-Amz-Log-Result":            "U1RBUlQgUmVxdWVzdElkOiB4Cg==",
			"X-Amz-Durable-Execution-Arn": "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/n/i",
		}},
		{Name: "lower case", Status: 200, Body: `"x"`, Header: map[string]string{
			"x-amz-executed-version": "$LATEST", "x-amz-log-result": "eA==", "x-amz-function-error": "Unhandled", "x-amzn-requestid": requestID,
		}},
		{Name: "odd casing", Status: 200, Body: `"x"`, Header: map[string]string{
			"X-AMZ-EXECUTED-VERSION": "1", "x-Amz-fUNCTION-eRROR": "Handled", "X-Amzn-RequestId": requestID,
		}},
		{Name: "log that is no base64", Status: 200, Header: map[string]string{"X-Amz-Log-Result": "***"}},
		{Name: "function error of a new kind", Status: 200, Body: `{"errorMessage":"m"}`, Header: map[string]string{"X-Amz-Function-Error": "Novel"}},
		{Name: "function error without payload", Status: 200, Header: map[string]string{"X-Amz-Function-Error": "Unhandled"}},
	}
	for i := range all {
		if all[i].Header == nil {
			all[i].Header = map[string]string{}
		}
		if !all[i].hasRequestID() {
			all[i].Header["X-Amzn-Requestid"] = requestID
		}
	}
	return all
}

func (r Reply) hasRequestID() bool {
	for name := range r.Header {
		if strings.EqualFold(name, "X-Amzn-Requestid") {
			return true
		}
	}
	return false
}
