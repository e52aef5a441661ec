// Package otherclients shows that clients which others wrote work on an invoketest server.
package otherclients

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/offline"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func TestTheSDKForJavaScriptWorksOnAnInvoketestServer(t *testing.T) {
	const dir = "testdata/javascript"
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	require.NoError(t, offline.Install(ctx, dir))

	s := invoketest.NewServer(t, func(c *invoketest.Config) {
		c.Credentials = invoke.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "any", SessionToken: "token"}
	})
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	invoketest.HandleFunc(s, "crash", func(_ context.Context, n int) (int, error) { return n, nil })
	s.Script("crash", invoketest.Crash())

	cmd := exec.CommandContext(ctx, "node", "invoke.mjs", s.URL())
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=any", "AWS_SESSION_TOKEN=token",
	}
	cmd.Stderr = os.Stderr
	printed, err := cmd.Output()
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(printed, &got), "%s", printed)
	require.Equal(t, map[string]any{
		"result":  "42",
		"log":     true,
		"failed":  "Unhandled Runtime.ExitError",
		"missing": "ResourceNotFoundException 404",
	}, got)
}
