package hook

import (
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// Say tells what the endpoint wrote: one item whole, of several their titles
// and beginnings. An item without a text tells its facts.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	for _, it := range items {
		told := pull.Block{Kind: pull.Paragraph, Text: it.Body}
		if len(items) > 1 {
			told.Text = it.Summary
		}
		if told.Text == "" {
			told = pull.Block{Kind: pull.FactLines, Facts: labelled(it.Facts)}
		}
		sources.AddBlocks(&r, pull.Block{Kind: pull.Title, Text: it.Title}, told, pull.Block{Kind: pull.Link, URL: it.Link, Tight: len(items) > 1})
		if len(items) == 1 {
			r.Media = it.Media
			if len(r.Blocks) == 0 {
				r.Blocks = append(r.Blocks, shown(it.Media)...)
			}
		}
	}
	return r
}

// labelled returns the facts under the names that the endpoint gave them.
func labelled(all what.Facts) []pull.LabelledFact {
	var told []pull.LabelledFact
	for _, f := range all {
		value := f.Text
		if f.Kind == what.List {
			value = strings.Join(f.List, ", ")
		}
		told = append(told, pull.LabelledFact{Label: strings.ReplaceAll(f.Name, "_", " "), Value: value})
	}
	return told
}

// shown returns the addresses of media that nothing is said of: not every messenger
// shows them.
func shown(media []what.Media) []pull.Block {
	if len(media) == 0 {
		return nil
	}
	return []pull.Block{{Kind: pull.Link, URL: media[0].URL, Text: media[0].Alt}}
}
