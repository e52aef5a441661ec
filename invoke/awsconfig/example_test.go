package awsconfig_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// A laptop: the profile has region and credentials. With SSO, after
// `aws sso login --profile work`, its session signs the calls.
func Example() {
	leave := onLaptop() // with profile "work" in the shared files
	defer leave()

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
	// Output: {"id":17}
}

// For a program that has an aws.Config already, for its other clients.
func ExampleFromConfig() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("orders", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	cfg := aws.Config{ // usually from config.LoadDefaultConfig
		Region:           "us-east-1",
		Credentials:      aws.NewCredentialsCache(credentialsOf(endpoint)),
		BaseEndpoint:     aws.String(endpoint.URL()),
		RetryMaxAttempts: 5,
	}

	opts := awsconfig.FromConfig(cfg)
	fmt.Println("attempts at most:", opts.Retry.MaxAttempts)
	client, err := invoke.New(opts)
	if err != nil {
		log.Fatal(err)
	}
	out, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: "orders", Payload: []byte(`{"id":17}`)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out.Payload)
	// Output:
	// attempts at most: 5
	// {"id":17}
}
