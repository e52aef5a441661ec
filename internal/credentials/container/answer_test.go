package container_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/fetch"
)

func TestRetrieveReadsExpirations(t *testing.T) {
	tests := map[string]struct {
		json string
		want time.Time
	}{
		"absent":       {``, time.Time{}},
		"null":         {`,"Expiration":null`, time.Time{}},
		"empty":        {`,"Expiration":""`, time.Time{}},
		"UTC":          {`,"Expiration":"2030-01-02T03:04:05Z"`, time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)},
		"offset":       {`,"Expiration":"2030-01-02T05:04:05+02:00"`, time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)},
		"fractions":    {`,"Expiration":"2030-01-02T03:04:05.678Z"`, time.Date(2030, 1, 2, 3, 4, 5, 678e6, time.UTC)},
		"already over": {`,"Expiration":"2001-01-02T03:04:05Z"`, time.Date(2001, 1, 2, 3, 4, 5, 0, time.UTC)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url := serve(t, 1, reply(200, `{"AccessKeyId":"A","SecretAccessKey":"S"`+test.json+`}`))
			creds, err := retrieve(t, container.Config{FullURI: url})
			require.NoError(t, err)
			require.True(t, test.want.Equal(creds.Expires), "%s", creds.Expires)
		})
	}
}

func TestRetrieveRefusesAnswersThatMakeNoSense(t *testing.T) {
	tests := map[string]struct{ body, err string }{
		"empty":                {"", "the answer is not the expected JSON"},
		"HTML":                 {"<html>" + secretKey, "the answer is not the expected JSON"},
		"cut":                  {answer[:100], "the answer is not the expected JSON"},
		"array":                {"[1]", "the answer is not the expected JSON"},
		"other types":          {`{"AccessKeyId":1}`, "the answer is not the expected JSON"},
		"null":                 {"null", "the answer lacks AccessKeyId or SecretAccessKey"},
		"no keys":              {"{}", "the answer lacks AccessKeyId or SecretAccessKey"},
		"no secret":            {`{"AccessKeyId":"A"}`, "the answer lacks AccessKeyId or SecretAccessKey"},
		"no ID":                {`{"SecretAccessKey":"` + secretKey + `"}`, "the answer lacks AccessKeyId or SecretAccessKey"},
		"odd expiration":       {strings.Replace(answer, "2030-01-02", secretKey, 1), "the answer has an Expiration that is no RFC 3339 time"},
		"too large":            {answer + strings.Repeat(" ", 64<<10), "the answer is larger than 64 KiB"},
		"an error as a 200":    {`{"code":"AssumeRoleUnauthorizedAccess","message":"no role"}`, "status 200: AssumeRoleUnauthorizedAccess: no role"},
		"an error, other case": {`{"Code":"NotFound","Message":"no role"}`, "status 200: NotFound: no role"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url := serve(t, 1, reply(200, test.body))
			creds, err := retrieve(t, container.Config{FullURI: url + secretPath, AuthToken: secretToken})
			require.EqualError(t, err, "container credentials from "+url+" (AWS_CONTAINER_CREDENTIALS_FULL_URI): "+test.err)
			require.Zero(t, creds)
		})
	}
}

func TestRetrieveReportsWhatTheEndpointSaid(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   fetch.StatusError
		text   string
	}{
		"code and message": {403, `{"code":"AccessDenied","message":"not for you"}`, fetch.StatusError{StatusCode: 403, Code: "AccessDenied", Message: "not for you"}, "status 403: AccessDenied: not for you"},
		"code":             {400, `{"code":"Bad"}`, fetch.StatusError{StatusCode: 400, Code: "Bad"}, "status 400: Bad"},
		"message":          {404, `{"message":"gone"}`, fetch.StatusError{StatusCode: 404, Message: "gone"}, "status 404: gone"},
		"no JSON":          {401, `<html>`, fetch.StatusError{StatusCode: 401}, "status 401"},
		"empty":            {401, ``, fetch.StatusError{StatusCode: 401}, "status 401"},
		"huge":             {401, strings.Repeat("x", 1<<20), fetch.StatusError{StatusCode: 401}, "status 401"},
		"no content":       {204, ``, fetch.StatusError{StatusCode: 204}, "status 204"},
		"echoes the token": {401, `{"code":"` + secretToken + `","message":"bad token ` + secretToken + `, or eyJ-very-secret-token"}`, fetch.StatusError{StatusCode: 401, Code: "[redacted]", Message: "bad token [redacted], or [redacted]"}, "status 401: [redacted]: bad token [redacted], or [redacted]"},
		"several lines":    {401, `{"message":"a\r\nb\u001b[31mc"}`, fetch.StatusError{StatusCode: 401, Message: "a  b [31mc"}, "status 401: a  b [31mc"},
		"long":             {401, `{"message":"` + strings.Repeat("é", 1000) + `"}`, fetch.StatusError{StatusCode: 401, Message: strings.Repeat("é", 256) + "…"}, "status 401: " + strings.Repeat("é", 256) + "…"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url := serve(t, 1, reply(test.status, test.body))
			_, err := retrieve(t, container.Config{FullURI: url + secretPath, AuthToken: secretToken})
			require.EqualError(t, err, "container credentials from "+url+" (AWS_CONTAINER_CREDENTIALS_FULL_URI): "+test.text)
			var status *fetch.StatusError
			require.ErrorAs(t, err, &status)
			require.Equal(t, test.want, *status)
		})
	}
}
