// Package environment starts both clients from the same environment variables, this one with invoke.NewFromEnv and the
// SDK's with aws-sdk-go-v2/config, and compares the call that each of them would make.
package environment

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Call is what the environment decides about a call.
type Call struct {
	URL         string
	AccessKeyID string
	Region      string // signed for
	Token       string
	Attempts    string // the header that announces them
	App         string // the app ID in User-Agent
}

// Set makes the environment hold vars and no other variable that a client reads, and an empty home. It lasts until the
// end of tb.
func Set(tb testing.TB, vars map[string]string) {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "_X_AMZN") {
			tb.Setenv(name, "") // restores it at the end
			if err := os.Unsetenv(name); err != nil {
				tb.Fatal(err)
			}
		}
	}
	tb.Setenv("HOME", tb.TempDir())
	tb.Setenv("AWS_EC2_METADATA_DISABLED", "true") // the SDK would wait for an answer that never comes
	for name, value := range vars {
		tb.Setenv(name, value)
	}
}

// Ours starts this client from the environment and makes a call that is stopped before it leaves.
func Ours(ctx context.Context) (Call, error) {
	var r recorder
	client, err := invoke.NewFromEnv(ctx, func(o *invoke.Options) { o.HTTPClient = &r })
	if err != nil {
		return Call{}, err
	}
	_, err = client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	return r.call, err
}

// SDK does the same with the SDK. Its configuration asks for container credentials over HTTP, so the recorder takes its place
// only in the client.
func SDK(ctx context.Context) (Call, error) {
	cfg, err := config.LoadDefaultConfig(ctx, sharedFiles()...)
	if err != nil {
		return Call{}, err
	}
	var r recorder
	client := lambda.NewFromConfig(cfg, func(o *lambda.Options) { o.HTTPClient = &r })
	_, err = client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("f")})
	return r.call, err
}

// recorder keeps what a request says and answers it.
type recorder struct{ call Call }

func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	r.call = Call{
		URL:      req.URL.String(),
		Token:    req.Header.Get("X-Amz-Security-Token"),
		Attempts: req.Header.Get("Amz-Sdk-Request"),
	}
	_, credential, _ := strings.Cut(req.Header.Get("Authorization"), "Credential=")
	if scope := strings.Split(credential, "/"); len(scope) > 2 {
		r.call.AccessKeyID, r.call.Region = scope[0], scope[2]
	}
	for _, token := range strings.Fields(req.Header.Get("User-Agent")) {
		if app, ok := strings.CutPrefix(token, "app/"); ok {
			r.call.App = app
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(&bytes.Buffer{}), Request: req}, nil
}
