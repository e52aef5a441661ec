package sdkmiddleware_test

import (
	"context"
	"fmt"
	"log"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig/sdkmiddleware"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// printTarget stands for middleware that was written for the AWS SDK.
func printTarget(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("PrintTarget", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		fmt.Println(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), awsmiddleware.GetRegion(ctx))
		return next.HandleInitialize(ctx, in)
	}), middleware.After)
}

func Example() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("orders", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })

	client, err := invoke.New(endpoint.Options(), sdkmiddleware.Register, func(o *invoke.Options) {
		o.APIOptions = append(o.APIOptions, printTarget)
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "orders"})
	fmt.Println(err)
	// Output:
	// Lambda Invoke us-east-1
	// <nil>
}
