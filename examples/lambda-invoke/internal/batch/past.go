package batch

import (
	"errors"
	"fmt"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/exit"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/indexset"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/journal"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/results"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"
)

// past is what earlier runs of the job have left.
type past struct {
	state    *journal.Journal
	results  *results.File
	content  *journal.Content
	finished indexset.Set // items that are not to be run
	again    indexset.Set // items that have a line, or were in flight, and are to be run
	stale    indexset.Set // items whose lines are to be removed
	inFlight indexset.Set // items that get a line because they may have run
}

// openPast opens state and results, and decides what is to become of each item
// that they know. It changes nothing that counts.
func openPast(o *options, s *stats.Stats) (p *past, err error) {
	statePath := o.out + ".state"
	_, noState := os.Stat(statePath)
	before, noResults := os.Stat(o.out)
	if errors.Is(noState, os.ErrNotExist) && noResults == nil && before.Size() > 0 {
		return nil, exit.UsageError{Err: fmt.Errorf("%s has something in it, but there is no state beside it: remove it, or give another -out", o.out)}
	}
	state, content, err := journal.Open(statePath, o.Function)
	if err != nil {
		return nil, exit.SetupError{Err: err}
	}
	p = &past{state: state, content: content}
	defer func() {
		if err != nil {
			err = errors.Join(err, state.Close())
		}
	}()
	if p.content.Function != o.Function {
		return nil, exit.UsageError{Err: fmt.Errorf("%s is the state of a job that calls %q: remove it and the results, or give another -out", statePath, p.content.Function)}
	}
	if errors.Is(noResults, os.ErrNotExist) && p.content.Read.Lines > 0 {
		return nil, exit.UsageError{Err: fmt.Errorf("%s is there, but the results are gone: remove it to start over", statePath)}
	}
	if p.results, err = results.Open(o.out, func(r results.Record) error { return p.see(o, s, r) }); err != nil {
		return nil, exit.SetupError{Err: err}
	}
	p.decide(o)
	return p, nil
}

// see takes in a line of the results.
func (p *past) see(o *options, s *stats.Stats, r results.Record) error {
	if !p.finished.Add(r.Index) {
		return fmt.Errorf("item %d has two lines", r.Index)
	}
	switch {
	case p.content.Again.Has(r.Index), r.Failure != nil && r.Failure.Type == typeCutShort:
		p.stale.Add(r.Index)
	case r.Outcome == results.Failed && o.retryFailed, r.Outcome == results.Unknown && o.Idempotent:
		p.again.Add(r.Index)
		p.stale.Add(r.Index)
	default:
		s.Earlier(r)
	}
	return nil
}

// decide sorts the items that were started and have no line.
func (p *past) decide(o *options) {
	for index := range p.content.Started.All() {
		switch {
		case p.finished.Has(index):
		case o.Idempotent:
			p.again.Add(index)
		default:
			p.inFlight.Add(index)
		}
	}
	for index := range p.stale.All() {
		p.finished.Remove(index)
	}
	for index := range p.inFlight.All() {
		p.finished.Add(index)
	}
}

// gaps tells whether an item among the lines that were read is to be run.
func (p *past) gaps() bool {
	for index := range p.content.Read.Lines {
		if !p.finished.Has(index) {
			return true
		}
	}
	return false
}

// settle carries out what was decided. The state goes first: whoever is killed
// in between finds the decision there.
func (p *past) settle() error {
	if err := p.state.Again(p.again.All()); err != nil {
		return err
	}
	if p.stale.Len() > 0 {
		if err := p.results.Drop(&p.stale); err != nil {
			return err
		}
	}
	return p.results.Begin()
}

// close closes what openPast has opened.
func (p *past) close() error {
	return errors.Join(p.results.Close(), p.state.Close())
}
