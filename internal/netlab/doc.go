// Package netlab holds tests of long silent calls on a real network path: a router that drops idle connections, and a
// peer that dies silently. They make network namespaces (lab.sh), so they need linux, root, iproute2 and nftables, and are
// built only with the tag netlab:
//
//	go test -tags netlab ./internal/netlab
//
// Without the tag there is nothing to test here. With it, a machine that can't run them fails, and says why.
package netlab
