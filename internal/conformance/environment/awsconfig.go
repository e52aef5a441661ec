package environment

import (
	"context"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

// Awsconfig is Ours with what invoke/awsconfig finds in environment and shared
// files.
func Awsconfig(ctx context.Context) (Call, error) {
	opts, err := awsconfig.Load(ctx, sharedFiles()...)
	if err != nil {
		return Call{}, err
	}
	var r recorder
	client, err := invoke.New(opts, func(o *invoke.Options) { o.HTTPClient = &r })
	if err != nil {
		return Call{}, err
	}
	_, err = client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	return r.call, err
}

// sharedFiles names the files below the home that Set made: the SDK looks for
// the home once, when the program starts.
func sharedFiles() []func(*config.LoadOptions) error {
	dir := filepath.Join(os.Getenv("HOME"), ".aws")
	return []func(*config.LoadOptions) error{
		config.WithSharedConfigFiles([]string{filepath.Join(dir, "config")}),
		config.WithSharedCredentialsFiles([]string{filepath.Join(dir, "credentials")}),
	}
}
