// Command migration is one program written twice: before.go with the AWS SDK
// for Go v2, after.go with this library. Both charge the same orders, trace their
// calls with otelaws, and print the same. It needs no account: the function runs
// at an endpoint inside this program. See docs/migration.md for what becomes of
// what.
//
//	go -C examples/migration run .
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// order is what the program charges, with the function that does it.
type order struct {
	function string
	payload  string
}

var orders = []order{
	{"charge", `{"order":17,"cents":1200}`},
	{"charge", `{"order":18,"cents":0}`},
	{"chrage", `{"order":19,"cents":300}`},
	{"charge-slowly", `{"order":20,"cents":500}`},
}

// settings are what both programs are told about the service.
type settings struct {
	region, endpoint       string
	accessKeyID, secretKey string
	tracing                trace.TracerProvider
}

func main() {
	for _, version := range []struct {
		title string
		run   func(context.Context, settings, io.Writer) error
	}{{"before", before}, {"after", after}} {
		fmt.Printf("%s:\n", version.title)
		if err := run(context.Background(), os.Stdout, version.run); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// run runs a version of the program against an endpoint of its own.
func run(ctx context.Context, stdout io.Writer, version func(context.Context, settings, io.Writer) error) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "charge", charge)
	invoketest.HandleFunc(endpoint, "charge-slowly", charge)
	busy := invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0)
	endpoint.Script("charge-slowly", busy, busy)

	opts := endpoint.Options()
	keys, err := opts.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	return version(ctx, settings{
		region:      opts.Region,
		endpoint:    opts.BaseEndpoint,
		accessKeyID: keys.AccessKeyID,
		secretKey:   keys.SecretAccessKey,
		tracing:     sdktrace.NewTracerProvider(sdktrace.WithSyncer(spanPrinter{stdout})),
	}, stdout)
}

// charge is the remote function.
func charge(_ context.Context, in struct{ Order, Cents int }) (string, error) {
	if in.Cents == 0 {
		return "", errors.New("nothing to charge")
	}
	return fmt.Sprintf("order %d is paid", in.Order), nil
}
