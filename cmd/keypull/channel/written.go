package channel

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"keypull/pull"
	"keypull/pull/what"
)

// written is a reply as it is written down: in blocks, as "keypull ask --json"
// prints it, or in short: a text, items, a link and a stamp.
type written struct {
	pull.Reply
	Text  string `json:"text"`
	Items []item `json:"items"`
	Link  string `json:"link"`
	Stamp string `json:"stamp"`
}

// item is one whose facts are a list, or an object from name to value.
type item struct {
	what.Item
	Facts json.RawMessage `json:"facts"`
}

// lines returns the facts of an item.
func (i item) lines() (all []pull.LabelledFact) {
	var list what.Facts
	var named map[string]any
	switch {
	case json.Unmarshal(i.Facts, &list) == nil:
		for _, f := range list {
			all = append(all, pull.LabelledFact{Label: f.Name, Value: list.Text(f.Name)})
		}
	case json.Unmarshal(i.Facts, &named) == nil:
		for _, name := range slices.Sorted(maps.Keys(named)) {
			all = append(all, pull.LabelledFact{Label: name, Value: fmt.Sprint(named[name])})
		}
	}
	return all
}

// toReply returns all of it in blocks.
func (w written) toReply() pull.Reply {
	r := w.Reply
	add := func(b pull.Block) {
		if b.Text != "" || b.URL != "" || len(b.Facts) > 0 {
			r.Blocks = append(r.Blocks, b)
		}
	}
	add(pull.Block{Kind: pull.Paragraph, Text: w.Text})
	for i, it := range w.Items {
		add(pull.Block{Kind: pull.Title, Text: it.Title})
		add(pull.Block{Kind: pull.Paragraph, Text: it.Summary})
		add(pull.Block{Kind: pull.Paragraph, Text: it.Body})
		add(pull.Block{Kind: pull.FactLines, Facts: it.lines()})
		add(pull.Block{Kind: pull.Link, URL: it.Link})
		if i == 0 {
			r.Media = append(r.Media, it.Media...)
		}
	}
	add(pull.Block{Kind: pull.Link, URL: w.Link})
	add(pull.Block{Kind: pull.Stamp, Text: w.Stamp})
	return r
}
