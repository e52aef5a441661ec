package clients

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
)

// Memory answers requests without a network. It costs one small allocation per request, the same for every client.
type Memory struct {
	status int
	header http.Header // shared by all responses: clients only read it
	body   string
	// scratch is where request bodies are read into.
	scratch sync.Pool
}

// NewMemory answers with what the function of that name returns; see package endpoint.
func NewMemory(function string) *Memory {
	m := &Memory{status: http.StatusOK, body: `{"ok":true}`, header: http.Header{
		"Content-Type":           {"application/json"},
		"Date":                   {time.Now().UTC().Format(http.TimeFormat)},
		"X-Amz-Executed-Version": {"$LATEST"},
		"X-Amzn-Requestid":       {"11111111-2222-4333-8444-555555555555"},
	}}
	m.scratch.New = func() any { return new([4096]byte) }
	if function == Missing {
		m.status, m.body = http.StatusNotFound, endpoint.MissingBody
		m.header = m.header.Clone()
		m.header.Set("X-Amzn-Errortype", "ResourceNotFoundException")
	}
	return m
}

// memoryResponse is a response with its body, in one allocation.
type memoryResponse struct {
	http.Response
	text strings.Reader
}

func (r *memoryResponse) Read(p []byte) (int, error) { return r.text.Read(p) }
func (*memoryResponse) Close() error                 { return nil }

// drain reads a body to its end.
func (m *Memory) drain(body io.ReadCloser) error {
	scratch := m.scratch.Get().(*[4096]byte)
	defer m.scratch.Put(scratch)
	defer body.Close()
	for {
		if _, err := body.Read(scratch[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Do reads the request's body, as a transport does, and answers.
func (m *Memory) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if err := m.drain(req.Body); err != nil {
			return nil, err
		}
	}
	r := new(memoryResponse)
	r.text.Reset(m.body)
	r.Response = http.Response{
		Status: http.StatusText(m.status), StatusCode: m.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: m.header, Body: r, ContentLength: int64(len(m.body)), Request: req,
	}
	return &r.Response, nil
}
