package environment_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/environment"
)

// Each of these resolves in the SDK, and is refused here for the reason that
// the row states.
func TestWhatTheSDKPassesOverIsRefusedForAReason(t *testing.T) {
	container := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"AccessKeyId":"AKIDCONTAINER","SecretAccessKey":"secret","Token":"t","Expiration":"2099-01-01T00:00:00Z"}`)
	}))
	t.Cleanup(container.Close)
	inContainer := vars{"AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": container.URL}
	and := func(base, more vars) vars {
		all := vars{}
		for _, from := range []vars{base, more} {
			for name, value := range from {
				all[name] = value
			}
		}
		return all
	}

	for name, c := range map[string]struct {
		env    vars
		sdk    environment.Call // what is of interest of it
		named  string           // the variable that our error names
		reason string
	}{
		"half a key pair in a container": {
			and(inContainer, vars{"AWS_ACCESS_KEY_ID": "AKIDHALF"}), environment.Call{AccessKeyID: "AKIDCONTAINER"}, "AWS_ACCESS_KEY_ID",
			"whoever set half a pair meant those keys; the container's are another account's, maybe",
		},
		"the other half in a container": {
			and(inContainer, vars{"AWS_SECRET_ACCESS_KEY": "secret"}), environment.Call{AccessKeyID: "AKIDCONTAINER"}, "AWS_SECRET_ACCESS_KEY",
			"as above",
		},
		"a session token alone in a container": {
			and(inContainer, vars{"AWS_SESSION_TOKEN": "t"}), environment.Call{AccessKeyID: "AKIDCONTAINER"}, "AWS_SESSION_TOKEN",
			"as above",
		},
		"a file of credentials in a container": {
			and(inContainer, vars{"AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}), environment.Call{AccessKeyID: "AKIDCONTAINER"}, "AWS_SHARED_CREDENTIALS_FILE",
			"what the file has goes before the container, and it is not read here",
		},
		"no attempts": {
			with(vars{"AWS_MAX_ATTEMPTS": "0"}), environment.Call{Attempts: "attempt=1; max=3"}, "AWS_MAX_ATTEMPTS",
			"none is no number of attempts, and the default three is not what was asked for",
		},
		"plain http to the service": {
			with(vars{"AWS_ENDPOINT_URL": "http://lambda.eu-central-1.amazonaws.com"}), environment.Call{AccessKeyID: "AKIDENV"}, "AWS_ENDPOINT_URL",
			"payloads would cross the network for all to read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, c.reason)
			environment.Set(t, c.env)
			sdk, err := environment.SDK(t.Context())
			require.NoError(t, err, "the SDK")
			for _, pair := range [][2]string{{c.sdk.AccessKeyID, sdk.AccessKeyID}, {c.sdk.Attempts, sdk.Attempts}} {
				if pair[0] != "" {
					require.Equal(t, pair[0], pair[1], "the SDK")
				}
			}
			_, err = environment.Ours(t.Context())
			require.ErrorContains(t, err, c.named)
			require.NotContains(t, err.Error(), "secret\"")
		})
	}
}

// There is one retry behaviour here, so the variable that chooses one is not
// read, and a mode that the SDK does not know is no error.
func TestTheRetryModeIsNotReadHere(t *testing.T) {
	for _, mode := range []string{"standard", "adaptive"} {
		environment.Set(t, with(vars{"AWS_RETRY_MODE": mode}))
		requireEqualCalls(t)
	}
	environment.Set(t, with(vars{"AWS_RETRY_MODE": "legacy"}))
	_, err := environment.SDK(t.Context())
	require.Error(t, err, "the SDK")
	_, err = environment.Ours(t.Context())
	require.NoError(t, err)
}
