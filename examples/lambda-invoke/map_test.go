package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// line is a line of the results.
type line struct {
	Index  int             `json:"index"`
	Output json.RawMessage `json:"output"`
	Error  *struct {
		Type, Message string
		FunctionError string `json:"function_error"`
	} `json:"error"`
	MayHaveRun     *bool  `json:"may_have_run"`
	OutputEncoding string `json:"output_encoding"`
}

// readLines returns the lines of a results file by their indexes.
func readLines(t *testing.T, path string) map[int]line {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return parseLines(t, content)
}

func parseLines(t *testing.T, content []byte) map[int]line {
	t.Helper()
	all := make(map[int]line)
	for text := range bytes.Lines(content) {
		var l line
		require.True(t, bytes.HasSuffix(text, []byte("\n")), "a torn line: %.80q", text)
		require.NoError(t, json.Unmarshal(text, &l), "%.80q", text)
		_, twice := all[l.Index]
		require.False(t, twice, "item %d has two lines", l.Index)
		all[l.Index] = l
	}
	return all
}

// job is a folder with an input.
type job struct{ in, out string }

func newJob(t *testing.T, input string) job {
	t.Helper()
	dir := t.TempDir()
	j := job{in: filepath.Join(dir, "items.ndjson"), out: filepath.Join(dir, "results.ndjson")}
	require.NoError(t, os.WriteFile(j.in, []byte(input), 0o600))
	return j
}

func (j job) args(more ...string) []string {
	return append([]string{"map", "-in", j.in, "-out", j.out}, more...)
}

// double is a server with a function that doubles numbers, and fails for 13.
func double(t *testing.T, optFns ...func(*invoketest.Config)) *invoketest.Server {
	t.Helper()
	s := invoketest.NewServer(t, optFns...)
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) {
		if n == 13 {
			return 0, errors.New("13 is unlucky")
		}
		return 2 * n, nil
	})
	return s
}

// numbers is an input of n lines.
func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, i)
	}
	return b.String()
}

func TestMapGivesEveryLineAResult(t *testing.T) {
	s := double(t)
	j := newJob(t, numbers(50))
	got := call(t, s, j.args("double")...)
	require.Equal(t, 1, got.status, got.stderr) // 13
	require.Empty(t, got.stdout)
	require.Contains(t, got.stderr, "50 items: 49 done, 1 failed, 0 may have run")
	all := readLines(t, j.out)
	require.Len(t, all, 50)
	for n, l := range all {
		if n == 13 {
			require.Equal(t, "errorString", l.Error.Type)
			require.Equal(t, "13 is unlucky", l.Error.Message)
			require.Equal(t, "Unhandled", l.Error.FunctionError)
			require.True(t, *l.MayHaveRun)
			continue
		}
		require.Equal(t, fmt.Sprint(2*n), string(l.Output))
		require.Nil(t, l.Error)
	}

	// Nothing is left to do.
	got = call(t, s, j.args("double")...)
	require.Equal(t, 1, got.status, got.stderr)
	require.Equal(t, 50, s.Runs("double"))
	require.Len(t, readLines(t, j.out), 50)
}

func TestMapReadsStdinAndWritesStdout(t *testing.T) {
	s := double(t)
	cmd := command(t, s, "map", "double")
	cmd.Stdin = strings.NewReader("1\n2\n3") // the last line has no end
	got := run(t, cmd)
	require.Zero(t, got.status, got.stderr)
	all := parseLines(t, []byte(got.stdout))
	require.Len(t, all, 3)
	require.Equal(t, "6", string(all[2].Output))
}

func TestMapMeetsLinesOfAllKinds(t *testing.T) {
	s := invoketest.NewServer(t)
	s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	s.Handle("text", func(context.Context, []byte) ([]byte, error) { return []byte("no JSON"), nil })
	large := `"` + strings.Repeat("x", 6_000_000) + `"`
	input := "1\r\n\n{oops}\r\n" + large + "\n{\"a\":\n \n\"<&>\"\n"
	j := newJob(t, input)
	got := call(t, s, j.args("echo")...)
	require.Equal(t, 1, got.status, got.stderr)
	require.Contains(t, got.stderr, "2 lines were passed over")
	all := readLines(t, j.out)
	require.Len(t, all, 5)
	require.Equal(t, "1", string(all[0].Output))
	require.True(t, large == string(all[3].Output))
	require.Equal(t, `"<&>"`, string(all[6].Output))
	for _, n := range []int{2, 4} {
		require.Equal(t, "NotJSON", all[n].Error.Type)
		require.False(t, *all[n].MayHaveRun)
	}
	require.Equal(t, 3, s.Runs("echo"))

	j = newJob(t, "1\n")
	require.Zero(t, call(t, s, j.args("text")...).status)
	l := readLines(t, j.out)[0]
	require.Equal(t, `"no JSON"`, string(l.Output))
	require.Equal(t, "text", l.OutputEncoding)
}

func TestMapGoesOnAfterAPipeThatEndedEarly(t *testing.T) {
	s := double(t)
	j := newJob(t, "")
	start := func(input string) result {
		cmd := command(t, s, "map", "-out", j.out, "double")
		cmd.Stdin = strings.NewReader(input)
		return run(t, cmd)
	}
	got := start("1\n2\n[3")
	require.Equal(t, 1, got.status, got.stderr)
	require.Contains(t, got.stderr, "it ends in the middle of its last line")
	require.Equal(t, "LineCutShort", readLines(t, j.out)[2].Error.Type)

	got = start("1\n2\n3\n4\n")
	require.Zero(t, got.status, got.stderr)
	all := readLines(t, j.out)
	require.Len(t, all, 4)
	require.Equal(t, "6", string(all[2].Output))
	require.Equal(t, 4, s.Runs("double"))
}

func TestMapTakesUpFailedItemsWhenAsked(t *testing.T) {
	for name, source := range map[string]func(*testing.T, *invoketest.Server, job, ...string) result{
		"from a file": func(t *testing.T, s *invoketest.Server, j job, flags ...string) result {
			return call(t, s, j.args(append(flags, "double")...)...)
		},
		"from a pipe": func(t *testing.T, s *invoketest.Server, j job, flags ...string) result {
			cmd := command(t, s, append([]string{"map", "-out", j.out, "double"}, flags...)...)
			content, err := os.ReadFile(j.in)
			require.NoError(t, err)
			cmd.Stdin = bytes.NewBuffer(content)
			return run(t, cmd)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := double(t)
			lost := invoketest.HangUp(invoketest.AfterRun, invoketest.Reset)
			s.Script("double", lost)
			j := newJob(t, numbers(20))
			require.Equal(t, 4, source(t, s, j).status)
			require.Equal(t, 20, s.Runs("double"))

			// 13 failed and fails again. The lost one stays as it is.
			require.Equal(t, 4, source(t, s, j, "-retry-failed").status)
			require.Equal(t, 21, s.Runs("double"))
			require.Len(t, readLines(t, j.out), 20)

			// The lost one is run again when that does no harm.
			require.Equal(t, 1, source(t, s, j, "-idempotent").status)
			require.Equal(t, 22, s.Runs("double"))
			all := readLines(t, j.out)
			require.Len(t, all, 20)
			for n, l := range all {
				require.Equal(t, n == 13, l.Error != nil, n)
			}
			entries, err := os.ReadDir(filepath.Dir(j.out))
			require.NoError(t, err)
			require.Len(t, entries, 3, "results, state, input: %v", entries)
		})
	}
}

func TestMapRefusesWhatIsNotItsJob(t *testing.T) {
	s := double(t)
	s.Handle("other", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	for name, tc := range map[string]struct {
		change func(t *testing.T, j job)
		args   []string
		status int
		stderr string
	}{
		"another input":          {change: write("0\n1\n9\n"), status: 2, stderr: "not the input that the results are of: among the first 3 lines, some differ"},
		"a shorter input":        {change: write("0\n1\n"), status: 2, stderr: "it has fewer than the 3 lines"},
		"another function":       {args: []string{"other"}, status: 2, stderr: `a job that calls "double"`},
		"results without state":  {change: func(t *testing.T, j job) { require.NoError(t, os.Remove(j.out+".state")) }, status: 2, stderr: "there is no state beside it"},
		"a state and no results": {change: func(t *testing.T, j job) { require.NoError(t, os.Remove(j.out)) }, status: 2, stderr: "the results are gone"},
		"results of others":      {change: func(t *testing.T, j job) { require.NoError(t, os.WriteFile(j.out, []byte("{\"a\":1}\n"), 0o600)) }, status: 3, stderr: "line 1 is not a result of this program"},
		"a state of others":      {change: func(t *testing.T, j job) { require.NoError(t, os.WriteFile(j.out+".state", []byte("hello\n"), 0o600)) }, status: 3, stderr: "this is not the state of a job"},
		"a longer input goes on": {change: write("0\n1\n2\n3\n"), status: 0},
		"input is output":        {args: []string{"-in", "OUT", "double"}, status: 2, stderr: "the same file"},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, numbers(3))
			require.Zero(t, call(t, s, j.args("double")...).status)
			before := s.Runs("double")
			if tc.change != nil {
				tc.change(t, j)
			}
			args := j.args("double")
			if tc.args != nil {
				args = j.args(strings.Split(strings.ReplaceAll(strings.Join(tc.args, " "), "OUT", j.out), " ")...)
			}
			got := call(t, s, args...)
			require.Equal(t, tc.status, got.status, got.stderr)
			require.Contains(t, got.stderr, tc.stderr)
			if tc.status != 0 {
				require.Equal(t, before, s.Runs("double"))
				require.Zero(t, s.Runs("other"))
			}
		})
	}
}

func write(input string) func(*testing.T, job) {
	return func(t *testing.T, j job) { require.NoError(t, os.WriteFile(j.in, []byte(input), 0o600)) }
}

func TestMapRefusesASecondProcess(t *testing.T) {
	s := invoketest.NewServer(t)
	running, goOn := make(chan struct{}), make(chan struct{})
	s.Handle("slow", func(ctx context.Context, payload []byte) ([]byte, error) {
		close(running)
		select {
		case <-goOn:
		case <-ctx.Done():
		}
		return payload, nil
	})
	j := newJob(t, "1\n")
	first := command(t, s, j.args("slow")...)
	require.NoError(t, first.Start())
	<-running
	got := call(t, s, j.args("slow")...)
	require.Equal(t, 3, got.status, got.stderr)
	require.Contains(t, got.stderr, "another process is working on it")
	close(goOn)
	require.NoError(t, first.Wait())
	require.Len(t, readLines(t, j.out), 1)
}

func TestMapDrainsWhenItIsInterruptedAndStopsTheSecondTime(t *testing.T) {
	for name, twice := range map[string]bool{"once": false, "twice": true} {
		t.Run(name, func(t *testing.T) {
			s := invoketest.NewServer(t)
			running, goOn := make(chan struct{}, 1000), make(chan struct{})
			s.Handle("slow", func(ctx context.Context, payload []byte) ([]byte, error) {
				running <- struct{}{}
				select {
				case <-goOn:
				case <-ctx.Done():
				}
				return payload, nil
			})
			j := newJob(t, numbers(100))
			cmd := command(t, s, j.args("-max-concurrency", "4", "slow")...)
			said, err := cmd.StderrPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			for range 4 {
				<-running
			}
			require.NoError(t, cmd.Process.Signal(os.Interrupt))
			first := make([]byte, 200)
			n, err := said.Read(first) // it has taken notice
			require.NoError(t, err)
			require.Contains(t, string(first[:n]), "interrupt again to stop at once")
			if twice {
				require.NoError(t, cmd.Process.Signal(os.Interrupt))
			} else {
				close(goOn)
			}
			_, err = io.ReadAll(said)
			require.NoError(t, err)
			require.Error(t, cmd.Wait())
			all := readLines(t, j.out)
			require.Len(t, all, 4)
			if twice {
				require.Equal(t, 4, cmd.ProcessState.ExitCode())
				close(goOn)
			} else {
				require.Equal(t, 3, cmd.ProcessState.ExitCode())
			}
			for _, l := range all {
				require.Equal(t, twice, l.Error != nil)
			}

			got := call(t, s, j.args("slow")...)
			require.Equal(t, map[bool]int{false: 0, true: 4}[twice], got.status, got.stderr)
			require.Len(t, readLines(t, j.out), 100)
			require.Equal(t, 100, s.Runs("slow"))
		})
	}
}

func TestMapStopsWhereEveryItemWouldFail(t *testing.T) {
	s := double(t)
	j := newJob(t, numbers(1000))
	got := call(t, s, j.args("nobody")...)
	require.Equal(t, 3, got.status, got.stderr)
	require.Contains(t, got.stderr, "ResourceNotFoundException")
	require.Empty(t, readLines(t, j.out))
}

func TestMapStopsWhereNobodyAnswers(t *testing.T) {
	s := double(t)
	j := newJob(t, numbers(1000))
	got := call(t, s, j.args("-endpoint", "http://127.0.0.1:1", "double")...)
	require.Equal(t, 3, got.status, got.stderr)
	require.Contains(t, got.stderr, "connect")
	for _, l := range readLines(t, j.out) {
		require.Equal(t, "TransportError", l.Error.Type)
		require.False(t, *l.MayHaveRun)
	}

	require.Zero(t, s.Runs("double"))
	got = call(t, s, j.args("-retry-failed", "double")...)
	require.Equal(t, 1, got.status, got.stderr) // 13
	require.Len(t, readLines(t, j.out), 1000)
	require.Equal(t, 1000, s.Runs("double"))
}

func TestMapSumsUpTheBill(t *testing.T) {
	s := double(t)
	j := newJob(t, numbers(5))
	got := call(t, s, j.args("-log", "double")...)
	require.Zero(t, got.status, got.stderr)
	require.Regexp(t, `billed +\d+\S+, \d\.\d+ GB-seconds, memory \d+ of \d+ MB`, got.stderr)
	require.Contains(t, got.stderr, "5 of 5 calls with a report")
}

func TestMapRepairsTornEnds(t *testing.T) {
	s := double(t)
	j := newJob(t, numbers(10))
	require.Zero(t, call(t, s, j.args("double")...).status)
	for _, path := range []string{j.out, j.out + ".state"} {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, content[:len(content)-5], 0o600))
	}
	// Of the last line it is only known that its item was started.
	got := call(t, s, j.args("double")...)
	require.Equal(t, 4, got.status, got.stderr)
	all := readLines(t, j.out)
	require.Len(t, all, 10)
	require.Equal(t, 10, s.Runs("double"))
	interrupted := 0
	for _, l := range all {
		if l.Error != nil {
			require.Equal(t, "Interrupted", l.Error.Type)
			interrupted++
		}
	}
	require.Equal(t, 1, interrupted)
}

func TestTheCommandLineOfMap(t *testing.T) {
	s := double(t)
	for name, tc := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"no function":          {nil, 2, "which function?"},
		"no file":              {[]string{"-in", "/nowhere/items", "double"}, 2, "open the input: open /nowhere/items"},
		"a folder":             {[]string{"-in", "/", "double"}, 2, "is a directory"},
		"below zero":           {[]string{"-max-concurrency", "-1", "double"}, 2, "must not be negative"},
		"retry without -out":   {[]string{"-retry-failed", "double"}, 2, "give -out"},
		"no client context":    {[]string{"-client-context", "1", "double"}, 2, "is not a JSON object"},
		"the AWS CLI's":        {[]string{"--function-name", "double"}, 2, "an argument of its own"},
		"no place for results": {[]string{"-out", "/nowhere/results", "double"}, 3, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, s, append([]string{"map"}, tc.args...)...)
			require.Equal(t, tc.status, got.status, got.stderr)
			require.Contains(t, got.stderr, tc.stderr)
		})
	}
	got := call(t, s, "map", "-h")
	require.Zero(t, got.status)
	require.Contains(t, got.stdout, "-retry-failed")
	require.Less(t, strings.Count(got.stdout, "\n"), 72, "more than a page")
	require.Empty(t, s.Requests())
}
