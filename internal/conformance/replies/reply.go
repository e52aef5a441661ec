package replies

import (
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/capture"
)

// Reply is what the service says. Header names go out in the casing they have here.
type Reply struct {
	Name   string
	Status int
	Header map[string]string
	Body   string
}

// Script is an endpoint that answers with the reply it was told last.
type Script struct {
	*capture.Server

	mu    sync.Mutex
	reply Reply
}

// Start is New for a test. The script ends with tb.
func Start(tb testing.TB) *Script {
	s := New()
	tb.Cleanup(s.Close)
	return s
}

// New starts a script. It answers once it was told what to say.
func New() *Script {
	s := &Script{}
	s.Server = capture.New(func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		reply := s.reply
		s.mu.Unlock()
		reply.write(w)
	})
	return s
}

// Say sets the reply to every request that follows.
func (s *Script) Say(r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = r
}

func (r Reply) write(w http.ResponseWriter) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json"}
	for name, value := range r.Header {
		h[name] = []string{value} // not Set, which would change the casing
	}
	if r.Status != http.StatusNoContent {
		h["Content-Length"] = []string{strconv.Itoa(len(r.Body))}
	}
	w.WriteHeader(r.Status)
	_, _ = w.Write([]byte(r.Body)) // what the client does not read shows in what it returns
}
