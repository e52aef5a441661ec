package invoketest_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// Fixed keys, for the AWS CLI, boto3 and the SDK for JavaScript, which find them
// in their environment. With Config.Address the address can be fixed as well.
func ExampleConfig_otherClients() {
	s := invoketest.NewServer(nil, func(c *invoketest.Config) {
		c.Credentials = invoke.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "any"}
	})
	defer s.Close()
	invoketest.HandleFunc(s, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })

	environment := []string{
		"AWS_DEFAULT_REGION=us-east-1", // the AWS CLI, boto3
		"AWS_REGION=us-east-1",         // JavaScript and others
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=any",
		"AWS_ENDPOINT_URL_LAMBDA=" + s.URL(),
	}
	fmt.Println(strings.Join(environment[:4], "\n")) // start the other client with it
	// Output:
	// AWS_DEFAULT_REGION=us-east-1
	// AWS_REGION=us-east-1
	// AWS_ACCESS_KEY_ID=AKIDEXAMPLE
	// AWS_SECRET_ACCESS_KEY=any
}
