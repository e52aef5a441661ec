// Package lambdaop describes an operation of the service to package invoke, so that another package of this module can run it with an
// *invoke.Client. The client does for it what it does for Invoke: middleware stack, credentials, signature, retries, telemetry, errors.
//
// Every such operation must be idempotent: the client sends it again after any fault that may pass.
package lambdaop

import smithy "github.com/aws/smithy-go"

// Input is the input of one call. The client uses it from one goroutine at a time, until the call returns.
type Input interface {
	// Operation is the name of the operation, such as "GetDurableExecution".
	Operation() string

	// Function and Qualifier name the function that the call is about, for errors and telemetry. Each may be empty.
	Function() string
	Qualifier() string

	// Validate returns what is wrong with the input, nil for a good one. Nothing is sent for a wrong one.
	Validate() []smithy.InvalidParamError

	// Request returns the request to send. It is called after Validate found nothing.
	Request() (Request, error)

	// Output makes the output of a reply with a status in 2xx. ok is false for one that the service cannot have sent.
	Output(Reply) (output any, ok bool)
}

// Request is what the operation's own members make of a request.
type Request struct {
	Method  string
	Path    string // below the base path, as in url.URL
	RawPath string // as in url.URL: empty where it follows from Path
	Query   string // encoded
	Body    []byte // JSON; nil for none
}

// Reply is a reply with a status in 2xx, read whole.
type Reply struct {
	RequestID string
	Body      []byte // at most as long as Options.MaxResponseBytes says
}
