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

// A transport for a network whose firewall forgets a silent connection after 15
// seconds. It is what Options.HTTPClient of package invoke takes; the defaults do
// for most networks.
func ExampleNew() {
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		// Here may pass 15 minutes: no timeout of the transport ends a request.
		_, _ = io.WriteString(w, "done")
	}))
	defer silent.Close()

	own := transport.New(func(c *transport.Config) {
		c.KeepAliveIdle = 10 * time.Second
		c.ConnectTimeout = 3 * time.Second
	})
	defer own.CloseIdleConnections()
	request, err := http.NewRequest(http.MethodGet, silent.URL, nil)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := own.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(string(body), err)
	// Output: done <nil>
}

// The same connections behind an *http.Client, for code that wants one.
func ExampleNewClient() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "done")
	}))
	defer server.Close()

	client := transport.NewClient()
	defer client.CloseIdleConnections()
	resp, err := client.Get(server.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(string(body), err)
	// Output: done <nil>
}
