package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain makes the test binary the worker that the program starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "work" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestAProgramThatIsKilledFinishesWhenStartedAgain(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, demonstrate(t.Context(), &out))
	require.Equal(t, `order-1 is in parcel 1
order-2 is in parcel 2
killed in the middle of order-3
order-1 is in parcel 1
order-2 is in parcel 2
order-3 is in parcel 3
order-4 is in parcel 4
order-5 is in parcel 5
5 orders, 5 executions
`, out.String())
}
