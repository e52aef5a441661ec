// Command fanout calls a function for thousands of items, as many at a time as
// the account admits. Interrupt it and start it again: it goes on where it
// stopped. It needs no account: the endpoint is inside this program.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func main() {
	items := flag.Int("items", 5000, "how many items there are")
	limit := flag.Int("limit", 50, "how many calls the account admits at a time")
	state := flag.String("state", "fanout.state", "where the finished items are written down")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	info, err := os.Stdout.Stat()
	live := err == nil && info.Mode()&os.ModeCharDevice != 0
	if err := run(ctx, *items, *limit, *state, &line{w: os.Stdout, live: live}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, items, limit int, statePath string, line *line) error {
	state, err := os.OpenFile(statePath, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer state.Close()
	finished := make(map[int]bool) // with success?
	for lines := bufio.NewScanner(state); lines.Scan(); {
		var n, square int
		var outcome string
		if _, err := fmt.Sscan(lines.Text(), &n, &square, &outcome); err == nil { // not cut short
			finished[n] = outcome == "<nil>"
		}
	}

	endpoint := invoketest.NewServer(nil, func(c *invoketest.Config) { c.Concurrency, c.KeepRequests = limit, -1 })
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "square", func(_ context.Context, n int) (int, error) {
		time.Sleep(50 * time.Millisecond)
		return n * n, nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}
	todo := func(yield func(int) bool) {
		for n := range items {
			if _, ok := finished[n]; !ok && !yield(n) {
				return
			}
		}
	}
	line.begin(len(finished), items)
	for r := range invoke.NewFunc[int, int](client, "square").Map(ctx, todo, func(o *invoke.MapOptions) { o.Progress = line.show }) {
		if r.Err != nil && !errors.MayHaveExecuted(r.Err) {
			continue // it did not run, so it is one for the next start
		}
		finished[r.In] = r.Err == nil
		fmt.Fprintln(state, r.In, r.Out, r.Err)
	}
	line.end(finished, statePath)
	return nil
}
