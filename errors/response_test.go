package errors_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestAnUnexpectedResponseIsDescribedInOneLine(t *testing.T) {
	for want, err := range map[string]*errors.UnexpectedResponseError{
		"response is not Lambda's: content type text/html: <html>login</html> (status 200)":                 {ContentType: "text/html", Body: "<html>login</html>", StatusCode: 200},
		"response is not Lambda's: no content type: <a> b (status 202, request ID id)":                      {Body: "<a>\r\n\x1bb", StatusCode: 202, RequestID: "id"},
		"response is not Lambda's: no content type":                                                         {},
		"response is not an event stream: content type text/html (status 200, request ID id)":               {ContentType: "text/html", StatusCode: 200, RequestID: "id", Streaming: true},
		"response is not an event stream: content type a b (status 200)":                                    {ContentType: "a\r\nb\x1b", StatusCode: 200, Streaming: true},
		"response is not an event stream: no content type: x":                                               {Body: "x", Streaming: true},
		"response is not Lambda's: content type text/html: " + strings.Repeat("x", 1024) + "… (status 200)": {ContentType: "text/html", Body: strings.Repeat("x", 5000), StatusCode: 200},
	} {
		require.EqualError(t, err, want)
		require.True(t, errors.MayHaveExecuted(err))
	}
}

func TestTheFormerNameFindsTheSameError(t *testing.T) {
	var err error = &errors.UnexpectedResponseError{Streaming: true}
	var former *errors.ContentTypeError
	require.ErrorAs(t, err, &former)
}
