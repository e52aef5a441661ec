// Package servers holds the client against servers that others wrote: nginx and HAProxy in front of the embedded endpoint,
// tinyproxy and microsocks on the way to it. Each closes connections in a way of its own.
//
// The servers come from Debian's packages; .ci/install-servers installs them. Where one is missing, its test fails.
package servers
