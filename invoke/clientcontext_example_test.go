package invoke_test

import (
	"context"
	"fmt"
	"log"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

func ExampleClientContext() {
	encoded, err := invoke.ClientContext{Custom: map[string]string{"locale": "de"}}.Encode()
	if err != nil {
		fmt.Println(err) // over the limit of 3,583 bytes
		return
	}
	in := invoke.InvokeInput{FunctionName: "length", ClientContext: encoded}
	fmt.Println(in.ClientContext)
	// Output: eyJjdXN0b20iOnsibG9jYWxlIjoiZGUifX0=
}

// A handler that expects a form of its own finds the JSON of any value.
func ExampleEncodeClientContext() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "greet", func(ctx context.Context, _ string) (string, error) {
		call, _ := invoketest.FromContext(ctx)
		return string(call.ClientContext), nil
	})
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		log.Fatal(err)
	}

	encoded, err := invoke.EncodeClientContext(struct {
		Locale  string `json:"locale"`
		Preview bool   `json:"preview"`
	}{"de", true})
	if err != nil {
		log.Fatal(err) // over the limit of 3,583 bytes, for instance
	}
	greet := invoke.NewFunc[string, string](client, "greet", func(o *invoke.FuncOptions) { o.ClientContext = encoded })
	fmt.Println(greet.Call(context.Background(), "Ada"))
	// Output: {"locale":"de","preview":true} <nil>
}
