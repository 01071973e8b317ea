package what

import (
	"runtime"
	"slices"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// lexiconBuilder fills a lexicon.
type lexiconBuilder struct {
	*lexicon
	tags map[string]int32
	// entries says that the texts are those of a vocabulary.
	entries bool
	// words are the distinct words for typing errors, wordOf numbers them.
	words  []string
	wordOf map[string]int32
	// ofWord pairs words with the phrases of several words that have them.
	pairs []pair
	// wholes are the phrases without spaces; wholeOf numbers them.
	wholes  []string
	wholeOf map[string]int32
	// begun is how many texts are worked out or being so, now those of the latter
	// that are filed next.
	begun int
	now   *batch
}

// batch are texts that are worked out side by side, from some number on.
type batch struct {
	together
	from int
	all  []analysis
}

type pair struct{ word, phrase int32 }

func newLexiconBuilder(size int) *lexiconBuilder {
	return &lexiconBuilder{
		lexicon: &lexicon{
			phrases: make([]phrase, 0, size),
			exact:   newForms(size),
			keys:    hashtable.New(4 * size),
		},
		tags: map[string]int32{}, wordOf: make(map[string]int32, size), wholeOf: map[string]int32{},
	}
}

// maxPhrase bounds a phrase, in bytes: a longer one is never sent. maxForm
// bounds its normal form, which may be longer, and maxTags the languages.
const maxPhrase, maxForm, maxTags = 1024, 1 << 15, 1<<15 - 1

// maxTies bounds the phrases kept of one form: an offer shows three, and the
// rest is for the reader's language to choose from.
const maxTies = 64

// add takes a text on; what is too long or empty is left out.
func (b *lexiconBuilder) add(p phrase, language string) {
	if len(p.text) > maxPhrase || len(p.id) > maxPhrase {
		return
	}
	p.language = b.tag(language)
	b.phrases = append(b.phrases, p)
	if len(b.phrases)-b.begun >= atOnce {
		b.advance()
	}
}

// atOnce is how many texts are worked out side by side.
const atOnce = 4096

// advance begins to work out the texts that were added since it last did, and
// files those before them meanwhile.
func (b *lexiconBuilder) advance() {
	next := b.begin()
	b.file()
	b.now = next
}

// begin works out the texts that are left.
func (b *lexiconBuilder) begin() *batch {
	texts, languages := b.phrases[b.begun:], b.languages
	next := &batch{from: b.begun, all: make([]analysis, len(texts))}
	b.begun = len(b.phrases)
	share := max(256, (len(texts)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for from := 0; from < len(texts); from += share {
		to := min(from+share, len(texts))
		work := func() {
			w := analyst{table: b.keys}
			for i := from; i < to; i++ {
				next.all[i] = w.analyse(texts[i].text, languages[texts[i].language])
				if b.entries {
					w.entry(&next.all[i], &texts[i])
				}
			}
		}
		if to-from == len(texts) {
			work()
			continue
		}
		next.do(work)
	}
	return next
}

// file puts the texts that were begun before where they are found.
func (b *lexiconBuilder) file() {
	if b.now == nil {
		return
	}
	b.now.wait()
	for i := range b.now.all {
		a := &b.now.all[i]
		if n := len(a.normal); n > 0 && n < maxForm {
			b.put(index32(b.now.from+i), a)
		}
	}
	b.now = nil
}

// put files one text under everything it may be found by.
func (b *lexiconBuilder) put(number int32, a *analysis) {
	b.phrases[number].nature = a.nature
	b.latin[a.spelling] = true
	b.begins.add(a.normal)
	b.begins.add(textform.FoldNormal(a.normal))
	b.set(a.normal, number)
	if a.written != "" {
		b.set(a.written, number)
	}
	for _, key := range a.keys {
		held, ok := b.keys.Find(key)
		if value, changed := b.enlist(held, ok, number); changed {
			b.keys.Set(key, value)
		}
	}
	if a.stem.language != "" && !slices.Contains(b.stems, a.stem) && len(b.stems) < maxStemmings {
		b.stems = append(b.stems, a.stem)
	}
	for _, w := range a.words {
		word := b.word(w)
		if len(a.words) > 1 && !speech.IsSmall(w) {
			b.pairs = append(b.pairs, pair{word, number})
		}
	}
	if a.whole != "" && textform.Weight(a.whole) >= twoErrors {
		b.whole(a.whole, number)
	}
}

// set files a text under a form.
func (b *lexiconBuilder) set(form string, number int32) {
	held, ok := b.exact.find(form)
	if value, changed := b.enlist(held, ok, number); changed {
		b.exact.set(form, value)
	}
}

// maxStemmings bounds the languages whose rules are tried on each message.
const maxStemmings = 16

// enlist adds a phrase to what a form held. One owner stands once in the list
// of a form and a language.
func (b *lexiconBuilder) enlist(held int32, ok bool, number int32) (value int32, changed bool) {
	switch {
	case !ok:
		return number, true
	case held >= 0:
		if b.same(held, number) {
			return held, false
		}
		b.lists = append(b.lists, []int32{held, number})
		return ^index32(len(b.lists) - 1), true
	}
	list := b.lists[^held]
	again := func(other int32) bool { return b.same(other, number) }
	if len(list) < maxTies && !slices.ContainsFunc(list, again) {
		b.lists[^held] = append(list, number)
	}
	return held, false
}

func (b *lexiconBuilder) same(one, other int32) bool {
	p, q := &b.phrases[one], &b.phrases[other]
	return p.owner == q.owner && p.language == q.language
}

func (b *lexiconBuilder) word(w string) int32 {
	number, ok := b.wordOf[w]
	if !ok {
		number = index32(len(b.words))
		b.wordOf[w] = number
		b.words = append(b.words, w)
	}
	return number
}

func (b *lexiconBuilder) whole(w string, phrase int32) {
	number, ok := b.wholeOf[w]
	if !ok {
		b.wholeOf[w] = index32(len(b.wholes))
		b.wholes = append(b.wholes, w)
		b.compacts = append(b.compacts, phrase)
		return
	}
	if value, changed := b.enlist(b.compacts[number], true, phrase); changed {
		b.compacts[number] = value
	}
}

// tag numbers a language.
func (b *lexiconBuilder) tag(language string) int32 {
	number, ok := b.tags[language]
	if !ok && len(b.languages) < maxTags {
		number = index32(len(b.languages))
		b.tags[language] = number
		b.languages = append(b.languages, language)
	}
	return number
}

// finish returns the lexicon, to which nothing can be added any more.
func (b *lexiconBuilder) finish() *lexicon {
	b.advance()
	b.file()
	for i, w := range b.words {
		b.keys.Set(hashOf(b.keys, byWord, w), index32(i))
	}
	b.post()
	// What building took goes before the largest part is made.
	b.wordOf, b.wholeOf, b.pairs = nil, nil, nil
	b.keys.Fit()
	b.exact.settle(b.phrases)
	b.typing = newTyping(b.words, b.wholes)
	l := b.lexicon
	b.words, b.wholes = nil, nil
	l.typing.fill()
	return l
}

// post lists the phrases of each word.
func (b *lexiconBuilder) post() {
	p := postings{starts: make([]uint32, len(b.words)+1), total: make([]int32, len(b.words))}
	for _, pair := range b.pairs {
		p.total[pair.word]++
	}
	sum := uint32(0)
	for i, n := range p.total {
		p.starts[i] = sum
		sum += uint32(min(n, maxPostings)) //nolint:gosec // counts are not negative
	}
	p.starts[len(b.words)] = sum
	p.items = make([]int32, sum)
	filled := make([]int32, len(b.words))
	for _, pair := range b.pairs {
		if n := filled[pair.word]; n < maxPostings {
			p.items[p.starts[pair.word]+uint32(n)] = pair.phrase //nolint:gosec // not negative
			filled[pair.word]++
		}
	}
	b.postings = p
}

// index32 makes an int32 of a place in a slice, at half the memory.
func index32(n int) int32 {
	return int32(n) //nolint:gosec // memory ends long before two thousand million phrases
}
