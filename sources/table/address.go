package table

import (
	"net/url"
	"regexp"
)

// Addresses at which people look at a sheet, and what lies behind them.
var (
	edited    = regexp.MustCompile(`^(/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/)([A-Za-z0-9_-]{20,})(?:/(?:edit|view|preview|htmlview|copy)?)?$`)
	published = regexp.MustCompile(`^(/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/e/[A-Za-z0-9_-]{20,}/)pub(?:html)?$`)
	sheetID   = regexp.MustCompile(`(?:^|[#&?])gid=(\d{1,20})`)
)

// sheetAddress turns the address of a sheet's page, as people copy it from their
// browser, into that of its content; any other is returned as it is.
func sheetAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	values := url.Values{}
	if m := sheetID.FindStringSubmatch(u.RawQuery + "#" + u.Fragment); m != nil {
		values.Set("gid", m[1])
	}
	switch {
	case published.MatchString(u.Path):
		if f := u.Query().Get("output"); f != "" && f != "html" {
			return address
		}
		u.Path = published.ReplaceAllString(u.Path, "${1}pub")
		values.Set("output", "csv")
		if values.Has("gid") {
			values.Set("single", "true")
		}
	case edited.MatchString(u.Path):
		u.Path = edited.ReplaceAllString(u.Path, "${1}${2}/export")
		values.Set("format", "csv")
	default:
		return address
	}
	u.RawQuery, u.Fragment, u.RawFragment, u.RawPath = values.Encode(), "", "", ""
	return u.String()
}
