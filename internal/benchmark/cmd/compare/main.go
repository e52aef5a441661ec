// Compare measures this client beside the AWS SDK for Go and bare net/http, all in one process and in turn, and prints
// every round for benchstat and the medians in one table.
//
//	go run ./cmd/compare                    # everything, some ten minutes
//	go run ./cmd/compare -short             # about a minute
//	go run ./cmd/compare -only memory,depth # some of it
//	go run ./cmd/compare -o results.json    # keeps a summary, for cmd/report
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/awake"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/report"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/suite"
)

func main() {
	endpoint.ServeIfChild()
	awake.KeepIfChild()
	short := flag.Bool("short", false, "few rounds, and no programs built")
	only := flag.String("only", "", "what to measure, separated by commas: memory, loopback, crowds, silent, depth, callers, stream, throttle, programs (default all)")
	file := flag.String("o", "", "also write a summary to this file, as JSON")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, *short, *only, *file); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		stop()
		os.Exit(1)
	}
}

func compare(ctx context.Context, short bool, only, file string) error {
	s := suite.Suite{Short: short, Progress: os.Stderr}
	samples, err := s.Run(ctx, func(name string) bool {
		return only == "" || slices.Contains(strings.Split(only, ","), name)
	})
	if err != nil {
		return err
	}
	summary := measure.Summarize(samples, clients.Ours, clients.Bare, report.Shows)
	if file != "" {
		if err := summary.Save(file); err != nil {
			return err
		}
	}
	if err := report.Benchstat(os.Stdout, samples); err != nil {
		return err
	}
	_, err = fmt.Print("\n", report.Table(summary))
	return err
}
