package invoke_test

import (
	"context"
	"os"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// inContainer makes the variables that a container gets from its platform, here
// for an endpoint with function "orders", all that the environment says about AWS.
// leave brings back what it said before.
func inContainer() (leave func()) {
	endpoint := invoketest.NewServer(nil)
	endpoint.Handle("orders", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	opts := endpoint.Options()
	creds, err := opts.Credentials.Retrieve(context.Background())
	if err != nil {
		panic(err)
	}
	before := takeAWS()
	os.Setenv("AWS_REGION", opts.Region)
	os.Setenv("AWS_ACCESS_KEY_ID", creds.AccessKeyID)
	os.Setenv("AWS_SECRET_ACCESS_KEY", creds.SecretAccessKey)
	os.Setenv("AWS_ENDPOINT_URL_LAMBDA", opts.BaseEndpoint)
	return func() {
		takeAWS()
		for name, value := range before {
			os.Setenv(name, value)
		}
		endpoint.Close()
	}
}

// takeAWS takes everything about AWS out of the environment.
func takeAWS() map[string]string {
	taken := map[string]string{}
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			taken[name] = value
			os.Unsetenv(name)
		}
	}
	return taken
}
