// Package simulation runs the library against a network and a service in memory, in the virtual time of testing/synctest, and checks each
// run from the history of both sides. A run is a function of its seed. README.md tells what is simulated and how a run is replayed.
package simulation
