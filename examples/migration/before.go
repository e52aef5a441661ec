package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"go.opentelemetry.io/contrib/instrumentation/github.com/aws/aws-sdk-go-v2/otelaws"
	"go.opentelemetry.io/otel/attribute"
)

func before(ctx context.Context, s settings, stdout io.Writer) error {
	opts := lambda.Options{
		Region:           s.region,
		BaseEndpoint:     aws.String(s.endpoint),
		RetryMaxAttempts: 2,
		HTTPClient:       awshttp.NewBuildableClient().WithTimeout(time.Minute),
		Credentials: aws.NewCredentialsCache(aws.CredentialsProviderFunc(
			func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: s.accessKeyID, SecretAccessKey: s.secretKey}, nil
			})),
	}
	otelaws.AppendMiddlewares(&opts.APIOptions, otelaws.WithTracerProvider(s.tracing),
		otelaws.WithAttributeBuilder(func(_ context.Context, in middleware.InitializeInput, _ middleware.InitializeOutput) []attribute.KeyValue {
			call, ok := in.Parameters.(*lambda.InvokeInput)
			if !ok {
				return nil
			}
			return []attribute.KeyValue{attribute.String("faas.invoked_name", aws.ToString(call.FunctionName))}
		}))
	client := lambda.New(opts)
	for _, o := range orders {
		if err := chargeBefore(ctx, client, o, stdout); err != nil {
			return err
		}
	}
	return nil
}

var memorySize = regexp.MustCompile(`\bMemory Size: (\d+) MB\b`)

func chargeBefore(ctx context.Context, client *lambda.Client, o order, stdout io.Writer) error {
	out, err := client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(o.function),
		Payload:      []byte(o.payload),
		LogType:      types.LogTypeTail,
	})

	var missing *types.ResourceNotFoundException
	var busy *types.TooManyRequestsException
	var refused smithy.APIError
	switch {
	case errors.As(err, &missing):
		fmt.Fprintf(stdout, "  there is no function %q\n", o.function)
		return nil
	case errors.As(err, &busy):
		fmt.Fprintf(stdout, "  %s is busy: %s\n", o.function, busy.Reason)
		return nil
	case errors.As(err, &refused):
		return fmt.Errorf("the service says %s", refused.ErrorCode())
	case err != nil:
		return err
	}

	if out.FunctionError != nil {
		var failure struct {
			ErrorType    string `json:"errorType"`
			ErrorMessage string `json:"errorMessage"`
		}
		if err := json.Unmarshal(out.Payload, &failure); err != nil {
			return fmt.Errorf("an error of the function that cannot be read: %w", err)
		}
		fmt.Fprintf(stdout, "  %s failed: %s: %s\n", o.function, failure.ErrorType, failure.ErrorMessage)
		return nil
	}

	log, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
	if err != nil {
		return err
	}
	memory := "?"
	if found := memorySize.FindSubmatch(log); found != nil {
		memory = string(found[1])
	}
	fmt.Fprintf(stdout, "  %s, with %s MB, by version %s\n", out.Payload, memory, aws.ToString(out.ExecutedVersion))
	return nil
}
