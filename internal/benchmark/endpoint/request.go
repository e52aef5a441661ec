package endpoint

import (
	"bufio"
	"bytes"
	"errors"
)

// request is what the endpoint needs to know of a request.
type request struct {
	missing bool // it is for a function that does not exist
	stream  bool // it is for the function that streams its response
	size    int  // of its payload
}

var errMalformed = errors.New("malformed request")

// readRequest reads a request whole. Its payload is thrown away.
func readRequest(in *bufio.Reader) (request, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return request{}, err
	}
	r := request{missing: bytes.Contains(line, []byte("/missing/")), stream: bytes.Contains(line, []byte("/stream/"))}
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return r, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			return r, errMalformed
		}
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if r.size, err = number(bytes.TrimSpace(value)); err != nil {
				return r, err
			}
		}
	}
	_, err = in.Discard(r.size)
	return r, err
}

// maxBody is more than any measurement sends.
const maxBody = 1 << 26

// number is strconv.Atoi for bytes, without the copy.
func number(digits []byte) (n int, err error) {
	for _, d := range digits {
		if d < '0' || d > '9' || n > maxBody {
			return 0, errMalformed
		}
		n = n*10 + int(d-'0')
	}
	return n, nil
}
