//go:build netlab && linux

package netlab_test

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// forgetAfter is how many seconds of silence the router of a lab puts up with.
const forgetAfter = 3

// lab is a client, a router and a server, each in a network namespace of its own.
type lab struct {
	t    *testing.T
	name string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	require.Zero(t, os.Geteuid(), "network namespaces need root")
	for _, tool := range []string{"ip", "nft"} {
		_, err := exec.LookPath(tool)
		require.NoError(t, err, "the lab needs the Debian packages iproute2 and nftables")
	}
	l := &lab{t: t, name: "lambdalab-" + strings.ToLower(rand.Text()[:10])}
	t.Cleanup(func() { l.script("down", l.name) })
	l.script("up", l.name, strconv.Itoa(forgetAfter))
	return l
}

func (l *lab) script(args ...string) {
	l.t.Helper()
	out, err := exec.Command("./lab.sh", args...).CombinedOutput()
	require.NoError(l.t, err, "lab.sh %v: %s", args, out)
}

// silence makes the router drop everything.
func (l *lab) silence() {
	l.t.Helper()
	l.script("silence", l.name)
}

// process is this test binary, run again in a namespace, in the role of a client or a server. It reads commands and
// writes reports, one JSON value each.
type process struct {
	t       *testing.T
	in      io.WriteCloser
	reports *json.Decoder
}

func (l *lab) start(role string) *process {
	l.t.Helper()
	self, err := os.Executable()
	require.NoError(l.t, err)
	cmd := exec.Command("ip", "netns", "exec", l.name+"-"+role, self)
	cmd.Env = append(os.Environ(), roleEnv+"="+role)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(l.t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(l.t, err)
	require.NoError(l.t, cmd.Start())
	l.t.Cleanup(func() {
		in.Close() // what both roles end at
		_ = cmd.Wait()
	})
	return &process{t: l.t, in: in, reports: json.NewDecoder(bufio.NewReader(out))}
}

func (p *process) command(v any) {
	p.t.Helper()
	require.NoError(p.t, json.NewEncoder(p.in).Encode(v))
}

func (p *process) report(v any) {
	p.t.Helper()
	require.NoError(p.t, p.reports.Decode(v))
}
