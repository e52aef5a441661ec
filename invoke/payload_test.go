package invoke_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// refused is the service's reply to a payload that it cannot read.
func refused(code string) string {
	return httpReply(400, "X-Amzn-Errortype: "+code+"\r\nX-Amzn-Requestid: "+requestID+"\r\n",
		`{"Type":"User","message":"Could not parse request body into json: Invalid UTF-8 start byte 0x97\n at [Source: (byte[])\"{\"; line: 1, column: 5]"}`)
}

func TestARefusedPayloadIsDiagnosed(t *testing.T) {
	for name, tc := range map[string]struct{ payload, want string }{
		"Windows-1252":      {"{\"a\":\"secret \x97\"}", "is not UTF-8 at offset 13: byte 0x97"},
		"not JSON":          {`{'a': 'secret'}`, "is not JSON at offset 1: a single quote where JSON has double quotes"},
		"JSON within JSON":  {`"{\"secret\":1}"`, "is a JSON string that holds JSON at offset 0: it was encoded twice"},
		"base64 of JSON":    {"eyJzZWNyZXQiOjF9", "is base64 of JSON at offset 0: send the JSON itself"},
		"a byte order mark": {"\xef\xbb\xbf{\"secret\":1}", "begins with a UTF-8 byte order mark at offset 0: leave its three bytes out"},
		"nothing wrong":     {`{"secret":1}`, ""},
		"nothing":           {"", ""},
		"large":             {`{"secret":"` + strings.Repeat("x", 100_000) + "\xff\"}", "is not UTF-8 at offset 100011: byte 0xff"},
	} {
		calls := map[string]func(*invoke.Client) error{
			"call": func(c *invoke.Client) error {
				_, err := c.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f", Payload: []byte(tc.payload)})
				return err
			},
			"stream": func(c *invoke.Client) error {
				_, err := c.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f", Payload: []byte(tc.payload)})
				return err
			},
		}
		for kind, call := range calls {
			t.Run(name+"/"+kind, func(t *testing.T) {
				server := listen(t, answeringText(refused("InvalidRequestContentException")))
				err := call(newClient(t, optionsFor(server.url)))
				var content *errors.InvalidRequestContentException
				require.ErrorAs(t, err, &content)
				require.Equal(t, tc.want, content.PayloadProblem)
				require.Contains(t, content.Message, "0x97\n at [Source", "the message is the service's, line feeds included")
				require.NotContains(t, err.Error(), "\n")
				require.Contains(t, err.Error(), tc.want)
				require.NotContains(t, err.Error(), "secret")
				require.NotContains(t, err.Error(), "eyJz")
				require.False(t, errors.MayHaveExecuted(err))
			})
		}
	}
}

func TestOnlyThatExceptionHasThePayloadDiagnosed(t *testing.T) {
	server := listen(t, answeringText(refused("InvalidParameterValueException")))
	_, err := invokeOnce(t, optionsFor(server.url), &invoke.InvokeInput{FunctionName: "f", Payload: []byte("\x97")})
	var invalid *errors.InvalidParameterValueException
	require.ErrorAs(t, err, &invalid)
	require.NotContains(t, err.Error(), "offset")
}
