package single

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgressIsShownWhileACallIsSilentAndThenRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var screen bytes.Buffer
		stop := startProgress(&screen, "f")
		time.Sleep(4*time.Second + time.Millisecond)
		synctest.Wait()
		stop()
		require.Equal(t, "\r\x1b[K| waiting for f, 2s\r\x1b[K/ waiting for f, 3s\r\x1b[K- waiting for f, 4s\r\x1b[K", screen.String())
	})
}

func TestACallThatIsAnsweredSoonShowsNoProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var screen bytes.Buffer
		stop := startProgress(&screen, "f")
		time.Sleep(1900 * time.Millisecond)
		stop()
		require.Empty(t, screen.String())
	})
}
