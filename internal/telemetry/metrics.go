package telemetry

import (
	"context"
	"time"

	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/middleware"
)

// timer selects one of the histograms of durations, all in seconds.
type timer int

const (
	timeCall timer = iota
	timeAttempt
	timeSerialization
	timeDeserialization
	timeResolveIdentity
	timeSigning
	timeResolveEndpoint
	timeDNSLookup
	timeConnect
	timeTLSHandshake
	timeRequest
	timeFirstByte
	timers // how many there are

	untimed timer = -1
)

// timerNames are the metrics' names and what they measure.
var timerNames = [timers]struct{ name, description string }{
	timeCall:            {"client.call.duration", "Time of a call with all of its attempts and the waits between them"},
	timeAttempt:         {"client.call.attempt_duration", "Time of one attempt, from its identity to its result"},
	timeSerialization:   {"client.call.serialization_duration", "Time to make the request of the input"},
	timeDeserialization: {"client.call.deserialization_duration", "Time to read the response and make the output or the error of it"},
	timeResolveIdentity: {"client.call.auth.resolve_identity_duration", "Time to get the credentials"},
	timeSigning:         {"client.call.auth.signing_duration", "Time to sign the request"},
	timeResolveEndpoint: {"client.call.resolve_endpoint_duration", "Time to resolve the endpoint"},
	timeDNSLookup:       {"client.http.connections.dns_lookup_duration", "Time of a name lookup for a new connection"},
	timeConnect:         {"client.http.connections.acquire_duration", "Time to establish a new connection"},
	timeTLSHandshake:    {"client.http.connections.tls_handshake_duration", "Time of the TLS handshake of a new connection"},
	timeRequest:         {"client.http.do_request_duration", "Time from handing over the request to the head of the response"},
	timeFirstByte:       {"client.http.time_to_first_byte", "Time from handing over the request to the first byte of the response"},
}

// instruments are what a meter measures with. A nil *instruments measures
// nothing.
type instruments struct {
	timers   [timers]metrics.Float64Histogram
	attempts metrics.Int64Counter
	errors   metrics.Int64Counter
	// connections counts the connections that serve a request.
	connections metrics.Int64UpDownCounter
}

func newInstruments(meter metrics.Meter) (*instruments, error) {
	m := new(instruments)
	var err error
	for i, timer := range timerNames {
		if m.timers[i], err = meter.Float64Histogram(timer.name, instrument("s", timer.description)); err != nil {
			return nil, err
		}
	}
	if m.attempts, err = meter.Int64Counter("client.call.attempts", instrument("{attempt}", "Attempts made")); err != nil {
		return nil, err
	}
	if m.errors, err = meter.Int64Counter("client.call.errors", instrument("{error}", "Attempts failed")); err != nil {
		return nil, err
	}
	m.connections, err = meter.Int64UpDownCounter("client.http.connections.usage", instrument("{connection}", "Connections that serve a request"))
	return m, err
}

func instrument(unit, description string) metrics.InstrumentOption {
	return func(o *metrics.InstrumentOptions) { o.UnitLabel, o.Description = unit, description }
}

// record adds the time since start to a timer.
func (m *instruments) record(ctx context.Context, t timer, start time.Time) {
	if m == nil || t == untimed {
		return
	}
	m.timers[t].Record(ctx, time.Since(start).Seconds(), labelsOf(ctx, t)...)
}

// attempted counts an attempt that began at start and ended with err.
func (m *instruments) attempted(ctx context.Context, start time.Time, err error) {
	if m == nil {
		return
	}
	m.attempts.Add(ctx, 1, operationLabels(ctx))
	m.record(ctx, timeAttempt, start)
	if err != nil {
		m.errors.Add(ctx, 1, operationLabels(ctx), label("exception.type", errorType(err)))
	}
}

// use changes the count of connections in use.
func (m *instruments) use(ctx context.Context, change int64) {
	if m == nil {
		return
	}
	m.connections.Add(ctx, change, label("state", "acquired"))
}

// labelsOf returns the properties that a timer's metric has: those of the HTTP
// client have none.
func labelsOf(ctx context.Context, t timer) []metrics.RecordMetricOption {
	switch t {
	case timeDNSLookup, timeConnect, timeTLSHandshake, timeRequest, timeFirstByte:
		return nil
	case timeResolveIdentity, timeSigning:
		return []metrics.RecordMetricOption{operationLabels(ctx), label("auth.scheme_id", authScheme)}
	}
	return []metrics.RecordMetricOption{operationLabels(ctx)}
}

// authScheme is the name of Signature Version 4 among Smithy's schemes.
const authScheme = "aws.auth#sigv4"

func operationLabels(ctx context.Context) metrics.RecordMetricOption {
	return func(o *metrics.RecordMetricOptions) {
		o.Properties.Set("rpc.service", middleware.GetServiceID(ctx))
		o.Properties.Set("rpc.method", middleware.GetOperationName(ctx))
	}
}

func label(name, value string) metrics.RecordMetricOption {
	return func(o *metrics.RecordMetricOptions) { o.Properties.Set(name, value) }
}
