package telemetry_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	stderrors "errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/telemetry"
)

// journal is a log that keeps everything.
type journal struct {
	attempts []telemetry.AttemptRecord
	retries  []telemetry.RetryRecord
}

func (*journal) LogsAttempts(context.Context) bool { return true }
func (*journal) LogsRetries(context.Context) bool  { return true }

func (j *journal) LogAttempt(_ context.Context, r telemetry.AttemptRecord) {
	j.attempts = append(j.attempts, r)
}

func (j *journal) LogRetry(_ context.Context, r telemetry.RetryRecord) {
	j.retries = append(j.retries, r)
}

// reported is what is told of an attempt that ends with err.
func reported(t *testing.T, err error, known ...error) telemetry.AttemptRecord {
	t.Helper()
	var log journal
	o, failure := telemetry.New(telemetry.Config{Log: &log, Known: known})
	require.NoError(t, failure)
	_, attempt := o.StartAttempt(t.Context(), "f", 1)
	attempt.End(telemetry.Reply{}, err)
	require.Len(t, log.attempts, 1)
	return log.attempts[0]
}

func TestCausesAreReportedInFixedWords(t *testing.T) {
	known := stderrors.New("a text of the client's own")
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for want, err := range map[string]error{
		"connection refused":                   dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
		"lookup nowhere.invalid: no such host": dial(&net.DNSError{Err: "no such host", Name: "nowhere.invalid", IsNotFound: true}),
		"timeout":                              dial(os.ErrDeadlineExceeded),
		"EOF":                                  io.EOF,
		"unexpected EOF":                       fmt.Errorf("read: %w", io.ErrUnexpectedEOF),
		"use of closed network connection":     dial(net.ErrClosed),
		"x509.UnknownAuthorityError":           &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"*errors.errorString":                  stderrors.New("a secret of mine"),
		"context canceled":                     stderrors.Join(context.Canceled, stderrors.New("a secret of mine")),
		"AThrottle":                            &smithy.GenericAPIError{Code: "AThrottle", Message: "a secret of mine"},
		"*telemetry_test.multi":                &multi{},
		"*telemetry_test.selfish":              &selfish{},
		"telemetry_test.list":                  list{"a secret of mine"},
		"connection reset by peer":             fmt.Errorf("a secret of mine: %w", fmt.Errorf("again: %w", syscall.ECONNRESET)),
		"broken pipe":                          stderrors.Join(syscall.EPIPE, io.EOF),
		"a text of the client's own":           fmt.Errorf("a secret of mine: %w", known),
	} {
		t.Run(want, func(t *testing.T) {
			failure := &errors.TransportError{Stage: errors.StageAwait, Err: err, FunctionName: "f", Host: "h"}
			require.Equal(t, "transport failed at stage await: "+want, reported(t, failure, known).Error)
			require.Contains(t, reported(t, &errors.CredentialsError{Err: err}, known).Error, ": "+want)
			require.NotContains(t, reported(t, err, known).Error, "secret")
		})
	}
}

type multi struct{}

func (*multi) Error() string   { return "a secret of mine" }
func (*multi) Unwrap() []error { return nil }

type selfish struct{}

func (*selfish) Error() string { return "a secret of mine" }
func (*selfish) Unwrap() error { return nil }

// list is an error whose values cannot be compared.
type list []string

func (l list) Error() string { return l[0] }

func TestAnExceptionIsReportedWithoutItsMessage(t *testing.T) {
	x, ok := errors.LookupException("ResourceNotFoundException")
	require.True(t, ok)
	got := reported(t, x.New(errors.LambdaServiceException{StatusCode: 404, Message: "a secret of mine", RequestID: "id"}))
	require.Equal(t, "ResourceNotFoundException", got.ErrorType)
	require.Equal(t, "ResourceNotFoundException (status 404, request ID id)", got.Error)
	require.False(t, got.MayHaveExecuted)
}
