package replies

import (
	"fmt"
	"strings"
)

// Exception is a code and the status it comes with.
type Exception struct {
	Code   string
	Status int
}

const requestID = "5a9f3ed5-5a39-4b5c-9b3a-0123456789ab"

// form is a way in which an error's code comes over the wire.
type form struct {
	name  string
	write func(r *Reply, code string)
}

// forms are the ways that the wire contract lists: header, body code, body __type; each with a namespace, a URI or both.
var forms = []form{
	{"header", func(r *Reply, code string) { r.Header["X-Amzn-Errortype"] = code }},
	{"header in lower case", func(r *Reply, code string) { r.Header["x-amzn-errortype"] = code }},
	{"header with a URI", func(r *Reply, code string) {
		r.Header["x-amzn-ErrorType"] = code + ":http://internal.amazon.com/coral/com.amazonaws.awsgirapi/"
	}},
	{"header with a namespace", func(r *Reply, code string) { r.Header["X-Amzn-Errortype"] = "com.amazonaws.lambda#" + code }},
	{"header with both", func(r *Reply, code string) {
		r.Header["X-Amzn-Errortype"] = "com.amazonaws.lambda#" + code + ":http://internal.amazon.com/"
	}},
	{"body code", func(r *Reply, code string) { r.member("code", code) }},
	{"body code with a namespace", func(r *Reply, code string) { r.member("code", "aws.protocoltests.restjson#"+code) }},
	{"body __type", func(r *Reply, code string) { r.member("__type", code) }},
	{"body __type with both", func(r *Reply, code string) { r.member("__type", "com.amazonaws.lambda#"+code+":http://x/") }},
	{"header before body", func(r *Reply, code string) {
		r.Header["X-Amzn-Errortype"] = code
		r.member("code", "NotThis")
		r.member("__type", "NorThat")
	}},
}

// member adds a string to the body, which is a JSON object.
func (r *Reply) member(name, value string) {
	sep := ","
	if r.Body == "{}" {
		sep = ""
	}
	r.Body = strings.TrimSuffix(r.Body, "}") + fmt.Sprintf("%s%q:%q}", sep, name, value)
}

// messages are the spellings of the message and of the type, and their absence.
var messages = []struct{ name, members string }{
	{"message", `"message":"what went wrong","Type":"User"`},
	{"Message", `"Message":"what went wrong","Type":"Server"`},
	{"no type", `"message":"what went wrong"`},
	{"null type", `"message":"what went wrong","Type":null`},
	{"Unicode", `"message":"gr\u00fc\u00dfe 世界 \ud83d\ude00 \"quoted\" \\ \/"`},
	{"unknown members", `"extra":{"a":[1,2,{"b":null}]},"message":"what went wrong","number":1.5e3,"flag":true`},
}

// Errors are every exception, with its documented status, in every form and with every spelling of the message.
func Errors(exceptions []Exception) []Reply {
	var all []Reply
	for _, x := range exceptions {
		for _, f := range forms {
			for _, m := range messages {
				r := Reply{
					Name:   fmt.Sprintf("%s, %s, %s", x.Code, f.name, m.name),
					Status: x.Status,
					Header: map[string]string{"X-Amzn-Requestid": requestID},
					Body:   "{" + m.members + "}",
				}
				f.write(&r, x.Code)
				all = append(all, r)
			}
		}
	}
	return all
}
