// Package payload finds what is wrong with a payload that a function's runtime, or the service in front of it, refused to read as JSON.
//
// A diagnosis names the kind of problem and the offset of a byte. It never quotes the payload, except for the value of one byte that is
// not UTF-8. The package takes any bytes, does not fail, and its time is linear in their number.
package payload
