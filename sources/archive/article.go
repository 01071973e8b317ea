package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/archive/passage"
	"keypull/sources/fulltext"
)

// article is what the index keeps of one.
type article struct {
	ID         string    `json:"-"`
	Title      string    `json:"t,omitempty"`
	Link       string    `json:"l,omitempty"`
	Language   string    `json:"g,omitempty"`
	Published  time.Time `json:"p,omitzero"`
	Seen       time.Time `json:"s,omitzero"`
	Image      string    `json:"i,omitempty"`
	Paragraphs []string  `json:"b,omitempty"`
}

// Limits of what is kept of an article.
const (
	maxTitle      = 300
	maxParagraphs = 5000
	maxIDBytes    = 256
	maxLanguage   = 35
	// longest is how long a paragraph may be before it is cut at the ends of sentences,
	// shortest what is a heading where it does not end like a sentence.
	longest  = 900
	piece    = 500
	shortest = 60
	// briefest is how long a paragraph is at least that is understood without its heading.
	briefest = 250
	// maxHeadings is how many headings in a row are a paragraph of their own.
	maxHeadings = 12
)

// articleID returns the id of an article: its link, else what its publisher calls it, else
// its title.
func articleID(link, guid, title string) string {
	for _, id := range []string{link, guid} {
		if id != "" && len(id) <= maxIDBytes {
			return id
		}
	}
	sum := sha256.Sum256([]byte(link + "\n" + guid + "\n" + title))
	return hex.EncodeToString(sum[:16])
}

// toDocument returns an article as the index takes it.
func (a article) toDocument(languages []string) fulltext.Document {
	if a.Language == "" || len(a.Language) > maxLanguage {
		a.Language = passage.LanguageOf(strings.Join(append([]string{a.Title}, a.Paragraphs...), "\n"), languages)
	}
	// A struct of texts and times always has a form in JSON.
	payload, _ := json.Marshal(a) //nolint:errchkjson // see above
	return fulltext.Document{
		ID: a.ID, Part: a.ID, Language: a.Language, At: cmp.Or(a.Published, a.Seen), Payload: payload, Names: []string{choiceValue(a.ID)},
		Texts: map[string]string{"title": a.Title, "body": strings.Join(a.Paragraphs, "\n")},
	}
}

// decodeArticle returns the article of a hit, or false if it cannot be read.
func decodeArticle(h fulltext.Hit) (article, bool) {
	var a article
	err := json.Unmarshal(h.Payload, &a)
	a.ID = h.ID
	return a, err == nil
}

// toPassages returns an article as it is compared with a question.
func (a article) toPassages() passage.Article {
	return passage.Article{Title: a.Title, Language: a.Language, Published: a.Published, Paragraphs: a.Paragraphs}
}

// toItem returns the article as readers get it, with its lead, or with passages that answer, best first.
func (a article) toItem(passages ...int) what.Item {
	it := what.Item{ID: a.ID, Title: a.Title, Link: a.Link, Language: a.Language, Published: a.Published}
	if a.Published.IsZero() {
		it.Seen = a.Seen
	}
	it.Summary = a.quote(passages)
	it.Title = cmp.Or(it.Title, sources.Shorten(it.Summary, maxTitle))
	if a.Image != "" {
		it.Media = []what.Media{{Type: what.Image, URL: a.Image}}
	}
	return it
}

// toChoice returns what asks for the article alone, by what in it comes nearest to a question.
func (a article) toChoice(asked string) what.Term {
	return what.Term{Value: choiceValue(a.ID) + pull.ChoiceDetail + sources.Shorten(asked, maxAsked), Names: []string{a.toItem().Title}, Link: a.Link}
}

// Limits of what is told of an article at once, in characters, and how many paragraphs that may be.
const (
	maxQuoted   = 600
	maxPassages = 3
)

// quote returns as much of some passages as is told at once, in the order of the article: the best, and others where there is
// room, or the lead. What only asks is told with what answers below it, and what is short with its heading, as are figures there.
func (a article) quote(best []int) string {
	if len(a.Paragraphs) == 0 {
		return ""
	}
	if len(best) == 0 {
		_, lead := cutHeadings(a.Paragraphs[0])
		return lead
	}
	var told []int
	size := 0
	for _, i := range best {
		together := []int{i}
		if i+1 < len(a.Paragraphs) && textform.EndsAsking(a.Paragraphs[i]) {
			together = append(together, i+1)
		}
		together = slices.DeleteFunc(together, func(i int) bool { return slices.Contains(told, i) })
		more := 0
		for _, i := range together {
			more += utf8.RuneCountInString(a.Paragraphs[i])
		}
		if len(told) == 0 || len(told)+len(together) <= maxPassages && size+more <= maxQuoted {
			told, size = append(told, together...), size+more
		}
	}
	slices.Sort(told)
	var b strings.Builder
	for n, i := range told {
		switch {
		case n > 0 && told[n-1] == i-1:
			b.WriteByte('\n')
		case n > 0:
			b.WriteString(" … ")
		}
		headings, text := cutHeadings(a.Paragraphs[i])
		if headings != "" && (utf8.RuneCountInString(text) < briefest || strings.ContainsFunc(headings, unicode.IsDigit)) {
			if utf8.RuneCountInString(headings) > shortest {
				headings = headings[strings.LastIndexByte(headings, '\n')+1:]
			}
			b.WriteString(strings.ReplaceAll(headings, "\n", " · ") + " · ")
		}
		b.WriteString(text)
	}
	return b.String()
}

// fullItem returns the article with all of its text, which readers do not get.
func (a article) fullItem() *what.Item {
	it := a.toItem()
	it.Body = strings.Join(a.Paragraphs, "\n\n")
	return &it
}

// newestItems returns the articles of the snapshot, without their texts but for the lead, and
// how many there are in all.
func (g *collector) newestItems(ctx context.Context) (items []what.Item, all int, err error) {
	const page = 200
	if all, err = g.index.Count(ctx); err != nil {
		return nil, 0, err //nolint:wrapcheck // finishSnapshot wraps it
	}
	for len(items) < pull.MaxSnapshotItems {
		hits, err := g.index.Search(ctx, fulltext.Query{Limit: page, Offset: len(items)})
		if err != nil {
			return nil, 0, err //nolint:wrapcheck // finishSnapshot wraps it
		}
		for _, h := range hits {
			a, ok := decodeArticle(h)
			if !ok {
				continue
			}
			it := a.toItem()
			it.Summary = sources.Shorten(it.Summary, 300)
			items = append(items, it)
		}
		if len(hits) < page {
			break
		}
	}
	return items[:min(len(items), pull.MaxSnapshotItems)], all, nil
}

// bullet begins an entry of a list in a plain text.
const bullet = "• "

// splitParagraphs splits a plain text: by empty lines, else by lines; what is long
// is cut between sentences. Headings stand on lines of their own before the paragraph
// that follows them. Short entries of a list are one paragraph.
func splitParagraphs(text string) []string {
	text = sources.Clean(text)
	parts := strings.Split(text, "\n\n")
	if len(parts) == 1 {
		parts = strings.Split(text, "\n")
	}
	var all, headings []string
	for _, p := range parts {
		p = strings.Join(strings.Fields(p), " ")
		if p == "" {
			continue
		}
		entry := strings.HasPrefix(p, bullet)
		if last := len(all) - 1; entry && last >= 0 && len(headings) == 0 && strings.Contains("\n"+all[last], "\n"+bullet) && len(all[last])+len(p) < piece {
			all[last] += " " + p
			continue
		}
		if !entry && utf8.RuneCountInString(p) < shortest && !endsSentence(p) && len(parts) > 1 {
			headings = append(headings, p)
			if len(headings) < maxHeadings {
				continue
			}
			p, headings = strings.Join(headings, " "), nil
		}
		for _, cut := range cutParagraph(p) {
			if len(all) == maxParagraphs {
				return all
			}
			all = append(all, strings.Join(append(headings, cut), "\n"))
			headings = nil
		}
	}
	if rest := strings.Join(headings, "\n"); len(all) == 0 || strings.ContainsFunc(rest, unicode.IsDigit) && len(all) < maxParagraphs {
		all = append(all, headings...) // names, or figures, and no heading of anything
	}
	return all
}

// cutHeadings cuts a paragraph behind the headings before it, which stand on lines of their own.
func cutHeadings(p string) (headings, text string) {
	i := strings.LastIndexByte(p, '\n')
	return p[:max(i, 0)], p[i+1:]
}

// endsSentence reports whether a text ends like a sentence.
func endsSentence(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "\"'”’»“)］」 "))
	return strings.ContainsRune(".!?…。！？;:।؟۔", r)
}

// cutParagraph cuts a long paragraph at the ends of sentences.
func cutParagraph(p string) []string {
	if utf8.RuneCountInString(p) <= longest {
		return []string{p}
	}
	var all []string
	begin, n := 0, 0
	runes := []rune(p)
	for i, r := range runes {
		n++
		last := i+1 == len(runes)
		stop := strings.ContainsRune("。！？", r) || strings.ContainsRune(".!?…”»", r) && !last && unicode.IsSpace(runes[i+1]) && i > 0 && !unicode.IsDigit(runes[i-1])
		if last || n >= piece && stop || n >= 4*longest {
			all = append(all, strings.TrimSpace(string(runes[begin:i+1])))
			begin, n = i+1, 0
		}
	}
	return all
}
