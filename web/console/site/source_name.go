package site

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
)

// siteName is what of a host's name may become an id.
var siteName = regexp.MustCompile(`^[a-z][a-z0-9]{2,31}$`)

// sourceAt makes an id of the address that was typed, where none was: what the
// site is called, unless another source has that name. Where that gives none,
// the operation makes one of the kind.
func (r sourcePages) sourceAt(doc console.Doc) string {
	fields, given := kindFields(r.Kinds.Source, doc), tableOf(doc, belowKind)
	addresses := settings.Told(fields, given, settings.Address)
	if textOf(doc, "id") != "" || len(addresses) == 0 || len(settings.Told(fields, given, settings.Title)) > 0 {
		return ""
	}
	u, err := url.Parse(addresses[0])
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
