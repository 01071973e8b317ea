package links

import (
	"context"
	"net/http"
	"time"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/messengers"
)

// KeywordLinks is the input of "keyword.ways".
type KeywordLinks struct {
	console.Of
	ID       string `json:"id" path:"keyword" doc:"Id of the keyword."`
	Channel  string `json:"channel,omitempty" query:"channel" doc:"Id of one channel; all that have links where not given."`
	Language string `json:"language,omitempty" query:"language" doc:"The language of the word that is sent; the publisher's own where not given."`
}

// KeywordLink is a link with what may be printed beside it.
type KeywordLink struct {
	Link
	// SVG and PNG are where its code is.
	SVG    string `json:"svg" doc:"Address of its QR code as a drawing; empty, as PNG and Button are, where the publisher is for staff only."`
	PNG    string `json:"png" doc:"Address of its QR code as a picture."`
	Poster string `json:"poster" doc:"Words for a poster."`
	Button string `json:"button" doc:"The tag that puts a button into an article."`
}

// Told is the output of "keyword.ways".
type Told struct {
	Word string `json:"word" doc:"What is sent."`
	Page string `json:"page" doc:"The page that shows all ways; its oEmbed is told on it. Empty where the publisher is for staff only."`
	// Briefing is where the answer is as a flash briefing; empty if the keyword
	// is not to be had so.
	Briefing string        `json:"briefing,omitempty" doc:"Where the answer is as a flash briefing."`
	Links    []KeywordLink `json:"links"`
}

// ListLinks is "keyword.ways".
var ListLinks = console.Declare[KeywordLinks, Told](console.Declaration{
	Name: "keyword.ways", Permission: console.Read, Slow: true, Method: http.MethodGet, Path: "/publishers/{publisher}/keywords/{keyword}/ways",
	Summary: "Tell how readers get to a keyword: a link for each channel that has one, with QR codes, words for posters and a button.",
})

// Operations returns those of the package.
func (g Guide) Operations() []console.Bound { return []console.Bound{ListLinks.Bind(g.listLinks)} }

func (g Guide) listLinks(ctx context.Context, in KeywordLinks) (Told, error) {
	a, ok := g.Keyword(in.Publisher, in.ID, in.Language)
	if !ok {
		return Told{}, console.NoThing(catalogue.ResourceKeyword, in.ID)
	}
	page, shown := g.Page(a), !a.Publisher.StaffOnly
	out := Told{Word: a.Word, Links: []KeywordLink{}}
	if shown {
		out.Page = page
	}
	if shown && a.Keyword.Briefing {
		out.Briefing = g.PublicURL + Briefing + "/" + a.Publisher.ID + "/" + a.Keyword.ID + ".json"
	}
	for _, link := range g.linksOf(a, func(m messengers.Linker) string { return linkOnceIntroduced(ctx, m, a.Word) }) {
		if in.Channel != "" && link.Channel != in.Channel {
			continue
		}
		if !shown {
			out.Links = append(out.Links, KeywordLink{Link: link, Poster: a.Poster(link)})
			continue
		}
		code := page + "/code/" + link.Channel
		out.Links = append(out.Links, KeywordLink{Link: link, SVG: code + ".svg?lang=" + a.Language, PNG: code + ".png?lang=" + a.Language,
			Poster: a.Poster(link), Button: `<script async src="` + page + "/button.js?channel=" + link.Channel + "&amp;lang=" + a.Language + `"></script>`})
	}
	return out, nil
}

// introducing is how long a platform is waited for that has to tell an account's
// name before there is a link to it.
const introducing = 5 * time.Second

// linkOnceIntroduced returns a link that asks the words; of an account that does not know its
// own name yet, once the platform has told it.
func linkOnceIntroduced(ctx context.Context, m messengers.Linker, words string) string {
	link := m.Link(words)
	of, asks := m.(messengers.Introducer)
	if link != "" || !asks {
		return link
	}
	ctx, cancel := context.WithTimeout(ctx, introducing)
	defer cancel()
	of.Introduce(ctx)
	return m.Link(words)
}
