// Command fanout calls a function for thousands of items, as many at a time as
// the account admits. Interrupt it and start it again: it ends the calls in
// flight, and goes on where it stopped. A second interrupt ends it at once. It needs no account: the endpoint is inside this program.
//
//	go run ./examples/fanout
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
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
	context.AfterFunc(ctx, stop) // a second interrupt is not caught
	info, err := os.Stdout.Stat()
	live := err == nil && info.Mode()&os.ModeCharDevice != 0
	if err := start(ctx, *items, *limit, *state, &line{w: os.Stdout, live: live}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func start(ctx context.Context, items, limit int, state string, line *line) error {
	file, err := os.OpenFile(state, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	journal, err := openJournal(state, file)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	return errors.Join(run(ctx, items, limit, journal, line), journal.close())
}

func run(ctx context.Context, items, limit int, journal *journal, line *line) error {
	var todo []int
	for n := range items {
		if _, ok := journal.finished[n]; !ok {
			todo = append(todo, n)
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
	interrupted, stop := context.WithCancel(ctx)
	defer stop()
	line.begin(items-len(todo), items)
	square := invoke.NewFunc[int, int](client, "square")
	for r := range square.Map(context.WithoutCancel(ctx), slices.Values(todo), func(o *invoke.MapOptions) {
		o.Progress = line.show
		o.Stop = interrupted.Done()
	}) {
		if r.Err != nil && !errors.MayHaveExecuted(r.Err) {
			continue // it did not run, so it is one for the next start
		}
		if journal.add(r.In, r.Out, r.Err) != nil {
			stop() // what cannot be written down must not run; close tells of it
		}
	}
	line.end(journal)
	return nil
}
