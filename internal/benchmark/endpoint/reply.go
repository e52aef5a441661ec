package endpoint

import (
	"net/http"
	"strconv"
	"time"
)

// The replies carry what the clients read, and no more: each header costs net/http two allocations or so.
const requestID = "11111111-2222-4333-8444-555555555555"

func appendEcho(b []byte, size int) []byte {
	b = appendHead(b, "200 OK", "application/json", size)
	b = append(b, "X-Amz-Executed-Version: $LATEST\r\n\r\n"...)
	for len(b) < cap(b) && size > 0 { // what a previous reply left there is as good as any payload
		n := min(size, cap(b)-len(b))
		b, size = b[:len(b)+n], size-n
	}
	return append(b, make([]byte, size)...)
}

// MissingBody is the body of the error reply.
const MissingBody = `{"Message":"Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing","Type":"User"}`

func appendMissing(b []byte) []byte {
	b = appendHead(b, "404 Not Found", "application/json", len(MissingBody))
	return append(b, "X-Amzn-Errortype: ResourceNotFoundException\r\n\r\n"+MissingBody...)
}

const throttleBody = `{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}`

func appendThrottle(b []byte) []byte {
	b = appendHead(b, "429 Too Many Requests", "application/json", len(throttleBody))
	return append(b, "X-Amzn-Errortype: TooManyRequestsException\r\n\r\n"+throttleBody...)
}

func appendHead(b []byte, status, contentType string, size int) []byte {
	b = append(b, "HTTP/1.1 "...)
	b = append(b, status...)
	b = append(b, "\r\nDate: "...)
	b = time.Now().UTC().AppendFormat(b, http.TimeFormat)
	b = append(b, "\r\nContent-Type: "...)
	b = append(b, contentType...)
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(size), 10)
	return append(b, "\r\nX-Amzn-Requestid: "+requestID+"\r\n"...)
}
