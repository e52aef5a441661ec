package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEventsAreToldApart(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Equal(t, `ada      accepted, and will run
grace    accepted, and will run
edsger   unknown: may run; sending again might mail twice
barbara  did not get through: safe to send again
3 mails went out
`, out.String())
}
