package itemindex

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/sources/archive/passage"
	"keypull/sources/fulltext"
)

// rowsVersion is that of the rows: those of another one are written anew.
const rowsVersion = 14

// indexFields are the texts of items; what is in their titles and facts they are found by as
// by names, one for each token.
var indexFields = []fulltext.Field{{Name: inText, Weight: 1}}

const inText = "text"

// maxTextBytes is how much of an item's text is indexed.
const maxTextBytes = 16 << 10

// row is what an index gives back of an item: its id, and the tokens by which it is found.
type row struct {
	Item string `json:"i"`
	// Asks says that the title asks something.
	Asks bool `json:"q,omitempty"`
	// Priced says that it tells an amount of money.
	Priced bool `json:"p,omitempty"`
	// Brief says that it tells little, and is of no day: all of that is asked for.
	Brief bool `json:"b,omitempty"`
	// Words is how many words of the title say something.
	Words int    `json:"n,omitempty"`
	Title string `json:"t"`
	Facts string `json:"f,omitempty"`
	Text  string `json:"x,omitempty"`
}

// itemRows returns the rows of some items as documents of a part. Of those that say the
// same, as what comes every week does, it is the first: the others are told by its title.
func itemRows(part string, items []what.Item, languages []string) []fulltext.Document {
	docs := make([]fulltext.Document, 0, len(items))
	said := map[row]bool{}
	for i := range items {
		it := &items[i]
		tags := languages
		if it.Language != "" {
			tags = []string{it.Language}
		}
		text := clipText(it.Summary + "\n" + withoutBeginning(it.Body, it.Summary))
		facts := factText(it.Facts, text == "\n")
		asks := textform.EndsAsking(it.Title)
		line := it.ID == it.Title && it.Body == "" // of a list of names
		if (asks || line) && utf8.RuneCountInString(text) <= maxAnswerLetters {
			facts += text // a short answer is asked for by what it says
		}
		r := row{
			Item: it.ID, Asks: asks, Brief: it.Published.IsZero() && utf8.RuneCountInString(text) <= maxAnswerLetters, Priced: passage.TellsPrice(it.Title+"\n"+facts+"\n"+text, tags), Words: contentWords(it.Title, tags),
			Title: fulltext.Tokens(it.Title, tags), Facts: fulltext.Tokens(facts, tags), Text: fulltext.Tokens(text, tags),
		}
		alike := r
		alike.Item = ""
		if strings.TrimSpace(r.Title+r.Facts+r.Text) == "" || it.Title != "" && said[alike] {
			continue
		}
		said[alike] = true
		payload, err := json.Marshal(r)
		if err != nil || len(it.ID) > maxIDBytes {
			continue
		}
		at := it.Published
		if at.IsZero() {
			at = it.Seen
		}
		docs = append(docs, fulltext.Document{ID: part + "/" + it.ID, Language: it.Language, At: at, Texts: map[string]string{inText: text}, Names: strings.Fields(r.Title + r.Facts), Payload: payload})
	}
	return docs
}

// maxAnswerLetters is how long the answer to a question may be whose words weigh as facts do.
const maxAnswerLetters = 400

// maxIDBytes is how long the id of an item may be that is indexed.
const maxIDBytes = 1 << 10

// factText returns the facts of an item that are words: no addresses and no moments. Of one that has
// nothing else, as the row of a table, its numbers and what all are called is asked for as well.
func factText(facts what.Facts, named bool) string {
	var b strings.Builder
	add := func(text string) {
		if _, err := time.Parse(time.RFC3339, text); err == nil || text == "" || strings.Contains(text, "://") {
			return
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	for _, f := range facts {
		if f.Kind == what.Text || named {
			add(f.Text)
		}
		if named {
			add(strings.ReplaceAll(f.Name, "_", " "))
		}
		for _, line := range f.List {
			add(line)
		}
	}
	return clipText(b.String())
}

// contentWords counts the words of a text that tell what it is about in some languages.
func contentWords(text string, tags []string) (n int) {
	for _, w := range fulltext.NewWords(text, tags) {
		if !slices.ContainsFunc(tags, func(tag string) bool { return speech.IsEmpty(w.Text, tag) }) {
			n += len(w.Units())
		}
	}
	return n
}

// clipText returns a text cut to maxTextBytes.
func clipText(text string) string {
	if len(text) > maxTextBytes {
		return strings.ToValidUTF8(text[:maxTextBytes], "")
	}
	return text
}

// withoutBeginning returns a text without what was said before it.
func withoutBeginning(text, said string) string {
	return strings.TrimPrefix(text, strings.TrimSuffix(said, "…"))
}
