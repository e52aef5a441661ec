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
// foreign and truncated bodies, and connections that break at a chosen [Point].
// [Server.Requests], [Server.Runs] and [Server.RunsOf] then tell what arrived
// and how often a function really ran.
//
// Nothing of it is a mock: requests travel through sockets, and a fault is on
// the wire what it is in production.
//
// A DurableExecutionName is honoured: a second request with the same name and
// payload joins the execution that the first began.
//
// It differs from the service in these: an asynchronous event whose function
// fails is not run again, qualifiers are taken as they are and not resolved,
// and there is no function timeout.
package invoketest
