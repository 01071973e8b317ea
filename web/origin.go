package web

import (
	"net"
	"net/url"
	"strings"

	"keypull/pull/outside"
)

// ownOrigin reports whether a page of this very server asks: one of the public
// URL. What a request says of where it went, anybody can say.
func (a *App) ownOrigin(origin string) bool {
	if origin == a.origin {
		return true
	}
	// On one's own machine every name of it is as good.
	own, err := url.Parse(a.origin)
	if err != nil || !outside.OnThisMachine(own.Hostname()) {
		return false
	}
	other, err := url.Parse(origin)
	return err == nil && outside.OnThisMachine(other.Hostname()) && other.Port() == own.Port() && other.Scheme == own.Scheme && originOf(origin) == origin
}

// originOf returns the origin of pages at a URL, as browsers send it.
func originOf(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" {
		return ""
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	usual := map[string]string{"http": ":80", "https": ":443"}
	return scheme + "://" + strings.TrimSuffix(host, usual[scheme])
}

// isLocal reports whether the public URL leads to this machine alone.
func (a *App) isLocal() bool {
	u, err := url.Parse(a.PublicURL)
	return err == nil && outside.OnThisMachine(u.Hostname())
}

// hostOf returns an address without its port.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
