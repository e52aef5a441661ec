package endpoint

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// parseBase checks a base endpoint. Its errors never quote it: it may hold a
// password, in places where only its author could tell.
func parseBase(base string) (Endpoint, error) {
	u, err := url.Parse(base)
	if err != nil {
		return Endpoint{}, errors.New("the base endpoint is not a valid URL: give it as https://host, https://host:port or https://host/path")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return Endpoint{}, errors.New("the base endpoint must start with https:// or http://")
	case u.User != nil:
		return Endpoint{}, errors.New("the base endpoint must not hold a user name or password: remove what stands before the @")
	case u.Hostname() == "":
		return Endpoint{}, errors.New("the base endpoint has no host: give it as https://host, https://host:port or https://host/path")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(base, "#"):
		return Endpoint{}, errors.New("the base endpoint must not hold a query or a fragment: remove what follows the ? or #")
	case !isHost(u):
		return Endpoint{}, errors.New("the base endpoint's host is not valid: give a host name in ASCII (an internationalised one in its xn-- form) or an IP address")
	case !isPort(u.Port()):
		return Endpoint{}, errors.New("the base endpoint's port must be a number from 1 to 65535")
	case u.Scheme == "http" && isServiceHost(u.Hostname()):
		return Endpoint{}, errors.New("the base endpoint is one of the service's own and must use https://, not http://")
	}

	// Counted while escaped: an escaped slash at the end is part of a name.
	escaped := u.EscapedPath()
	raw := strings.TrimRight(escaped, "/")
	return Endpoint{
		Scheme:      u.Scheme,
		Host:        strings.TrimSuffix(u.Host, ":"), // "host:" is a URL with an empty port
		BasePath:    u.Path[:len(u.Path)-(len(escaped)-len(raw))],
		RawBasePath: raw,
	}, nil
}

// isHost tells whether the host is one that a Host header may hold: net/http
// would send another than the one that is signed, or refuse each request.
func isHost(u *url.URL) bool {
	name := u.Hostname()
	if strings.HasPrefix(u.Host, "[") {
		addr, err := netip.ParseAddr(name)
		return err == nil && addr.Is6()
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		if label == "" {
			return false
		}
		for i := range len(label) {
			// Underscores occur in the names of containers.
			if b := label[i]; !isAlphanumeric(b) && b != '-' && b != '_' {
				return false
			}
		}
	}
	return true
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}
