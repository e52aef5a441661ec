// Package attempts counts how many requests each client makes of one call when every reply is the same error: which
// errors are retried by default, and by whom.
package attempts

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	lambdaerrors "github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/pair"
	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/replies"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// Row is an error with the requests that each client made of one call.
type Row struct {
	Code            string // "" for none
	Status          int
	MayHaveExecuted bool // what this client's error says
	Ours, SDK       int
}

// Different tells whether one of the clients retried and the other did not.
func (r Row) Different() bool { return r.Ours != r.SDK }

// Measure makes a call with each client for every documented exception, for the codes outside the table that occur daily
// and for statuses without a code.
func Measure(ctx context.Context) ([]Row, error) {
	script := replies.New()
	defer script.Close()
	var rows []Row
	for _, reply := range all() {
		script.Say(reply)
		// New clients for each: a retry quota that the rows before used up would stop the retries of this one.
		clients, err := pair.Make(script.URL, WithoutDelays)
		if err != nil {
			return nil, err
		}
		_, ourErr := clients.Ours.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
		ours := len(script.Take())
		_, sdkErr := clients.SDK.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("f")})
		sdk := len(script.Take())
		if ourErr == nil || sdkErr == nil {
			return nil, errors.New("a call that met nothing but errors succeeded: " + reply.Name)
		}
		rows = append(rows, Row{reply.Header["X-Amzn-Errortype"], reply.Status, lambdaerrors.MayHaveExecuted(ourErr), ours, sdk})
	}
	return rows, nil
}

// WithoutDelays gives both clients their default policies without the waits.
func WithoutDelays(c *pair.Config) {
	c.MaxAttempts = 0
	c.Ours = append(c.Ours, func(o *invoke.Options) {
		o.Retry.BaseDelay, o.Retry.ThrottleBaseDelay = time.Nanosecond, time.Nanosecond
	})
	c.SDK = append(c.SDK, func(o *lambda.Options) {
		o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
			s.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	})
}

// all are the documented exceptions, then the others.
func all() []replies.Reply {
	var all []replies.Reply
	for _, x := range lambdaerrors.Exceptions() {
		all = append(all, coded(x.Code, x.StatusCode))
	}
	for _, x := range []replies.Exception{
		{Code: "AccessDeniedException", Status: 403}, {Code: "ValidationException", Status: 400}, {Code: "ThrottlingException", Status: 400},
		{Code: "RequestLimitExceeded", Status: 503}, {Code: "SlowDown", Status: 503}, {Code: "InternalFailure", Status: 500},
		{Code: "RequestTimeout", Status: 400}, {Code: "RequestEntityTooLargeException", Status: 413},
	} {
		all = append(all, coded(x.Code, x.Status))
	}
	for _, status := range []int{400, 403, 404, 408, 409, 429, 500, 502, 503, 504} {
		all = append(all, replies.Reply{Name: "no code, " + strconv.Itoa(status), Status: status, Body: "{}"})
	}
	return all
}

func coded(code string, status int) replies.Reply {
	return replies.Reply{
		Name:   code + ", " + strconv.Itoa(status),
		Status: status,
		Header: map[string]string{"X-Amzn-Errortype": code},
		Body:   `{"message":"m"}`,
	}
}
