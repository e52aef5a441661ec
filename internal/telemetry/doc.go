// Package telemetry reports the calls of a client as spans, metrics and log
// records. Names, attributes and units are those of the AWS SDK for Go.
//
//   - [New] makes an [Observer] from smithy-go's providers and a [Log]. Without
//     any of them the Observer is nil.
//   - A call is one [Call], with an [Attempt] for each attempt and a [Request] for
//     each HTTP request within it. [Observer.Start] observes the other parts.
//   - Each Start returns the context for what follows and a value with an End
//     method, which must be called once. A nil Observer returns the context it was
//     given and a zero value, and allocates nothing; so does an End of a zero value.
//   - Nothing that is reported quotes what another party wrote: errors are told as type or code.
//
// The package knows nothing of package invoke. It reads the names of service and
// operation from the context, where smithy-go's middleware keeps them.
package telemetry
