package what

import (
	"sync"

	"keypull/pull/what/command"
	"keypull/pull/what/keyboard"
	"keypull/pull/what/slot"
	"keypull/pull/what/sound"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// ReservedWords are further words of a command, beside the built-in ones.
type ReservedWords struct {
	Command command.Command
	Words   []string
}

// Index turns messages into keywords. It is immutable, safe for concurrent
// use, and made of hash tables alone: how many look-ups a message takes does not
// depend on how many keywords there are.
type Index struct {
	// layers hold the phrases: most of them the first, those of keywords that
	// have changed since it was built the second.
	layers   []layer
	keywords []keyword
	// bare are the vocabularies whose entries alone call a keyword.
	bare        []bareVocabulary
	reserved    map[string]command.Command
	autocorrect Autocorrect
	// commands are those that are carried out; all of them if it is nil.
	commands []command.Command
	// wishes is how many keywords one message may run.
	wishes int
	// runFrom is the certainty from which a keyword is answered.
	runFrom float64
	// publisher is the normal form of whose index it is.
	publisher string
	// takesArguments says that some keyword does.
	takesArguments bool
	// asksWishes says whether the source of any knows what readers wish.
	asksWishes bool
}

// keyword is what is left of a Keyword once its phrases are in the tables.
type keyword struct {
	id string
	*manner
}

// manner is how keywords take what stands beside their phrases. There may be a
// hundred thousand of them, and few ways.
type manner struct {
	// argument says that it takes one, required that it needs one,
	// whole that all the words beside the phrase are it, dated that it may be a day.
	argument    bool
	required    bool
	several     bool
	whole       bool
	dated       bool
	slot        slot.Kind
	autocorrect Autocorrect
	vocabulary  *vocabulary
}

// bareVocabulary is a vocabulary and the keywords that its entries call.
type bareVocabulary struct {
	*vocabulary
	keywords []int32
}

// NewIndex builds the index of a publisher's keywords. It accepts everything:
// phrases that several keywords share become ties, empty phrases and unknown
// arguments count as not there. The keywords and their phrases must not be
// changed any more.
func NewIndex(keywords []Keyword, o Options) *Index {
	readTables()
	b := builder{
		ix: &Index{
			keywords: make([]keyword, 0, len(keywords)), reserved: map[string]command.Command{}, autocorrect: o.Autocorrect,
			commands: o.Commands, publisher: textform.Normal(o.Publisher), wishes: min(o.Wishes, MaxWishes), runFrom: o.Sure.runFrom(),
		},
		shared: map[*Vocabulary]*vocabulary{}, ways: map[manner]*manner{},
	}
	for i := range keywords {
		b.add(&keywords[i])
	}
	for _, r := range o.Reserved {
		b.reserve(r)
	}
	if o.Former != nil {
		b.ix.layers = o.Former.layers[0].followed(keywords)
	}
	if b.ix.layers == nil {
		all := make([]int32, len(keywords))
		for i := range all {
			all[i] = index32(i)
		}
		b.ix.layers = []layer{newLayer(keywords, all)}
	}
	return b.ix
}

// Ahead begins to read the tables that the first index waits for, beside what its
// caller does meanwhile.
func Ahead() { new(together).do(readTables) }

// readTables reads the tables of words and scripts, once, so that the first
// reader does not wait for them.
var readTables = sync.OnceFunc(func() {
	speech.Mark(nil)
	for _, text := range [...]string{"rеadу", "привет", "γεια", "שלום", "مرحبا", "नमस्ते", "สวัสดี", "안녕", "こんにちは", "發"} {
		folded := textform.FoldNormal(textform.Normal(text))
		command.Whole(folded)
		speech.IsPolite(folded)
		sound.Key(folded)
		sound.Skeleton(folded)
		textform.Unmask(folded)
		textform.Undisguise(folded + folded + folded)
		keyboard.Relayouts(text)
		slot.Fits(slot.Date, text)
		stem.Of(folded, "en")
		command.Misspelt("misspelt")
	}
})

// builder fills an Index.
type builder struct {
	ix     *Index
	shared map[*Vocabulary]*vocabulary
	ways   map[manner]*manner
}

func (b *builder) add(k *Keyword) {
	number := index32(len(b.ix.keywords))
	entry := manner{
		slot: k.Slot, whole: k.Whole, dated: k.Dated || k.Slot == slot.Date, autocorrect: k.Autocorrect, several: k.Several,
		argument: k.Argument == ArgumentOptional || k.Argument == ArgumentRequired, required: k.Argument == ArgumentRequired,
	}
	if entry.autocorrect == "" {
		entry.autocorrect = b.ix.autocorrect
	}
	if k.Vocabulary != nil && (entry.argument || k.Bare) {
		entry.vocabulary = b.vocabulary(k.Vocabulary)
		entry.vocabulary.wish = k.Wish
		b.ix.asksWishes = b.ix.asksWishes || k.Wish != nil
	}
	b.ix.takesArguments = b.ix.takesArguments || entry.argument
	if k.Bare && entry.vocabulary != nil {
		b.bare(number, entry.vocabulary)
	}
	way, ok := b.ways[entry]
	if !ok {
		way = &entry
		b.ways[entry] = way
	}
	b.ix.keywords = append(b.ix.keywords, keyword{k.ID, way})
}

// bare makes every entry of a vocabulary call the keyword.
func (b *builder) bare(number int32, v *vocabulary) {
	for i := range b.ix.bare {
		if b.ix.bare[i].vocabulary == v {
			b.ix.bare[i].keywords = append(b.ix.bare[i].keywords, number)
			return
		}
	}
	b.ix.bare = append(b.ix.bare, bareVocabulary{v, []int32{number}})
}

func (b *builder) reserve(r ReservedWords) {
	for _, word := range r.Words {
		if normal := textform.Normal(word); normal != "" {
			b.ix.reserved[normal] = r.Command
			b.ix.reserved[textform.FoldNormal(normal)] = r.Command
		}
	}
}
