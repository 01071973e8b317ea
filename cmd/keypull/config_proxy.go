package main

import (
	"net"
	"net/netip"
	"net/url"

	"keypull/pull/catalogue"
)

// unlisted warns of a proxy that must be there and is not listed: this server
// speaks plain HTTP, so that who comes by https comes through another. Until
// it is listed all readers and editors have one address, the proxy's.
func (c *Config) unlisted() findings {
	public, err := url.Parse(c.Server.PublicURL)
	if err != nil || public.Scheme != "https" || len(c.Server.TrustedProxies) > 0 {
		return nil
	}
	which := "the network of your proxy"
	host, _, err := net.SplitHostPort(c.Server.Listen)
	if addr, bad := netip.ParseAddr(host); err == nil && bad == nil && addr.IsLoopback() {
		which = `trusted_proxies = ["` + netip.PrefixFrom(addr, addr.BitLen()).String() + `"]`
	}
	file, line := c.origins.of("server")
	return findings{{
		File: file, Line: line, Path: "server.trusted_proxies", Severity: catalogue.Warning, Code: "proxy",
		Message: "Readers come by https, so through a proxy, and none is listed: all of them count as one address, for the web chat's budget and for wrong passwords. List " + which + ".",
	}}
}
