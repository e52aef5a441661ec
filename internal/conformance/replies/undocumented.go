package replies

import (
	"strconv"
	"strings"
)

// codes outside the table that the service, a gateway before it or an emulator answers with.
var codes = []Exception{
	{"AccessDeniedException", 403}, {"UnrecognizedClientException", 403}, {"InvalidSignatureException", 403},
	{"ExpiredTokenException", 403}, {"ValidationException", 400}, {"MissingAuthenticationTokenException", 403},
	{"IncompleteSignatureException", 400}, {"ThrottlingException", 400}, {"RequestExpired", 400},
	{"RequestTimeTooSkewed", 403}, {"Throttling", 400}, {"SlowDown", 503}, {"InternalFailure", 500},
	{"ServiceUnavailable", 503}, {"SomethingNewException", 418}, {"Exception", 400}, {"x", 500},
}

// Undocumented are codes outside the table, in every form.
func Undocumented() []Reply { return Errors(codes) }

type body struct{ name, text string }

// codeless are JSON objects, or as good as one, that name no code.
var codeless = []body{
	{"empty", ""},
	{"empty object", "{}"},
	{"null", "null"},
	{"white space", " \r\n\t "},
	{"message only", `{"message":"Service Unavailable"}`},
	{"null message", `{"Message":null}`},
	{"gateway", `{"statusCode":404,"error":"Not Found","message":"Not Found"}`},
	{"code of another type", `{"code":7,"message":"seven"}`},
}

// notObjects are bodies that are no JSON object.
var notObjects = []body{
	{"array", `[{"code":"X"}]`},
	{"string", `"X"`},
	{"number", "42"},
	{"truncated", `{"message":"cut of`},
	{"XML", `<ErrorResponse><Error><Code>Throttling</Code><Message>slow</Message></Error></ErrorResponse>`},
	{"HTML", "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"},
	{"text", "upstream connect error or disconnect/reset before headers"},
	{"10 MB of rubbish", strings.Repeat("rubbish ", 10<<20/8)},
	{"deeply nested", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)},
}

// Codeless are error replies without a code in a form that the SDK can read.
func Codeless() []Reply {
	return withStatuses(codeless, 400, 401, 403, 404, 408, 409, 413, 429, 499, 500, 502, 503, 504, 599)
}

// NotObjects are error replies whose bodies are no JSON object: a proxy's page, a truncated document, random text.
func NotObjects() []Reply { return withStatuses(notObjects, 400, 403, 502, 504) }

func withStatuses(bodies []body, statuses ...int) []Reply {
	var all []Reply
	for _, status := range statuses {
		for _, b := range bodies {
			all = append(all, Reply{
				Name:   strconv.Itoa(status) + " " + b.name,
				Status: status,
				Header: map[string]string{"X-Amzn-Requestid": requestID},
				Body:   b.text,
			})
		}
	}
	return all
}
