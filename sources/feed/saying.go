package feed

import (
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
)

const (
	maxSaid = 400
	maxHubs = 3
)

// saying gathers what a feed says of itself while it is read.
type saying struct {
	texts map[string]string
	says
}

// isSaid says whether a text of the feed itself is gathered.
func isSaid(word string) bool {
	switch word {
	case "ttl", "skiphours", "skipdays", "updateperiod", "updatefrequency":
		return true
	}
	return false
}

// add gathers a text, a part at a time.
func (s *saying) add(word string, text []byte) {
	if s.texts == nil {
		s.texts = map[string]string{}
	}
	if len(s.texts[word])+len(text) < maxSaid {
		s.texts[word] += " " + string(text)
	}
}

// link takes note of a link of the feed itself.
func (s *saying) link(rel, href string) {
	switch strings.ToLower(rel) {
	case "hub":
		if len(s.Hubs) < maxHubs {
			s.Hubs = append(s.Hubs, href)
		}
	case "self":
		s.Self = first(s.Self, href)
	}
}

// all returns what was gathered.
func (s *saying) all() says {
	found := s.says
	found.TTL = whole(s.texts["ttl"])
	for hour := range strings.FieldsSeq(s.texts["skiphours"]) {
		if h := whole(hour); strings.Trim(hour, "0123456789") == "" && h <= 24 {
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
		found.Every = max(1, period/max(1, whole(s.texts["updatefrequency"])))
	}
	return found
}

// whole reads a number; zero if it is none.
func whole(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// listen adds what the header of a response says of hubs (WebSub §4), which
// counts before what the feed says.
func (m *memory) listen(res outside.Response) {
	var head saying
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
						head.link(rel, resolve(res.URL, href))
					}
				}
			}
		}
	}
	if len(head.Hubs) > 0 {
		m.Hubs = head.Hubs
	}
	m.Self = first(head.Self, m.Self)
}
