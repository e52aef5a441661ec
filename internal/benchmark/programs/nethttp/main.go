// Nethttp is the least program that calls an HTTP endpoint: the measure of what a client adds to a program. It takes the
// URL of an endpoint, makes one call and ends; without one it ends at once.
package main

import (
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		return
	}
	url := os.Args[1] + "/2015-03-31/functions/echo/invocations"
	resp, err := http.Post(url, "application/octet-stream", strings.NewReader("{}"))
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(os.Stdout, resp.Body); err != nil {
		panic(err)
	}
}
