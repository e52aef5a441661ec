package invoke_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
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
