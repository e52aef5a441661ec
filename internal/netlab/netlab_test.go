//go:build netlab && linux

package netlab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// scaled is the default keep-alive, thirty times faster: a dead peer is noticed after 1 s + 3 * 1 s.
var scaled = settings{Idle: time.Second, Interval: time.Second, Count: 3}

const detection = 4 * time.Second

// start begins a lab with a listening server and a client of the given settings.
func start(t *testing.T, s settings) (l *lab, client, server *process) {
	t.Helper()
	l = newLab(t)
	server = l.start("server")
	requireReport(t, server, "listening")
	client = l.start("client")
	client.command(s)
	return l, client, server
}

func requireReport(t *testing.T, p *process, want string) {
	t.Helper()
	var got string
	p.report(&got)
	require.Equal(t, want, got)
}

func TestKeepAliveCarriesASilentCallThroughARouterThatForgets(t *testing.T) {
	t.Parallel()
	_, client, server := start(t, scaled)

	client.command(call{Silence: 4 * forgetAfter * time.Second, Deadline: time.Minute})
	requireReport(t, server, "begin")
	requireReport(t, server, "end")

	var got outcome
	client.report(&got)
	require.Equal(t, outcome{}, got)
}

func TestWithoutKeepAliveTheReplyIsLostAndTheCallHangsUntilItsDeadline(t *testing.T) {
	t.Parallel()
	_, client, server := start(t, settings{Idle: -1})

	client.command(call{Silence: 3 * forgetAfter * time.Second, Deadline: 6 * forgetAfter * time.Second})
	requireReport(t, server, "begin")
	requireReport(t, server, "end") // it ran, and nobody will know

	var got outcome
	client.report(&got)
	require.True(t, got.DeadlineExceeded, "%+v", got)
	require.Equal(t, "await", got.Stage, "%+v", got)
	require.True(t, got.MayHaveExecuted, "%+v", got)
}

func TestPeerThatDiesInSilenceIsNoticedDuringACall(t *testing.T) {
	t.Parallel()
	l, client, server := start(t, scaled)

	client.command(call{Silence: time.Minute, Deadline: 5 * detection})
	requireReport(t, server, "begin")
	l.silence()

	var got outcome
	client.report(&got)
	requireNoticed(t, got)
}

// The request is sent into the void then. What bounds it is TCP_USER_TIMEOUT; the kernel would try for a quarter of an
// hour without.
func TestPeerThatDiedBetweenCallsIsNoticed(t *testing.T) {
	t.Parallel()
	l, client, server := start(t, scaled)

	client.command(call{Deadline: time.Minute})
	requireReport(t, server, "begin")
	requireReport(t, server, "end")
	var got outcome
	client.report(&got)
	require.Equal(t, outcome{}, got)

	l.silence()
	client.command(call{Deadline: 5 * detection})
	client.report(&got)
	requireNoticed(t, got)
}

// requireNoticed wants a call that failed because the operating system gave up the connection, well before its
// deadline, which is several times the detection time.
func requireNoticed(t *testing.T, got outcome) {
	t.Helper()
	require.True(t, got.TimedOut, "%+v", got)
	require.False(t, got.DeadlineExceeded, "%+v", got)
	require.Equal(t, "await", got.Stage, "%+v", got)
	require.True(t, got.MayHaveExecuted, "%+v", got)
}
