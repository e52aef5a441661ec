package suite

import (
	"context"
	"net/http"
	"runtime"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
)

// depth counts the frames above each client's caller.
func (s *Suite) depth(ctx context.Context) error {
	for _, name := range clients.Names() {
		n, err := Frames(ctx, name)
		if err != nil {
			return err
		}
		s.samples.Add("Depth", name, map[string]float64{"frames": float64(n)})
	}
	return nil
}

// Frames counts the stack frames between the function that makes a call with the client of that name and the method by
// which its transport is called, that one included: RoundTrip below an *http.Client, and Do for this library's, which has
// no *http.Client by default. A deep stack is one that every new goroutine must grow to, and that every
// copy of it must walk.
func Frames(ctx context.Context, name string) (int, error) {
	probe := &depthProbe{Memory: clients.NewMemory(clients.Echo)}
	cfg := clients.Config{Endpoint: "https://lambda.us-east-1.example.com", Transport: &http.Client{Transport: probe}}
	if name == clients.Ours {
		cfg.Transport = probe
	}
	c, err := clients.New(name, cfg)
	if err != nil {
		return 0, err
	}
	here := frames()
	if _, err := c.Call(ctx, event); err != nil {
		return 0, err
	}
	return probe.frames - here - 1, nil // without that of the function in package clients
}

type depthProbe struct {
	*clients.Memory
	frames int
}

func (p *depthProbe) Do(req *http.Request) (*http.Response, error) {
	p.frames = frames()
	return p.Memory.Do(req)
}

func (p *depthProbe) RoundTrip(req *http.Request) (*http.Response, error) {
	p.frames = frames()
	return p.Memory.Do(req)
}

// frames counts the frames of the goroutine down to its caller's, functions that were inlined included.
func frames() int {
	var pcs [512]uintptr
	walk := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for n := 1; ; n++ {
		if _, more := walk.Next(); !more {
			return n
		}
	}
}
