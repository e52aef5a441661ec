package invoke_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"slices"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A reply is lost after the function ran. Only a call that is declared idempotent
// is made again.
func ExampleOptions_idempotent() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("thumbnail", func(context.Context, []byte) ([]byte, error) { return []byte(`"cat.png"`), nil })
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}
	ctx, in := context.Background(), &invoke.InvokeInput{FunctionName: "thumbnail"}
	lost := invoketest.HangUp(invoketest.AfterRun, invoketest.Reset)

	endpoint.Script("thumbnail", lost)
	_, err = client.Invoke(ctx, in)
	fmt.Println("may have run:", errors.MayHaveExecuted(err))

	endpoint.Script("thumbnail", lost)
	out, err := client.Invoke(ctx, in, func(o *invoke.Options) { o.Retry.Idempotent = true })
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, attempts: %d\n", out.Payload, out.Attempts)
	// Output:
	// may have run: true
	// "cat.png", attempts: 2
}

// A header on every request. Before Signing, so that the signature covers it.
func ExampleOptions_middleware() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("ship", func(context.Context, []byte) ([]byte, error) { return nil, nil })

	setTeam := middleware.FinalizeMiddlewareFunc("SetTeam", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if req, ok := in.Request.(*smithyhttp.Request); ok {
			req.Header.Set("X-Team", "logistics")
		}
		return next.HandleFinalize(ctx, in)
	})
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Finalize.Insert(setTeam, "Signing", middleware.Before)
		})
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "ship"}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(endpoint.Requests()[0].Header.Get("X-Team"))
	// Output: logistics
}

// A record for each attempt at level debug, and one for each retry at level warn.
func ExampleOptions_logger() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("ship", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	endpoint.Script("ship", invoketest.Throw("ResourceNotReadyException")) // once; it passes

	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if slices.Contains([]string{"time", "duration", "delay", "request_id", "error"}, a.Key) {
				return slog.Attr{} // different each time
			}
			return a
		},
	}))
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.Logger = invoke.LogTo(logger) })
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "ship"}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// level=DEBUG msg="attempt to call a function" operation=Invoke function=ship attempt=1 status=502 error_type=ResourceNotReadyException may_have_executed=false
	// level=WARN msg="retrying the call of a function" operation=Invoke function=ship attempt=1 error_type=ResourceNotReadyException may_have_executed=false
	// level=DEBUG msg="attempt to call a function" operation=Invoke function=ship attempt=2 status=200
}

// A bound on what one reply may take of the memory.
func ExampleOptions_maxResponseBytes() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("list", func(context.Context, []byte) ([]byte, error) { return make([]byte, 5000), nil })
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.MaxResponseBytes = 4096 })
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "list"})
	var large *errors.ResponseTooLargeError
	if errors.As(err, &large) {
		fmt.Println("limit:", large.Limit, "declared:", large.Size, "may have run:", errors.MayHaveExecuted(err))
	}
	// Output: limit: 4096 declared: 5000 may have run: true
}

// retryCounter counts the retries of each function.
type retryCounter map[string]int

func (retryCounter) LogAttempt(context.Context, invoke.AttemptRecord) {}

func (c retryCounter) LogRetry(_ context.Context, r invoke.RetryRecord) { c[r.FunctionName]++ }

// A Logger of one's own gets records as structs.
func ExampleLogger() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("ship", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	endpoint.Script("ship", invoketest.Throw("ResourceNotReadyException")) // once; it passes

	retries := retryCounter{}
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.Logger = retries })
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "ship"}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(retries)
	// Output: map[ship:1]
}
