package simulation

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// What the simulation found, by what was wrong. Each is fixed, and its seed is run again in every test.
func TestRegressions(t *testing.T) {
	for name, seed := range map[string]Seed{
		// A connection that is no socket went from one request to the next in line with unsolicited bytes unread on it.
		"unsolicited bytes on a connection that is handed over": 166,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { require.Empty(t, Run(seed).Problems()) })
		})
	}
}
