package suite

import (
	"context"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/features"
)

// FeatureBenchmark is the name of the measurement of what a feature adds.
func FeatureBenchmark(f features.Feature) string { return "Feature" + f.Name }

// features measures what each feature adds to the binary of a program that begins to use it.
func (s *Suite) features(ctx context.Context, dir string) error {
	size := func(f features.Feature) (float64, error) {
		path, err := f.Build(ctx, dir, ldflags)
		if err != nil {
			return 0, err
		}
		return fileSize(path)
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
		s.samples.Add(FeatureBenchmark(f), clients.Ours, map[string]float64{"adds-B": with - plain})
	}
	return nil
}
