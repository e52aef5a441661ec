package awsconfig_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

// A laptop with SSO: after `aws sso login --profile work`, the profile's
// session signs the calls.
func ExampleLoad() {
	ctx := context.Background()
	opts, err := awsconfig.Load(ctx, config.WithSharedConfigProfile("work"))
	if err != nil {
		log.Fatal(err)
	}
	client, err := invoke.New(opts)
	if err != nil {
		log.Fatal(err)
	}
	out, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "orders", Payload: []byte(`{"id":17}`)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out.Payload)
}
