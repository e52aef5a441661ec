// Package invoketest is an embedded Lambda endpoint for tests: a real HTTP
// server on the loopback interface that verifies signatures, runs Go functions
// by name and answers as the service does, in success and in failure.
//
//	s := invoketest.NewServer(t)
//	invoketest.HandleFunc(s, "add", func(_ context.Context, in []int) (int, error) { return in[0] + in[1], nil })
//	client, err := invoke.New(s.Options())
//
// What goes wrong between a caller and the service can be scripted:
// [Server.Script] gives the next requests for a function a [Fault] each,
// [Server.Inject] chooses one for every request. There are exceptions, delays,
// pages of a proxy, truncated bodies, and connections that break at a chosen [Point].
// [Server.Requests], [Server.Runs] and [Server.RunsOf] then tell what arrived
// and how often a function really ran.
//
// Nothing of it is a mock: requests travel through sockets, and a fault is on
// the wire what it is in production.
//
// A DurableExecutionName makes a request start a durable execution, or join the
// one that has the name: see package [github.com/lambda-invoke/lambda-invoke-go/invoke/durable].
// Any function can run as one, and its context lasts for as long as the execution does, which
// [Server.Runs] counts once. It can be asked for and stopped, and times out after
// [Config.ExecutionTimeout].
//
// Clients in other languages work on it too. Give it an address and keys of your
// own ([Config].Address, [Config].Credentials), and put the keys and the region
// into their environment, as AWS_DEFAULT_REGION for the AWS CLI and boto3 and as
// AWS_REGION for the others. Then name the address to them:
//
//	aws lambda invoke --endpoint-url http://127.0.0.1:9001 --function-name add --payload fileb://in.json out.json
//	boto3.client("lambda", endpoint_url="http://127.0.0.1:9001")          # Python
//	new LambdaClient({ endpoint: "http://127.0.0.1:9001" })               // JavaScript
//
// Their newer versions read the address from AWS_ENDPOINT_URL_LAMBDA as well.
//
// It differs from the service in these: an asynchronous event whose function
// fails is not run again, qualifiers are taken as they are and not resolved,
// and there is no function timeout.
package invoketest
