package console

import (
	"context"
	"slices"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
)

// KeywordEntry is a keyword as it is answered.
type KeywordEntry struct {
	Keyword Doc `json:"keyword"`
	Standing
	Findings []catalogue.Finding `json:"findings" doc:"Doubts about it; none stops it from being saved."`
	Failing  string              `json:"failing,omitempty" doc:"Why its source fails now; empty while it does not."`
	State    KeywordState        `json:"state" enum:"open,closed,failing,partly,unanswerable" doc:"Whether it answers now: it does, it is outside its time, its source fails, not all that it was set up for is answered, or no message is; findings say why."`
	Saved    *KeywordSaved       `json:"saved,omitempty" doc:"How many readers keep it; missing where fewer than five do, or nobody has counted yet."`
}

// KeywordSaved is how many readers keep a keyword.
type KeywordSaved struct {
	Readers int       `json:"readers"`
	AsOf    time.Time `json:"as_of" doc:"When they were counted: once a night."`
}

// SavedCounts tell how many readers of a publisher keep each keyword. Who they are nobody
// can ask.
type SavedCounts interface {
	Of(ctx context.Context, publisher string) (journal.SavedWords, error)
}

// keywords is the collection of keywords.
func (p keywords) collection() collection[catalogue.Keyword, KeywordEntry] {
	return collection[catalogue.Keyword, KeywordEntry]{
		publishing: p.Publishing, resource: catalogue.ResourceKeyword,
		find: (*catalogue.Setup).Keyword, called: calledByPhrase,
		renamed: func(k catalogue.Keyword, id string, formerly []string) catalogue.Keyword {
			k.ID, k.Formerly = id, formerly
			return k
		},
		judge: func(r *review, pub *catalogue.Setup, d Doc, _ *catalogue.Keyword) catalogue.Keyword {
			return p.judgeKeyword(r, pub, d)
		},
		entry: func(ctx context.Context, pub *catalogue.Setup, id string) (KeywordEntry, error) {
			k, ok := pub.Keyword(id)
			if !ok {
				return KeywordEntry{}, NoThing(catalogue.ResourceKeyword, id)
			}
			doc, err := keywordDoc(k)
			return p.newKeywordStates(ctx, pub).keywordEntry(ctx, k, doc, findingsOf(pub, *k)), err
		},
	}
}

// calledByPhrase returns what a keyword is called: its first phrase in the
// publisher's first language that has one.
func calledByPhrase(pub *catalogue.Setup, d Doc) string {
	phrases := d.Table("phrases")
	for _, language := range append(slices.Clone(pub.Languages), sortedNames(phrases)...) {
		list, _ := phrases[language].([]any)
		for _, phrase := range list {
			if text, ok := phrase.(string); ok && slug(text) != "" {
				return text
			}
		}
	}
	return ""
}

func keywordDoc(k *catalogue.Keyword) (Doc, error) {
	docs, err := keywordDocs([]*catalogue.Keyword{k})
	if err != nil {
		return nil, err
	}
	return docs[0], nil
}

// rows are keywords as the settings of one struct.
type rows struct {
	Keywords []catalogue.Keyword `name:"keyword" label:"Keywords" help:"The words readers send."`
}

// keywordDocs takes keywords apart. A struct's tags are read at each call, so
// that a page of a list costs one call, not fifty.
func keywordDocs(keywords []*catalogue.Keyword) ([]Doc, error) {
	all := rows{Keywords: make([]catalogue.Keyword, len(keywords))}
	for i, k := range keywords {
		all.Keywords[i] = *k
	}
	var usual catalogue.Keyword
	usual.Defaults()
	defaults, err := docOf(&usual)
	if err != nil {
		return nil, err
	}
	taken, err := docOf(&all)
	if err != nil {
		return nil, err
	}
	list, _ := taken["keyword"].([]any)
	docs := make([]Doc, len(list))
	for i := range list {
		// A row leaves out what is as usual.
		row, _ := list[i].(map[string]any)
		docs[i] = row
		for name, value := range defaults {
			if _, there := row[name]; !there {
				row[name] = unshared(value)
			}
		}
	}
	return docs, nil
}

// unshared returns a copy of a default value: its tables and lists are empty.
func unshared(v any) any {
	switch v.(type) {
	case map[string]any:
		return map[string]any{}
	case []any:
		return []any{}
	}
	return v
}

// saidFindings are findings in the caller's language; never nil.
func saidFindings(ctx context.Context, found []catalogue.Finding) []catalogue.Finding {
	said := append([]catalogue.Finding{}, found...)
	for i := range said {
		said[i].Message = said[i].In(CallerLanguage(ctx))
	}
	return said
}

// findingsOf returns what the linter finds in a keyword that need not be saved.
func findingsOf(pub *catalogue.Setup, k catalogue.Keyword) []catalogue.Finding {
	if pub.Linter == nil {
		return nil
	}
	return pub.Linter.Check(k)
}

// itemParts are what every item may have and a reply can show.
var itemParts = []string{"title", "summary", "body", "link", "image", "published", "stamp"}

// sourceFacts returns those that the items of a source may have, or nil if that is not
// known.
func (p keywords) sourceFacts(s catalogue.Source) []string {
	k, ok := p.Kinds.Source(s.Kind)
	if ok && k.FactsOf != nil {
		return k.FactsOf(s.Settings)
	}
	return k.Facts
}

// sourceParts lists what a reply can show of a source's items, and whether that is
// all.
func (p keywords) sourceParts(s catalogue.Source) (parts []string, all bool) {
	facts := p.sourceFacts(s)
	return slices.Compact(append(slices.Clone(itemParts), facts...)), facts != nil
}

// partsSeen returns the parts of a source and the facts of items that were seen.
func (p keywords) partsSeen(s catalogue.Source, items []what.Item) []string {
	parts, _ := p.sourceParts(s)
	for _, it := range items {
		for _, f := range it.Facts {
			if !slices.Contains(parts, f.Name) {
				parts = append(parts, f.Name)
			}
		}
	}
	return parts
}
