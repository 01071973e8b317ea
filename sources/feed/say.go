package feed

import (
	"cmp"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/sources"
)

// saidSummary is how long a summary may be in a message.
const saidSummary = 300

// usualBlocks are those of most articles.
const usualBlocks = 4

// Say words one item with its summary, several as a list of headlines; those
// of what is still to come have their date.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	if len(items) == 0 {
		return r
	}
	r.Media = slices.Clone(items[0].Media)
	if len(items) == 1 {
		r.Blocks = s.article(items[0], v)
		return s.credited.AddCredit(r)
	}
	for _, it := range items {
		r.Blocks = append(r.Blocks, headline(it)...)
		if isUpcoming(it, v.At) {
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Note, Text: s.moment(it, v), Tight: true})
		}
	}
	return s.credited.AddCredit(r)
}

func (s *source) article(it what.Item, v pull.Voice) []pull.Block {
	blocks := append(make([]pull.Block, 0, usualBlocks), pull.Block{Kind: pull.Title, Text: it.Title})
	if summary := sources.Shorten(it.Summary, saidSummary); summary != "" && summary != it.Title {
		blocks = append(blocks, pull.Block{Kind: pull.Paragraph, Text: summary})
	}
	if moment := s.moment(it, v); moment != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Note, Text: moment})
	}
	if it.Facts.Text(factPaywall) != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Note, Text: own.Say(v.Language, "paywall", nil), Tight: true})
	}
	if credit := it.Facts.Text(factCredit); credit != "" && it.Image() != "" {
		blocks = append(blocks, pull.Block{Kind: pull.Note, Text: own.Say(v.Language, "picture", words.Args{"credit": credit}), Tight: true})
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

// moment words when an item was published, by the day alone where no time was
// given, else when it was first seen.
func (s *source) moment(it what.Item, v pull.Voice) string {
	switch {
	case it.Published.IsZero() && it.Seen.IsZero():
		return ""
	case it.Published.IsZero():
		return sources.FirstSeen(it.Seen, v)
	case when.IsDay(it.Published, s.zone):
		return words.Day(v.Language, it.Published.In(cmp.Or(s.zone, time.UTC)))
	}
	return sources.Moment(it.Published, v)
}
