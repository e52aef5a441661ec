package invoke_test

import (
	"context"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func ExampleFunc_Map() {
	client, stop := exampleClient()
	defer stop()
	length := invoke.NewFunc[string, int](client, "length")

	words := slices.Values([]string{"a", "", "call", "for", "each"})
	for r := range length.Map(context.Background(), words, func(o *invoke.MapOptions) { o.Ordered = true }) {
		switch {
		case r.Err == nil:
			fmt.Println(r.Index, r.In, r.Out)
		case errors.MayHaveExecuted(r.Err):
			fmt.Println(r.Index, "ran or may have run, and failed")
		default:
			fmt.Println(r.Index, "did not run")
		}
	}
	// Output:
	// 0 a 1
	// 1 ran or may have run, and failed
	// 2 call 4
	// 3 for 3
	// 4 each 4
}

// A request that is throttled costs no item: it is made again.
func ExampleMapOptions_progress() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "resize", func(_ context.Context, picture string) (string, error) {
		return "small-" + picture, nil
	})
	endpoint.Script("resize", nil, invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0))
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	pictures := []string{"cat.jpg", "dog.jpg", "elk.jpg"}
	resize := invoke.NewFunc[string, string](client, "resize")
	results := resize.Map(context.Background(), slices.Values(pictures), func(o *invoke.MapOptions) {
		o.MaxConcurrency = 1
		o.Progress = func(p invoke.MapProgress) {
			fmt.Printf("%d of %d, failed: %d, throttled: %d\n", p.Done, len(pictures), p.Failed, p.Throttled)
		}
	})
	for r := range results {
		if r.Err != nil {
			log.Fatal(r.Err)
		}
	}
	// Output:
	// 1 of 3, failed: 0, throttled: 0
	// 1 of 3, failed: 0, throttled: 1
	// 2 of 3, failed: 0, throttled: 1
	// 3 of 3, failed: 0, throttled: 1
}

// The first answer is enough. Leaving the loop ends the calls in flight, and
// Abandoned tells what is known of them.
func ExampleMapOptions_leftEarly() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	running := make(chan struct{})
	invoketest.HandleFunc(endpoint, "search", func(ctx context.Context, index string) (string, error) {
		if index == "archive" {
			close(running)
			<-ctx.Done() // takes its time
			return "", ctx.Err()
		}
		<-running
		return "found", nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	indexes := []string{"archive", "recent"}
	search := invoke.NewFunc[string, string](client, "search")
	results := search.Map(context.Background(), slices.Values(indexes), func(o *invoke.MapOptions) {
		o.Abandoned = func(index int, err error) {
			fmt.Println(indexes[index], "abandoned, may have run:", err == nil || errors.MayHaveExecuted(err))
		}
	})
	for r := range results {
		fmt.Println(r.In, r.Out, r.Err)
		break
	}
	// Output:
	// recent found <nil>
	// archive abandoned, may have run: true
}

// A signal ends the work in an orderly way: calls in flight end and are yielded,
// and what was not begun is left for the next start.
func ExampleMapOptions() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	interrupted, interrupt := context.WithCancel(context.Background()) // signal.NotifyContext, in a program
	defer interrupt()
	invoketest.HandleFunc(endpoint, "resize", func(_ context.Context, picture string) (string, error) {
		interrupt() // while the first call runs
		return "small-" + picture, nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	pictures := []string{"cat.jpg", "dog.jpg", "elk.jpg"}
	left := make(map[string]bool)
	for _, picture := range pictures {
		left[picture] = true
	}
	resize := invoke.NewFunc[string, string](client, "resize")
	for r := range resize.Map(context.Background(), slices.Values(pictures), func(o *invoke.MapOptions) {
		o.MaxConcurrency = 1
		o.Stop = interrupted.Done()
	}) {
		if errors.Is(r.Err, invoke.ErrMapStopped) {
			continue // was throttled, and did not run
		}
		fmt.Println(r.Out, r.Err)
		delete(left, r.In)
	}
	fmt.Println(len(left), "left for the next start")
	// Output:
	// small-cat.jpg <nil>
	// 2 left for the next start
}

// An item that the service throttles for too long fails instead of waiting on.
func ExampleMapOptions_itemTimeout() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "quote", func(_ context.Context, product string) (string, error) {
		return product + ": 9.99", nil
	})
	endpoint.Script("quote", nil, invoketest.Throttle(errors.ThrottleReservedConcurrency, time.Minute)) // Retry-After: 60
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.Retry.MaxDelay = time.Minute })
	if err != nil {
		log.Fatal(err)
	}

	quote := invoke.NewFunc[string, string](client, "quote")
	for r := range quote.Map(context.Background(), slices.Values([]string{"pen", "ink"}), func(o *invoke.MapOptions) {
		o.MaxConcurrency = 1
		o.ItemTimeout = 30 * time.Second
	}) {
		if errors.Is(r.Err, context.DeadlineExceeded) {
			fmt.Println(r.In, "took too long; may have run:", errors.MayHaveExecuted(r.Err))
			continue
		}
		fmt.Println(r.Out, r.Err)
	}
	// Output:
	// pen: 9.99 <nil>
	// ink took too long; may have run: false
}

// Events are accepted at once and run later. Map sends them as fast as the
// service admits them.
func ExampleMapOptions_events() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "send-mail", func(context.Context, string) (any, error) { return nil, nil })
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	sendMail := invoke.NewFunc[string, struct{}](client, "send-mail")
	accepted := 0
	for r := range sendMail.Map(context.Background(), slices.Values([]string{"ada", "grace", "edsger"}), func(o *invoke.MapOptions) {
		o.InvocationType = invoke.InvocationTypeEvent
	}) {
		switch {
		case r.Err == nil:
			accepted++
		case errors.MayHaveExecuted(r.Err):
			fmt.Println(r.In, "may get the mail")
		default:
			fmt.Println(r.In, "does not get it: safe to send again")
		}
	}
	if err := endpoint.Wait(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(accepted, "accepted,", endpoint.Runs("send-mail"), "run")
	// Output: 3 accepted, 3 run
}
