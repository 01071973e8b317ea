package archive

import (
	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// Say quotes the passage with where and when it stood; several are headlines.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) != 1 {
		for _, it := range items {
			sources.AddBlocks(&r, pull.Block{Kind: pull.Paragraph, Text: it.Title}, pull.Block{Kind: pull.Link, URL: it.Link, Tight: true})
		}
		return s.settings.AddCredit(r)
	}
	it := items[0]
	const quoted = 1200
	if text := sources.Shorten(it.Summary, quoted); text != "" && text != it.Title {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: own.Say(v.Language, "quoted", map[string]any{"text": text})})
	}
	moment := ""
	switch {
	case !it.Published.IsZero():
		moment = sources.Moment(it.Published, v)
	case !it.Seen.IsZero():
		moment = sources.FirstSeen(it.Seen, v)
	}
	sources.AddBlocks(&r, pull.Block{Kind: pull.Title, Text: it.Title}, pull.Block{Kind: pull.Note, Text: moment, Tight: true}, pull.Block{Kind: pull.Link, URL: it.Link})
	return s.settings.AddCredit(r)
}
