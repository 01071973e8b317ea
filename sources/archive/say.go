package archive

import (
	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// Say quotes the passage with where and when it stood; several are headlines.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) == 0 {
		return r
	}
	if len(items) > 1 {
		for _, it := range items {
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: it.Title})
			if it.Link != "" {
				r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, URL: it.Link, Tight: true})
			}
		}
		return s.settings.AddCredit(r)
	}
	it := items[0]
	const quoted = 1200
	if text := sources.Shorten(it.Summary, quoted); text != "" && text != it.Title {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: own.Say(v.Language, "quoted", map[string]any{"text": text})})
	}
	r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Title, Text: it.Title})
	switch {
	case !it.Published.IsZero():
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Note, Text: sources.Moment(it.Published, v), Tight: true})
	case !it.Seen.IsZero():
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Note, Text: sources.FirstSeen(it.Seen, v), Tight: true})
	}
	if it.Link != "" {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, URL: it.Link})
	}
	return s.settings.AddCredit(r)
}
