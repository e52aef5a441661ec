package transport

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
)

// The parts of SOCKS version 5 (RFC 1928) that a client's CONNECT needs, with names and passwords as in RFC 1929.
const (
	socksVersion     = 5
	socksNoAuth      = 0
	socksPassword    = 2
	socksConnect     = 1
	socksIPv4        = 1
	socksName        = 3
	socksIPv6        = 4
	socksNotAllowed  = 2
	passwordVersion  = 1
	passwordAccepted = 0
)

// socksTunnel asks a SOCKS proxy to connect to target, whose name the proxy resolves.
func socksTunnel(stream net.Conn, proxy *url.URL, target string) error {
	if err := socksAuthenticate(stream, proxy); err != nil {
		return err
	}
	request, err := socksRequest(target)
	if err != nil {
		return err
	}
	if _, err := stream.Write(request); err != nil {
		return err
	}
	var reply [4]byte
	if err := readSocks(stream, reply[:]); err != nil {
		return err
	}
	if code := reply[1]; code != 0 {
		return &errors.ProxyError{Proxy: proxy.Host, Reason: socksReason(code), Refused: code == socksNotAllowed}
	}
	return skipSocksAddr(stream, reply[3])
}

// socksAuthenticate agrees on a method, and sends the credentials in the proxy's URL if the proxy wants some.
func socksAuthenticate(stream net.Conn, proxy *url.URL) error {
	methods := []byte{socksNoAuth}
	if proxy.User != nil {
		methods = append(methods, socksPassword)
	}
	if _, err := stream.Write(append([]byte{socksVersion, byte(len(methods))}, methods...)); err != nil {
		return err
	}
	var chosen [2]byte
	if err := readSocks(stream, chosen[:]); err != nil {
		return err
	}
	switch {
	case chosen[1] == socksNoAuth:
		return nil
	case chosen[1] == socksPassword && proxy.User != nil:
		return socksSendPassword(stream, proxy)
	}
	return &errors.ProxyError{Proxy: proxy.Host, Reason: "it wants other credentials than the client has", Refused: true}
}

func socksSendPassword(stream net.Conn, proxy *url.URL) error {
	name := proxy.User.Username()
	password, _ := proxy.User.Password()
	if len(name) == 0 || len(name) > 255 || len(password) > 255 {
		return fmt.Errorf("transport: the user name or the password for proxy %s has a length that SOCKS does not allow", proxy.Host)
	}
	b := append([]byte{passwordVersion, byte(len(name))}, name...)
	b = append(append(b, byte(len(password))), password...)
	if _, err := stream.Write(b); err != nil {
		return err
	}
	var answer [2]byte
	if _, err := io.ReadFull(stream, answer[:]); err != nil {
		return noEOF(err)
	}
	if answer[1] != passwordAccepted {
		return &errors.ProxyError{Proxy: proxy.Host, Reason: "it does not accept the credentials", Refused: true}
	}
	return nil
}

func socksRequest(target string) ([]byte, error) {
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("transport: invalid port %q", port)
	}
	b := []byte{socksVersion, socksConnect, 0}
	switch addr, err := netip.ParseAddr(host); {
	case err == nil && addr.Is4():
		b = append(append(b, socksIPv4), addr.AsSlice()...)
	case err == nil:
		b = append(append(b, socksIPv6), addr.AsSlice()...)
	case len(host) > 255:
		return nil, fmt.Errorf("transport: the host's name of %d bytes is too long for SOCKS", len(host))
	default:
		b = append(append(b, socksName, byte(len(host))), host...)
	}
	return append(b, byte(number>>8), byte(number)), nil
}

// readSocks fills b with an answer that begins with the protocol's version.
func readSocks(stream io.Reader, b []byte) error {
	if _, err := io.ReadFull(stream, b); err != nil {
		return fmt.Errorf("transport: reading the SOCKS proxy's answer: %w", noEOF(err))
	}
	if b[0] != socksVersion {
		return fmt.Errorf("transport: the proxy does not speak SOCKS 5: it answered with version %d", b[0])
	}
	return nil
}

// skipSocksAddr reads the address and the port that a successful answer ends with.
func skipSocksAddr(stream io.Reader, kind byte) error {
	n := int64(0)
	switch kind {
	case socksIPv4:
		n = 4
	case socksIPv6:
		n = 16
	case socksName:
		var length [1]byte
		if _, err := io.ReadFull(stream, length[:]); err != nil {
			return noEOF(err)
		}
		n = int64(length[0])
	default:
		return fmt.Errorf("transport: the SOCKS proxy answered with an address of unknown kind %d", kind)
	}
	_, err := io.CopyN(io.Discard, stream, n+2)
	return noEOF(err)
}

func socksReason(code byte) string {
	reasons := [...]string{
		1: "general failure",
		2: "not allowed by its rules",
		3: "network unreachable",
		4: "host unreachable",
		5: "connection refused",
		6: "time to live expired",
		7: "command not supported",
		8: "kind of address not supported",
	}
	if int(code) < len(reasons) {
		return reasons[code]
	}
	return "SOCKS reply " + strconv.Itoa(int(code))
}
