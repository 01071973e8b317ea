// Package instruction reads messages that are a command with something in it: "my city
// Lyon", "add INFY to my stocks". What each language says so stands with the languages, in
// instructions.txt; what stands in the gaps, and whether a publisher carries it out, is
// decided elsewhere.
package instruction

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Kind is what an instruction wants: the name of its section in instructions.txt.
type Kind string

// The kinds of instructions. What stands in angle brackets is a gap.
const (
	// Prefer wants something of the reader remembered: <name> <value>. City is that of
	// the reader's <value>, Zone of the time zone, Language of the language.
	Prefer   Kind = "prefer"
	City     Kind = "city"
	Zone     Kind = "zone"
	Language Kind = "language"
	// LanguageAgain wants a language once more, in words that are those of anything else; it is read
	// as Language.
	LanguageAgain Kind = "language-again"
	// Lives tells where the reader lives, <value>, and not what to do with it.
	Lives Kind = "lives"
	// Here tells where the reader is for now; it answers where that was asked for, and is nothing else.
	Here Kind = "here"
	// Short, Long and Plain say how answers are told, with no gap.
	Short Kind = "short"
	Long  Kind = "long"
	Plain Kind = "plain"
	// Unprefer wants a <name> forgotten, and these what the others remember.
	Unprefer       Kind = "unprefer"
	ForgetCity     Kind = "forget-city"
	ForgetLanguage Kind = "forget-language"
	ForgetZone     Kind = "forget-zone"
	ForgetLength   Kind = "forget-length"
	ForgetPlain    Kind = "forget-plain"
	// Save and Unsave keep <words> among the saved words, or let them go, UnsaveAll all of
	// them and KeepOnly all others; Saved lists the words themselves.
	Save      Kind = "save"
	Unsave    Kind = "unsave"
	UnsaveAll Kind = "unsave-all"
	KeepOnly  Kind = "keep-only"
	Saved     Kind = "saved"
	// ListAdd, ListRemove and ListMake are about <words> on the reader's own <list>, List
	// pulls it, and ListDrop deletes it.
	ListAdd    Kind = "list-add"
	ListRemove Kind = "list-remove"
	ListMake   Kind = "list-make"
	List       Kind = "list"
	ListDrop   Kind = "list-drop"
	// Last asks for the last <n>, Nth for more about the item of that <n>, Also for the
	// same of other <words>.
	Last Kind = "last"
	Nth  Kind = "nth"
	Also Kind = "also"
	// Again asks for the last answer once more.
	Again Kind = "again"
	// Wrong says that an answer is not right, NotThat that something else was meant.
	Wrong   Kind = "wrong"
	NotThat Kind = "not-that"
	// Good and Bad say what the reader thinks of an answer.
	Good   Kind = "good"
	Bad    Kind = "bad"
	Thanks Kind = "thanks"
	// Owe wants what could not be answered to be told once it can.
	Owe Kind = "owe"
	// About asks who answers, and for the outlet's own figures.
	About Kind = "about"
	// AboutWord does in one word, which leads to something else where it is not alone.
	AboutWord Kind = "about-word"
	// Complaint says that the reader is not content at all.
	Complaint Kind = "complaint"
)

// The gaps.
const (
	Name   = "<name>"
	Value  = "<value>"
	Words  = "<words>"
	OnList = "<list>"
	Number = "<n>"
	// Unknown is what of the words names no keyword; no wording has it.
	Unknown = "<unknown>"
)

// Instruction is what a message wants, and what stands in its gaps as it was typed.
type Instruction struct {
	Kind Kind
	Gaps map[string]string
	// Language is the one that it is worded in.
	Language string
}

// The names of the tables.
const (
	tableWordings = "instruction.wordings"
	tableAnchors  = "instruction.anchors"
	tableFillers  = "instruction.fillers"
	tableThis     = "instruction.this"
)

// Bounds of a message that is read as an instruction, of a wording, and of what adds
// nothing: words, or letters of a script without spaces.
const (
	maxMessage = 40
	maxWording = 24
	maxIdle    = 4
)

// wording is one way to say an instruction: words and gaps in their order.
type wording struct {
	kind     Kind
	language string
	parts    []string
	// literal is how many of the parts are words, or gaps with an ending, and ending how many
	// bytes those endings have.
	literal, ending int
}

// wordings are all of them, and their places by the word that each begins with behind its
// first gap, if it begins with one. Fillers are by their language and first word, what stands for
// the last answer ("this") behind its language.
type wordings struct {
	lines   []string
	anchors *hashtable.Frozen[[]uint64]
	fillers map[[2]string][][]string
	this    []string
}

var known = sync.OnceValue(func() wordings {
	return wordings{
		lines:   strings.Split(languages.Table(tableWordings), "\n"),
		anchors: hashtable.Open(languages.Table(tableAnchors), func(numbers []uint64) []uint64 { return numbers }),
		fillers: fillersOf(languages.Table(tableFillers)),
		this:    strings.Split(languages.Table(tableThis), "\n"),
	}
})

// fillersOf reads the table of fillers: a language and words in each line.
func fillersOf(table string) map[[2]string][][]string {
	fillers := map[[2]string][][]string{}
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		key := [2]string{words[0], words[1]}
		fillers[key] = append(fillers[key], words[1:])
	}
	return fillers
}

// parse reads a line of the table: kind, language and parts.
func parse(line string) wording {
	fields := strings.Split(line, " ")
	w := wording{kind: Kind(fields[0]), language: fields[1], parts: fields[2:]}
	for _, p := range w.parts {
		if !strings.HasSuffix(p, ">") {
			w.literal++
		}
		if _, ending, gap := strings.Cut(p, ">"); gap {
			w.ending += len(ending)
		}
	}
	return w
}

func isGap(part string) bool { return strings.HasPrefix(part, "<") }

// Read reads the words of a message as instructions, the likeliest first, each kind once.
// Words before it and behind it that idle says to add nothing may stand around it. Of several
// wordings the one that explains the most words goes first, then one of a language in the
// order of those; there is none whose gaps filled refuses.
func Read(text string, tokens []textform.Token, idle func(words []textform.Token, before bool) bool, filled func(Instruction) bool, preferred []string) []Instruction {
	if len(tokens) == 0 || len(tokens) > maxMessage {
		return nil
	}
	first, last := 0, len(tokens)
	for n := maxIdle; n > 0; n-- {
		for last-n > first && idle(tokens[last-n:last], false) {
			last -= n
		}
	}
	for n := maxIdle; n > 0; n-- {
		for first+n < last && idle(tokens[first:first+n], true) {
			first += n
		}
	}
	all := known()
	r := reader{text: text, tokens: tokens, first: first, last: last, fillers: all.fillers}
	var found []ranked
	for i := range tokens {
		places := all.anchors.Find(tokens[i].Folded)
		if places == nil {
			continue
		}
		for _, at := range *places {
			w := parse(all.lines[at])
			if from, gaps, fits := r.fit(&w, i); fits {
				w.literal += all.takeThis(&w, gaps)
				found = append(found, ranked{rank{w.literal, from, nearness(w.language, preferred), w.ending}, Instruction{w.kind, gaps, w.language}})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return b.compare(a.rank) })
	var read []Instruction
	for _, f := range found {
		same := func(in Instruction) bool { return in.Kind == f.Kind }
		if !slices.ContainsFunc(read, same) && filled(f.Instruction) {
			if f.Kind == LanguageAgain {
				f.Kind = Language
			}
			read = append(read, f.Instruction)
		}
	}
	return read
}

// takeThis takes what stands for the last answer out of the gap of an instruction that keeps
// something or lets it go, and returns how many words that are.
func (all *wordings) takeThis(w *wording, gaps map[string]string) int {
	if !slices.Contains([]Kind{Save, Unsave, ListAdd}, w.kind) || gaps[Words] == "" {
		return 0
	}
	said := textform.Normal(gaps[Words])
	if !slices.Contains(all.this, w.language+" "+said) {
		return 0
	}
	delete(gaps, Words)
	return strings.Count(said, " ") + 1
}

// ranked is an instruction that a message may be.
type ranked struct {
	rank
	Instruction
}

// rank orders the wordings that fit: more words, fewer idle ones before it, a nearer
// language, longer endings of what fills its gaps.
type rank struct{ literal, from, near, ending int }

func (r rank) compare(o rank) int {
	return cmp.Or(cmp.Compare(r.literal, o.literal), cmp.Compare(o.from, r.from), cmp.Compare(r.near, o.near), cmp.Compare(r.ending, o.ending))
}

// nearness is the greater the earlier a language stands among those.
func nearness(language string, preferred []string) int {
	for i, p := range preferred {
		if languages.Base(p) == language {
			return len(preferred) - i
		}
	}
	return 0
}

// reader fits wordings to a message.
type reader struct {
	text   string
	tokens []textform.Token
	// first and last bound what no idle words stand around.
	first, last int
	fillers     map[[2]string][][]string
	// language is that of the wording which is fitted.
	language string
}

// skipFillers returns the first word from a place on that fills no gap between words.
func (r *reader) skipFillers(at int) int {
	for {
		n := 0
		for _, words := range r.fillers[[2]string{r.language, r.word(at)}] {
			fills := at+len(words) <= r.last
			for i := 0; fills && i < len(words); i++ {
				fills = r.tokens[at+i].Normal == words[i]
			}
			if fills {
				n = max(n, len(words))
			}
		}
		if n == 0 {
			return at
		}
		at += n
	}
}

// word returns the word at a place, "" behind the last.
func (r *reader) word(at int) string {
	if at >= r.last {
		return ""
	}
	return r.tokens[at].Normal
}

// fit fits a wording to the message whose first word stands at a place, and returns where
// it begins and what stands in its gaps.
func (r *reader) fit(w *wording, anchor int) (from int, gaps map[string]string, ok bool) {
	r.language = w.language
	if !isGap(w.parts[0]) {
		if anchor > r.first && r.skipFillers(r.first) < anchor {
			return 0, nil, false
		}
		ends, fits := r.rest(w.parts, anchor)
		return anchor, ends, fits
	}
	if from = r.first; anchor <= from {
		from = 0 // a word that adds nothing elsewhere is what is meant here
	}
	if anchor == from {
		return 0, nil, false
	}
	gaps, ok = r.fillGap(w.parts, from, anchor)
	return from, gaps, ok
}

// fillGap fits a gap to the words between two places, and the parts behind it to those that follow.
func (r *reader) fillGap(parts []string, from, to int) (gaps map[string]string, ok bool) {
	name, ending, _ := strings.Cut(parts[0], ">")
	if word := r.tokens[to-1].Normal; len(word) <= len(ending) || !strings.HasSuffix(word, ending) {
		return nil, false
	}
	if gaps, ok = r.rest(parts[1:], to); !ok {
		return nil, false
	}
	if gaps == nil {
		gaps = map[string]string{}
	}
	filling, typed := strings.CutSuffix(r.between(from, to), ending)
	if !typed {
		filling = strings.TrimSuffix(textform.Normal(filling), ending)
	}
	gaps[name+">"] = filling
	return gaps, true
}

// rest fits parts to the words from a place to the end, shorter gaps first.
func (r *reader) rest(parts []string, at int) (gaps map[string]string, ok bool) {
	if len(parts) == 0 {
		return nil, r.skipFillers(at) >= r.last
	}
	if !isGap(parts[0]) {
		if at < len(r.tokens) && r.tokens[at].Folded == parts[0] {
			if gaps, ok = r.rest(parts[1:], at+1); ok {
				return gaps, true
			}
		}
		if next := r.skipFillers(at); next > at {
			return r.rest(parts, next)
		}
		return nil, false
	}
	if next := r.skipFillers(at); next < r.last {
		at = next
	}
	last := len(parts) == 1
	for to := at + 1; to <= r.last; to++ {
		if last && to < r.last {
			continue
		}
		if gaps, ok = r.fillGap(parts, at, to); ok {
			return gaps, true
		}
	}
	return nil, false
}

// between returns what was typed from one word to before another, without fillers around it.
func (r *reader) between(from, to int) string {
	if next := r.skipFillers(from); next < to {
		from = next
	}
	for at := to - 1; at > from; at-- {
		if r.skipFillers(at) >= to {
			to = at
		}
	}
	return strings.TrimSpace(r.text[r.tokens[from].Start:r.tokens[to-1].End])
}
