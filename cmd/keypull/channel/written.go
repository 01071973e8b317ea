package channel

import (
	"keypull/pull"
	"keypull/pull/what"
)

// written is a reply as it is written down: in blocks, as "keypull ask --json"
// prints it, or in short: a text, items, a link and a stamp.
type written struct {
	pull.Reply
	Text  string      `json:"text"`
	Items []what.Item `json:"items"`
	Link  string      `json:"link"`
	Stamp string      `json:"stamp"`
}

// reply is all of it in blocks.
func (w written) reply() pull.Reply {
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
		var facts []pull.LabelledFact
		for _, f := range it.Facts {
			facts = append(facts, pull.LabelledFact{Label: f.Name, Value: it.Facts.Text(f.Name)})
		}
		add(pull.Block{Kind: pull.FactLines, Facts: facts})
		add(pull.Block{Kind: pull.Link, URL: it.Link})
		if i == 0 {
			r.Media = append(r.Media, it.Media...)
		}
	}
	add(pull.Block{Kind: pull.Link, URL: w.Link})
	add(pull.Block{Kind: pull.Stamp, Text: w.Stamp})
	return r
}
