package unittest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// newGreeter returns a Greeter and the endpoint it calls: a server that lives as
// long as the test, in which the function is a Go function.
func newGreeter(t *testing.T) (*Greeter, *invoketest.Server) {
	t.Helper()
	endpoint := invoketest.NewServer(t)
	invoketest.HandleFunc(endpoint, "greeting", func(_ context.Context, language string) (string, error) {
		if language != "fr" {
			return "", errors.New("no such language")
		}
		return "Bonjour", nil
	})
	client, err := invoke.New(endpoint.Options())
	require.NoError(t, err)
	return NewGreeter(client), endpoint
}

func TestGreeterSpeaksTheLanguage(t *testing.T) {
	greeter, endpoint := newGreeter(t)
	greeting, err := greeter.Greet(t.Context(), "Ada", "fr")
	require.NoError(t, err)
	require.Equal(t, "Bonjour Ada", greeting)
	require.Equal(t, `"fr"`, string(endpoint.Requests()[0].Body))
}

func TestGreeterMakesDoWithoutTheFunction(t *testing.T) {
	greeter, _ := newGreeter(t)
	greeting, err := greeter.Greet(t.Context(), "Ada", "tlh")
	require.NoError(t, err)
	require.Equal(t, "Hello Ada", greeting)
}

func TestGreeterSurvivesAPassingFault(t *testing.T) {
	greeter, endpoint := newGreeter(t)
	endpoint.Script("greeting", invoketest.Throw("ResourceNotReadyException"))
	greeting, err := greeter.Greet(t.Context(), "Ada", "fr")
	require.NoError(t, err)
	require.Equal(t, "Bonjour Ada", greeting)
	require.Len(t, endpoint.Requests(), 2)
	require.Equal(t, 1, endpoint.Runs("greeting"))
}

func TestGreeterSaysSoWhenNobodyAnswers(t *testing.T) {
	greeter, endpoint := newGreeter(t)
	endpoint.Script("greeting", invoketest.HangUp(invoketest.AfterRun, invoketest.Reset))
	_, err := greeter.Greet(t.Context(), "Ada", "fr")
	require.ErrorContains(t, err, "greet Ada")
	require.True(t, errors.MayHaveExecuted(err))
}
