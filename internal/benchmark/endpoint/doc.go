// Package endpoint is a Lambda endpoint that costs next to nothing, so that what is measured against it is the client.
//
// It speaks just enough HTTP/1.1 for well-behaved clients: it finds the end of the head, throws the body away, and answers
// out of a buffer that each connection keeps. It verifies nothing and allocates nothing per request. [Start] runs it in a
// child process of its own, where its memory and garbage are not the client's either; the program that calls Start must
// begin with [ServeIfChild].
//
// The function's name decides the answer: "echo" returns as many bytes as it was sent, "missing" an error reply, and
// "stream" an event stream of [StreamSize] bytes. A connection that breaks the protocol is closed.
package endpoint
