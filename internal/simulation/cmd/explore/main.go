// Command explore looks for seeds whose run fails a check of package simulation, in all cores:
//
//	go run ./internal/simulation/cmd/explore -for 1h
//
// It prints what failed and how to replay it, and exits with status 1 if it found something.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const pkg = "github.com/lambda-invoke/lambda-invoke-go/internal/simulation"

func main() {
	log.SetFlags(0)
	duration := flag.Duration("for", time.Hour, "how long to look")
	first := flag.Uint64("first", rand.Uint64()>>16, "first seed")
	calls := flag.Int("calls", 20000, "simulated calls of one process")
	flag.Parse()
	found, err := explore(*duration, *first, *calls)
	if err != nil {
		log.Fatal(err)
	}
	if found {
		os.Exit(1)
	}
}

// stride is the distance between the seeds of two processes: more than one can use up.
const stride = 1 << 20

func explore(duration time.Duration, first uint64, calls int) (found bool, err error) {
	dir, err := os.MkdirTemp("", "explore")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "simulation.test")
	if out, err := exec.Command("go", "test", "-c", "-o", binary, pkg).CombinedOutput(); err != nil {
		return false, fmt.Errorf("build: %w\n%s", err, out)
	}
	var next, done atomic.Uint64
	var failed atomic.Bool
	var all sync.WaitGroup
	var mu sync.Mutex
	end := time.Now().Add(duration)
	for range runtime.NumCPU() {
		all.Go(func() {
			for time.Now().Before(end) {
				seed := first + (next.Add(1)-1)*stride
				out, err := exec.Command(binary, "-test.run", "^TestSeeds$", "-test.cpu", "1", "-test.timeout", "1h",
					"-first", fmt.Sprint(seed), "-calls", fmt.Sprint(calls)).CombinedOutput()
				mu.Lock()
				if err != nil {
					failed.Store(true)
					log.Printf("seeds from %d: %v\n%s\nreplay with: go test %s -run TestSeeds -seed N", seed, err, bytes.TrimSpace(out), pkg)
				} else {
					log.Printf("%d calls without a failure", done.Add(uint64(calls)))
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return failed.Load(), nil
}
