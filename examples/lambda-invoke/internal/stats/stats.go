// Package stats counts what a job does. What it keeps is bounded, however long
// the job is.
package stats

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/results"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// maxKinds is how many kinds of error are told apart. A function that puts an ID
// into the name of its error would make a kind of each.
const maxKinds = 50

// otherKinds is what the rest is counted as.
const otherKinds = "(other kinds)"

// The latencies that are told apart, in microseconds: a call takes 15 minutes at
// most, and a retry of the client's own makes it longer.
const (
	minLatency = 1
	maxLatency = int64(time.Hour / time.Microsecond)
	digits     = 3
)

// Stats counts. Its methods are safe for concurrent use.
type Stats struct {
	mu        sync.Mutex
	start     time.Time
	counts    Counts
	before    Counts
	kinds     map[string]*Kind
	latencies *hdrhistogram.Histogram
	bill      Bill
	timeline  timeline
	throttled int // requests that the timeline has
}

// Counts is how far a job has come.
type Counts struct {
	Done, Failed, Unknown int   // items that have a line
	Throttled             int   // requests that the service refused
	InFlight              int   // calls being made
	Concurrency           int   // calls that may be made at a time
	Bytes                 int64 // of the input that were read
}

// Items is how many items have a line.
func (c Counts) Items() int { return c.Done + c.Failed + c.Unknown }

// Kind is a kind of error.
type Kind struct {
	Type       string
	Count      int
	Index      int             // of one item that has it
	Failure    results.Failure // that item's
	MayHaveRun bool
}

// Bill is what the reports in the functions' logs add up to.
type Bill struct {
	Reports     int           // that were found
	Billed      time.Duration // in all
	GBSeconds   float64
	MemorySize  int // the largest, in MB
	MaxMemory   int // the most that was used, in MB
	InitReports int // cold starts
}

// New returns stats that count from now on.
func New() *Stats {
	now := time.Now()
	return &Stats{
		start:     now,
		kinds:     make(map[string]*Kind),
		latencies: hdrhistogram.New(minLatency, maxLatency, digits),
		timeline:  newTimeline(now),
	}
}

// Result counts an item's line.
func (s *Stats) Result(r results.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result(r)
}

// Earlier counts the line of an item that an earlier run wrote.
func (s *Stats) Earlier(r results.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result(r)
	switch r.Outcome {
	case results.Done:
		s.before.Done++
	case results.Failed:
		s.before.Failed++
	case results.Unknown:
		s.before.Unknown++
	}
}

func (s *Stats) result(r results.Record) {
	switch r.Outcome {
	case results.Done:
		s.counts.Done++
		return
	case results.Failed:
		s.counts.Failed++
	case results.Unknown:
		s.counts.Unknown++
	}
	kind := s.kinds[r.Failure.Type]
	if kind == nil {
		name := r.Failure.Type
		if len(s.kinds) >= maxKinds {
			name = otherKinds
		}
		if kind = s.kinds[name]; kind == nil {
			kind = &Kind{Type: name, Index: r.Index, Failure: *r.Failure, MayHaveRun: r.Outcome == results.Unknown}
			s.kinds[name] = kind
		}
	}
	kind.Count++
}

// Call counts a call that the function answered.
func (s *Stats) Call(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.latencies.RecordValue(min(max(took.Microseconds(), minLatency), maxLatency))
}

// Report counts what was billed for a call.
func (s *Stats) Report(r invoke.Report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	billed := r.BilledDuration + r.BilledRestoreDuration
	s.bill.Reports++
	s.bill.Billed += billed
	s.bill.GBSeconds += billed.Seconds() * float64(r.MemorySizeMB) / 1024
	s.bill.MemorySize = max(s.bill.MemorySize, r.MemorySizeMB)
	s.bill.MaxMemory = max(s.bill.MaxMemory, r.MaxMemoryUsedMB)
	if r.InitDuration > 0 {
		s.bill.InitReports++
	}
}

// Progress takes in what the map says of itself.
func (s *Stats) Progress(p invoke.MapProgress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Throttled, s.counts.InFlight, s.counts.Concurrency = p.Throttled, p.InFlight, p.Concurrency
	s.timeline.add(time.Now(), p.InFlight, p.Concurrency, p.Throttled-s.throttled, s.counts.Items()-s.before.Items())
	s.throttled = p.Throttled
}

// Read notes how much of the input was read.
func (s *Stats) Read(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Bytes = bytes
}

// Counts returns how far the job has come.
func (s *Stats) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// Summary is what there is to say about a job. The counts and kinds are those of
// all its runs, the rest is about the latest.
type Summary struct {
	Start    time.Time
	Took     time.Duration
	Counts   Counts
	Before   Counts // what earlier runs had finished
	Kinds    []Kind // the most frequent first
	Calls    int64  // that the function answered
	Median   time.Duration
	P95, P99 time.Duration
	Slowest  time.Duration
	Buckets  []Bucket
	Bill     Bill
	Timeline []Point
}

// Summary returns what there is to say now.
func (s *Stats) Summary() Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := func(percentile float64) time.Duration {
		return time.Duration(s.latencies.ValueAtPercentile(percentile)) * time.Microsecond
	}
	sum := Summary{
		Start: s.start, Took: time.Since(s.start), Counts: s.counts, Before: s.before,
		Calls:  s.latencies.TotalCount(),
		Median: at(50), P95: at(95), P99: at(99), Slowest: time.Duration(s.latencies.Max()) * time.Microsecond,
		Buckets: buckets(s.latencies), Bill: s.bill, Timeline: s.timeline.copy(),
	}
	for _, k := range s.kinds {
		sum.Kinds = append(sum.Kinds, *k)
	}
	slices.SortFunc(sum.Kinds, func(a, b Kind) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Type, b.Type)) })
	return sum
}

// Bucket counts the calls that took up to a time and longer than the one before.
type Bucket struct {
	UpTo  time.Duration
	Count int64
}

// buckets are the latencies in steps of the 1, 2, 5 of each decade, from the
// first that has any to the last.
func buckets(h *hdrhistogram.Histogram) []Bucket {
	var all []Bucket
	step := func() func() time.Duration {
		factors, decade, i := [...]time.Duration{1, 2, 5}, 100*time.Microsecond, -1
		return func() time.Duration {
			if i++; i == len(factors) {
				i, decade = 0, decade*10
			}
			return decade * factors[i]
		}
	}()
	if h.TotalCount() == 0 {
		return nil
	}
	bound := step()
	current := Bucket{UpTo: bound}
	for _, bar := range h.Distribution() {
		if bar.Count == 0 {
			continue
		}
		for time.Duration(bar.From)*time.Microsecond > current.UpTo {
			if len(all) > 0 || current.Count > 0 {
				all = append(all, current)
			}
			current = Bucket{UpTo: step()}
		}
		current.Count += bar.Count
	}
	return append(all, current)
}
