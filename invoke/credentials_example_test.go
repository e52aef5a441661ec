package invoke_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// Credentials do not give themselves away in logs.
func ExampleCredentials() {
	creds := invoke.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI"}
	fmt.Printf("%+v\n", creds)
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	logger.Info("signed in", "as", creds)
	// Output:
	// Credentials(AKIDEXAMPLE, secret hidden)
	// level=INFO msg="signed in" as="Credentials(AKIDEXAMPLE, secret hidden)"
}

// Any source of credentials can be a function. The client calls it once for
// all its callers, and again before the credentials expire.
func ExampleCredentialsProviderFunc() {
	provider := invoke.CredentialsProviderFunc(func(ctx context.Context) (invoke.Credentials, error) {
		// Ask a vault, for instance, under ctx.
		return invoke.Credentials{
			AccessKeyID:     "ASIAEXAMPLE",
			SecretAccessKey: "from the vault",
			SessionToken:    "from the vault",
			Expires:         time.Now().Add(time.Hour),
		}, nil
	})
	client, err := invoke.New(invoke.Options{Region: "eu-central-1", Credentials: provider})
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

// A provider with a cache of its own must not answer with what the client wants
// others for.
func ExampleStaleCredentials() {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	endpoint.Handle("orders", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	ctx, vault := context.Background(), endpoint.Options().Credentials
	cached, err := vault.Retrieve(ctx)
	if err != nil {
		log.Fatal(err)
	}
	endpoint.RotateCredentials() // what is cached has expired

	provider := invoke.CredentialsProviderFunc(func(ctx context.Context) (invoke.Credentials, error) {
		stale, ok := invoke.StaleCredentials(ctx)
		if ok && stale.AccessKeyID == cached.AccessKeyID {
			fmt.Println("the cache will not do")
			fresh, err := vault.Retrieve(ctx)
			if err != nil {
				return fresh, err
			}
			cached = fresh
		}
		return cached, nil
	})
	client, err := invoke.New(endpoint.Options(), func(o *invoke.Options) { o.Credentials = provider })
	if err != nil {
		log.Fatal(err)
	}
	out, err := client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "orders"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("attempts:", out.Attempts)
	// Output:
	// the cache will not do
	// attempts: 2
}
