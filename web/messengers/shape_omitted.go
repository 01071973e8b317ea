package messengers

import (
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
)

// omitted returns the parts of the reply that its messages do not tell.
func (s *shaping) omitted(pieces []piece, messages []Message) []string {
	var out []string
	add := func(text string) {
		if text = strings.TrimSpace(strings.ReplaceAll(text, joiner, "")); text != "" {
			out = append(out, text)
		}
	}
	to, closing := 0, ""
	if len(pieces) > 0 {
		last := pieces[len(pieces)-1]
		to, closing = last.to, last.closing.s
	}
	if to < s.tail {
		add(s.text.s[to:s.tail])
	}
	for line := range strings.SplitSeq(s.text.s[max(to, s.tail):], "\n") {
		if !slices.Contains(strings.Split(closing, "\n"), line) {
			add(line)
		}
	}
	for _, k := range s.text.marks {
		if k.url != "" && k.to > to && !slices.ContainsFunc(messages, func(m Message) bool { return strings.Contains(m.Text, s.limits.Markup.target(k.url)) }) {
			add(k.url)
		}
	}
	for _, url := range s.unplaced {
		add(url)
	}
	out = append(out, s.unlabelled(messages, closing)...)
	for _, m := range s.unsent() {
		add(m.URL)
	}
	for _, b := range s.reply.Blocks {
		if b.Kind != pull.Link {
			continue
		}
		if cleanURL(b.URL) == "" {
			add(b.URL)
		} else if label := oneLine(clean(b.Text)); !strings.Contains(s.text.s, label) {
			add(label)
		}
	}
	return out
}

// unlabelled returns the labels of buttons that lead nowhere, and those that had no
// room.
func (s *shaping) unlabelled(messages []Message, closing string) (out []string) {
	for _, given := range s.reply.Buttons {
		b, ok := cleanButton(given)
		label := b.Label
		if !ok {
			out = append(out, strings.TrimSpace(label+" "+given.URL))
			continue
		}
		shown := slices.Contains(s.worded, given) && (strings.Contains(s.text.s, label) || strings.Contains(closing, label))
		for _, m := range messages {
			shown = shown || slices.ContainsFunc(m.Buttons, func(p pull.Button) bool { return p.Label == label }) ||
				slices.ContainsFunc(m.Rows, func(r Row) bool { return r.Label == label || r.Detail == label })
		}
		if !shown {
			out = append(out, label)
		}
	}
	return slices.DeleteFunc(out, func(text string) bool { return text == "" })
}

// unsent returns the media that are neither sent nor told as links.
func (s *shaping) unsent() (out []what.Media) {
	for _, m := range s.reply.Media {
		url := cleanURL(m.URL)
		told := url != "" && (strings.Contains(s.text.s, url) || slices.ContainsFunc(s.text.marks, func(k mark) bool { return k.url == url }))
		told = told || slices.ContainsFunc(s.media, func(sent what.Media) bool { return sent.URL == url })
		if !told {
			out = append(out, m)
		}
	}
	return out
}
