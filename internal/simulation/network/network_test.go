package network

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// connect opens a connection with a profile, and returns both ends.
func connect(t *testing.T, p Profile) (dialer, listener *Conn) {
	n := New()
	accepted := make(chan *Conn, 1)
	n.Listen("host:1", func(c *Conn) { accepted <- c })
	dialer, err := n.Dial(t.Context(), "here", "host:1", p)
	require.NoError(t, err)
	return dialer, <-accepted
}

func TestBytesArriveAfterLatencyAndBandwidth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := connect(t, Profile{Latency: time.Second, Bandwidth: 10})
		began := time.Now()
		_, err := a.Write(make([]byte, 30))
		require.NoError(t, err)
		require.Zero(t, time.Since(began), "the buffer has room")
		require.True(t, b.Idle())
		_, err = io.ReadFull(b, make([]byte, 30))
		require.NoError(t, err)
		require.Equal(t, 4*time.Second, time.Since(began))
	})
}

func TestAWriteWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := connect(t, Profile{Buffer: 4})
		require.NoError(t, a.SetWriteDeadline(time.Now().Add(time.Minute)))
		n, err := a.Write(make([]byte, 10))
		require.Equal(t, 4, n)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, a.SetWriteDeadline(time.Time{}))
		go io.CopyN(io.Discard, b, 14)
		_, err = a.Write(make([]byte, 10))
		require.NoError(t, err)
	})
}

func TestDeadlinesAndCloseWakeARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := connect(t, Profile{})
		for _, wake := range []struct {
			do   func()
			want error
		}{
			{func() { a.SetReadDeadline(time.Now()) }, os.ErrDeadlineExceeded},
			{func() { a.Close() }, net.ErrClosed},
		} {
			require.NoError(t, a.SetReadDeadline(time.Time{}))
			time.AfterFunc(time.Second, wake.do)
			_, err := a.Read(make([]byte, 1))
			require.ErrorIs(t, err, wake.want)
		}
	})
}

func TestFaultsAtAByte(t *testing.T) {
	for _, tc := range []struct {
		fault  Fault
		read   int // bytes that arrive of 10
		reader error
		writer error // of one of the writes that follow
		reply  bool  // whether the other direction still works
	}{
		{Fault{Kind: Close, At: 3}, 3, io.EOF, syscall.ECONNRESET, false},
		{Fault{Kind: Reset, At: 3}, 3, syscall.ECONNRESET, syscall.ECONNRESET, false},
		{Fault{Kind: HalfClose, At: 3}, 3, io.EOF, nil, true},
		{Fault{Kind: Vanish, At: 3}, 3, syscall.ETIMEDOUT, syscall.ETIMEDOUT, false},
		{Fault{Kind: Stall, At: 3, For: time.Minute}, 10, nil, nil, true},
		{Fault{Kind: Close, At: 10}, 10, io.EOF, syscall.ECONNRESET, false},
		{Fault{Kind: Close, At: 10, Lazy: true}, 10, nil, syscall.ECONNRESET, false},
	} {
		t.Run(tc.fault.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := connect(t, Profile{Latency: time.Millisecond, Request: tc.fault, KeepsData: true})
				_, err := a.Write(make([]byte, 10))
				require.NoError(t, err)
				b.SetReadDeadline(time.Now().Add(time.Hour))
				n, err := io.ReadFull(b, make([]byte, 10))
				require.Equal(t, tc.read, n)
				if tc.read < 10 {
					if tc.reader == io.EOF {
						tc.reader = io.ErrUnexpectedEOF
					}
					require.ErrorIs(t, err, tc.reader)
				}
				if tc.reply {
					_, err = b.Write([]byte("x"))
					require.NoError(t, err)
					_, err = a.Read(make([]byte, 1))
					require.NoError(t, err)
				}
				var failures []error
				for range 3 {
					_, err = a.Write([]byte("x"))
					failures = append(failures, err)
					time.Sleep(2 * time.Minute)
				}
				require.Equal(t, tc.writer == nil, errors.Join(failures...) == nil)
				require.ErrorIs(t, errors.Join(failures...), tc.writer)
			})
		})
	}
}

func TestCloseWithUnreadBytesIsAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := connect(t, Profile{Latency: time.Millisecond})
		a.Write([]byte("x"))
		time.Sleep(time.Second)
		require.NoError(t, b.Close())
		_, err := a.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		var op *net.OpError
		require.True(t, errors.As(err, &op))
	})
}

func TestIdleConnectionsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := connect(t, Profile{Idle: Idle{Kind: Vanish, After: time.Minute}})
		time.Sleep(2 * time.Minute)
		require.True(t, a.Idle(), "nobody is told")
		_, err := a.Write([]byte("x"))
		require.NoError(t, err)
		began := time.Now()
		_, err = b.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ETIMEDOUT)
		require.Equal(t, 90*time.Second, time.Since(began))
	})
}

func TestDialsFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := New().Dial(t.Context(), "here", "nowhere:1", Profile{})
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = New().Dial(ctx, "here", "nowhere:1", Profile{Latency: time.Minute})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
