package messengers

import (
	"net/netip"
	"net/url"
	"strings"

	"keypull/pull/words"
)

// Accountable is the option of a Trier whose platform tells whose account it is.
type Accountable interface {
	// Whose returns a sentence that says so, once Try has been told; the empty
	// one before.
	Whose() words.Text
}

// Unreached is the option of a kind's Settings that begin otherwise on a server
// that no platform can call.
type Unreached interface {
	// BeginUnreached sets what a new channel then begins with.
	BeginUnreached()
}

// Reachable says whether platforms can call a server at its public URL: by https,
// at a name or an address of the Internet.
func Reachable(publicURL string) bool {
	u, err := url.Parse(publicURL)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedSpace.Contains(ip)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch last {
	case "localhost", "local", "internal", "lan", "home", "test", "":
		return false
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".home.arpa")
}

// sharedSpace is that of carriers' own networks (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")
