package invoke_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// One client calls functions of several regions by their ARNs.
func ExampleOptions_useARNRegion() {
	client, err := invoke.New(invoke.Options{
		Region:       "us-east-1",
		Credentials:  invoke.StaticCredentials("AKIDEXAMPLE", "the-secret", ""),
		UseARNRegion: true,
		HTTPClient: doer(func(r *http.Request) (*http.Response, error) { // in place of the network
			fmt.Println(r.URL.Host)
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}, nil
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"billing", "arn:aws:lambda:eu-west-1:123456789012:function:billing"} {
		if _, err := client.Invoke(context.Background(), &invoke.InvokeInput{FunctionName: name}); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// lambda.us-east-1.amazonaws.com
	// lambda.eu-west-1.amazonaws.com
}
