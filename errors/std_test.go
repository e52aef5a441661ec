package errors_test

import (
	stderrors "errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestOneImportServesForTheStandardPackageToo(t *testing.T) {
	text := errors.New("text")
	wrapped := fmt.Errorf("wrapped: %w", text)
	require.True(t, errors.Is(wrapped, text))
	require.Same(t, text, errors.Unwrap(wrapped))
	require.NotErrorIs(t, errors.New("text"), text)
	require.EqualError(t, errors.Join(text, nil, wrapped), stderrors.Join(text, wrapped).Error())
	require.NoError(t, errors.Join(nil, nil))

	var path *fs.PathError
	require.True(t, errors.As(fmt.Errorf("wrapped: %w", &fs.PathError{Op: "open"}), &path))
	require.Equal(t, "open", path.Op)
	require.ErrorIs(t, errors.ErrUnsupported, stderrors.ErrUnsupported)
}
