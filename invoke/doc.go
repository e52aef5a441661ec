// Package invoke calls AWS Lambda functions, and never runs one twice behind its
// caller's back.
//
//	client, err := invoke.NewFromEnv(ctx)
//	if err != nil {
//		return err
//	}
//	out, err := client.Invoke(ctx, &invoke.InvokeInput{
//		FunctionName: "orders",
//		Payload:      []byte(`{"id": 17}`),
//	})
//
// Make one [Client] and share it. [NewFunc] turns a remote function into a
// typed Go function, [Func.Map] calls it for a whole sequence at the pace that
// the service allows, and [Client.InvokeWithResponseStream] reads a long answer
// as it comes.
//
// # Which errors are worth handling?
//
// An error of Invoke says that the function's answer did not arrive. A function
// that ran and failed is not an error of Invoke: [InvokeOutput.Err] tells of it,
// and [Func.Call] returns it. All of them are types, found with errors.As, for
// which package errors of this module can be imported in the standard one's
// place:
//
//	var (
//		missing *errors.ResourceNotFoundException // wrong name, region or account
//		busy    *errors.TooManyRequestsException  // still throttled after the retries
//		service *errors.LambdaServiceException    // any other reply that is not a success
//		failed  *errors.FunctionError             // the function's own error
//	)
//
// Most programs need the last two. The others are for those who act on them.
//
// # Did the function run?
//
// errors.MayHaveExecuted(err) answers for every error. Its false is a guarantee:
// the request never left whole, or the service said that it ran nothing. Its
// true means that nobody can know: a connection that broke while the function
// was working looks like one that broke before it started.
//
// The client itself acts on that. It retries where the answer is false and the
// fault may pass, and nowhere else. A function that may safely run twice is
// declared so with Options.Retry.Idempotent, for a client or for one call; then
// lost connections and 5xx replies are retried too.
//
// # Why is there no timeout option?
//
// The context is the only deadline. A synchronous call may rightly stay silent
// for 15 minutes, and a timeout that ends it leaves the function running:
//
//	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
//	defer cancel()
//
// Connecting has a timeout of its own, and a peer that died in silence is
// noticed by TCP keep-alive within the time that package transport documents.
//
// # How do I test code that calls functions?
//
// Take an [Invoker] where you would take a *Client. Pass a struct with one
// method, or better, a real client of the endpoint in package
// [github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest], which runs Go
// functions, verifies signatures, and fails in any way you script.
//
// # Local emulators
//
// Set Options.BaseEndpoint, or AWS_ENDPOINT_URL_LAMBDA for [NewFromEnv]:
// http://localhost:4566 for LocalStack, http://localhost:3001 for SAM local,
// http://localhost:3002 for serverless-offline, http://localhost:9000 for the
// runtime interface emulator (where every function is named "function"). Any
// region and credentials will do for them.
//
// # How do I see what a call does?
//
// Options.TracerProvider and Options.MeterProvider take smithy-go's interfaces,
// for which OpenTelemetry adapters exist; spans and metrics have the names that
// the AWS SDK for Go gives them. Options.Logger is told of each attempt
// and of each retry; [LogTo] makes one of a *slog.Logger. None of them is ever given credentials,
// signatures, payloads or client contexts.
//
// # Middleware
//
// A call runs through a smithy-go stack. Options.APIOptions changes it, and
// middleware written for the AWS SDK for Go finds the IDs that it knows:
// OperationInputValidation, OperationSerializer, ClientRequestID, UserAgent,
// RecursionDetection, Retry, GetIdentity, ResolveEndpointV2, ComputePayloadHash,
// Signing, OperationDeserializer, RequestIDRetriever.
package invoke
