// Command mutants breaks the library in each of the ways that package mutants lists, one at a time, and has the simulation look for it:
//
//	go run ./internal/simulation/cmd/mutants
//
// It prints a table of which check found which fault, and exits with status 1 if one was not found. It is run in the module's root.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/simulation/mutants"
)

func main() {
	log.SetFlags(0)
	calls := flag.Int("calls", 200000, "the budget: how many simulated calls may pass before a fault is found")
	only := flag.String("only", "", "only the mutants whose names have this in them")
	flag.Parse()
	fmt.Println("| fault | file | found by |\n|---|---|---|")
	missed := 0
	for _, m := range mutants.All {
		if !strings.Contains(m.Name, *only) {
			continue
		}
		found, err := find(m, *calls)
		if err != nil {
			log.Fatal(err)
		}
		if found == "" {
			missed++
			found = "**nothing**"
		}
		fmt.Printf("| %s | `%s` | %s |\n", m.Name, m.File, found)
	}
	if missed > 0 {
		log.Fatalf("%d faults were not found", missed)
	}
}

// find returns the checks that found the fault, "" if none did.
func find(m mutants.Mutant, calls int) (string, error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	overlay, err := m.Overlay(root, dir)
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "simulation.test")
	if out, err := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, "./internal/simulation").CombinedOutput(); err != nil {
		return "", fmt.Errorf("mutant %q does not build: %w\n%s", m.Name, err, out)
	}
	// Some faults make a run wait for ever: that, too, finds them.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, binary, "-test.run", "^TestSeeds$|^TestEveryByte$", "-test.failfast", "-test.timeout", "9m",
		"-calls", fmt.Sprint(calls)).CombinedOutput()
	if err == nil {
		return "", nil
	}
	return checksIn(out), nil
}

var check = regexp.MustCompile(`CHECK ([a-z]+):|\[([a-z]+): `)

// checksIn returns the names of the checks that failed.
func checksIn(out []byte) string {
	var names []string
	for _, match := range check.FindAllSubmatch(out, -1) {
		name := string(match[1]) + string(match[2])
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if bytes.Contains(out, []byte("deadlock: ")) {
		names = append(names, "leak (of a goroutine)")
	}
	if bytes.Contains(out, []byte("test timed out")) {
		names = append(names, "no end")
	}
	if len(names) == 0 {
		return "a panic"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
