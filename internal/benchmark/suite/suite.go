// Package suite holds the measurements, one file for each. They fill measure.Samples; package report shows a summary of those.
package suite

import (
	"context"
	"fmt"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Suite runs measurements.
type Suite struct {
	// Short takes a few rounds of each measurement, for a machine that has other things to do, and builds nothing.
	Short bool
	// Progress is told what is being measured.
	Progress io.Writer

	samples measure.Samples
}

// Run takes all measurements whose name is wanted.
func (s *Suite) Run(ctx context.Context, wanted func(name string) bool) (*measure.Samples, error) {
	s.samples.Machine = measure.ThisMachine()
	for _, m := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"memory", s.memory},
		{"loopback", s.loopback},
		{"crowds", s.crowds},
		{"silent", s.silent},
		{"depth", s.depth},
		{"callers", s.callers},
		{"stream", s.stream},
		{"throttle", s.throttle},
		{"programs", s.programs},
	} {
		if !wanted(m.name) {
			continue
		}
		fmt.Fprintln(s.Progress, "measuring:", m.name)
		if err := m.run(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return &s.samples, nil
}

// pick returns full, or short in short mode.
func pick[T any](s *Suite, full, short T) T {
	if s.Short {
		return short
	}
	return full
}

// each makes the clients, all from one config, and closes them in the end.
func each(cfg clients.Config, run func(all map[string]clients.Client) error) error {
	all := make(map[string]clients.Client)
	for _, name := range clients.Names() {
		c, err := clients.New(name, cfg)
		if err != nil {
			return err
		}
		defer c.Close()
		all[name] = c
	}
	return run(all)
}
