package transport_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// 200 callers with 60 file descriptors: each is served, by the connections that there can be. The limit is a process's,
// so the callers have one of their own.
func TestMoreCallersThanFileDescriptorsAreAllServed(t *testing.T) {
	const child = "TRANSPORT_TEST_FEW_FILES"
	if url := os.Getenv(child); url != "" {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 60, Max: 60}); err != nil {
			panic(err)
		}
		client := transport.NewClient(directly)
		var callers sync.WaitGroup
		for range 200 {
			callers.Go(func() {
				if _, body, err := post(context.Background(), client, url, "x"); err != nil || body != "x" {
					panic(err)
				}
			})
		}
		callers.Wait()
		os.Exit(0)
	}
	srv := newServer(t, false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"="+srv.URL)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.LessOrEqual(t, srv.conns.Load(), int64(60))
}
