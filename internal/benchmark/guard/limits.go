// Package guard keeps the costs of a call where they are: its test fails when one grows. It counts what is exact,
// allocations, bytes and stack frames, and prints times.
package guard

// Limit is what a call may cost.
type Limit struct {
	Name     string
	Loopback bool // over the loopback interface, net/http's own costs included; else without a network
	Missing  bool // the reply is an error
	Payload  int  // bytes that are sent and, on loopback, come back
	Calls    int  // to count over

	Allocs int // for each call
	Bytes  int // for each call
}

// Limits is the table. Allocations are exact, and the same with Go 1.25 and 1.26; bytes have a little room. Numbers go down
// when the code gets better, and up only together with a reason in the commit.
func Limits() []Limit {
	return []Limit{
		// name, loopback, missing, payload, calls, then what it may cost: allocations, bytes
		{"no network", false, false, 15, 2000, 15, 3850},
		{"no network, error", false, true, 15, 2000, 28, 4600},
		{"loopback, nothing", true, false, 0, 500, 21, 3950},
		{"loopback, 1 KB", true, false, 1 << 10, 500, 25, 5100},
		{"loopback, error", true, true, 15, 500, 38, 4850},
		{"loopback, 6 MB", true, false, 6 << 20, 8, 34, 6 << 20 * 102 / 100},
	}
}

// Frames is how many stack frames there may be between the caller and the transport's RoundTrip, that one included.
// One more than before the exchange chose between a transport of this library's and a custom HTTP client.
const Frames = 34
