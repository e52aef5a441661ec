package attempt

import "net/http"

// Progress is how far one HTTP request came. Package transport fills it in while it sends the request; each field only
// ever changes from its zero value on. It is exact once RoundTripPayload returned an error, or the response's body
// ended or was closed.
type Progress struct {
	// Connected: there was a connection to write the request to.
	Connected bool
	// Written counts the bytes of the request, head and payload, that were handed to the connection.
	Written int64
	// AllWritten: that was the whole request.
	AllWritten bool
	// ReplyBegun: the first byte of a reply arrived.
	ReplyBegun bool
	// ReplyWhole: the reply arrived to its end.
	ReplyWhole bool
}

// Transport sends requests whose payload lies in memory, and says how far each came. The Transport of a client of
// package transport is one.
type Transport interface {
	// RoundTripPayload is RoundTrip for a request without a Body, whose ContentLength is that of payload. Nothing reads
	// payload any more when it returned an error, or when the response's body ended or was closed.
	RoundTripPayload(req *http.Request, payload []byte, progress *Progress) (*http.Response, error)
}
