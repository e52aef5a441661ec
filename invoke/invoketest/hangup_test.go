package invoketest_test

import (
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// points are all of them, with what a socket gets to see of each.
var points = map[invoketest.Point]struct {
	name string
	ran  int
	sees string // "nothing", "half a head", "half a body", "a reply"
}{
	invoketest.RequestHeaders: {"request headers", 0, "nothing"},
	invoketest.RequestBody:    {"request body", 0, "nothing"},
	invoketest.BeforeRun:      {"before run", 0, "nothing"},
	invoketest.AfterRun:       {"after run", 1, "nothing"},
	invoketest.ReplyHeaders:   {"reply headers", 1, "half a head"},
	invoketest.ReplyBody:      {"reply body", 1, "half a body"},
	invoketest.AfterReply:     {"after reply", 1, "a reply"},
}

func TestAConnectionBreaksWhereItIsToldTo(t *testing.T) {
	const document = `"0123456789"`
	for at, want := range points {
		for how, name := range map[invoketest.Hangup]string{invoketest.Close: "close", invoketest.Reset: "reset"} {
			for _, secure := range []bool{false, true} {
				t.Run(want.name+" "+name, func(t *testing.T) {
					s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS = secure })
					s.Handle("f", echo)
					s.Script("f", invoketest.HangUp(at, how))
					raw, err := exchange(t, s, newRequest(t, s, document).sign(t))

					// A reset may overtake what was sent before it.
					if how == invoketest.Reset {
						require.Error(t, err)
					} else {
						require.NoError(t, err)
						head, body, whole := strings.Cut(raw, "\r\n\r\n")
						switch want.sees {
						case "nothing":
							require.Empty(t, raw)
						case "half a head":
							require.True(t, strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n"), raw)
							require.False(t, whole)
						case "half a body":
							require.Contains(t, head, "Content-Length: 12")
							require.Equal(t, document[:6], body)
						case "a reply":
							require.NotContains(t, head, "Connection:")
							require.Equal(t, document, body)
						}
					}
					require.Equal(t, want.ran, s.Runs("f"))
					require.Equal(t, want.sees != "nothing", s.Requests()[0].Status == 200)
				})
			}
		}
	}
}

func TestAStalledConnectionSaysNothingUntilTheServerCloses(t *testing.T) {
	for at, want := range points {
		t.Run(want.name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			s.Handle("f", echo)
			s.Script("f", invoketest.HangUp(at, invoketest.Stall))
			conn := dial(t, s)
			_, err := conn.Write(newRequest(t, s, `"0123456789"`).sign(t).bytes(t))
			require.NoError(t, err)
			if want.sees != "nothing" {
				_, err = io.ReadFull(conn, make([]byte, len("HTTP/1.1 200 OK")))
				require.NoError(t, err)
			} else {
				waitForRuns(t, s, want.ran)
			}
			s.Close()
			_, err = io.Copy(io.Discard, conn)
			require.NoError(t, ignoreReset(err))
			require.Equal(t, want.ran, s.Runs("f"))
		})
	}
}

// waitForRuns returns once a request has arrived and f has run as often as it
// is going to.
func waitForRuns(t *testing.T, s *invoketest.Server, runs int) {
	t.Helper()
	for len(s.Requests()) == 0 || s.Runs("f") < runs {
		require.NoError(t, t.Context().Err())
		runtime.Gosched()
	}
}

// ignoreReset drops the reset that comes of a request which was not read.
func ignoreReset(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && !op.Timeout() {
		return nil
	}
	return err
}

func TestALargeRequestIsCutInItsMiddle(t *testing.T) {
	for _, how := range []invoketest.Hangup{invoketest.Close, invoketest.Reset} {
		s := invoketest.NewServer(t)
		s.Handle("f", echo)
		s.Script("f", invoketest.HangUp(invoketest.RequestBody, how))
		_, err := call(t, newClient(t, s, once), invoke.InvokeInput{FunctionName: "f", Payload: []byte(document(6 << 20))})
		var broken *errors.TransportError
		require.ErrorAs(t, err, &broken)
		require.Zero(t, s.Runs("f"))
		require.Nil(t, s.Requests()[0].Body)
	}
}

func TestConnectionsAreRefusedBeforeAnythingIsRead(t *testing.T) {
	for name, secure := range map[string]bool{"plain": false, "TLS": true} {
		for _, how := range []invoketest.Hangup{invoketest.Close, invoketest.Reset} {
			t.Run(name, func(t *testing.T) {
				s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS = secure })
				s.Handle("f", echo)
				s.RefuseConnections(2, how)
				for range 2 {
					_, err := exchange(t, s, newRequest(t, s, "{}").sign(t))
					if secure || how == invoketest.Reset {
						require.Error(t, err)
					}
				}
				require.Empty(t, s.Requests())
				resp, _ := post(t, s, newRequest(t, s, "{}").sign(t))
				require.Equal(t, 200, resp.StatusCode)
				require.Equal(t, 3, s.Connections())
			})
		}
	}
}

func TestAllConnectionsAreRefusedUntilTheyAreNot(t *testing.T) {
	s := invoketest.NewServer(t)
	s.RefuseConnections(-1, invoketest.Close)
	for range 3 {
		_, _ = exchange(t, s, newRequest(t, s, "{}").sign(t))
	}
	require.Empty(t, s.Requests())
	s.RefuseConnections(0, invoketest.Close)
	resp, _ := post(t, s, newRequest(t, s, "{}").sign(t))
	require.Equal(t, 404, resp.StatusCode)
}

func TestAConnectionThatStallsOnAcceptIsNeverServed(t *testing.T) {
	s := invoketest.NewServer(t)
	s.RefuseConnections(1, invoketest.Stall)
	stalled := dial(t, s)
	resp, _ := post(t, s, newRequest(t, s, "{}").sign(t)) // others are
	require.Equal(t, 404, resp.StatusCode)
	s.Close()
	_, err := stalled.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, 2, s.Connections())
}

func TestAnEventThatIsHungUpOnWasAccepted(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	s.Script("f", invoketest.HangUp(invoketest.AfterRun, invoketest.Close))
	raw, err := exchange(t, s, newRequest(t, s, "{}").header("X-Amz-Invocation-Type", "Event").sign(t))
	require.NoError(t, err)
	require.Empty(t, raw)
	require.NoError(t, s.Wait(t.Context()))
	require.Equal(t, 1, s.Runs("f"))
}
