package config

import (
	"net"
	"net/netip"
	"net/url"

	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/words"
)

// findUnlistedProxy warns of a proxy that must be there and is not listed: this server
// speaks plain HTTP, so that who comes by https comes through another, as does
// who comes from elsewhere to an address of this machine alone. Until it is
// listed all readers and editors have one address, the proxy's.
func (c *Config) findUnlistedProxy() Findings {
	public, err := url.Parse(c.Server.PublicURL)
	if err != nil || c.Server.PublicURL == "" || len(c.Server.TrustedProxies) > 0 {
		return nil
	}
	// What is listened on comes from checkListen.
	host, _, _ := net.SplitHostPort(c.Server.Listen)
	addr, _ := netip.ParseAddr(host)
	hidden := addr.IsLoopback() && !outside.OnThisMachine(public.Hostname())
	if public.Scheme != "https" && !hidden {
		return nil
	}
	which := words.Text{Key: "config.your_proxy"}
	if addr.IsLoopback() {
		which = words.Verbatim(`trusted_proxies = ["` + netip.PrefixFrom(addr, addr.BitLen()).String() + `"]`)
	}
	return Findings{c.Finding("server.trusted_proxies", catalogue.Warning, "proxy",
		words.Text{Key: "config.proxy", Args: words.Args{"which": which}})}
}
