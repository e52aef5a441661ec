package transport_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// The client is held against net/http's own: both are played the same bytes, over pipes.

// outcome is what a client made of a reply.
type outcome struct {
	Status  int
	Proto   string
	Length  int64
	Header  http.Header
	Trailer http.Header
	Body    string
	Failed  string // "", "request" or "body"
}

// play has client send a request, and answers with the pieces, one write each, and the end.
func play(t testing.TB, method string, pieces []string, client func(dial func(context.Context, string, string) (net.Conn, error)) http.RoundTripper) outcome {
	t.Helper()
	here, there := net.Pipe()
	served := make(chan struct{})
	go func() {
		defer close(served)
		defer there.Close()
		req, err := http.ReadRequest(bufio.NewReader(there))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		for _, piece := range pieces {
			if _, err := io.WriteString(there, piece); err != nil {
				return
			}
		}
	}()
	defer func() { <-served }()
	rt := client(dialing(here))
	defer rt.(interface{ CloseIdleConnections() }).CloseIdleConnections()
	defer here.Close()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://host.example/", strings.NewReader("x"))
	require.NoError(t, err)
	if method == http.MethodHead {
		req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return outcome{Failed: "request"}
	}
	defer resp.Body.Close()
	got := outcome{Status: resp.StatusCode, Proto: resp.Proto, Length: resp.ContentLength, Header: resp.Header}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return got
	}
	body, err := io.ReadAll(resp.Body)
	got.Body, got.Trailer = string(body), resp.Trailer
	if err != nil {
		got.Failed = "body"
	}
	return got
}

func theirs(dial func(context.Context, string, string) (net.Conn, error)) http.RoundTripper {
	return &http.Transport{DialContext: dial, DisableCompression: true, MaxResponseHeaderBytes: 256 << 10}
}

func ours(dial func(context.Context, string, string) (net.Conn, error)) http.RoundTripper {
	return transport.NewClient(directly, func(c *transport.Config) { c.DialContext = dial }).Transport
}

// differs names why a reply is read otherwise on purpose, or is "".
func differs(reply string) string {
	head, _, _ := strings.Cut(strings.ReplaceAll(reply, "\r\n", "\n"), "\n\n")
	lower := strings.ToLower(head)
	if strings.Contains(lower, "\ntransfer-encoding:") && strings.Contains(lower, "\ncontent-length:") {
		return "a reply with both lengths is refused, as a proxy may read it otherwise; net/http believes the chunks"
	}
	return ""
}

var handMade = []string{
	"",
	"\r\n",
	"HTTP/1.1 200 OK\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
	"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay",
	"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\n Content-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;ext=1\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nok\r\n0\r\nX-T: t\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.0 200 OK\r\n\r\nuntil the end",
	"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
	"HTTP/1.1 204 No Content\r\n\r\n",
	"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n",
	"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nanything",
	"HTTP/1.1 099 Early\r\n\r\n",
	"HTTP/1.1 1000 Late\r\n\r\n",
	"HTTP/1.1 20 OK\r\n\r\n",
	"HTTP/1.1 abc OK\r\n\r\n",
	"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/11 200 OK\r\n\r\n",
	"http/1.1 200 OK\r\n\r\n",
	"ICY 200 OK\r\n\r\n",
	"SSH-2.0-OpenSSH\r\n",
	"\x16\x03\x01\x02\x00",
	"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
	"HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX-\x00: zero\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nX: \x00\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nX: \xff\xfe\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno",
	"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 8<<10) + "\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 300<<10) + "\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + strings.Repeat("o", 20000),
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + strings.Repeat("o", 20000) + "\r\n0\r\n\r\n",
}

// quiet keeps net/http from logging what it thinks of a server.
func quiet(t testing.TB) {
	log.SetOutput(io.Discard)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
}

func TestRepliesAreReadAsNetHTTPReadsThem(t *testing.T) {
	quiet(t)
	for _, reply := range handMade {
		for _, method := range []string{http.MethodPost, http.MethodHead} {
			name := fmt.Sprintf("%s %.60q", method, reply)
			compare(t, name, method, reply, []string{reply})
			half := len(reply) / 2
			compare(t, name+" in two", method, reply, []string{reply[:half], reply[half:]})
			if len(reply) < 300 {
				compare(t, name+" in bytes", method, reply, strings.Split(reply, ""))
			}
		}
	}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		reply := generate(r)
		compare(t, fmt.Sprintf("seed %d: %.200q", seed, reply), http.MethodPost, reply, split(r, reply))
	}
}

// compare requires the same outcome of both clients, or a refusal where the two differ on purpose.
func compare(t testing.TB, name, method, reply string, pieces []string) {
	t.Helper()
	want, got := play(t, method, pieces, theirs), play(t, method, pieces, ours)
	if reason := differs(reply); reason != "" {
		if got.Failed != "request" && want.Failed == "" {
			require.Equal(t, want, got, name) // the head came in parts: the connection is not used again instead
		}
		return
	}
	require.Equal(t, want, got, name)
}

// generate makes a reply that is mostly right.
func generate(r *rand.Rand) string {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	rare := func(usual string, odd ...string) string {
		if r.IntN(8) > 0 {
			return usual
		}
		return pick(odd...)
	}
	var b strings.Builder
	for r.IntN(4) == 0 {
		b.WriteString("HTTP/1.1 " + pick("100 Continue", "103 Early Hints", "102 Processing") + "\r\n\r\n")
	}
	eol := rare("\r\n", "\n", "\r", "\r\r\n")
	b.WriteString(rare("HTTP/1.1", "HTTP/1.0", "HTTP/1.1 ", "HTTP/1", "HTTP/3.0") + " " + rare("200 OK", "204 No Content", "304", "404 Not Found", "429", "500 X", "600 Y", "2 OK", "") + eol)
	body := strings.Repeat(pick("a", "{}", "\x00", "\r\n"), r.IntN(3000))
	for range r.IntN(6) {
		b.WriteString(rare(pick("X-Amzn-Requestid", "Content-Type", "Date", "X-Amz-Executed-Version"), "X y", "", "\tX", "x\x01") + rare(": ", ":", " : ", "") + pick("id", "application/json", "a b", "") + eol)
	}
	switch r.IntN(4) {
	case 0:
		b.WriteString("Transfer-Encoding: " + rare("chunked", "identity", "CHUNKED", "x") + eol + eol)
		for rest := body; rest != ""; {
			n := 1 + r.IntN(len(rest))
			fmt.Fprintf(&b, "%x%s%s%s", n, rare("\r\n", "\n", ";x\r\n", "\r\n\r\n"), rest[:n], rare("\r\n", "\n", ""))
			rest = rest[n:]
		}
		b.WriteString(rare("0\r\n\r\n", "0\r\n", "", "0\r\nX: y\r\n\r\n", "00\r\n\r\n"))
	case 1:
		b.WriteString(rare("Connection: close"+eol, "") + eol + body)
	default:
		for range 1 + r.IntN(8)/7 {
			fmt.Fprintf(&b, "Content-Length: %d%s", len(body)+r.IntN(8)/7, eol)
		}
		b.WriteString(eol + body)
	}
	return b.String()
}

// split cuts reply at random places.
func split(r *rand.Rand, reply string) (pieces []string) {
	for reply != "" {
		n := 1 + r.IntN(len(reply))
		if r.IntN(3) == 0 {
			n = min(1+r.IntN(20), len(reply))
		}
		pieces = append(pieces, reply[:n])
		reply = reply[n:]
	}
	return pieces
}

func FuzzReplies(f *testing.F) {
	for _, reply := range handMade {
		if len(reply) < 1000 {
			f.Add([]byte(reply), uint64(len(reply)))
		}
	}
	quiet(f)
	f.Fuzz(func(t *testing.T, reply []byte, seed uint64) {
		if len(reply) > 64<<10 {
			return
		}
		var key [32]byte
		binary.LittleEndian.PutUint64(key[:], seed)
		r := rand.New(rand.NewChaCha8(key))
		compare(t, fmt.Sprintf("%q", reply), http.MethodPost, string(reply), split(r, string(reply)))
	})
}
