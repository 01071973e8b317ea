package feed

import (
	"cmp"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/sources"
	"keypull/sources/newsfeed"
)

const maxHubs = 3

// metadataOf returns what a feed says of itself.
func metadataOf(feed newsfeed.Feed) metadata {
	found := metadata{TTL: parseWhole(feed.Said["ttl"]), Hubs: feed.Hubs[:min(len(feed.Hubs), maxHubs)], Self: feed.Self}
	for hour := range strings.FieldsSeq(feed.Said["skiphours"]) {
		if h := parseWhole(hour); strings.Trim(hour, "0123456789") == "" && h <= 24 {
			found.Hours |= 1 << (h % 24)
		}
	}
	for day := range strings.FieldsSeq(strings.ToLower(feed.Said["skipdays"])) {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.ToLower(d.String()) == day {
				found.Days |= 1 << d
			}
		}
	}
	const allHours, allDays = 1<<24 - 1, 1<<7 - 1
	if found.Hours == allHours || found.Days == allDays {
		found.Hours, found.Days = 0, 0 // it would never be asked for
	}
	minutes := map[string]int{"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60, "monthly": 30 * 24 * 60, "yearly": 365 * 24 * 60}
	if period := minutes[strings.ToLower(feed.Said["updateperiod"])]; period > 0 {
		found.Every = max(1, period/max(1, parseWhole(feed.Said["updatefrequency"])))
	}
	return found
}

// parseWhole returns the number that a text holds, or zero.
func parseWhole(text string) int { return max(sources.ParseNumber(strings.TrimSpace(text)), 0) }

// addHeaderLinks adds what the header of a response says of hubs (WebSub §4), which
// counts before what the feed says.
func (m *memory) addHeaderLinks(res outside.Response) {
	var hubs []string
	self := ""
	for _, line := range res.Header.Values("Link") {
		for part := range strings.SplitSeq(line, ",") {
			href, params, _ := strings.Cut(strings.TrimSpace(part), ">")
			href, ok := strings.CutPrefix(href, "<")
			if !ok {
				continue
			}
			for param := range strings.SplitSeq(params, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
				if !strings.EqualFold(name, "rel") {
					continue
				}
				for rel := range strings.FieldsSeq(strings.ToLower(strings.Trim(value, `"`))) {
					switch at := sources.SafeLink(res.URL, href); rel {
					case "hub":
						hubs = append(hubs, at)
					case "self":
						self = cmp.Or(self, at)
					}
				}
			}
		}
	}
	if len(hubs) > 0 {
		m.Hubs = hubs[:min(len(hubs), maxHubs)]
	}
	m.Self = cmp.Or(self, m.Self)
}
