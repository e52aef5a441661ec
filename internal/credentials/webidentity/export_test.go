package webidentity

// Code returns the code of an answer that is an error, and whether it is a document.
func Code(document []byte) (code string, ok bool) {
	var a answer
	ok = scan(document, a.set)
	return a.code, ok
}

// Retryable tells whether a code is one that may pass.
func Retryable(code string) bool { return retryable(code) }

// Scan is the scanner.
func Scan(document []byte, leaf func(parent, name, text string)) bool { return scan(document, leaf) }
