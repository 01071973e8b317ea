package outside

import (
	"bytes"
	"errors"
	"net/netip"
	"strconv"

	"code.dny.dev/ssrf"

	"keypull/pull/words"
)

// webPorts are the ports of public addresses that HTTP may use.
var webPorts = []uint16{80, 443, 8080, 8443}

// guard decides which addresses may be connected to: those of the private
// networks that the operator allowed, and public ones on the given ports.
type guard struct {
	private []netip.Prefix
	public  *ssrf.Guardian
}

func newGuard(private []netip.Prefix, ports []uint16) guard {
	return guard{private: private, public: ssrf.New(ssrf.WithPorts(ports...))}
}

// checkAddress returns an Error of reason Refused unless address, an IP and port, may
// be connected to. Addresses that carry an IPv4 address within (mapped, NAT64,
// 6to4, Teredo, ISATAP) never lead round the check: all but the first and the
// last lie in networks that are not public, those two are looked into.
func (g guard) checkAddress(network, address string) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Error{Reason: Refused, Hint: words.Text{Key: "outside.no_ip"}, Err: err}
	}
	ip := target.Addr().Unmap()
	for _, p := range g.private {
		if p.Contains(ip) {
			return nil
		}
	}
	if ip.Is4() && network == "tcp6" {
		network = "tcp4"
	}
	err = g.public.Safe(network, netip.AddrPortFrom(ip, target.Port()).String(), nil)
	if err == nil && hidesIPv4(ip) {
		err = ssrf.ErrProhibitedIP
	}
	if err == nil {
		return nil
	}
	return &Error{Reason: Refused, Hint: refusalHint(err, ip, target.Port()), Err: err}
}

func refusalHint(err error, ip netip.Addr, port uint16) words.Text {
	private := ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
	if errors.Is(err, ssrf.ErrProhibitedPort) && !private {
		return words.Text{Key: "outside.port", Args: words.Args{"port": strconv.Itoa(int(port))}}
	}
	return words.Text{Key: "outside.private", Args: words.Args{"ip": ip.String(), "network": netip.PrefixFrom(ip, ip.BitLen()).String()}}
}

// hidesIPv4 tells ISATAP addresses (RFC 5214 §6.1), which can lie in any
// network and end in an IPv4 address.
func hidesIPv4(ip netip.Addr) bool {
	if !ip.Is6() {
		return false
	}
	b := ip.As16()
	return bytes.Equal(b[9:12], []byte{0x00, 0x5e, 0xfe}) && b[8]&^0x03 == 0
}
