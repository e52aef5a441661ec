//go:build netlab && linux

package netlab_test

import (
	"context"
	"encoding/json"
	stderrors "errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// roleEnv tells a process of this binary what it is: a client or a server in the lab, or (unset) the test.
const roleEnv = "NETLAB_ROLE"

const serverAddr = "192.0.2.2:8080"

// call is what a client is told to do.
type call struct {
	Silence  time.Duration // of the function
	Deadline time.Duration // of the call's context
}

// settings are those of a client, told before its first call.
type settings struct {
	Idle, Interval time.Duration // keep-alive
	Count          int
}

// outcome is what a client reports of a call.
type outcome struct {
	Stage            string // of the *errors.TransportError
	TimedOut         bool   // the operating system gave up the connection
	DeadlineExceeded bool
	MayHaveExecuted  bool
	Error            string
}

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "":
		os.Exit(m.Run())
	case "server":
		serve()
	case "client":
		client()
	}
}

// serve runs a function that is silent for as long as its payload says. It reports when it listens, when a run begins
// and when one ends. Its connections send no probes: whatever keeps a flow alive is the client's doing.
func serve() {
	reports := json.NewEncoder(os.Stdout)
	config := net.ListenConfig{KeepAlive: -1}
	l, err := config.Listen(context.Background(), "tcp", serverAddr)
	if err != nil {
		fail(err)
	}
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var silence time.Duration
			if err := json.NewDecoder(r.Body).Decode(&silence); err != nil {
				fail(err)
			}
			_ = reports.Encode("begin")
			time.Sleep(silence)
			_ = reports.Encode("end")
			_, _ = io.WriteString(w, `"done"`)
		}))
	}()
	_ = reports.Encode("listening")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// client makes the calls it is told to, on one client, and reports their outcome.
func client() {
	commands, reports := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var s settings
	if err := commands.Decode(&s); err != nil {
		fail(err)
	}
	c, err := invoke.New(invoke.Options{
		Region:       "eu-central-1",
		Credentials:  invoke.StaticCredentials("AKIDEXAMPLE", "secret", ""),
		BaseEndpoint: "http://" + serverAddr,
		HTTPClient: transport.NewClient(func(cfg *transport.Config) {
			cfg.KeepAliveIdle, cfg.KeepAliveInterval, cfg.KeepAliveCount = s.Idle, s.Interval, s.Count
		}),
	}, func(o *invoke.Options) { o.Retry.MaxAttempts = 1 })
	if err != nil {
		fail(err)
	}
	for {
		var todo call
		if err := commands.Decode(&todo); err != nil {
			return
		}
		_ = reports.Encode(todo.make(c))
	}
}

func (todo call) make(c *invoke.Client) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), todo.Deadline)
	defer cancel()
	payload, _ := json.Marshal(todo.Silence)
	_, err := c.Invoke(ctx, &invoke.InvokeInput{FunctionName: "silent", Payload: payload})
	if err == nil {
		return outcome{}
	}
	o := outcome{
		TimedOut:         stderrors.Is(err, syscall.ETIMEDOUT),
		DeadlineExceeded: stderrors.Is(err, context.DeadlineExceeded),
		MayHaveExecuted:  errors.MayHaveExecuted(err),
		Error:            err.Error(),
	}
	var te *errors.TransportError
	if stderrors.As(err, &te) {
		o.Stage = te.Stage.String()
	}
	return o
}

func fail(err error) {
	_, _ = os.Stderr.WriteString("netlab: " + err.Error() + "\n")
	os.Exit(1)
}
