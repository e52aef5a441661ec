// Package network has connections in memory that behave, and fail, as TCP connections do. Their time is that of package time, so in a
// bubble of testing/synctest a connection that is silent for 15 minutes takes no time at all.
//
// A connection has two directions. Each has latency, bandwidth and a bounded buffer, and breaks at a byte that its [Profile] names: by
// a close, a reset, a half-close, a stall, or by a peer that vanishes. What is to happen is computed when bytes are written; a
// connection holds no goroutine, and a timer only while somebody waits.
package network
