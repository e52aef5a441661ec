package suite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// onlyTypes is about a program that makes no use of this client, but of the types in its interface.
const onlyTypes = "ProgramTypes"

const module = "github.com/lambda-invoke/lambda-invoke-go/internal/benchmark"

// programs measures programs that do the same with one of the clients each: their size, what their packages do before
// main begins, and how long they take from their start to the first answer. Some have region and credentials built in,
// some take them from the environment.
func (s *Suite) programs(ctx context.Context) error {
	if s.Short {
		fmt.Fprintln(s.Progress, "  not in short mode: the programs would have to be built")
		return nil
	}
	dir, err := os.MkdirTemp("", "benchmark")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e, err := endpoint.Start(endpoint.Config{})
	if err != nil {
		return err
	}
	defer e.Close()

	if err := s.features(ctx, dir); err != nil {
		return err
	}
	for benchmark, sources := range map[string]map[string]string{
		"Program":    {clients.Bare: "nethttp", clients.Ours: "lambdainvoke", clients.SDK: "awssdk"},
		"ProgramEnv": {clients.Bare: "nethttp", clients.Ours: "lambdainvokeenv", clients.SDK: "awssdkenv"},
		onlyTypes:    {clients.Bare: "nethttp", clients.Ours: "types", clients.SDK: "awssdk"},
	} {
		paths := make(map[string]string)
		for name, source := range sources {
			if paths[name], err = build(ctx, dir, source); err != nil {
				return err
			}
			info, err := os.Stat(paths[name])
			if err != nil {
				return err
			}
			s.results.Add(benchmark, name, map[string]float64{"binary-B": float64(info.Size())})
		}
		if benchmark == onlyTypes {
			continue
		}
		err := measure.Interleave(60, clients.Names(), func(name string) error {
			started, errInit := inits(ctx, paths[name])
			empty, errEmpty := lifetime(ctx, paths[name])
			first, errFirst := lifetime(ctx, paths[name], e.URL)
			started["start-ns"], started["first-answer-ns"] = float64(empty), float64(first)
			s.results.Add(benchmark, name, started)
			return errors.Join(errInit, errEmpty, errFirst)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FeatureBenchmark is the name of the measurement of what a feature adds.
func FeatureBenchmark(f features.Feature) string { return "Feature" + f.Name }

// features measures what each feature adds to the binary of a program that begins to use it.
func (s *Suite) features(ctx context.Context, dir string) error {
	size := func(f features.Feature) (float64, error) {
		path, err := f.Build(ctx, dir, ldflags)
		if err != nil {
			return 0, err
		}
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		return float64(info.Size()), nil
	}
	plain, err := size(features.Plain())
	if err != nil {
		return err
	}
	for _, f := range features.All() {
		with, err := size(f)
		if err != nil {
			return err
		}
		s.results.Add(FeatureBenchmark(f), clients.Ours, map[string]float64{"adds-B": with - plain})
	}
	return nil
}

// ldflags leave out what only debuggers need.
const ldflags = "-s -w"

// build builds a program into dir and returns where it is.
func build(ctx context.Context, dir, program string) (string, error) {
	path := filepath.Join(dir, program)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags="+ldflags, "-o", path, module+"/programs/"+program)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", program, err, out)
	}
	return path, nil
}

// lifetime runs a program from its start to its end.
func lifetime(ctx context.Context, path string, args ...string) (time.Duration, error) {
	start := time.Now()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = environment()
	err := cmd.Run()
	return time.Since(start), err
}

// environment is that of the programs: this one's, but with what those need that take their configuration from there,
// and without what else they might find.
func environment() []string {
	others := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	return append(others,
		"AWS_REGION="+clients.Region, "AWS_ACCESS_KEY_ID="+clients.AccessKey, "AWS_SECRET_ACCESS_KEY="+clients.Secret)
}

// inits runs a program that ends at once, and adds up what the runtime says about the initialisation of its packages.
func inits(ctx context.Context, path string) (map[string]float64, error) {
	var trace bytes.Buffer
	cmd := exec.CommandContext(ctx, path)
	cmd.Env = append(environment(), "GODEBUG=inittrace=1")
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		return map[string]float64{}, err
	}
	var clock, size, allocs float64
	for line := range strings.Lines(trace.String()) {
		// init net/http @1.2 ms, 0.034 ms clock, 3456 bytes, 78 allocs
		_, costs, _ := strings.Cut(line, "@")
		var at, ms, b, n float64
		if _, err := fmt.Sscanf(costs, "%f ms, %f ms clock, %f bytes, %f allocs", &at, &ms, &b, &n); err == nil {
			clock, size, allocs = clock+ms*1e6, size+b, allocs+n
		}
	}
	return map[string]float64{"init-ns": clock, "init-B": size, "init-allocs": allocs}, nil
}
