// Package features has a program for each part of this client that a program links only if it uses it: what the part adds to the
// binary is measured, and that it is left out otherwise is tested.
package features

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Feature is a part of the client.
type Feature struct {
	Name    string // for files and benchmarks
	What    string // in words, for the table
	imports []string
	code    string // statements behind a call with a client
	// Marks are prefixes of symbols that are linked with the feature, and that no program has which does not use it.
	Marks []string
}

// Plain is the program that uses none: it makes one call, with static credentials.
func Plain() Feature { return Feature{Name: "Plain", What: "one call"} }

// All returns every feature that is linked only if it is used.
func All() []Feature {
	const module = "github.com/lambda-invoke/lambda-invoke-go/"
	return []Feature{
		{
			Name: "Logger", What: "LogTo(*slog.Logger), with log/slog",
			imports: []string{"log/slog"},
			code:    `use(invoke.New(options, func(o *invoke.Options) { o.Logger = invoke.LogTo(slog.Default()) }))`,
			Marks:   []string{"log/slog.", module + "invoke.slogLogger["},
		},
		{
			Name: "Stream", What: "InvokeWithResponseStream",
			code:  `use(client.InvokeWithResponseStream(ctx, &invoke.InvokeWithResponseStreamInput{FunctionName: "echo"}))`,
			Marks: []string{module + "invoke.(*Client).InvokeWithResponseStream", module + "invoke.(*streamBody).", module + "internal/eventstream."},
		},
		{
			Name: "Func", What: "NewFunc and Call, with encoding/json",
			code:  `use(invoke.NewFunc[int, int](client, "echo").Call(ctx, 1))`,
			Marks: []string{"encoding/json.Marshal", "encoding/json.(*decodeState)."},
		},
		{
			Name: "Map", What: "Map, on top of NewFunc",
			code: `for result := range invoke.NewFunc[int, int](client, "echo").Map(ctx, slices.Values([]int{1})) {
				use(result, result.Err)
			}`,
			imports: []string{"slices"},
			Marks:   []string{module + "internal/fanout."},
		},
		{
			Name: "Env", What: "NewFromEnv",
			code:  `use(invoke.NewFromEnv(ctx))`,
			Marks: []string{module + "invoke.NewFromEnv", module + "internal/credentials/environment.", module + "internal/credentials/container."},
		},
		{
			Name: "Durable", What: "invoke/durable, with encoding/json",
			imports: []string{module + "invoke/durable"},
			code:    `use(durable.New[int, int](client, "echo:live").Call(ctx, "order-17", 1))`,
			Marks:   []string{module + "invoke/durable.", module + "invoke.(*otherSerializer)."},
		},
		{
			Name: "NetHTTP", What: "an *http.Client of its own, with net/http's transport",
			imports: []string{"net/http"},
			code:    `use(invoke.New(options, func(o *invoke.Options) { o.HTTPClient = http.DefaultClient }))`,
			Marks:   []string{"net/http.(*Client).Do", "net/http.(*Transport).RoundTrip", "net/http.(*http2Transport)."},
		},
		{
			Name: "Awsconfig", What: "invoke/awsconfig, with the AWS SDK's configuration",
			imports: []string{module + "invoke/awsconfig"},
			code:    `use(awsconfig.Load(ctx))`,
			Marks:   []string{module + "invoke/awsconfig.", "github.com/aws/aws-sdk-go-v2/"},
		},
	}
}

const program = `package main

import (
	"context"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
%s)

func main() {
	if len(os.Args) < 2 {
		return
	}
	ctx := context.Background()
	options := invoke.Options{
		Region:       "us-east-1",
		Credentials:  invoke.StaticCredentials("AKIDEXAMPLE", "secret", ""),
		BaseEndpoint: os.Args[1],
	}
	client, err := invoke.New(options)
	if err != nil {
		panic(err)
	}
	use(client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")}))
	%s
}

// use keeps the linker from leaving out what returned the values.
func use(_ any, err error) {
	if err != nil {
		panic(err)
	}
}
`

// Build builds the feature's program into dir, with these flags for the linker, and returns where it is.
func (f Feature) Build(ctx context.Context, dir, ldflags string) (string, error) {
	var imports strings.Builder
	for _, path := range f.imports {
		fmt.Fprintf(&imports, "\t%q\n", path)
	}
	source := filepath.Join(dir, f.Name+".go")
	if err := os.WriteFile(source, fmt.Appendf(nil, program, imports.String(), f.code), 0o600); err != nil {
		return "", err
	}
	path := filepath.Join(dir, f.Name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags="+ldflags, "-o", path, source)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", f.Name, err, out)
	}
	return path, nil
}
