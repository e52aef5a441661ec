package suite

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// comparison is of programs that do the same, each with one of the clients.
type comparison struct {
	benchmark string
	sources   map[string]string // by client, in ../programs
	sizeOnly  bool
}

func comparisons() []comparison {
	return []comparison{
		{"Program", map[string]string{clients.Ours: "lambdainvoke", clients.SDK: "awssdk", clients.Bare: "nethttp"}, false},
		{"ProgramEnv", map[string]string{
			clients.Ours: "lambdainvokeenv", clients.SDK: "awssdkenv", clients.Tuned: "awssdktuned", clients.Bare: "nethttp",
		}, false},
		// This one makes no use of this client, but of the types in its interface.
		{"ProgramTypes", map[string]string{clients.Ours: "types", clients.SDK: "awssdk", clients.Bare: "nethttp"}, true},
	}
}

// programs measures how large programs are, what their packages do before main begins, and how long they take from their
// start to the first answer. Some have region and credentials built in, some take them from the environment.
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
	if err := s.features(ctx, dir); err != nil {
		return err
	}
	plain, err := endpoint.Start(endpoint.Config{})
	if err != nil {
		return err
	}
	defer plain.Close()
	secure, err := endpoint.Start(endpoint.Config{TLS: true})
	if err != nil {
		return err
	}
	defer secure.Close()
	if err := trust(dir, secure.Certificate); err != nil {
		return err
	}
	for _, c := range comparisons() {
		if err := s.compare(ctx, dir, c, plain.URL, secure.URL); err != nil {
			return err
		}
	}
	return nil
}

func (s *Suite) compare(ctx context.Context, dir string, c comparison, plain, secure string) error {
	var names []string
	paths := make(map[string]string)
	for _, name := range clients.Names() {
		source, ok := c.sources[name]
		if !ok {
			continue
		}
		path, err := build(ctx, dir, source)
		if err != nil {
			return err
		}
		size, err := fileSize(path)
		if err != nil {
			return err
		}
		s.samples.Add(c.benchmark, name, map[string]float64{"binary-B": size})
		names, paths[name] = append(names, name), path
	}
	if c.sizeOnly {
		return nil
	}
	return measure.Interleave(41, names, func(name string) error {
		values, failed := inits(ctx, dir, paths[name])
		for unit, args := range map[string][]string{"start-ns": nil, "first-answer-ns": {plain}, "first-answer-tls-ns": {secure}} {
			if unit == "first-answer-tls-ns" && !canTrust {
				continue
			}
			took, err := lifetime(ctx, dir, paths[name], args...)
			values[unit], failed = float64(took), errors.Join(failed, err)
		}
		s.samples.Add(c.benchmark, name, values)
		return failed
	})
}
