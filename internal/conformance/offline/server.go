package offline

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// How long the parts may take on a slow, shared machine.
const (
	installTimeout = 5 * time.Minute
	startTimeout   = 90 * time.Second
	pollEvery      = 100 * time.Millisecond
)

// Start installs what the service in dir needs, starts it, waits until it answers and returns its base URL.
// It fails tb when any of that does not work, and ends the process with tb.
func Start(tb testing.TB, dir string) string {
	tb.Helper()

	ctx, cancel := context.WithTimeout(context.Background(), installTimeout)
	defer cancel()
	if err := Install(ctx, dir); err != nil {
		tb.Fatalf("serverless-offline cannot be installed: %v", err)
	}

	ports, err := freePorts(2)
	if err != nil {
		tb.Fatalf("no free port for serverless-offline: %v", err)
	}
	var log output
	cmd := command(dir, tb.TempDir(), ports[0], ports[1])
	cmd.Stdout, cmd.Stderr = &log, &log
	// start.js watches this pipe; it must stay open for as long as the endpoint is needed.
	stdin, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("serverless-offline cannot be started: %v", err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = cmd.Wait() // killed at the end, so its status says nothing
	}()
	tb.Cleanup(func() {
		_ = stdin.Close()
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-exited
	})

	url := "http://127.0.0.1:" + strconv.Itoa(ports[1])
	if err := answers(url, exited); err != nil {
		tb.Fatalf("serverless-offline does not answer: %v\n%s", err, log.String())
	}
	return url
}

// command is the endpoint's process: loopback only, no telemetry, no notifications, an empty home, no account.
func command(dir, home string, httpPort, lambdaPort int) *exec.Cmd {
	cmd := exec.Command("node", "start.js", "offline", "start", "--noTimeout",
		"--host", "127.0.0.1",
		"--httpPort", strconv.Itoa(httpPort),
		"--lambdaPort", strconv.Itoa(lambdaPort))
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + home,
		"XDG_CONFIG_HOME=" + home,
		"SLS_TELEMETRY_DISABLED=1",
		"SLS_TRACKING_DISABLED=1",
		"SLS_NOTIFICATIONS_MODE=off",
		"AWS_ACCESS_KEY_ID=offline",
		"AWS_SECRET_ACCESS_KEY=offline",
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its whole process group can be ended
	return cmd
}

// answers waits for the first HTTP response, of whatever status.
func answers(url string, exited <-chan struct{}) error {
	deadline := time.NewTimer(startTimeout)
	defer deadline.Stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	client := &http.Client{Timeout: 5 * time.Second}
	for {
		resp, err := client.Get(url)
		if err == nil {
			return resp.Body.Close()
		}
		select {
		case <-exited:
			return fmt.Errorf("the process ended: %w", err)
		case <-deadline.C:
			return fmt.Errorf("not within %s: %w", startTimeout, err)
		case <-tick.C:
		}
	}
}

// freePorts asks the kernel for n distinct ports that are free now.
func freePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // all stay open until the end, so that no port is given out twice
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// output keeps what the process printed, for the message of a failure.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
