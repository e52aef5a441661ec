package simulation

import (
	"flag"
	"io"
	"log"
	"os"
	"runtime/debug"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	log.SetOutput(io.Discard) // net/http tells of unsolicited bytes there
	debug.SetGCPercent(1000)  // a run lives on a few MB, and half of the time would go to collecting garbage
	authority()
	os.Exit(m.Run())
}
