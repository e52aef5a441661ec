package journal

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/lines"
)

// appendRecord appends an entry as a line.
func appendRecord(text []byte, e entry) []byte {
	from := len(text)
	text = append(text, e.verb...)
	if len(e.indexes) > 0 {
		text = append(text, ' ')
		text = appendIndexes(text, e.indexes)
	}
	if e.read.Lines > 0 {
		if e.verb != "read" {
			text = append(text, " read"...)
		}
		text = append(text, ' ')
		text = strconv.AppendInt(text, int64(e.read.Lines), 10)
		text = append(text, ' ')
		text = append(text, e.read.Sum.String()...)
	}
	return appendChecksum(text, from)
}

// appendChecksum ends the line that begins at from.
func appendChecksum(text []byte, from int) []byte {
	return fmt.Appendf(text, " #%08x\n", crc32.ChecksumIEEE(text[from:]))
}

// appendIndexes appends sorted indexes as ranges.
func appendIndexes(text []byte, indexes []int) []byte {
	for i := 0; i < len(indexes); {
		last := i
		for last+1 < len(indexes) && indexes[last+1] == indexes[last]+1 {
			last++
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(indexes[i]), 10)
		if last > i {
			text = append(text, '-')
			text = strconv.AppendInt(text, int64(indexes[last]), 10)
		}
		i = last + 1
	}
	return text
}

var errNoRecord = errors.New("not a line of a state")

// checked returns a line without its end, if its checksum is right.
func checked(line string) (string, error) {
	line, ended := strings.CutSuffix(line, "\n")
	at := strings.LastIndex(line, " #")
	if !ended || at < 0 || len(line)-at != len(" #00000000") {
		return "", errNoRecord
	}
	sum, err := strconv.ParseUint(line[at+2:], 16, 32)
	if err != nil || uint32(sum) != crc32.ChecksumIEEE([]byte(line[:at])) {
		return "", errNoRecord
	}
	return line[:at], nil
}

// maxRange bounds what one range of a record can stand for, which is never more
// than was queued at a time.
const maxRange = 1 << 20

// parseRecord reads the line that appendRecord wrote, without its checksum.
func parseRecord(line string) (e entry, err error) {
	fields := strings.Split(line, " ")
	e.verb = fields[0]
	rest := fields[1:]
	switch e.verb {
	case "start", "back", "again":
		if len(rest) == 0 {
			return e, errNoRecord
		}
		if e.indexes, err = parseIndexes(rest[0]); err != nil {
			return e, err
		}
		if rest = rest[1:]; len(rest) == 0 {
			return e, nil
		}
		if rest[0] != "read" {
			return e, errNoRecord
		}
		rest = rest[1:]
	case "read":
	default:
		return e, errNoRecord
	}
	if len(rest) != 2 {
		return e, errNoRecord
	}
	if e.read.Lines, err = parseNumber(rest[0]); err != nil {
		return e, err
	}
	if e.read.Sum, err = lines.ParseSum(rest[1]); err != nil {
		return e, errNoRecord
	}
	return e, nil
}

func parseIndexes(text string) (indexes []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := parseNumber(from)
		if err != nil {
			return nil, err
		}
		last := first
		if isRange {
			if last, err = parseNumber(to); err != nil {
				return nil, err
			}
		}
		if last < first || last-first > maxRange {
			return nil, errNoRecord
		}
		for index := first; index <= last; index++ {
			indexes = append(indexes, index)
		}
	}
	return indexes, nil
}

// maxIndex is more than any input has, and keeps a damaged number from asking
// for memory.
const maxIndex = 1 << 40

func parseNumber(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || n > maxIndex {
		return 0, errNoRecord
	}
	return int(n), nil
}
