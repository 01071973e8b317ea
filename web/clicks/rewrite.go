package clicks

import (
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/withdrawal"
)

// rewriteLinks returns a reply in which the links of its items are those that link returns for
// them; where it returns "", a link stays. What programs read of a reply stays too.
func rewriteLinks(r pull.Reply, link func(withdrawal.Told) string) pull.Reply {
	told := r.Tells
	for _, a := range r.Answers {
		told = append(slices.Clip(told), a.Tells...)
	}
	w := rewriter{to: map[string]string{}}
	for _, t := range told {
		if _, known := w.to[t.Link]; known || t.Link == "" {
			continue
		}
		if to := link(t); to != "" {
			w.to[t.Link] = to
			w.from = append(w.from, t.Link)
		}
	}
	if len(w.from) == 0 {
		return r
	}
	// The longest first, since one may begin with another.
	slices.SortFunc(w.from, func(a, b string) int { return len(b) - len(a) })
	r.Blocks, r.Buttons, r.Answers, r.Cards = slices.Clone(r.Blocks), slices.Clone(r.Buttons), slices.Clone(r.Answers), slices.Clone(r.Cards)
	for i := range r.Blocks {
		w.rewriteBlock(&r.Blocks[i])
	}
	for i := range r.Buttons {
		r.Buttons[i].URL = w.addressOf(r.Buttons[i].URL)
	}
	for i := range r.Cards {
		r.Cards[i].Link = w.addressOf(r.Cards[i].Link)
	}
	for i := range r.Answers {
		r.Answers[i].Rest = w.addressOf(r.Answers[i].Rest)
	}
	r.Rest = w.addressOf(r.Rest)
	return r
}

// rewriter knows what stands in the place of which addresses.
type rewriter struct {
	from []string
	to   map[string]string
}

func (w rewriter) rewriteBlock(b *pull.Block) {
	b.URL, b.Text = w.addressOf(b.URL), w.textOf(b.Text)
	b.Lines, b.Facts = slices.Clone(b.Lines), slices.Clone(b.Facts)
	for i := range b.Lines {
		b.Lines[i] = w.textOf(b.Lines[i])
	}
	for i := range b.Facts {
		b.Facts[i].Value = w.textOf(b.Facts[i].Value)
	}
}

func (w rewriter) addressOf(address string) string {
	if to, ok := w.to[address]; ok && address != "" {
		return to
	}
	return address
}

// textOf rewrites addresses that stand whole in a text.
func (w rewriter) textOf(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	var b strings.Builder
	for text != "" {
		from, at := w.firstIn(text)
		if at < 0 {
			break
		}
		end := at + len(from)
		b.WriteString(text[:at])
		if endsAddress(text[end:]) {
			b.WriteString(w.to[from])
		} else {
			b.WriteString(from)
		}
		text = text[end:]
	}
	b.WriteString(text)
	return b.String()
}

// firstIn returns the address that comes first in a text, and where.
func (w rewriter) firstIn(text string) (from string, at int) {
	at = -1
	for _, one := range w.from {
		if i := strings.Index(text, one); i >= 0 && (at < 0 || i < at) {
			from, at = one, i
		}
	}
	return from, at
}

// endsAddress reports whether an address before this text is over: a sign that ends a
// sentence is no part of it.
func endsAddress(rest string) bool {
	rest = strings.TrimLeft(rest, ".,;:!?)]}'\"»”")
	return rest == "" || strings.ContainsAny(rest[:1], " \t\r\n<>|*_~`") || rest[0] >= 0x80
}
