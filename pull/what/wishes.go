package what

import (
	"slices"
	"strings"

	"keypull/pull/what/speech"
)

// MaxWishes is the most keywords that one message can run.
const MaxWishes = 3

// maxNamed is how many phrases a message names at most that is looked at for
// several wishes: who names more lists things, and asks for none.
const maxNamed = 2 * MaxWishes

// mostWishes is how many keywords the message may ask for: what names several behind a
// command means all of them.
func (t *tiers) mostWishes() int {
	if t.behind {
		return MaxWishes
	}
	return t.ix.wishes
}

// wished runs the keywords of a message that asks for several, where one message
// may run as many.
func (t *tiers) wished(spans []span) (Match, bool) {
	if t.mostWishes() < 2 || slices.ContainsFunc(spans, func(s span) bool { return t.negated(s, spans) }) {
		return Match{}, false
	}
	if sure := t.main(spans); len(sure) > 0 {
		spans = sure
	}
	wishes, whole := t.partWishes(spans)
	if len(wishes) < 2 || len(wishes) > t.mostWishes() || halved(wishes) {
		return Match{}, false
	}
	c := t.certainty(whole, 1)
	if all, _ := t.around(whole); all.tellingWords() > 0 || c.Value < t.ix.runFrom && !t.listsPhrases(spans) {
		return Match{}, false
	}
	return Match{Decision: Run, Tier: TierFiller, Candidates: wishes, Certainty: c}, true
}

// partWishes returns the keywords of a message that asks for several, and what they and their
// arguments cover. Each is asked for in a part of the message that would run it alone; a part may
// bring its own argument. Between two parts stands a word or a sign that joins them, and none that
// leaves open which is meant.
func (t *tiers) partWishes(spans []span) (wishes []Candidate, whole []span) {
	if t.partial || len(spans) < 2 || len(spans) > maxNamed {
		return nil, nil
	}
	p := parting{t, spans}
	cuts, ok := p.cuts()
	if !ok || len(cuts) == 0 {
		return nil, nil
	}
	from := 0
	whole = slices.Clone(spans)
	for _, cut := range append(cuts, wishCut{end: len(t.text), next: len(t.text)}) {
		c, ok := p.wish(p.without(from, cut.end))
		if !ok {
			return nil, nil
		}
		if c.Argument != "" {
			whole = append(whole, p.covering(from, cut.end))
		}
		if !slices.ContainsFunc(wishes, func(w Candidate) bool { return w.Keyword == c.Keyword && w.Argument == c.Argument }) {
			wishes = append(wishes, c)
		}
		from = cut.next
	}
	return wishes, whole
}

// withArguments gives candidates that are offered what each would be asked for in its part of the
// message: "news and weather in Paris" offers the weather of Paris.
func (t *tiers) withArguments(offered []Candidate, spans []span) {
	wishes, _ := t.partWishes(spans)
	for i := range offered {
		if at := slices.IndexFunc(wishes, func(w Candidate) bool { return w.Keyword == offered[i].Keyword }); at >= 0 && offered[i].Argument == "" {
			offered[i] = wishes[at]
		}
	}
}

// parting cuts a message that names some phrases into its wishes.
type parting struct {
	*tiers
	spans []span
}

// wish returns the keyword that a part of the message runs as it stands.
func (p parting) wish(text string) (Candidate, bool) {
	part := newTiers(p.ix, strings.TrimSpace(text), p.languages)
	part.partial = true
	m, ok := part.answer()
	p.probes += part.probes
	if !ok || m.Decision != Run || m.Corrected {
		return Candidate{}, false
	}
	return m.Candidates[0], true
}

// without returns the message from one byte to another, without what is written to
// the words of its phrases for "and".
func (p parting) without(from, end int) string {
	var b strings.Builder
	for _, s := range p.spans {
		k := &p.tokens[p.joinedAt(s.from, s.to)]
		if !s.joins || k.Start < from || k.End > end || k.End-k.Start != len(k.Folded) {
			continue
		}
		b.WriteString(p.text[from:k.Start])
		b.WriteString(p.text[k.Start+k.JoinedFrom : k.Start+k.JoinedTo])
		from = k.End
	}
	b.WriteString(p.text[from:end])
	return b.String()
}

// halved reports whether a keyword is asked for with an argument and without
// one: "infosys, share price" is one wish.
func halved(wishes []Candidate) bool {
	return slices.ContainsFunc(wishes, func(a Candidate) bool {
		return a.Argument == "" && slices.ContainsFunc(wishes, func(b Candidate) bool { return b.Keyword == a.Keyword && b.Argument != "" })
	})
}

// covering returns a span of the part of the message from one byte to another, which
// one keyword and its argument are.
func (p parting) covering(from, end int) span {
	var s span
	for _, named := range p.spans {
		if p.tokens[named.from].Start >= from && p.tokens[named.to-1].End <= end {
			s = named
		}
	}
	for s.from > 0 && p.tokens[s.from-1].Start >= from {
		s.from--
	}
	for s.to < len(p.tokens) && p.tokens[s.to].End <= end {
		s.to++
	}
	return s
}

// wishCut is a place at which one wish of the message ends and the next begins,
// in bytes.
type wishCut struct{ end, next int }

// cuts returns the places where the message goes from one wish to the next. It is
// false where it leaves open which is meant.
func (p parting) cuts() (all []wishCut, ok bool) {
	for i := range p.spans[1:] {
		cut, found, ok := p.cutBetween(p.spans[i], p.spans[i+1])
		if !ok {
			return nil, false
		}
		if found {
			all = append(all, cut)
		}
	}
	return all, true
}

// cutBetween returns the place between two phrases: the last word that joins, since
// an argument may have one as well, else the last sign that does.
func (p parting) cutBetween(a, b span) (cut wishCut, found, ok bool) {
	for i := a.to; i < b.from; i++ {
		if p.tokens[i].Roles&(speech.Or|speech.Instead) != 0 {
			return wishCut{}, false, false
		}
	}
	for i := b.from - 1; i >= a.to; i-- {
		if !p.adds(i) && (b.from-a.to > 1 || p.tokens[i].Roles&speech.Joint != 0 || !p.addsAnywhere(i)) {
			continue
		}
		first := i
		for first > a.to && p.adds(first-1) {
			first--
		}
		return wishCut{end: p.tokens[first-1].End, next: p.tokens[i+1].Start}, true, true
	}
	// What is written to a word stands before it or behind, as its language has it.
	switch {
	case b.joins:
		return wishCut{end: p.tokens[b.from-1].End, next: p.tokens[b.from].Start}, true, true
	case a.joins:
		return wishCut{end: p.tokens[a.to-1].End, next: p.tokens[a.to].Start}, true, true
	}
	for i := b.from; i >= a.to; i-- {
		if p.tokens[i-1].Part != p.tokens[i].Part {
			cut = wishCut{end: p.tokens[i-1].End, next: p.tokens[i].Start}
			return cut, true, isList(p.text[cut.end:cut.next])
		}
	}
	return wishCut{}, false, true
}

// addsAnywhere reports whether a word joins two things in some language: between two names
// there is nothing that tells the language of a message.
func (msg *message) addsAnywhere(i int) bool {
	k := &msg.tokens[i]
	return msg.adds(i) || !k.Spaceless && speech.Does(k.Folded, speech.And)
}

// adds reports whether a word joins what stands before and behind it.
func (msg *message) adds(i int) bool {
	k := &msg.tokens[i]
	return k.Roles&speech.And != 0 || k.Normal == "&"
}

// isList reports whether signs go from one thing to another that is meant too: a
// colon leads to what is meant, brackets explain, a stroke leaves open which.
func isList(signs string) bool {
	return strings.ContainsAny(signs, ",，、،+;；؛.。!！?？؟।…\n") && !strings.ContainsAny(signs, "/:：()")
}
