package endpoint

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// childVariable holds the Config of a process that is to be an endpoint.
const childVariable = "LAMBDA_INVOKE_BENCHMARK_ENDPOINT"

// hello is the first thing that a child says.
type hello struct {
	URL         string
	Certificate []byte // to be trusted, in DER; empty without TLS
}

// ServeIfChild does not return if the process was started by [Start]: it is the endpoint then, for as long as its parent
// lives.
func ServeIfChild() {
	text, ok := os.LookupEnv(childVariable)
	if !ok {
		return
	}
	if err := serveParent(text); err != nil {
		fmt.Fprintln(os.Stderr, "endpoint:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serveParent says hello, and then answers every line of its input with the stats. A line that is not empty is a new
// limit. The input ends with the parent.
func serveParent(text string) error {
	var s server
	if err := json.Unmarshal([]byte(text), &s.config); err != nil {
		return err
	}
	s.limit.Store(int64(s.config.Limit))
	var err error
	if s.stream, err = newStream(); err != nil {
		return err
	}
	l, cert, err := listen(s.config.TLS)
	if err != nil {
		return err
	}
	defer l.Close()
	go s.serve(l)

	scheme := "http://"
	if s.config.TLS {
		scheme = "https://"
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(hello{URL: scheme + l.Addr().String(), Certificate: cert}); err != nil {
		return err
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if line := in.Text(); line != "" {
			limit, err := strconv.ParseInt(line, 10, 64)
			if err != nil {
				return err
			}
			s.limit.Store(limit)
		}
		if err := out.Encode(s.stats()); err != nil {
			return err
		}
	}
	return nil
}
