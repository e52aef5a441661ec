package results

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// scan calls visit for every line of a results file, with where the line is. It
// returns the length of the file without a torn end: a line without its end, or
// one of zero bytes, as a computer leaves it that lost its power.
func scan(r io.Reader, visit func(record Record, from, to int64) error) (size int64, err error) {
	buf := bufio.NewReaderSize(r, 256<<10)
	var head []byte
	for number := 1; ; number++ {
		head = head[:0]
		length, last, ended := int64(0), byte(0), false
		for !ended {
			piece, err := buf.ReadSlice('\n')
			if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
				return 0, err
			}
			length += int64(len(piece))
			text := piece
			if ended = err == nil; ended {
				text = piece[:len(piece)-1]
			}
			if len(text) > 0 {
				last = text[len(text)-1]
			}
			head = append(head, text[:min(len(text), headLength-len(head))]...)
			if err == io.EOF {
				return size, nil
			}
		}
		record, ok := parse(head, last)
		switch {
		case !ok && bytes.IndexByte(head, 0) >= 0:
			return size, nil
		case !ok:
			return 0, fmt.Errorf("line %d is not a result of this program", number)
		}
		if err := visit(record, size, size+length); err != nil {
			return 0, err
		}
		size += length
	}
}
