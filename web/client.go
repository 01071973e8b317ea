package web

import (
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// clientAddress returns the address of the caller: that of the connection or, where a
// trusted proxy or, by its pass, another node holds the other end of it, the last one in
// X-Forwarded-For that is no such proxy.
func (a *App) clientAddress(remote string, forwarded []string, pass string) string {
	host := hostOf(remote)
	if !a.trustsProxy(host) && !a.isFromNode(pass) {
		if len(forwarded) > 0 {
			a.warnOfProxy(host)
		}
		return host
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for _, hop := range slices.Backward(hops) {
		hop = strings.TrimSpace(hop)
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		if host = hop; !a.trustsProxy(hop) {
			break
		}
	}
	return host
}

// callerAddress is client of a request that no handler of the standard library sees.
func (a *App) callerAddress(c *fiber.Ctx) string {
	var forwarded []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		forwarded = append(forwarded, string(line))
	}
	return a.clientAddress(remoteAddress(c), forwarded, c.Get(NodeHeader))
}

// remoteAddress returns the address of the connection that a request came by.
func remoteAddress(c *fiber.Ctx) string {
	if g, ok := c.Context().Conn().(*trackedConn); ok {
		return g.address
	}
	return c.Context().RemoteAddr().String()
}

func (a *App) trustsProxy(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(a.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
}

// maxUnlisted bounds how many proxies the log names.
const maxUnlisted = 8

// unlistedProxies are addresses that forward requests and are not listed.
type unlistedProxies struct {
	mu    sync.Mutex
	known []string
}

// addNew returns true the first time that an address is told.
func (s *unlistedProxies) addNew(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxUnlisted || slices.Contains(s.known, host) {
		return false
	}
	s.known = append(s.known, host)
	return true
}

// warnOfProxy tells the operator once of a proxy that is not listed: behind it all
// readers are one address to us. Only near ones are told of: any client of the
// open network can send this header.
func (a *App) warnOfProxy(host string) {
	addr, err := netip.ParseAddr(host)
	addr = addr.Unmap()
	near := addr.IsLoopback() || addr.IsPrivate()
	if err != nil || !near || !a.unlisted.addNew(host) {
		return
	}
	prefix := netip.PrefixFrom(addr, addr.BitLen())
	a.Logger.Warn("a proxy that is not listed forwards requests: all who come through it count as one address, for the web chat's budget and for wrong passwords; if it is yours, list it as trusted_proxies below [server]",
		"trusted_proxies", prefix.String())
}
