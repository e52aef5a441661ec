package servers

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startTimeout is how long a server may take to listen.
const startTimeout = 30 * time.Second

// Process is a server that runs.
type Process struct {
	Addr string // where it listens
	cmd  *exec.Cmd
}

// Start writes config to a file and runs program with it, until tb ends. config and args get the address to listen on and
// the directory for the server's files; args also get the name of the config's file. It fails tb where program is missing
// or does not come to listen.
func Start(tb testing.TB, program string, config func(addr, dir string) string, args func(addr, file string) []string) *Process {
	tb.Helper()
	path, err := find(program)
	if err != nil {
		tb.Fatalf("%s is not installed; .ci/install-servers installs it: %v", program, err)
	}
	dir := tb.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	addr, err := freeAddr()
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(dir, "config")
	if config != nil {
		if err := os.WriteFile(file, []byte(config(addr, dir)), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	var log output
	cmd := exec.Command(path, args(addr, file)...)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		tb.Fatalf("%s cannot be started: %v", program, err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = cmd.Wait() // stopped at the end, so its status says nothing
	}()
	tb.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-exited:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-exited
		}
		if tb.Failed() {
			tb.Logf("%s said:\n%s", program, log.text())
		}
	})
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
			return &Process{Addr: addr, cmd: cmd}
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%s does not listen on %s: %v\n%s", program, addr, err, log.text())
		}
	}
}

// Signal sends the server a signal.
func (p *Process) Signal(tb testing.TB, s os.Signal) {
	tb.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		tb.Fatal(err)
	}
}

// find looks where servers are installed, too, which is not in everybody's path.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		if path, sbin := exec.LookPath("/usr/sbin/" + program); sbin == nil {
			return path, nil
		}
	}
	return path, err
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("no free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// output is what a server printed.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
