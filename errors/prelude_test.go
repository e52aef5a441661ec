package errors_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

func TestAnHTTPPreludeErrorSaysWhatIsWrong(t *testing.T) {
	for want, err := range map[string]*errors.HTTPPreludeError{
		"response stream has no HTTP prelude: unexpected EOF":          {Absent: true, Err: io.ErrUnexpectedEOF},
		"response stream has no readable HTTP prelude: unexpected EOF": {Err: io.ErrUnexpectedEOF},
		"response stream has no readable HTTP prelude":                 {},
	} {
		require.EqualError(t, err, want)
		require.Equal(t, err.Err, errors.Unwrap(err))
		require.True(t, errors.MayHaveExecuted(err))
	}
}
