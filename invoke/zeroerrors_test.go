package invoke_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/errors/errlog"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

// zeroErrors are the exported error types with nothing set, as a test's fake
// returns them.
func zeroErrors() []zeroError {
	all := []zeroError{
		{&errors.LambdaServiceException{}, "UnknownError", true},
		{&errors.FunctionError{}, "function failed: no reason given", true},
		{&errors.TransportError{}, "transport failed at stage unknown", true},
		{&errors.ProxyError{}, "proxy could not open the tunnel", false},
		{&errors.CredentialsError{}, "no credentials to sign the request with", false},
		{&errors.OptionsError{}, "the options cannot work", false},
		{&errors.StreamError{}, "response stream ended by an exception", true},
		{&errors.HTTPPreludeError{}, "response stream has no readable HTTP prelude", true},
		{&errors.DecodeError{}, "the function succeeded, but its result of 0 bytes did not decode", true},
		{&errors.ResponseTooLargeError{}, "response is larger than the limit", true},
		{&errors.UnexpectedResponseError{}, "response is not Lambda's: no content type", true},
		{&retry.MaxAttemptsError{}, "gave up", true},
		{&retry.GaveUpError{}, "gave up", true},
		{&retry.EarlierAttemptError{}, "an earlier attempt may have run the function", true},
		{&durable.ExecutionError{}, "durable execution: no reason given", true},
	}
	for _, row := range errors.Exceptions() {
		zero := reflect.New(reflect.TypeOf(row.New(errors.LambdaServiceException{})).Elem()).Interface().(error)
		all = append(all, zeroError{zero, fmt.Sprintf("%s (status %d)", row.Code, row.StatusCode), row.MayHaveExecuted})
	}
	return all
}

type zeroError struct {
	err  error
	text string
	may  bool
}

func TestEveryErrorTypeWorksAsItsZeroValue(t *testing.T) {
	for _, c := range zeroErrors() {
		t.Run(typeName(c.err), func(t *testing.T) {
			require.EqualError(t, c.err, c.text)
			for _, verb := range []string{"%v", "%+v", "%s"} {
				require.Equal(t, c.text, fmt.Sprintf(verb, c.err))
			}
			require.NotEmpty(t, fmt.Sprintf("%#v", c.err))

			require.Equal(t, c.may, c.err.(interface{ MayHaveExecuted() bool }).MayHaveExecuted())
			for _, err := range []error{
				c.err,
				fmt.Errorf("fake: %w", c.err),
				&smithy.OperationError{ServiceID: "Lambda", OperationName: "Invoke", Err: c.err},
			} {
				require.Equal(t, c.may, errors.MayHaveExecuted(err))
				require.Equal(t, c.may, retry.Classify(err).MayHaveExecuted)
				require.ErrorIs(t, err, c.err)
				require.NotErrorIs(t, err, retry.ErrQuotaExhausted)
				require.False(t, errors.As(err, new(*unrelated)))
				require.NotEmpty(t, errlog.Value(err).Group())
			}
			switch e := c.err.(type) {
			case interface{ Unwrap() error }:
				require.NoError(t, e.Unwrap())
			case interface{ Unwrap() []error }:
				require.Empty(t, e.Unwrap())
			}
		})
	}
}

type unrelated struct{ error }

// The table above has to grow with the packages: their sources say which types
// are errors.
func TestNoErrorTypeIsMissingFromTheTable(t *testing.T) {
	var known []string
	for _, c := range zeroErrors() {
		known = append(known, typeName(c.err))
	}
	var declared []string
	for _, dir := range []string{"../errors", "../errors/errlog", "../retry", "../transport", ".", "durable", "invoketest"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files, dir)
		for _, file := range files {
			if matched, _ := filepath.Match("*_*.go", filepath.Base(file)); matched {
				continue // a test, or the generator
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			declared = append(declared, errorTypes(parsed)...)
		}
	}
	slices.Sort(known)
	slices.Sort(declared)
	require.Equal(t, known, declared)
}

// errorTypes are the exported types of a file that have a method Error of their
// own, such as "errors.ProxyError".
func errorTypes(file *ast.File) (names []string) {
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv == nil || fn.Name.Name != "Error" || fn.Type.Params.NumFields() != 0 {
			continue
		}
		receiver := fn.Recv.List[0].Type
		if pointer, ok := receiver.(*ast.StarExpr); ok {
			receiver = pointer.X
		}
		if name, ok := receiver.(*ast.Ident); ok && name.IsExported() {
			names = append(names, file.Name.Name+"."+name.Name)
		}
	}
	return names
}

func typeName(err error) string {
	return reflect.TypeOf(err).Elem().String()
}
