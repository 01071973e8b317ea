package console

import (
	"context"
	"errors"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// DemandAdopt is the input of "demand.adopt".
type DemandAdopt struct {
	Of
	Keyword  string `json:"keyword" required:"true" doc:"Id of the keyword that is to answer it."`
	Text     string `json:"text" required:"true" doc:"What readers write."`
	Argument string `json:"argument,omitempty" doc:"What the keyword is to be asked for: the text gets a keyword of its own, which is otherwise the same. The keyword's own query where not given."`
	Language string `json:"language,omitempty" doc:"The language that it is a phrase of; the keyword's first where not given."`
}

func (d Demand) adoptText(ctx context.Context, in DemandAdopt) (KeywordEntry, error) {
	var none KeywordEntry
	NoteAudit(ctx, string(catalogue.ResourceKeyword)+" "+in.Keyword, nil, nil)
	text := strings.TrimSpace(in.Text)
	switch {
	case textform.Fold(text) == "":
		return none, &pull.Error{Kind: pull.Invalid, Field: "text", Hint: words.Text{Key: "hint.text_needed"}}
	case hidesPart(text):
		return none, &pull.Error{Kind: pull.Invalid, Field: "text", Hint: words.Text{Key: "hint.text_hidden"}}
	}
	s := keywords{d.Publishing}.collection()
	for range attempts {
		e, err := d.withPhrase(ctx, in, text)
		if err != nil || e.there {
			return e.entry, err
		}
		if e.entry.Version == "" {
			out, err := s.create(ctx, in.Publisher, e.doc)
			return out, aboutText(err)
		}
		out, err := s.update(ctx, in.Publisher, e.id, e.entry.Version, e.doc)
		var stale *Stale
		if errors.As(err, &stale) {
			continue
		}
		return out, aboutText(err)
	}
	return none, s.busyError()
}

// adoption is a keyword with a phrase more; one without a version is new.
type adoption struct {
	id    string
	entry KeywordEntry
	doc   Doc
	// there says that it had the phrase already.
	there bool
}

func (d Demand) withPhrase(ctx context.Context, in DemandAdopt, text string) (adoption, error) {
	s := keywords{d.Publishing}.collection()
	o, err := s.openPublisher(in.Publisher)
	if err != nil {
		return adoption{}, err
	}
	id := o.Now(catalogue.ResourceKeyword, in.Keyword)
	k, ok := o.Keyword(id)
	if !ok {
		return adoption{}, NoThing(catalogue.ResourceKeyword, id)
	}
	language := languageOf(o, k, in.Language)
	if !asksFor(k, in.Argument) {
		i := slices.IndexFunc(o.Keywords, func(other catalogue.Keyword) bool { return other.Source == k.Source && asksFor(&other, in.Argument) })
		if i < 0 {
			e, err := s.entry(ctx, o, id)
			return adoption{doc: ownKeyword(e.Keyword, in.Argument, language, text)}, err
		}
		k = &o.Keywords[i]
	}
	e, err := s.entry(ctx, o, k.ID)
	if err != nil {
		return adoption{}, err
	}
	same := func(phrase string) bool { return textform.Fold(phrase) == textform.Fold(text) }
	if slices.ContainsFunc(k.Phrases[language], same) {
		return adoption{entry: e, there: true}, nil
	}
	phrases := e.Keyword.Table("phrases")
	list, _ := phrases[language].([]any)
	return adoption{id: k.ID, entry: e, doc: e.Keyword.withField("phrases",
		map[string]any(phrases.withField(language, append(slices.Clone(list), text))))}, nil
}

// asksFor says whether a keyword asks its source for an argument by itself.
func asksFor(k *catalogue.Keyword, argument string) bool {
	return argument == "" || textform.Fold(argument) == textform.Fold(k.Query)
}

// ownKeyword returns the document of a keyword that answers as another does when it is
// asked for an argument.
func ownKeyword(of Doc, argument, language, text string) Doc {
	d := of.withField("phrases", map[string]any{language: []any{text}}).withField("query", argument)
	for _, own := range []string{"id", "argument", "slot", "bare", "formerly", "tie", "briefing"} {
		delete(d, own)
	}
	return d
}

// aboutText has problems of the phrases told of the text, which is the only one
// that is new.
func aboutText(err error) error {
	var problems settings.Problems
	if !errors.As(err, &problems) {
		return err
	}
	problems = slices.Clone(problems)
	for i := range problems {
		if strings.HasPrefix(problems[i].Field, "keyword.phrases") {
			problems[i].Field = "text"
		}
	}
	return problems
}
