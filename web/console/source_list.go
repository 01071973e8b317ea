package console

import (
	"context"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/what/textform"
)

// SourceList is the input of "source.list".
type SourceList struct {
	Of
	Page
	Q string `json:"q,omitempty" query:"q" doc:"Text that the id or the kind holds."`
}

// SourceListed is the output.
type SourceListed struct {
	Sources []SourceEntry `json:"sources"`
	Next    string        `json:"next,omitempty"`
}

func (p Publishing) listSources(_ context.Context, in SourceList) (SourceListed, error) {
	out := SourceListed{Sources: []SourceEntry{}}
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	id := func(i int) string { return o.Sources[i].ID }
	l, err := in.list(behind(o, catalogue.NounSource, len(o.Sources), id))
	if err != nil {
		return out, err
	}
	for i := range o.Sources {
		if named(in.Q, o.Sources[i].ID, o.Sources[i].Kind) {
			l.add(i)
		}
	}
	health, keywords := p.Keeper.HealthOf(o.ID), o.Counts()
	for _, i := range l.places {
		e, err := p.sourceEntry(o, id(i), keywords[id(i)], health[id(i)])
		if err != nil {
			return out, err
		}
		out.Sources = append(out.Sources, e)
	}
	out.Next = l.next(id)
	return out, nil
}

// named says whether one of the words holds a text, written however.
func named(text string, words ...string) bool {
	if text == "" {
		return true
	}
	folded := textform.Fold(text)
	for _, w := range words {
		if strings.Contains(textform.Fold(w), folded) {
			return true
		}
	}
	return false
}
