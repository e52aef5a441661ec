package duplicates

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// endpoint is a Lambda endpoint whose function counts its runs by the payload of the call.
type endpoint struct {
	*httptest.Server
	seed  uint64
	oneIn int

	mu       sync.Mutex
	requests int
	runs     map[string]int
}

func newEndpoint(seed uint64, oneIn int) *endpoint {
	e := &endpoint{seed: seed, oneIn: oneIn, runs: map[string]int{}}
	e.Server = httptest.NewServer(e)
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		return // not received whole, so the function does not run
	}
	call := string(payload)
	attempt, _, _ := strings.Cut(r.Header.Get("Amz-Sdk-Request"), ";")
	f := choose(e.seed, e.oneIn, call, attempt)

	e.mu.Lock()
	e.requests++
	if f == nil || f.ran {
		e.runs[call]++
	}
	e.mu.Unlock()

	if f != nil {
		f.end(w)
		return
	}
	_, _ = w.Write([]byte(`"done"`))
}
