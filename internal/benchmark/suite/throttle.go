package suite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/endpoint"
	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

// Admission is a service that admits so many calls at a time and throttles the rest.
type Admission struct {
	// Benchmark is the name that the results for each of Limits stand under.
	Benchmark func(limit int) string
	// Limits apply one after another, while the run goes on.
	Limits []int
	work   time.Duration // of the function, on average
	phase  time.Duration // how long each limit applies
	short  bool          // part of the short suite
}

// Admissions are what is measured: each limit by itself, and one that changes. The function takes its time where many
// calls are admitted, so that the service is the limit and not the machine; and little where few are, so that a share of
// the calls means something.
func Admissions() []Admission {
	steady := func(limit int, work time.Duration, short bool) Admission {
		return Admission{ThrottleBenchmark, []int{limit}, work, 6 * time.Second, short}
	}
	return []Admission{
		steady(1, 5*time.Millisecond, false),
		steady(10, 10*time.Millisecond, false),
		steady(ThrottleShown, 50*time.Millisecond, true),
		steady(200, 100*time.Millisecond, false),
		steady(500, 200*time.Millisecond, false),
		{ThrottleChangeBenchmark, []int{50, 200, 20}, 50 * time.Millisecond, 4 * time.Second, true},
	}
}

// ThrottleShown is the limit that stands for all in a short table.
const ThrottleShown = 50

// ThrottleBenchmark is the name that the results for a limit stand under.
func ThrottleBenchmark(limit int) string { return fmt.Sprintf("Throttle/limit=%d", limit) }

// ThrottleChangeBenchmark is the name that the results for a limit stand under where it is one of several.
func ThrottleChangeBenchmark(limit int) string { return fmt.Sprintf("ThrottleChange/limit=%d", limit) }

// throttle measures how much of what a service admits is made use of, and what is spent and lost on the way: Func.Map
// beside pools of goroutines with the SDK, as it comes and with more retries. None of them is told the limit.
// What it is worth to know it is measured in the same run: workers of this client, as many as are admitted.
func (s *Suite) throttle(ctx context.Context) error {
	for _, a := range Admissions() {
		if s.Short && !a.short {
			continue
		}
		if err := s.admission(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *Suite) admission(ctx context.Context, a Admission) error {
	e, err := endpoint.Start(endpoint.Config{Work: a.work, Varied: true})
	if err != nil {
		return err
	}
	defer e.Close()
	length := pick(s, a.phase, a.phase/4)

	known := make([]phase, len(a.Limits))
	for i, limit := range a.Limits { // each by itself: there is nothing to find out
		seen, err := phases(ctx, e, []int{limit}, length/2, workers(limit))
		if err != nil {
			return fmt.Errorf("workers: %w", err)
		}
		known[i] = seen[0]
	}
	loads := map[string]load{clients.Ours: mapItems, clients.SDK: sdkItems(a.Limits), clients.Tuned: sdkItems(a.Limits, persist)}
	return measure.Interleave(1, []string{clients.Ours, clients.SDK, clients.Tuned}, func(name string) error {
		seen, err := phases(ctx, e, a.Limits, length, loads[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for i, limit := range a.Limits {
			s.samples.Add(a.Benchmark(limit), name, seen[i].values(known[i]))
		}
		return nil
	})
}

// phase is what was seen while a limit applied, in both halves of that time. The first one is for the client to find the
// limit, and to settle.
type phase struct {
	half      time.Duration
	halves    [2]endpoint.Stats
	succeeded int64 // items
	lost      int64
}

// values of a phase, of which workers that know the limit would have made known.
func (p phase) values(known phase) map[string]float64 {
	var (
		settling, settled = p.halves[0], p.halves[1]
		best              = perSecond(known.halves[1].Served, known.half)
		whole             = perSecond(settling.Served+settled.Served, 2*p.half)
	)
	return map[string]float64{
		"calls/s":           whole,
		"workers-calls/s":   best,
		"reached-%":         100 * whole / best,
		"settled-reached-%": 100 * perSecond(settled.Served, p.half) / best,
		"refused-%":         share(settling.Refused+settled.Refused, settling.Served+settled.Served),
		"settled-refused-%": share(settled.Refused, settled.Served),
		"lost-items-%":      share(p.lost, p.succeeded),
	}
}

func perSecond(n int64, d time.Duration) float64 { return float64(n) / d.Seconds() }

// share is the part, in percent, that some are of all.
func share(some, others int64) float64 { return 100 * float64(some) / float64(max(some+others, 1)) }

var errEnded = errors.New("a load ended before its time")

// phases runs a load while one limit after another applies, each for that long.
func phases(ctx context.Context, e *endpoint.Endpoint, limits []int, length time.Duration, run load) ([]phase, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for before, err := e.SetLimit(limits[0]); err != nil || before.Running > 0; before, err = e.Stats() {
		if err != nil {
			return nil, err
		}
		time.Sleep(10 * time.Millisecond) // the load before left calls running
	}
	var (
		done  items
		ended = make(chan error, 1)
		seen  = make([]phase, len(limits))
		err   error
	)
	go func() { ended <- run(ctx, e, &done) }()
	for i, limit := range limits {
		p := &seen[i]
		p.half = length / 2
		if i > 0 {
			_, err = e.SetLimit(limit)
		}
		for half := 0; half < 2 && err == nil; half++ {
			select {
			case <-time.After(p.half):
				p.halves[half], err = e.Stats()
			case err = <-ended:
				return nil, errors.Join(errEnded, err)
			}
		}
		p.succeeded, p.lost = done.succeeded.Swap(0), done.lost.Swap(0)
	}
	cancel()
	return seen, errors.Join(err, <-ended)
}
