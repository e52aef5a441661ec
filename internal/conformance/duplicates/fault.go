package duplicates

import (
	"fmt"
	"hash/fnv"
	"net/http"
)

// fault is something that goes wrong with one request. ran tells whether the function ran before it did.
type fault struct {
	name string
	ran  bool
	end  func(w http.ResponseWriter) // nil: a healthy answer
}

// faults are the ways in which a call fails in practice. The first four leave the function unrun, the others come after it ran.
var faults = []fault{
	{"throttled", false, coded("TooManyRequestsException", http.StatusTooManyRequests)},
	{"network interface not ready", false, coded("ENINotReadyException", http.StatusBadGateway)},
	{"key disabled", false, coded("KMSDisabledException", http.StatusBadGateway)},
	{"refused by a gateway", false, plain(http.StatusServiceUnavailable)},
	{"service error", true, coded("ServiceException", http.StatusInternalServerError)},
	{"given up by a gateway", true, plain(http.StatusGatewayTimeout)},
	{"a page in place of the reply", true, plain(http.StatusOK)},
	{"function panicked in an emulator", true, panicked},
	{"connection closed before the answer", true, closed("")},
	{"connection closed in the headers", true, closed("HTTP/1.1 200 OK\r\nContent-Type: application/j")},
	{"connection closed in the body", true, closed("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half")},
}

// choose draws the fault of a request, nil for none. It depends on seed, call and attempt alone, so both clients meet the
// same faults in the same places, however their calls interleave.
func choose(seed uint64, oneIn int, call, attempt string) *fault {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s/%s", seed, call, attempt)
	n := h.Sum64()
	n ^= n >> 33 // the low bits of FNV are weak, and two draws are made from one number
	if n%uint64(oneIn) != 0 {
		return nil
	}
	return &faults[n/uint64(oneIn)%uint64(len(faults))]
}

func coded(code string, status int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"message":"m"}`))
	}
}

func plain(status int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html>" + http.StatusText(status) + "</html>"))
	}
}

func panicked(w http.ResponseWriter) {
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write([]byte(`{"errorMessage":"index out of range","errorType":"boundsError"}`))
}

// closed sends what is given, byte for byte, and closes the connection.
func closed(raw string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // the server is made by this package and can hijack
		}
		_, _ = conn.Write([]byte(raw))
		_ = conn.Close()
	}
}
