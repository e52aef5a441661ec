package eventstream

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// A frame is a prelude (total length, headers length, checksum of the two), the
// headers, the payload and a checksum of it all. The format sets the limits.
const (
	preludeLen    = 12
	checksumLen   = 4
	minFrameLen   = preludeLen + checksumLen
	maxFrameLen   = 24 << 20
	maxHeadersLen = 128 << 10
	maxPayloadLen = maxFrameLen - minFrameLen - maxHeadersLen
)

// FrameError reports bytes that are no valid frame: a checksum that does not
// match, lengths that cannot be, a header or an event that is not understood.
// What came before the frame was intact.
type FrameError struct {
	Offset int64  // where in the stream the frame begins
	Reason string // what is wrong with it; no part of its payload
}

// Error says what is wrong with which frame.
func (e *FrameError) Error() string {
	return fmt.Sprintf("invalid event stream frame at byte %d: %s", e.Offset, e.Reason)
}

// readFrame reads one frame into the buffer and checks its lengths and
// checksums. The prelude is checked on its own before anything else is read:
// a false length would have us wait for bytes that nobody will send.
func (r *Reader) readFrame() error {
	r.offset += int64(len(r.frame))
	r.frame = r.frame[:0]
	if err := r.extend(preludeLen); err != nil {
		return err
	}
	total := binary.BigEndian.Uint32(r.frame[0:])
	headers := binary.BigEndian.Uint32(r.frame[4:])
	switch {
	case !endsInChecksum(r.frame):
		return r.invalid("the checksum of its prelude does not match")
	case total < minFrameLen || total > maxFrameLen:
		return r.invalid(fmt.Sprintf("its length is %d, not between %d and %d", total, minFrameLen, maxFrameLen))
	case headers > maxHeadersLen || headers > total-minFrameLen:
		return r.invalid(fmt.Sprintf("its headers' length is %d in a frame of %d", headers, total))
	}
	if err := r.extend(int(total)); err != nil {
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	if !endsInChecksum(r.frame) {
		return r.invalid("its checksum does not match")
	}
	r.headers = r.frame[preludeLen : preludeLen+headers]
	r.payload = r.frame[preludeLen+headers : total-checksumLen]
	return nil
}

// extend reads on until the buffer holds n bytes of the frame. The buffer grows
// with the bytes that have come, not with the number of those announced.
func (r *Reader) extend(n int) error {
	for have := len(r.frame); have < n; have = len(r.frame) {
		if have == cap(r.frame) {
			r.frame = slices.Grow(r.frame, min(n-have, max(have, 4096)))
		}
		got, err := io.ReadFull(r.stream, r.frame[have:min(n, cap(r.frame))])
		r.frame = r.frame[:have+got]
		if err != nil {
			return err
		}
	}
	return nil
}

// endsInChecksum tells whether the last bytes are the checksum of the others.
func endsInChecksum(b []byte) bool {
	end := len(b) - checksumLen
	return crc32.ChecksumIEEE(b[:end]) == binary.BigEndian.Uint32(b[end:])
}

func (r *Reader) invalid(reason string) error {
	return &FrameError{Offset: r.offset, Reason: reason}
}
