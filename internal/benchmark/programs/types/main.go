// Types does what nethttp does, and links what the types in this client's interface bring with them, before anything is
// done with them: smithy-go for APIOptions, TracerProvider, MeterProvider and the errors.
package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/tracing"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func main() {
	if len(os.Args) < 2 {
		return
	}
	if len(os.Args) > 2 {
		use(context.Background(), tracing.NopTracerProvider{}, nil)
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

// use keeps the linker from leaving out what any use of the types needs.
func use(ctx context.Context, tracers tracing.TracerProvider, options []func(*middleware.Stack) error) {
	_, span := tracers.Tracer("types").StartSpan(ctx, "call")
	defer span.End()
	stack := middleware.NewStack("Invoke", smithyhttp.NewStackRequest)
	for _, option := range options {
		if err := option(stack); err != nil {
			panic(&smithy.OperationError{ServiceID: "Lambda", OperationName: "Invoke", Err: err})
		}
	}
}
