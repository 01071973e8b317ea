package feed

import (
	"bytes"
	"encoding/json"
	"strings"

	jsonfeed "github.com/mmcdole/gofeed/json"
	"golang.org/x/text/language"

	"keypull/pull/what"
)

// languageTag returns the tag of the language that an item says it is in, or "" if it
// says none.
func (e entry) languageTag() string {
	named := e.bases.lang
	if dc := e.raw.DublinCoreExt; named == "" && dc != nil && len(dc.Language) > 0 {
		named = dc.Language[0]
	}
	return tagOf(named)
}

// tagOf returns the BCP 47 tag of a named language, or "" if it is unknown.
func tagOf(named string) string {
	tag, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(named), "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// fillLanguages gives items without a language that of their feed, if other items have
// one of their own.
func fillLanguages(items []what.Item, feed string) {
	if len(languagesOf(items)) == 0 {
		return
	}
	for i := range items {
		if items[i].Language == "" {
			items[i].Language = tagOf(feed)
		}
	}
}

// itemsJSON returns what its parser does not tell of the items of a JSON feed.
func itemsJSON(f *jsonfeed.Feed) []itemBases {
	var all []itemBases
	for _, it := range f.Items {
		b := itemBases{}
		if it != nil {
			b.lang = it.Language
			b.lengths = lengthsOf(it)
		}
		all = append(all, b)
	}
	return all
}

// metadataJSON returns what a JSON feed says of itself.
func metadataJSON(f *jsonfeed.Feed, text []byte) metadata {
	s := metadataReader{}
	var more struct {
		Hubs []struct {
			Type string `json:"type"`
			URL  string `json:"url"`
		} `json:"hubs"`
	}
	if bytes.Contains(text, []byte(`"hubs"`)) && json.Unmarshal(text, &more) == nil {
		for _, h := range more.Hubs {
			if strings.EqualFold(h.Type, "WebSub") {
				s.addLink("hub", h.URL)
			}
		}
	}
	if f.FeedURL != "" {
		s.addLink("self", f.FeedURL)
	}
	return s.parseTexts()
}

// lengthsOf returns how many seconds the attachments of an item take.
func lengthsOf(it *jsonfeed.Item) map[string]int {
	var all map[string]int
	if it.Attachments == nil {
		return nil
	}
	for _, a := range *it.Attachments {
		if n := a.DurationInSeconds; n > 0 && n <= maxSeconds {
			if all == nil {
				all = map[string]int{}
			}
			all[a.URL] = int(n)
		}
	}
	return all
}
