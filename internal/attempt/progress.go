package attempt

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
