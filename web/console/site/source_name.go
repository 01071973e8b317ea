package site

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/web/console"
)

// siteName is what of a host's name may become an id.
var siteName = regexp.MustCompile(`^[a-z][a-z0-9]{2,31}$`)

// sourceAt makes an id of the address that was typed, where none was: what the
// site is called, unless another source has that name. Where that gives none,
// the operation makes one of the kind.
func (r sourcePages) sourceAt(doc console.Doc) string {
	inner := console.Doc(tableOf(doc, belowKind))
	if textOf(doc, "id")+textOf(inner, "name")+textOf(inner, "title") != "" {
		return ""
	}
	u, err := url.Parse(textOf(inner, "url"))
	if err != nil {
		return ""
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return ""
	}
	name := siteOf(u.Hostname())
	if name == "" {
		return ""
	}
	if _, err := r.getSource(name); console.KindOf(err) != pull.Unknown {
		return ""
	}
	return name
}

// siteOf is what people call the site of a host: "lecker" of
// "feeds.lecker.co.uk".
func siteOf(host string) string {
	labels := strings.Split(strings.ToLower(host), ".")
	for i := len(labels) - 2; i >= 0; i-- {
		if name := strings.ReplaceAll(labels[i], "-", ""); siteName.MatchString(name) && name != "www" {
			return name
		}
	}
	return ""
}
