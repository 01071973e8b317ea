package feed

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
)

const (
	maxSaid = 400
	maxHubs = 3
)

// metadataReader gathers the metadata of a feed while it is read.
type metadataReader struct {
	texts map[string]string
	metadata
}

// isMetadata reports whether an element of that name holds metadata of the feed.
func isMetadata(word string) bool {
	switch word {
	case "ttl", "skiphours", "skipdays", "updateperiod", "updatefrequency":
		return true
	}
	return false
}

// addText adds a part of the text of an element.
func (s *metadataReader) addText(word string, text []byte) {
	if s.texts == nil {
		s.texts = map[string]string{}
	}
	if len(s.texts[word])+len(text) < maxSaid {
		s.texts[word] += " " + string(text)
	}
}

// addLink keeps a link of the feed to its hub or to itself.
func (s *metadataReader) addLink(rel, href string) {
	switch strings.ToLower(rel) {
	case "hub":
		if len(s.Hubs) < maxHubs {
			s.Hubs = append(s.Hubs, href)
		}
	case "self":
		s.Self = cmp.Or(s.Self, href)
	}
}

// parseTexts returns the metadata that the gathered texts and links make.
func (s *metadataReader) parseTexts() metadata {
	found := s.metadata
	found.TTL = parseWhole(s.texts["ttl"])
	for hour := range strings.FieldsSeq(s.texts["skiphours"]) {
		if h := parseWhole(hour); strings.Trim(hour, "0123456789") == "" && h <= 24 {
			found.Hours |= 1 << (h % 24)
		}
	}
	for day := range strings.FieldsSeq(strings.ToLower(s.texts["skipdays"])) {
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
	if period := minutes[strings.ToLower(strings.TrimSpace(s.texts["updateperiod"]))]; period > 0 {
		found.Every = max(1, period/max(1, parseWhole(s.texts["updatefrequency"])))
	}
	return found
}

// parseWhole returns the number that a text holds, or zero.
func parseWhole(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// addHeaderLinks adds what the header of a response says of hubs (WebSub §4), which
// counts before what the feed says.
func (m *memory) addHeaderLinks(res outside.Response) {
	var head metadataReader
	for _, line := range res.Header.Values("Link") {
		for part := range strings.SplitSeq(line, ",") {
			href, params, _ := strings.Cut(strings.TrimSpace(part), ">")
			href, ok := strings.CutPrefix(href, "<")
			if !ok {
				continue
			}
			for param := range strings.SplitSeq(params, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
				if strings.EqualFold(name, "rel") {
					for rel := range strings.FieldsSeq(strings.Trim(value, `"`)) {
						head.addLink(rel, resolveURL(res.URL, href))
					}
				}
			}
		}
	}
	if len(head.Hubs) > 0 {
		m.Hubs = head.Hubs
	}
	m.Self = cmp.Or(head.Self, m.Self)
}
