package links

import (
	"cmp"
	"embed"
	"slices"

	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the pages say to readers.
var own = words.Own(files)

// Link is a link by which a reader asks for a keyword on one channel.
type Link struct {
	Channel string `json:"channel"`
	Kind    string `json:"kind"`
	// Title is what people call the messenger.
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Publishers knows the publishers by their ids.
type Publishers interface {
	// Publisher returns one, or nil if there is none.
	Publisher(id string) *catalogue.Setup
}

// Guide knows the links to keywords.
type Guide struct {
	Outlets  Publishers
	Channels *messengers.Channels
	// Title is what people call a kind of messenger.
	Title func(kind, language string) string
	// PublicURL is where the world reaches this server.
	PublicURL string
}

// Asked is a keyword as readers ask for it.
type Asked struct {
	Publisher *catalogue.Setup
	Keyword   *catalogue.Keyword
	// Word is what is sent, in Language.
	Word     string
	Language string
}

// Keyword returns a keyword of a publisher in a language that it has phrases in,
// else in the publisher's first; false where readers can't ask for it.
func (g Guide) Keyword(publisher, keyword, language string) (Asked, bool) {
	p := g.Outlets.Publisher(publisher)
	if p == nil {
		return Asked{}, false
	}
	k, there := p.Keyword(p.Now(catalogue.ResourceKeyword, keyword))
	if !there || len(k.Audience) > 0 {
		return Asked{}, false
	}
	language = words.Base(language)
	for _, l := range append([]string{language}, p.Languages...) {
		if phrases := k.Phrases[l]; slices.Contains(p.Languages, l) && len(phrases) > 0 {
			return Asked{Publisher: p, Keyword: k, Word: phrases[0], Language: l}, true
		}
	}
	return Asked{Publisher: p, Keyword: k, Word: k.Name(p.Languages), Language: cmp.Or(p.Languages...)}, true
}

// Links returns the links to a keyword, in the order of the publisher's channels.
func (g Guide) Links(a Asked) []Link {
	return g.linksOf(a, func(m messengers.Linker) string { return m.Link(a.Word) })
}

// linksOf returns the links that link gives.
func (g Guide) linksOf(a Asked, link func(messengers.Linker) string) []Link {
	links := []Link{}
	for i := range a.Publisher.Channels {
		c := &a.Publisher.Channels[i]
		opened := g.Channels.Find(a.Publisher.ID, c.ID)
		if opened == nil {
			continue
		}
		linker, ok := opened.Messenger.(messengers.Linker)
		if !ok {
			continue
		}
		if address := link(linker); address != "" {
			links = append(links, Link{Channel: c.ID, Kind: c.Kind, Title: g.Title(c.Kind, a.Language), URL: address})
		}
	}
	return links
}

// Page returns the address that shows all links to a keyword.
func (g Guide) Page(a Asked) string {
	return g.PublicURL + "/ask/" + a.Publisher.ID + "/" + a.Keyword.ID
}

// Poster returns what stands beside a code on paper.
func (a Asked) Poster(w Link) string {
	return own.Say(a.Language, "poster", words.Args{"word": a.Word, "channel": w.Title, "name": a.Publisher.Name})
}

// buttonLabel returns what a button that is a link says.
func (a Asked) buttonLabel(w Link) string {
	return own.Say(a.Language, "button", words.Args{"word": a.Word, "channel": w.Title})
}
