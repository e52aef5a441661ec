// Package lines reads the items of a job: one JSON payload a line.
package lines

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/payload"
)

// MaxLength is the longest line that is kept in memory. The service takes
// payloads of 6 MB.
const MaxLength = 8 << 20

// Sum is a fingerprint of the input up to a line.
type Sum [16]byte

// String is the sum in hexadecimal digits.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// ParseSum reads what String wrote.
func ParseSum(text string) (s Sum, err error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(s) {
		return s, fmt.Errorf("%q is no fingerprint", text)
	}
	return Sum(raw), nil
}

// What can be wrong with a line, so that it is not sent.
var (
	// ErrTooLong is the fault of a line that is longer than [MaxLength].
	ErrTooLong = fmt.Errorf("the line is longer than %d MiB", MaxLength>>20)
	// ErrCutShort is the fault of a last line that has neither an end nor all of
	// its JSON: the input broke off.
	ErrCutShort = errors.New("the input ends in the middle of the line")
)

// Line is one line of the input.
type Line struct {
	// Index counts the lines from 0, empty ones included.
	Index int
	// Payload is the line without its end. It is nil for an empty line.
	Payload []byte
	// Fault is why the line is no payload, nil if it is one.
	Fault error
	// Sum is the fingerprint of the input up to this line. It depends neither on
	// how lines end nor on a byte order mark.
	Sum Sum
	// Bytes is how many bytes of the input there were up to the line's end.
	Bytes int64
}

// Reader reads lines. It is for one goroutine.
type Reader struct {
	buf   *bufio.Reader
	next  int
	bytes int64
	hash  hash.Hash
}

// NewReader returns a reader of the input from its beginning.
func NewReader(r io.Reader) *Reader {
	return &Reader{buf: bufio.NewReaderSize(r, 64<<10), hash: sha256.New()}
}

// Next returns the next line, [io.EOF] after the last, and otherwise an error of
// reading.
func (r *Reader) Next() (Line, error) {
	text, ended, err := r.read()
	if err != nil {
		return Line{}, err
	}
	line := Line{Index: r.next, Sum: r.sum(), Bytes: r.bytes}
	r.next++
	switch {
	case text == nil:
		line.Fault = ErrTooLong
	case len(bytes.TrimSpace(text)) == 0:
	default:
		line.Payload, line.Fault = text, payload.Check(text)
		if line.Fault != nil && !ended {
			line.Fault = ErrCutShort
		}
	}
	return line, nil
}

// Skip reads past n lines and returns the fingerprint of the input up to there.
// [io.ErrUnexpectedEOF] says that there are fewer lines.
func (r *Reader) Skip(n int) (Sum, error) {
	for range n {
		_, _, err := r.read()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return Sum{}, err
		}
		r.next++
	}
	return r.sum(), nil
}

// Rest is the input behind the lines that were read.
func (r *Reader) Rest() io.Reader { return r.buf }

func (r *Reader) sum() (s Sum) {
	var whole [sha256.Size]byte
	copy(s[:], r.hash.Sum(whole[:0]))
	return s
}

// read returns the text of a line, nil for one that is too long, and whether
// the line has an end. The fingerprint then includes it.
func (r *Reader) read() (text []byte, ended bool, err error) {
	text = []byte{}
	length := 0
	for {
		piece, err := r.buf.ReadSlice('\n')
		r.bytes += int64(len(piece))
		length += len(piece)
		ended = err == nil
		last := ended || err == io.EOF
		if err != nil && err != bufio.ErrBufferFull && (err != io.EOF || length == 0) {
			return nil, false, err
		}
		if text != nil && len(text)+len(piece) > MaxLength+2 {
			r.hash.Write(text) // what is not kept counts all the same
			text = nil
		}
		if text == nil {
			r.hash.Write(piece)
		} else {
			text = append(text, piece...)
		}
		if last {
			break
		}
	}
	if text == nil {
		return nil, ended, nil
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte{'\n'}), []byte{'\r'})
	if r.next == 0 {
		text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // a byte order mark
	}
	r.hash.Write(text)
	r.hash.Write([]byte{'\n'})
	if len(text) > MaxLength {
		return nil, ended, nil
	}
	return text, ended, nil
}
