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
		e, err := d.withPhrase(ctx, in.Publisher, in.Keyword, in.Language, text)
		if err != nil || e.there {
			return e.entry, err
		}
		out, err := s.update(ctx, in.Publisher, in.Keyword, e.entry.Version, e.doc)
		var stale *Stale
		if errors.As(err, &stale) {
			continue
		}
		return out, aboutText(err)
	}
	return none, s.busyError()
}

// adoption is a keyword with a phrase more.
type adoption struct {
	entry KeywordEntry
	doc   Doc
	// there says that it had the phrase already.
	there bool
}

func (d Demand) withPhrase(ctx context.Context, publisher, id, language, text string) (adoption, error) {
	s := keywords{d.Publishing}.collection()
	o, err := s.openPublisher(publisher)
	if err != nil {
		return adoption{}, err
	}
	id = o.Now(catalogue.ResourceKeyword, id)
	k, ok := o.Keyword(id)
	if !ok {
		return adoption{}, NoThing(catalogue.ResourceKeyword, id)
	}
	e, err := s.entry(ctx, o, id)
	if err != nil {
		return adoption{}, err
	}
	language = languageOf(o, k, language)
	same := func(phrase string) bool { return textform.Fold(phrase) == textform.Fold(text) }
	if slices.ContainsFunc(k.Phrases[language], same) {
		return adoption{entry: e, there: true}, nil
	}
	phrases := e.Keyword.Table("phrases")
	list, _ := phrases[language].([]any)
	return adoption{entry: e, doc: e.Keyword.withField("phrases",
		map[string]any(phrases.withField(language, append(slices.Clone(list), text))))}, nil
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
