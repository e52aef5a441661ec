package requests

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// names are ways to name a function, and texts that no function has but that a path must survive.
var names = []string{
	"f", "my-function", "my_function", "my-function:v1", "my-function:$LATEST",
	"123456789012:function:my-function",
	"arn:aws:lambda:us-west-2:123456789012:function:my-function",
	"arn:aws:lambda:us-west-2:123456789012:function:my-function:42",
	"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:my-function:alias",
	"fünktion", "関数", "😀", "e\u0301",
	"a b", "a+b", "a%20b", "a%2Fb", "%", "%%%", "a?b", "a#b", "a&b=c", "a;b", "a,b",
	"!*'()", "~-._", ":@$", "[x]{y}|z\\^`\"<>",
}

var qualifiers = []string{
	"", "1", "42", "v1", "prod-alias", "$LATEST", "$LATEST.PUBLISHED",
	"a b", "a+b", "a&b=c", "a%20b", "a/b?c#d", "ü", "版本", "~!*'()", "[x]{y}|z\\^`\"<>;,@:$",
}

var payloads = [][]byte{
	nil, {}, []byte("{}"), []byte(`{"name":"ünï 世界 😀"}`), {0}, {0xff, 0xfe, 0x00, '\n'},
	bytes.Repeat([]byte("x"), 1024), bytes.Repeat([]byte("y"), 100_000),
}

// members are inputs in which each header member is set, alone and together with the others.
func members() []*invoke.InvokeInput {
	context := base64.StdEncoding.EncodeToString([]byte(`{"custom":{"k":"v"}}`))
	return []*invoke.InvokeInput{
		{InvocationType: invoke.InvocationTypeRequestResponse},
		{InvocationType: invoke.InvocationTypeEvent},
		{InvocationType: invoke.InvocationTypeDryRun},
		{InvocationType: "SomethingNew"},
		{LogType: invoke.LogTypeNone},
		{LogType: invoke.LogTypeTail},
		{ClientContext: context},
		{DurableExecutionName: "order-4711"},
		{TenantId: "tenant-1"},
		{TenantId: "a b"},
		{TenantId: "a   run  of spaces"},
		{TenantId: "tenant.with:reserved/characters+and=more@home"},
		{TenantId: "ünïcode 世界"},
		{
			Qualifier: "v1", InvocationType: invoke.InvocationTypeRequestResponse, LogType: invoke.LogTypeTail,
			ClientContext: context, DurableExecutionName: "d  e", TenantId: "t  u", Payload: []byte(`{"a":1}`),
		},
	}
}

// Inputs is the broad set: every name, every qualifier with a plain and a difficult name, every header member, every payload.
func Inputs() []*invoke.InvokeInput {
	var all []*invoke.InvokeInput
	for _, name := range names {
		all = append(all, &invoke.InvokeInput{FunctionName: name, Payload: []byte("{}")})
	}
	for _, qualifier := range qualifiers {
		all = append(all,
			&invoke.InvokeInput{FunctionName: "f", Qualifier: qualifier},
			&invoke.InvokeInput{FunctionName: "arn:aws:lambda:us-west-2:123456789012:function:ü?%", Qualifier: qualifier, Payload: []byte("{}")})
	}
	for _, in := range members() {
		in.FunctionName = "f"
		all = append(all, in)
	}
	for _, payload := range payloads {
		all = append(all, &invoke.InvokeInput{FunctionName: "f", Payload: payload})
	}
	return all
}

// Random is an input of random texts, the one that seed stands for.
func Random(seed uint64) *invoke.InvokeInput {
	r := rand.New(rand.NewPCG(seed, 2))
	in := &invoke.InvokeInput{FunctionName: strings.ReplaceAll(text(r, 1+r.IntN(40)), "/", "|"), Qualifier: text(r, r.IntN(20))}
	if r.IntN(2) == 0 {
		in.TenantId = headerText(r, r.IntN(60))
	}
	if r.IntN(2) == 0 {
		in.DurableExecutionName = headerText(r, r.IntN(60))
	}
	if r.IntN(2) == 0 {
		in.Payload = make([]byte, r.IntN(2000))
		for i := range in.Payload {
			in.Payload[i] = byte(r.Uint32())
		}
	}
	return in
}

// text is n characters, mostly printable ASCII, some from anywhere.
func text(r *rand.Rand, n int) string {
	out := make([]rune, n)
	for i := range out {
		if out[i] = ' ' + r.Int32N('~'-' '+1); r.IntN(10) == 0 {
			out[i] = pick(r, 'é', 'ß', '世', '界', '😀', '\u0301', '\u00a0', '\u2028')
		}
	}
	return string(out)
}

// headerText is text that starts and ends with something visible: white space around a header value is not part of it.
func headerText(r *rand.Rand, n int) string { return "a" + text(r, n) + "z" }

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }
