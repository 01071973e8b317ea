package settings

import (
	"net/netip"
	"regexp"
	"strings"
)

// hostName is what the host of an address may be written as, its port included.
var hostName = regexp.MustCompile(`^(?:\[[0-9A-Fa-f:.]+\]|[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)(?::[0-9]{1,5})?$`)

// WholeAddress returns the web address that somebody meant who left out how it
// begins: "example.org/feed" is https://example.org/feed. What lies on this
// machine or in a network given by number is seldom encrypted: there it is
// http://. Whatever is whole, or no address, stays as it is, and false is
// returned.
func WholeAddress(text string) (whole string, completed bool) {
	bare := strings.TrimSpace(text)
	for _, prefix := range []string{"feed://", "feed:", "//"} {
		if rest, ok := cutFold(bare, prefix); ok {
			if _, whole := cutFold(rest, "http"); whole && strings.Contains(rest, "://") {
				return rest, true
			}
			bare = rest
		}
	}
	host := bare
	if i := strings.IndexAny(bare, "/?#"); i >= 0 {
		host = bare[:i]
	}
	if strings.Contains(host, "{") || !hostName.MatchString(host) || strings.ContainsAny(bare, " \t\n") {
		return text, false
	}
	name := host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		name = host[:i]
	}
	addr, err := netip.ParseAddr(strings.Trim(name, "[]"))
	local := strings.EqualFold(name, "localhost") || strings.HasSuffix(strings.ToLower(name), ".localhost")
	switch {
	case local, err == nil && !addr.IsGlobalUnicast(), err == nil && addr.IsPrivate():
		return "http://" + bare, true
	case err != nil && !strings.Contains(strings.Trim(name, "."), "."):
		return text, false
	}
	return "https://" + bare, true
}

func cutFold(text, prefix string) (rest string, ok bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}
