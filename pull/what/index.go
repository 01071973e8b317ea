package what

import (
	"maps"
	"slices"
	"strings"
)

// ReservedWords are further words of a command, beside the built-in ones.
type ReservedWords struct {
	Command Command
	Words   []string
}

// Index turns messages into keywords. It is immutable, safe for concurrent
// use, and made of hash maps alone: how many look-ups a message takes does not
// depend on how many keywords there are.
type Index struct {
	keywords []keyword
	phrases  []phrase
	// lists holds the phrases of the forms that have more than one.
	lists     [][]int32
	languages []string
	// exact maps a normal form to its phrases, folded a folded form that is
	// not the normal form of the same phrase.
	exact, folded *forms
	terms         termForms
	reserved      map[string]Command
	// longest bounds the phrases that take an argument, in words and, where
	// they have characters of a script without spaces, in characters.
	longestWords, longestRunes int
}

// keyword is what is left of a Keyword once its phrases are in the maps.
type keyword struct {
	id         string
	argument   bool
	vocabulary *vocabulary
}

// phrase is one phrase of a keyword as its editor spelt it, with the keyword's
// id, so that a match need not go and look for it.
type phrase struct {
	text     string
	id       string
	keyword  int32
	language int32
}

// NewIndex builds the index of a publisher's keywords. It accepts everything:
// phrases that several keywords share become ties, empty phrases and unknown
// arguments count as not there. It copies what it keeps, strings and a
// term's names aside, which the caller must not change.
func NewIndex(keywords []Keyword, o Options) *Index {
	commandWords() // so that the first reader does not wait for the table
	b := newBuilder(len(keywords))
	for i := range keywords {
		b.add(&keywords[i])
	}
	for _, r := range o.Reserved {
		b.reserve(r)
	}
	b.ix.exact.settle(b.ix.phrases)
	b.ix.folded.settle(b.ix.phrases)
	return b.ix
}

// builder fills an Index.
type builder struct {
	ix        *Index
	languages map[string]int32
	shared    map[vocabularyKey]*vocabulary
}

func newBuilder(size int) *builder {
	return &builder{
		ix: &Index{
			keywords: make([]keyword, 0, size),
			phrases:  make([]phrase, 0, size),
			exact:    newForms(size),
			folded:   newForms(0),
			terms:    termForms{exact: map[string][]termRef{}, folded: map[string][]termRef{}},
			reserved: map[string]Command{},
		},
		languages: map[string]int32{},
		shared:    map[vocabularyKey]*vocabulary{},
	}
}

func (b *builder) add(k *Keyword) {
	number := place(len(b.ix.keywords))
	takes := k.Argument == ArgumentOptional || k.Argument == ArgumentRequired
	entry := keyword{id: k.ID, argument: takes}
	if len(k.Vocabulary) > 0 && (takes || k.Bare) {
		entry.vocabulary = b.vocabulary(k.Vocabulary)
	}
	if k.Bare {
		b.bare(number, entry.vocabulary)
	}
	b.ix.keywords = append(b.ix.keywords, entry)
	for _, language := range slices.Sorted(maps.Keys(k.Phrases)) {
		for _, text := range k.Phrases[language] {
			b.phrase(phrase{text: text, id: k.ID, keyword: number, language: b.language(language)}, takes)
		}
	}
}

// place makes an int32 of a place in a slice, at half the memory.
func place(n int) int32 {
	return int32(n) //nolint:gosec // memory ends long before two thousand million phrases
}

func (b *builder) language(tag string) int32 {
	number, ok := b.languages[tag]
	if !ok {
		number = place(len(b.ix.languages))
		b.languages[tag] = number
		b.ix.languages = append(b.ix.languages, tag)
	}
	return number
}

func (b *builder) phrase(p phrase, takesArgument bool) {
	normal := Normal(p.text)
	if normal == "" || len(p.text) > maxPhrase || len(p.id) > maxPhrase {
		return
	}
	number := place(len(b.ix.phrases))
	b.ix.phrases = append(b.ix.phrases, p)
	b.put(b.ix.exact, normal, number)
	for _, form := range folds(normal) {
		if form != normal {
			b.put(b.ix.folded, form, number)
		}
	}
	if takesArgument {
		b.measure(normal)
	}
}

// maxPhrase bounds a phrase, in bytes: a longer one is never sent.
const maxPhrase = 1024

// maxTies bounds the phrases kept of one form: an offer shows three, and the
// rest is for the reader's language to choose from.
const maxTies = 64

// put adds a phrase to a form. One keyword stands once in the list of a form
// and a language.
func (b *builder) put(m *forms, form string, number int32) {
	held, ok := m.find(form)
	switch {
	case !ok:
		m.set(form, number)
	case held >= 0:
		if !b.same(held, number) {
			b.ix.lists = append(b.ix.lists, []int32{held, number})
			m.set(form, ^place(len(b.ix.lists)-1))
		}
	default:
		list := b.ix.lists[^held]
		again := func(other int32) bool { return b.same(other, number) }
		if len(list) < maxTies && !slices.ContainsFunc(list, again) {
			b.ix.lists[^held] = append(list, number)
		}
	}
}

func (b *builder) same(one, other int32) bool {
	p, q := &b.ix.phrases[one], &b.ix.phrases[other]
	return p.keyword == q.keyword && p.language == q.language
}

func (b *builder) measure(normal string) {
	b.ix.longestWords = max(b.ix.longestWords, strings.Count(normal, " ")+1)
	if n := spacelessRunes(normal); n > 0 {
		b.ix.longestRunes = max(b.ix.longestRunes, n)
	}
}

func (b *builder) reserve(r ReservedWords) {
	for _, word := range r.Words {
		if normal := Normal(word); normal != "" {
			b.ix.reserved[normal] = r.Command
			b.ix.reserved[fold(normal)] = r.Command
		}
	}
}

// baseLanguage returns a language tag without region and script.
func baseLanguage(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return strings.ToLower(tag)
}
