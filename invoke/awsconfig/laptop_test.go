package awsconfig_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// credentialsOf has the credentials of an endpoint as a provider of the SDK's.
func credentialsOf(endpoint *invoketest.Server) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		creds, err := endpoint.Options().Credentials.Retrieve(ctx)
		return aws.Credentials{AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey}, err
	})
}

// onLaptop makes shared files with a profile "work", here for an endpoint with
// function "orders", all that the environment says about AWS. leave brings back
// what it said before.
func onLaptop() (leave func()) {
	endpoint := invoketest.NewServer(nil)
	endpoint.Handle("orders", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	creds, err := credentialsOf(endpoint).Retrieve(context.Background())
	if err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "awsconfig")
	if err != nil {
		panic(err)
	}
	before := takeAWS()
	for name, content := range map[string]string{
		"AWS_CONFIG_FILE": fmt.Sprintf("[profile work]\nregion = %s\nendpoint_url = %s\n", endpoint.Options().Region, endpoint.URL()),
		"AWS_SHARED_CREDENTIALS_FILE": fmt.Sprintf("[work]\naws_access_key_id = %s\naws_secret_access_key = %s\n",
			creds.AccessKeyID, creds.SecretAccessKey),
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			panic(err)
		}
		os.Setenv(name, file)
	}
	return func() {
		takeAWS()
		for name, value := range before {
			os.Setenv(name, value)
		}
		os.RemoveAll(dir)
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
