package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// BenchmarkRequest shows what the client costs on top of net/http: four allocations for each request (three if the
// caller has hooks), and a microsecond or two.
func BenchmarkRequest(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer srv.Close()
	for name, client := range map[string]*http.Client{
		"net/http":  {Transport: &http.Transport{DisableCompression: true}},
		"transport": transport.NewClient(directly),
	} {
		b.Run(name, func(b *testing.B) {
			defer client.CloseIdleConnections()
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := post(context.Background(), client, srv.URL, "payload"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
