package payload

import (
	"strconv"
	"strings"
)

// String says what is wrong and at which byte, as what follows "the payload": "is not UTF-8 at offset 17: byte 0x97". It is empty where
// nothing was found.
func (p Problem) String() string {
	if p.Kind == None {
		return ""
	}
	what, why, _ := strings.Cut(p.detail, ": ")
	return what + " at offset " + strconv.Itoa(p.Offset) + ": " + why
}

func hex(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}
