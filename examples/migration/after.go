package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/smithy-go/middleware"
	"go.opentelemetry.io/contrib/instrumentation/github.com/aws/aws-sdk-go-v2/otelaws"
	"go.opentelemetry.io/otel/attribute"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig/sdkmiddleware"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func after(ctx context.Context, s settings, stdout io.Writer) error {
	client, err := invoke.New(invoke.Options{
		Region:       s.region,
		BaseEndpoint: s.endpoint,
		Retry:        retry.Policy{MaxAttempts: 2},
		Credentials:  invoke.StaticCredentials(s.accessKeyID, s.secretKey, ""),
	}, sdkmiddleware.Register, func(o *invoke.Options) {
		otelaws.AppendMiddlewares(&o.APIOptions, otelaws.WithTracerProvider(s.tracing),
			otelaws.WithAttributeBuilder(func(_ context.Context, in middleware.InitializeInput, _ middleware.InitializeOutput) []attribute.KeyValue {
				call, ok := in.Parameters.(*invoke.InvokeInput)
				if !ok {
					return nil
				}
				return []attribute.KeyValue{attribute.String("faas.invoked_name", call.FunctionName)}
			}))
	})
	if err != nil {
		return err
	}
	for _, o := range orders {
		if err := chargeAfter(ctx, client, o, stdout); err != nil {
			return err
		}
	}
	return nil
}

func chargeAfter(ctx context.Context, client *invoke.Client, o order, stdout io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	out, err := client.Invoke(ctx, &invoke.InvokeInput{
		FunctionName: o.function,
		Payload:      []byte(o.payload),
		LogType:      invoke.LogTypeTail,
	})
	if err == nil {
		err = out.Err()
	}

	var missing *errors.ResourceNotFoundException
	var busy *errors.TooManyRequestsException
	var refused *errors.LambdaServiceException
	var failed *errors.FunctionError
	switch {
	case errors.As(err, &missing):
		fmt.Fprintf(stdout, "  there is no function %q\n", o.function)
		return nil
	case errors.As(err, &busy):
		fmt.Fprintf(stdout, "  %s is busy: %s\n", o.function, busy.Reason)
		return nil
	case errors.As(err, &refused):
		return fmt.Errorf("the service says %s", refused.Code)
	case errors.As(err, &failed):
		fmt.Fprintf(stdout, "  %s failed: %s: %s\n", o.function, failed.ErrorType, failed.ErrorMessage)
		return nil
	case err != nil:
		return err
	}

	memory := "?"
	if report, ok := out.Report(); ok {
		memory = fmt.Sprint(report.MemorySizeMB)
	}
	fmt.Fprintf(stdout, "  %s, with %s MB, by version %s\n", out.Payload, memory, out.ExecutedVersion)
	return nil
}
