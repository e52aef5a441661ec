package invoke_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"sync/atomic"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// requestCounter is an HTTP client that counts what another one sends.
type requestCounter struct {
	next invoke.HTTPClient // such as transport.NewClient()
	sent atomic.Int64
}

func (c *requestCounter) Do(r *http.Request) (*http.Response, error) {
	c.sent.Add(1)
	return c.next.Do(r)
}

// Any HTTP client will do. Retries go through it, each a request of its own.
func ExampleHTTPClient() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("ship", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	endpoint.Script("ship", invoketest.Throw("ResourceNotReadyException")) // once; it passes

	counter := &requestCounter{next: endpoint.Options().HTTPClient}
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.HTTPClient = counter })
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		if _, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "ship"}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("requests:", counter.sent.Load())
	// Output: requests: 3
}
