package errtree_test

import (
	stderrors "errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
)

// agrees requires that As finds what the standard library's does.
func agrees[T error](t *testing.T, err error) {
	t.Helper()
	var got, want T
	require.Equal(t, stderrors.As(err, &want), errtree.As(err, &got), "%T in %v", &want, err)
	require.Equal(t, want, got)
}

func TestAsFindsWhatTheStandardLibraryFinds(t *testing.T) {
	path := &fs.PathError{Op: "open", Path: "x", Err: os.ErrNotExist}
	missing := &errors.ResourceNotFoundException{LambdaServiceException: errors.LambdaServiceException{Code: "ResourceNotFoundException", Message: "no"}}
	leaves := []error{nil, io.EOF, path, missing, &net.DNSError{Name: "x"}, smithy.InvalidParamsError{Context: "c"}, &errors.TransportError{Err: path}, net.UnknownNetworkError("x")}
	trees := leaves
	for _, inner := range leaves {
		trees = append(trees, fmt.Errorf("around: %w", inner), stderrors.Join(inner), &errors.CredentialsError{Err: inner})
		for _, other := range leaves {
			trees = append(trees, stderrors.Join(inner, other), fmt.Errorf("%w and %w", stderrors.Join(inner, io.EOF), other))
		}
	}
	for _, err := range trees {
		agrees[*fs.PathError](t, err)
		agrees[*errors.LambdaServiceException](t, err)
		agrees[*errors.ResourceNotFoundException](t, err)
		agrees[*errors.TransportError](t, err)
		agrees[*errors.CredentialsError](t, err)
		agrees[smithy.APIError](t, err)
		agrees[smithy.InvalidParamsError](t, err)
		agrees[net.Error](t, err)
		agrees[net.UnknownNetworkError](t, err)
	}
}

type selfish struct{}

func (*selfish) Error() string { return "wraps nothing" }
func (*selfish) Unwrap() error { return nil }

func TestAsEndsWhereNothingIsWrapped(t *testing.T) {
	var target *fs.PathError
	require.False(t, errtree.As(&selfish{}, &target))
	require.Nil(t, target)
}

func BenchmarkAs(b *testing.B) {
	err := fmt.Errorf("around: %w", &errors.TransportError{Err: &fs.PathError{Err: io.EOF}})
	b.ReportAllocs()
	for b.Loop() {
		var target *fs.PathError
		errtree.As(err, &target)
	}
}
