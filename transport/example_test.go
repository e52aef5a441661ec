package transport_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// A client for a network whose firewall forgets a silent connection after 15
// seconds. It is what Options.HTTPClient of package invoke takes, and an
// *http.Client as any other; the defaults do for most networks.
func ExampleNewClient() {
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		// Here may pass 15 minutes: no timeout of the client ends a request.
		_, _ = io.WriteString(w, "done")
	}))
	defer silent.Close()

	client := transport.NewClient(func(c *transport.Config) {
		c.KeepAliveIdle = 10 * time.Second
		c.ConnectTimeout = 3 * time.Second
	})
	resp, err := client.Get(silent.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(string(body), err)
	// Output: done <nil>
}
