// Command duplicates prints how often a function ran twice for one call, by client, under the same faults.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/duplicates"
)

func main() {
	load := duplicates.Load{}
	flag.Uint64Var(&load.Seed, "seed", 1, "chooses the faults")
	flag.IntVar(&load.Clients, "clients", 20, "clients at a time, each with its own connections and retry quota")
	flag.IntVar(&load.Calls, "calls", 250, "calls per client")
	flag.IntVar(&load.OneIn, "one-in", 10, "one request in so many meets a fault")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, load); err != nil {
		fmt.Fprintln(os.Stderr, "duplicates:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, load duplicates.Load) error {
	ours, idempotent, sdk, err := duplicates.Run(ctx, load)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| client\t| calls\t| requests\t| succeeded\t| failed\t| ran twice\t| said \"did not run\"\t| wrongly\t|")
	fmt.Fprintln(w, "|---\t|---:\t|---:\t|---:\t|---:\t|---:\t|---:\t|---:\t|")
	for _, row := range []struct {
		name string
		duplicates.Result
	}{{"this client", ours}, {"this client, Idempotent", idempotent}, {"AWS SDK for Go v2", sdk}} {
		said := fmt.Sprint(row.SaidNotRun)
		if row.name == "AWS SDK for Go v2" {
			said = "cannot say"
		}
		fmt.Fprintf(w, "| %s\t| %d\t| %d\t| %d\t| %d\t| %d\t| %s\t| %d\t|\n",
			row.name, row.Calls, row.Requests, row.Succeeded, row.Failed, row.RanTwice, said, row.FalseGuarantees)
	}
	return w.Flush()
}
