package feed

import (
	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// saidSummary is how long a summary may be in a message.
const saidSummary = 300

// Say words one item with its summary, several as a list of headlines.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) == 0 {
		return r
	}
	r.Media = sources.Copy(items[:1])[0].Media
	if len(items) == 1 {
		r.Blocks = article(items[0], v)
		return r
	}
	for _, it := range items {
		r.Blocks = append(r.Blocks, headline(it)...)
	}
	return r
}

func article(it what.Item, v pull.Voice) []pull.Block {
	blocks := []pull.Block{{Kind: pull.Title, Text: it.Title}}
	if summary := sources.Shorten(it.Summary, saidSummary); summary != "" && summary != it.Title {
		blocks = append(blocks, pull.Block{Kind: pull.Paragraph, Text: summary})
	}
	if !it.Published.IsZero() {
		blocks = append(blocks, pull.Block{Kind: pull.Note, Text: sources.Moment(it.Published, v)})
	}
	if it.Link != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Link, URL: it.Link})
	}
	return blocks
}

func headline(it what.Item) []pull.Block {
	if it.Link == "" {
		return []pull.Block{{Kind: pull.Paragraph, Text: it.Title}}
	}
	return []pull.Block{{Kind: pull.Paragraph, Text: it.Title}, {Kind: pull.Link, URL: it.Link, Tight: true}}
}
