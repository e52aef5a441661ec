package invoke_test

import (
	"context"
	"fmt"
	"log"
	"slices"

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
func ExampleMapOptions_abandoned() {
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
