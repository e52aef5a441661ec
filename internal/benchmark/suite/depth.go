package suite

import (
	"context"
	"net/http"
	"runtime"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
)

// depth counts the stack frames between the function that makes a call and the RoundTrip method of the transport, that
// one included. A deep stack is one that every new goroutine must grow to, and that every copy of it must walk.
func (s *Suite) depth(ctx context.Context) error {
	for _, name := range clients.Names() {
		probe := &depthProbe{Memory: clients.NewMemory(clients.Echo)}
		c, err := clients.New(name, clients.Config{
			Endpoint:  "https://lambda.us-east-1.example.com",
			Transport: &http.Client{Transport: probe},
		})
		if err != nil {
			return err
		}
		here := frames()
		if _, err := c.Call(ctx, event); err != nil {
			return err
		}
		// One frame is that of the function in package clients.
		s.results.Add("Depth", name, map[string]float64{"frames": float64(probe.frames - here - 1)})
	}
	return nil
}

type depthProbe struct {
	*clients.Memory
	frames int
}

func (p *depthProbe) RoundTrip(req *http.Request) (*http.Response, error) {
	p.frames = frames()
	return p.Do(req)
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
