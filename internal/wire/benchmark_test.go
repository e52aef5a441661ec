package wire_test

import (
	"testing"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

func BenchmarkServiceError(b *testing.B) {
	body := []byte(`{"Type":"User","Message":"Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing"}`)
	h := header("X-Amzn-ErrorType", "ResourceNotFoundException", "X-Amzn-RequestId", "6bc7b8ad-f3c0-4e9a-9f0b-0c8f5c6d7e8f")
	b.ReportAllocs()
	for b.Loop() {
		_ = wire.ServiceError(404, h, body, "")
	}
}

func BenchmarkFunctionError(b *testing.B) {
	payload := []byte(`{"errorType":"TypeError","errorMessage":"Cannot read properties of undefined (reading 'id')","trace":[` +
		`"TypeError: Cannot read properties of undefined (reading 'id')",` +
		`"    at handler (/var/task/index.js:3:15)",` +
		`"    at Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1173:29)"]}`)
	b.ReportAllocs()
	for b.Loop() {
		_ = wire.FunctionError("Unhandled", payload)
	}
}
