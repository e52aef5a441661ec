package container

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
)

// allowed tells whether plain http may be spoken to an address: it does not
// leave the machine, or goes to the agent of ECS or EKS on it.
func allowed(ip netip.Addr) bool {
	ip = ip.Unmap()
	if ip.IsLoopback() {
		return true
	}
	switch ip.String() {
	case ecsAgent, "169.254.170.23", "fd00:ec2::23":
		return true
	}
	return false
}

// checkHost refuses a host that plain http must not be spoken to: the request
// carries a token and the answer is a key. A name is as good as all of its
// addresses are. The errors complete a sentence.
func checkHost(ctx context.Context, host string, lookup lookupFunc) error {
	if ip, err := netip.ParseAddr(host); err == nil {
		if !allowed(ip) {
			return forbiddenError(host)
		}
		return nil
	}
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	ips, err := lookup(ctx, "ip", host)
	if err != nil {
		return fmt.Errorf("names the host %q, which cannot be resolved: %w", host, err)
	}
	if len(ips) == 0 {
		return forbiddenError(host)
	}
	for _, ip := range ips {
		if !allowed(ip) {
			return forbiddenError(host)
		}
	}
	return nil
}

// forbiddenError is the host that plain http is not allowed to.
type forbiddenError string

func (host forbiddenError) Error() string {
	return fmt.Sprintf("names the host %q: plain http is for loopback addresses and the ECS and EKS agents only, any other host needs https", string(host))
}

// guard refuses to connect to an address that plain http is not allowed to,
// whatever the name resolved to when the provider was made.
func guard(_, address string, _ syscall.RawConn) error {
	if peer, err := netip.ParseAddrPort(address); err != nil || !allowed(peer.Addr()) {
		return forbiddenError(address)
	}
	return nil
}
