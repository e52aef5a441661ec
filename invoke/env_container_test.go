package invoke_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// containerAgent serves credentials as ECS and EKS do, and makes the
// environment point to itself.
func containerAgent(t *testing.T, handler http.HandlerFunc) {
	t.Helper()
	agent := httptest.NewServer(handler)
	t.Cleanup(agent.Close)
	setEnvironment(t, map[string]string{
		"AWS_REGION":                         "eu-central-1",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": agent.URL + "/v1/credentials",
	})
}

func writeCredentials(w http.ResponseWriter, accessKeyID string, expires time.Time) {
	json.NewEncoder(w).Encode(map[string]string{
		"AccessKeyId":     accessKeyID,
		"SecretAccessKey": "the-secret-key",
		"Token":           "token-of-" + accessKeyID,
		"Expiration":      expires.UTC().Format(time.RFC3339),
	})
}

func clientFromEnv(t *testing.T) (*invoke.Client, *requestKeeper) {
	t.Helper()
	var sent requestKeeper
	client, err := invoke.NewFromEnv(t.Context(), func(o *invoke.Options) { o.HTTPClient = &sent })
	require.NoError(t, err)
	return client, &sent
}

func TestContainerCredentialsSignTheCall(t *testing.T) {
	var asked atomic.Int32
	containerAgent(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1); r.Header.Get("Authorization") != "the-token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		writeCredentials(w, "CONTAINER", time.Now().Add(time.Hour))
	})
	t.Setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token")
	client, sent := clientFromEnv(t)
	require.Zero(t, asked.Load(), "asked before there was a call")
	for range 3 {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		require.Contains(t, sent.request.Header.Get("Authorization"), "Credential=CONTAINER/")
		require.Equal(t, "token-of-CONTAINER", sent.request.Header.Get("X-Amz-Security-Token"))
	}
	require.EqualValues(t, 1, asked.Load())
}

func TestContainerCredentialsFollowRotation(t *testing.T) {
	var asked atomic.Int32
	containerAgent(t, func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		// Expired at once, so that each call needs new ones; and the token file
		// must have been read anew.
		writeCredentials(w, fmt.Sprintf("%s%d", r.Header.Get("Authorization"), n), time.Now().Add(-time.Minute))
	})
	tokenFile := filepath.Join(t.TempDir(), "token")
	t.Setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", tokenFile)
	require.NoError(t, os.WriteFile(tokenFile, []byte("first"), 0o600))
	client, sent := clientFromEnv(t)
	for i, token := range []string{"first", "second", "third"} {
		require.NoError(t, os.WriteFile(tokenFile, []byte(token), 0o600))
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.NoError(t, err)
		require.Contains(t, sent.request.Header.Get("Authorization"), fmt.Sprintf("Credential=%s%d/", token, i+1))
	}
}

func TestAContainerAgentThatStumblesIsAskedAgain(t *testing.T) {
	var asked atomic.Int32
	containerAgent(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		writeCredentials(w, "CONTAINER", time.Now().Add(time.Hour))
	})
	client, sent := clientFromEnv(t)
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Contains(t, sent.request.Header.Get("Authorization"), "Credential=CONTAINER/")
	require.EqualValues(t, 2, asked.Load())
}

func TestAContainerWithoutCredentialsFailsTheCallBeforeItIsSent(t *testing.T) {
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"refused":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "status 403"},
		"malformed": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "the answer is not the expected JSON"},
		"no secret": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"AccessKeyId":"A"}`) }, "the answer lacks AccessKeyId or SecretAccessKey"},
	} {
		t.Run(name, func(t *testing.T) {
			containerAgent(t, tc.handler)
			client, sent := clientFromEnv(t)
			_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
			var credentials *errors.CredentialsError
			require.ErrorAs(t, err, &credentials)
			require.ErrorContains(t, err, "AWS_CONTAINER_CREDENTIALS_FULL_URI")
			require.ErrorContains(t, err, tc.want)
			require.False(t, errors.MayHaveExecuted(err))
			require.Nil(t, sent.request)
		})
	}
}

func TestACallerNeedNotWaitForASlowContainerAgent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan struct{})
	containerAgent(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		select {
		case <-answered:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(answered) })
	client, sent := clientFromEnv(t)
	_, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, errors.MayHaveExecuted(err))
	require.Nil(t, sent.request)
}
