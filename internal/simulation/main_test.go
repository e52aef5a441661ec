package simulation

import (
	"flag"
	"io"
	"log"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	log.SetOutput(io.Discard) // net/http tells of unsolicited bytes there
	authority()
	os.Exit(m.Run())
}
