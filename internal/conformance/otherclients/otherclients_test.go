// Package otherclients shows that clients which others wrote work on an invoketest server.
package otherclients

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/offline"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// answers are what the programs in testdata print of their three calls.
type answers struct {
	Result, Failed, Missing string
	Log                     bool
}

var want = answers{
	Result:  "42",
	Log:     true,
	Failed:  "Unhandled Runtime.ExitError",
	Missing: "ResourceNotFoundException 404",
}

// newServer has fixed keys, and the functions that the programs call.
func newServer(t *testing.T) *invoketest.Server {
	s := invoketest.NewServer(t, func(c *invoketest.Config) {
		c.Credentials = invoke.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "any", SessionToken: "token"}
	})
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	invoketest.HandleFunc(s, "crash", func(_ context.Context, n int) (int, error) { return n, nil })
	s.Script("crash", invoketest.Crash())
	return s
}

// command is another client, with the server's keys in its environment.
func command(t *testing.T, dir, name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(),
		"AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", // the AWS CLI and boto3 read the second
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=any", "AWS_SESSION_TOKEN=token",
	}
	return cmd
}

func requireAnswers(t *testing.T, cmd *exec.Cmd) {
	printed, err := cmd.Output()
	require.NoError(t, err, "%s", printed)
	var got answers
	require.NoError(t, json.Unmarshal(printed, &got), "%s", printed)
	require.Equal(t, want, got)
}

func TestTheSDKForJavaScriptWorksOnAnInvoketestServer(t *testing.T) {
	t.Parallel()
	const dir = "testdata/javascript"
	require.NoError(t, offline.Install(t.Context(), dir))
	requireAnswers(t, command(t, dir, "node", "invoke.mjs", newServer(t).URL()))
}

func TestBoto3WorksOnAnInvoketestServer(t *testing.T) {
	t.Parallel()
	python := thatWorks(t, "python3", "-c", "import boto3")
	requireAnswers(t, command(t, "testdata/python", python, "invoke.py", newServer(t).URL()))
}

func TestTheAWSCLIWorksOnAnInvoketestServer(t *testing.T) {
	t.Parallel()
	aws, s, dir := thatWorks(t, "aws", "--version"), newServer(t), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in.json"), []byte("21"), 0o600))
	call := func(function string) *exec.Cmd {
		return command(t, dir, aws, "lambda", "invoke", "--endpoint-url", s.URL(), "--function-name", function,
			"--log-type", "Tail", "--payload", "fileb://in.json", "--output", "json", "out.json")
	}
	var reply struct{ LogResult, FunctionError string }
	for _, c := range []struct{ function, result, failed string }{
		{"double", `42`, ""},
		{"crash", `"errorType":"Runtime.ExitError"`, "Unhandled"},
	} {
		printed, err := call(c.function).Output()
		require.NoError(t, err)
		reply.FunctionError = ""
		require.NoError(t, json.Unmarshal(printed, &reply), "%s", printed)
		require.Equal(t, c.failed, reply.FunctionError)
		log, err := base64.StdEncoding.DecodeString(reply.LogResult)
		require.NoError(t, err)
		require.Contains(t, string(log), "REPORT RequestId")
		payload, err := os.ReadFile(filepath.Join(dir, "out.json"))
		require.NoError(t, err)
		require.Contains(t, string(payload), c.result)
	}
	missing := call("missing")
	missing.Stderr = nil
	said, err := missing.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(said), "(ResourceNotFoundException)")
}

// thatWorks finds a program that does something: a shim of that name in the PATH may have nothing behind it, where Debian's
// package has.
func thatWorks(t *testing.T, name string, args ...string) string {
	for _, path := range []string{name, filepath.Join("/usr/bin", name)} {
		if exec.CommandContext(t.Context(), path, args...).Run() == nil {
			return path
		}
	}
	require.FailNow(t, "not installed", "%s %q does not work; .ci/install-servers installs it", name, args)
	return ""
}
