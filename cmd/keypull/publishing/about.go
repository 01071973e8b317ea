package publishing

import (
	"context"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// About returns what is known of a source of a publisher beside its settings; no network
// is asked for it.
func (n *Publishers) About(publisher, source string) catalogue.About {
	if ed := n.currentEdition(publisher); ed != nil {
		return opener{n}.aboutSource(ed, source)
	}
	return catalogue.About{}
}

func (n opener) aboutSource(ed *edition, source string) catalogue.About {
	a := aboutOf(ed.sources[source].Source)
	publisher := ed.publisher.ID
	a.Terms, a.Filled = ed.terms[source].Terms(), func() []string { return n.filledFields(publisher, source) }
	return a
}

// aboutOf asks a source for keys alone. One that says without an argument that it wants
// some has nothing to tell, and lists nothing that it does not know from the start.
func aboutOf(s pull.Source) (a catalogue.About) {
	if s == nil {
		return a
	}
	facts := map[string]string{}
	if p, ok := s.(pull.Personal); ok {
		for _, name := range p.Wants() {
			facts[name] = sampleFact
		}
	}
	_, err := s.Key(pull.Query{Count: 1, Language: "en", Reader: facts})
	named, ok := s.(pull.Named)
	a.Named, a.NoArgument = ok && named.ByName(), pull.KindOf(err) == pull.Invalid
	_, a.Codes = s.(pull.Joinable)
	_, a.OfReader = s.(pull.Personal)
	b, bookable := s.(pull.Bookable)
	a.Bookable = bookable && b.HasTimes()
	taker, takes := s.(pull.Taker)
	a.Takes = takes && taker.TakesRequests()
	a.Opened = true
	if _, paged := s.(pull.Paged); a.NoArgument && !paged {
		v, ok := s.(pull.Vocabulary)
		a.NoList = !ok || len(v.Terms(nil)) == 0
	}
	return a
}

// sampleFact stands for whatever a reader may be.
const sampleFact = "1"

// maxLooked bounds the snapshots that are looked at for what a source brings.
const maxLooked = 20

// filledFields lists what items of a source have, of those that are kept: what it brings
// without an argument and for the arguments of its keywords and its first entries,
// and what it brought last.
func (n opener) filledFields(publisher, source string) []string {
	ed := n.currentEdition(publisher)
	if ed == nil || ed.sources[source].Source == nil {
		return nil
	}
	s, ctx := ed.sources[source], context.Background()
	arguments := []string{""}
	for _, k := range ed.publisher.Keywords {
		if k.Source == source && k.Query != "" && len(arguments) < maxLooked {
			arguments = append(arguments, k.Query)
		}
	}
	for _, t := range ed.terms[source].Terms() {
		if len(arguments) == maxLooked {
			break
		}
		arguments = append(arguments, t.Value)
	}
	q := pull.Query{Count: pull.MaxSnapshotItems, At: n.Clock(), Language: ed.compiled.Languages[0]}
	var items []what.Item
	looked := map[string]bool{}
	look := func(at pull.SnapshotID, argument string) {
		last := n.Cache.Last(ctx, at)
		if last == nil || looked[at.Key] {
			return
		}
		q.Argument = argument
		// What a source picks may have more than what it fetched.
		found, err := n.Cache.Select(ctx, publisher, source, s.Source, *last, q)
		if err == nil && len(found.Items) > 0 {
			items, looked[at.Key] = append(append(items, found.Items...), last.Items...), true
		}
	}
	for _, argument := range arguments {
		q.Argument = argument
		if key, err := s.Key(q); err == nil {
			look(s.SnapshotID(publisher, source, key), argument)
		}
	}
	if at, ok := n.latest.Load([2]string{publisher, source}); ok && at.(pull.SnapshotID).Mark == s.Mark {
		look(at.(pull.SnapshotID), "")
	}
	return pull.Filled(items)
}
