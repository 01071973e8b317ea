package what

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// Limits of a message that names several entries: its words, and those of one
// name.
const (
	maxListedWords = 40
	maxEntryWords  = 4
)

// listing returns the entries that some words name one after the other, with
// nothing between them but a word that adds: "WIPRO and INFY". Every word belongs
// to a name, and every name is one entry's alone; less than two are no list.
func (v *vocabulary) listing(msg *message, from, to int, probes *int) (found []int32) {
	if v == nil || to-from < 2 || to-from > maxListedWords {
		return nil
	}
	for at := from; at < to; {
		n := 0
		for size := min(maxEntryWords, to-at); size > 0 && n == 0; size-- {
			idle := size == 1 && onlyAsks(&msg.tokens[at]) && !msg.tokens[at].Symbol
			if !msg.cuts(at, at+size) || idle && (at == from || !msg.addsAnywhere(at-1)) {
				continue // what is small elsewhere is a name behind "and": "wipro and sap"
			}
			typed := msg.asTyped(at, at+size)
			if k := &msg.tokens[at]; size == 1 && k.JoinedTo > 0 {
				typed = msg.text[k.Start+k.JoinedFrom : k.Start+k.JoinedTo] // without the "and" written to it
			}
			terms := v.owners(v.named(typed, probes))
			if len(terms) != 1 {
				continue
			}
			n = size
			if !slices.Contains(found, terms[0]) {
				found = append(found, terms[0])
			}
		}
		switch {
		case n > 0:
		case len(found) > 0 && msg.addsAnywhere(at) && !msg.tokens[at].Symbol:
			n = 1
		default:
			return nil
		}
		at += n
	}
	if len(found) < 2 {
		return nil
	}
	return found
}

// listed returns the argument that names all of some entries.
func (v *vocabulary) listed(terms []int32) string {
	values := make([]string, len(terms))
	for i, t := range terms {
		values[i] = v.terms[t].Value
	}
	return strings.Join(values, ", ")
}

// severalTerms finds a message that is nothing but entries of the vocabulary of
// a keyword that they call alone, and of which one ask may name several.
func (t *tiers) severalTerms() (Match, bool) {
	var all []ranked
	for i := range t.ix.bare {
		b := &t.ix.bare[i]
		terms := b.listing(&t.message, 0, len(t.tokens), &t.probes)
		if len(terms) == 0 {
			continue
		}
		for _, number := range b.keywords {
			if k := &t.ix.keywords[number]; k.several && !t.calls(number) {
				all = joinRanked(all, ranked{Candidate: Candidate{Keyword: k.id, Argument: b.listed(terms)}, number: number, autocorrect: k.autocorrect})
			}
		}
	}
	return decideRanked(TierVocabulary, all)
}

// calls reports whether a phrase of a keyword stands within the message.
func (t *tiers) calls(number int32) bool {
	return slices.ContainsFunc(t.spans(), func(s span) bool {
		return slices.ContainsFunc(s.all, func(c ranked) bool { return c.number == number && c.Argument == "" })
	})
}

// maxListed is the most words among which an entry is looked for.
const maxListed = 12

// listed returns the entries of a keyword's vocabulary that words beside its phrase
// are: all of them as they were typed, else what is left without words at their ends
// that only ask. A word is never taken apart.
func (q *query) listed(c ranked, from, to int, spans []span) []int32 {
	v := q.ix.keywords[c.number].vocabulary
	if v == nil || to-from > maxListed {
		return nil
	}
	for size := to - from; size > 0; size-- {
		for first := to - size; first >= from; first-- { // what is asked for stands behind what leads to it
			last := first + size
			if first > from && q.ties(first) || last < to && q.ties(last) || !q.idle(c, from, first, spans) || !q.idle(c, last, to, spans) {
				continue
			}
			terms := v.owners(v.named(q.asTyped(first, last), &q.probes))
			if !q.tokens[first].Symbol && q.idle(c, first, last, spans) && !q.tellsEntry(c, first, last, spans) && !q.capitals(c, v, terms, first, last, spans) {
				continue
			}
			symbol := q.tokens[first].Symbol && !q.parted([2]int{from, to})
			if len(terms) == 0 || len(terms) > maxOffer || !symbol && q.names(c, [2]int{from, to}, first, last, spans) {
				continue
			}
			return terms
		}
	}
	return nil
}

// idle reports whether all of some words only ask, or name the keyword once more.
func (q *query) idle(c ranked, from, to int, spans []span) bool {
	for i := from; i < to; i++ {
		k := &q.tokens[i]
		if k.Symbol || !isFiller(k) && !isParticle(k) && !speech.IsPolite(k.Normal) && !q.again(c, i, spans) {
			return false
		}
	}
	return true
}

// tellsEntry reports whether words that may only ask can be what is asked for: one
// word behind the phrase, none of a saying, with no more between than what leads to it
// and nothing but politeness behind it; what leads to another word has nothing there.
func (q *query) tellsEntry(c ranked, first, last int, spans []span) bool {
	const leads = speech.Joint | speech.Article | speech.Link
	k := &q.tokens[first]
	behind := first > 0 && q.again(c, first-1, spans) ||
		first > 1 && q.again(c, first-2, spans) && q.tokens[first-1].Roles&leads != 0 && !q.tokens[first-1].Symbol
	for i := last; i < len(q.tokens); i++ {
		behind = behind && k.Roles&leads == 0 && (speech.IsPolite(q.tokens[i].Normal) || isNoise(&q.tokens[i]))
	}
	return behind && q.run(first) >= last && !k.Carried && !speech.IsPolite(k.Normal)
}

// capitals reports whether a word that may only ask is written just as the one entry
// is, in capitals, where small letters say that these are meant: "A quote",
// "quote for PLEASE". In front of the phrase nothing stands before it.
func (q *query) capitals(c ranked, v *vocabulary, terms []int32, first, last int, spans []span) bool {
	raw := q.asTyped(first, last)
	if len(terms) != 1 || v.terms[terms[0]].Value != raw || !textform.IsSymbol(raw) || q.run(first) < last {
		return false
	}
	before := first == 0 && q.again(c, last, spans)
	behind := slices.ContainsFunc(spans, func(s span) bool { return s.to <= first && q.again(c, s.from, spans) })
	return (before || behind) && strings.ContainsFunc(q.text, unicode.IsLower)
}

// lone reports whether all that is beside a phrase is one word behind it that
// elsewhere leads to what is asked for. It is what was typed: "line on".
func (q *query) lone(c ranked, beside [2]int, spans []span) bool {
	if beside[0] >= beside[1] || !q.tellsEntry(c, beside[0], beside[1], spans) {
		return false
	}
	k := &q.tokens[beside[0]]
	return k.Roles&(speech.Joint|speech.Article|speech.Link) != 0 && k.Roles&(speech.Request|speech.Greeting) == 0 && !slot.Fits(slot.Date, k.Normal)
}

// listedBehind looks behind a phrase for an entry among words that else only ask.
func (q *query) listedBehind(c ranked, s span, spans []span, from, to *int) bool {
	first, last := q.sentence(s)
	*from, *to = s.to, last
	return q.idle(c, first, s.from, spans) && len(q.listed(c, s.to, last, spans)) > 0
}
