package main_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestASilentCallShowsOnATerminalThatItIsAlive(t *testing.T) {
	s := invoketest.NewServer(t)
	answer := make(chan struct{})
	s.Handle("slow", func(ctx context.Context, _ []byte) ([]byte, error) {
		select {
		case <-answer:
		case <-ctx.Done():
		}
		return []byte(`"done"`), nil
	})
	screen, terminal := openTerminal(t)
	cmd := command(t, s, "slow")
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, terminal
	require.NoError(t, cmd.Start())
	require.NoError(t, terminal.Close()) // the command has its own

	var shown strings.Builder
	var once sync.Once
	buffer := make([]byte, 1024)
	for {
		n, err := screen.Read(buffer) // an error when the command has ended
		shown.Write(buffer[:n])
		if strings.Contains(shown.String(), "waiting for slow, 2s") {
			once.Do(func() { close(answer) })
		}
		if err != nil {
			break
		}
	}
	require.NoError(t, cmd.Wait())
	require.Equal(t, `"done"`, stdout.String())
	require.True(t, strings.HasPrefix(shown.String(), "\r\x1b[K| waiting for slow, 2s"), "%q", shown.String())
	require.True(t, strings.HasSuffix(shown.String(), "\r\x1b[K"), "%q: the line is not removed", shown.String())
}

// openTerminal returns both ends of a pseudo-terminal.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { screen.Close() })
	var unlocked, number int32
	control(t, screen, syscall.TIOCSPTLCK, &unlocked)
	control(t, screen, syscall.TIOCGPTN, &number)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	return screen, terminal
}

func control(t *testing.T, f *os.File, request uintptr, value *int32) {
	t.Helper()
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value)))
	require.Zero(t, errno)
}

func TestMapShowsABarOnATerminal(t *testing.T) {
	s := invoketest.NewServer(t)
	answer := make(chan struct{})
	s.Handle("slow", func(ctx context.Context, payload []byte) ([]byte, error) {
		if string(payload) == "1" {
			select {
			case <-answer:
			case <-ctx.Done():
			}
		}
		return payload, nil
	})
	screen, terminal := openTerminal(t)
	j := newJob(t, "0\n1\n2\n")
	cmd := command(t, s, j.args("slow")...)
	cmd.Stderr = terminal
	require.NoError(t, cmd.Start())
	require.NoError(t, terminal.Close())
	var shown strings.Builder
	var once sync.Once
	buffer := make([]byte, 1024)
	for {
		n, err := screen.Read(buffer)
		shown.Write(buffer[:n])
		if strings.Contains(shown.String(), "2 done, 1 in flight") && strings.Contains(shown.String(), "] 100%") {
			once.Do(func() { close(answer) })
		}
		if err != nil {
			break
		}
	}
	require.NoError(t, cmd.Wait())
	_, summary, found := strings.Cut(shown.String(), "\r\x1b[K")
	require.True(t, found, "%q", shown.String())
	require.True(t, strings.HasPrefix(summary, "lambda-invoke: 3 items: 3 done"), "%q", summary)
}
