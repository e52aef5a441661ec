package invoke_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// A proxy, and certificates of an authority of one's own behind it. NewFromEnv
// has both from HTTPS_PROXY and AWS_CA_BUNDLE.
func ExampleOptions_proxy() {
	endpoint := invoketest.NewServer(nil, func(c *invoketest.Config) { c.TLS = true })
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	proxy := httptest.NewServer(http.HandlerFunc(tunnel))
	defer proxy.Close()

	authorities := x509.NewCertPool()
	authorities.AddCert(endpoint.Certificate()) // of a PEM file: AppendCertsFromPEM
	address, err := url.Parse(proxy.URL)
	if err != nil {
		log.Fatal(err)
	}
	opts := endpoint.Options()
	opts.HTTPClient = transport.NewClient(func(c *transport.Config) {
		c.Proxy = http.ProxyURL(address)
		c.TLSConfig = &tls.Config{RootCAs: authorities}
	})
	client, err := invoke.New(opts)
	if err != nil {
		log.Fatal(err)
	}
	n, err := invoke.NewFunc[int, int](client, "double").Call(context.Background(), 21)
	fmt.Println(n, err)
	// Output:
	// CONNECT
	// 42 <nil>
}

// tunnel is a proxy's handler, which connects a client with the host it names.
func tunnel(w http.ResponseWriter, r *http.Request) {
	fmt.Println(r.Method)
	host, err := net.Dial("tcp", r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer host.Close()
	w.WriteHeader(http.StatusOK)
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	go func() {
		defer host.Close()
		_, _ = io.Copy(host, buffered)
	}()
	_, _ = io.Copy(client, host)
}
