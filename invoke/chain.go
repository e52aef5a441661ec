package invoke

import (
	"context"
	"errors"

	"github.com/aws/smithy-go/middleware"
)

// errContext refuses a context without the call that the middleware is part of.
var errContext = errors.New("middleware passed a context on that is not derived from the one it was given")

// The links of a chain: a stack's middleware, step by step, each with the
// handler that comes next. smithy-go's own steps do the same, but link their
// ends again for every call, at an allocation and two stack frames a step.

type initializeLink struct {
	with middleware.InitializeMiddleware
	next middleware.InitializeHandler
}

func (l *initializeLink) HandleInitialize(ctx context.Context, in middleware.InitializeInput) (middleware.InitializeOutput, middleware.Metadata, error) {
	if callFrom(ctx) == nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, errContext
	}
	return l.with.HandleInitialize(ctx, in, l.next)
}

type serializeLink struct {
	with middleware.SerializeMiddleware
	next middleware.SerializeHandler
}

func (l *serializeLink) HandleSerialize(ctx context.Context, in middleware.SerializeInput) (middleware.SerializeOutput, middleware.Metadata, error) {
	if callFrom(ctx) == nil {
		return middleware.SerializeOutput{}, middleware.Metadata{}, errContext
	}
	return l.with.HandleSerialize(ctx, in, l.next)
}

type buildLink struct {
	with middleware.BuildMiddleware
	next middleware.BuildHandler
}

func (l *buildLink) HandleBuild(ctx context.Context, in middleware.BuildInput) (middleware.BuildOutput, middleware.Metadata, error) {
	if callFrom(ctx) == nil {
		return middleware.BuildOutput{}, middleware.Metadata{}, errContext
	}
	return l.with.HandleBuild(ctx, in, l.next)
}

type finalizeLink struct {
	with middleware.FinalizeMiddleware
	next middleware.FinalizeHandler
}

func (l *finalizeLink) HandleFinalize(ctx context.Context, in middleware.FinalizeInput) (middleware.FinalizeOutput, middleware.Metadata, error) {
	if callFrom(ctx) == nil {
		return middleware.FinalizeOutput{}, middleware.Metadata{}, errContext
	}
	return l.with.HandleFinalize(ctx, in, l.next)
}

type deserializeLink struct {
	with middleware.DeserializeMiddleware
	next middleware.DeserializeHandler
}

func (l *deserializeLink) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput) (middleware.DeserializeOutput, middleware.Metadata, error) {
	if callFrom(ctx) == nil {
		return middleware.DeserializeOutput{}, middleware.Metadata{}, errContext
	}
	return l.with.HandleDeserialize(ctx, in, l.next)
}

// The bridges from the end of one step to the beginning of the next.

type toSerialize struct{ next middleware.SerializeHandler }

func (b *toSerialize) HandleInitialize(ctx context.Context, in middleware.InitializeInput) (middleware.InitializeOutput, middleware.Metadata, error) {
	c := callFrom(ctx)
	if c == nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, errContext
	}
	out, metadata, err := b.next.HandleSerialize(ctx, middleware.SerializeInput{
		Parameters: in.Parameters,
		Request:    c.newRequest(),
	})
	return middleware.InitializeOutput(out), metadata, err
}

type toBuild struct{ next middleware.BuildHandler }

func (b *toBuild) HandleSerialize(ctx context.Context, in middleware.SerializeInput) (middleware.SerializeOutput, middleware.Metadata, error) {
	out, metadata, err := b.next.HandleBuild(ctx, middleware.BuildInput{Request: in.Request})
	return middleware.SerializeOutput(out), metadata, err
}

type toFinalize struct{ next middleware.FinalizeHandler }

func (b *toFinalize) HandleBuild(ctx context.Context, in middleware.BuildInput) (middleware.BuildOutput, middleware.Metadata, error) {
	out, metadata, err := b.next.HandleFinalize(ctx, middleware.FinalizeInput(in))
	return middleware.BuildOutput(out), metadata, err
}

type toDeserialize struct{ next middleware.DeserializeHandler }

func (b *toDeserialize) HandleFinalize(ctx context.Context, in middleware.FinalizeInput) (middleware.FinalizeOutput, middleware.Metadata, error) {
	out, metadata, err := b.next.HandleDeserialize(ctx, middleware.DeserializeInput(in))
	return middleware.FinalizeOutput{Result: out.Result}, metadata, err
}

// chain links the middleware of s, with the sender at its end.
func chain(s *middleware.Stack) (middleware.InitializeHandler, error) {
	var deserialize middleware.DeserializeHandler = &sender{}
	err := fold(s.Deserialize, func(m middleware.DeserializeMiddleware) { deserialize = &deserializeLink{m, deserialize} })
	if err != nil {
		return nil, err
	}
	var finalize middleware.FinalizeHandler = &toDeserialize{deserialize}
	if err := fold(s.Finalize, func(m middleware.FinalizeMiddleware) { finalize = &finalizeLink{m, finalize} }); err != nil {
		return nil, err
	}
	var build middleware.BuildHandler = &toFinalize{finalize}
	if err := fold(s.Build, func(m middleware.BuildMiddleware) { build = &buildLink{m, build} }); err != nil {
		return nil, err
	}
	var serialize middleware.SerializeHandler = &toBuild{build}
	if err := fold(s.Serialize, func(m middleware.SerializeMiddleware) { serialize = &serializeLink{m, serialize} }); err != nil {
		return nil, err
	}
	var initialize middleware.InitializeHandler = &toSerialize{serialize}
	if err := fold(s.Initialize, func(m middleware.InitializeMiddleware) { initialize = &initializeLink{m, initialize} }); err != nil {
		return nil, err
	}
	return initialize, nil
}

// step is one of smithy-go's five steps, for middleware of type M.
type step[M any] interface {
	List() []string
	Remove(id string) (M, error)
	Add(M, middleware.RelativePosition) error
}

// fold calls link with the middleware of s, the last one first. It takes them
// out and puts them back, because two may share an ID, and then a step gives
// out only the first.
func fold[M any](s step[M], link func(M)) error {
	var all []M
	for _, id := range s.List() {
		m, err := s.Remove(id)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	for _, m := range all {
		if err := s.Add(m, middleware.After); err != nil {
			return err
		}
	}
	for i := len(all) - 1; i >= 0; i-- {
		link(all[i])
	}
	return nil
}
