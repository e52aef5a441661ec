// Package replies gives both clients the same reply and compares what they make of it: outputs of a success, and code,
// message, fault, status, request ID and concrete type of an error.
package replies
