package presignin

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Ours reports whether a request comes from a page of the server that the world
// reaches at public. Browsers tell by Origin, newer ones by Sec-Fetch-Site too;
// what tells neither is no browser and has no business here.
func Ours(r *http.Request, public string) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" {
		return false
	}
	return slices.Contains(Origins(r, public), origin.Scheme+"://"+origin.Host)
}

// Origins returns those of this server: its public one and, where somebody sits at
// this machine, the one that was asked for.
func Origins(r *http.Request, public string) []string {
	var all []string
	if u, err := url.Parse(public); err == nil {
		all = append(all, u.Scheme+"://"+u.Host)
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if host == "localhost" || err == nil && addr.IsLoopback() {
		all = append(all, "http://"+r.Host)
	}
	return all
}

// Loopback reports whether an address, with or without a port, is this machine.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// Unsafe reports whether browsers refuse the cookies of a server: one that is
// reached without encryption, and not on this machine.
func Unsafe(public string) bool {
	u, err := url.Parse(public)
	if err != nil || u.Scheme != "http" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	addr, err := netip.ParseAddr(host)
	return host != "localhost" && !strings.HasSuffix(host, ".localhost") && (err != nil || !addr.IsLoopback())
}
