package payload

import "strconv"

// String says what is wrong and at which byte, as what follows "the payload": "is not UTF-8: byte 0x97 (at offset 17)". It is empty where
// nothing was found.
func (p Problem) String() string {
	if p.Kind == None {
		return ""
	}
	return p.detail + " (at offset " + strconv.Itoa(p.Offset) + ")"
}

func hex(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}
