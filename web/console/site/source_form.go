package site

import (
	"errors"
	"net/http"
	"slices"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// sourcePage is the form of a source, new or there already. Its fields stand
// in the page's dirty form beside what a trial brought.
type sourcePage struct {
	Head pages.Header
	// Action is where the form is sent, Try where it is only tried.
	Action, Try, Cancel, Delete string
	// Accept is where what is held back is accepted; "" where nothing is.
	Accept          string
	Kind, KindTitle string
	// Stored and Version are those of a source that is there.
	Stored, Version string
	Fields          pages.FieldList
	// Marks are the fields that carry a problem, for a trial to clear.
	Marks []string
	Trial *trialView
	// Untried offers to save what could not be fetched.
	Untried bool
	// Fixed says why nothing can be changed; Editor may at least try.
	Fixed  string
	Editor bool
	About  []pages.Fact
	// Sentence is what is wrong with the source, Level how much so.
	Sentence, Level string
	Keywords        []pages.Tab
	// More leads to all keywords of the source, NewKeyword to its next one.
	More, NewKeyword string
	Add              string
}

// sourceDraft is the form of a source of a kind.
func (v *visit) sourceDraft(kind string) (*draft, error) {
	k, ok := v.Kinds.Source(kind)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Hint: v.t("source.no_kind", "kind", kind)}
	}
	d := &draft{v: v, kindFirst: true, words: []settings.Words{catalogue.SourceWords()}}
	if err := d.withKind(k); err != nil {
		return nil, err
	}
	// Nothing gets old of what nobody fetches.
	names := []string{"+max_age", "+stale_if_error", "+stale_while_revalidate", "+deadline", "+refresh", "+new_keys", "+id"}
	if fetches(d.kind.Fields) {
		names[0], names[1] = "max_age", "stale_if_error"
	}
	blank := &catalogue.Source{}
	blank.Defaults()
	fields, err := v.ownFields(blank, catalogue.SourceWords(), names...)
	if err != nil {
		return nil, err
	}
	d.own = settings.Form{Fields: fields, Zone: v.zone}
	return d, nil
}

// fetches says whether a kind of these settings asks an address.
func fetches(fields []settings.Field) bool {
	return slices.ContainsFunc(fields, func(f settings.Field) bool { return f.Type == settings.URL || f.Name == "urls" })
}

// newSource shows the kinds, then the form of one.
func (v *visit) newSource() error {
	if err := v.toWrite(); err != nil {
		return err
	}
	if err := v.toChange(); err != nil {
		return err
	}
	kind := v.r.URL.Query().Get("kind")
	if kind == "" {
		body := kindsPage{
			Head:  pages.Header{Title: v.t("source.new"), Lead: v.t("source.new_lead")},
			Kinds: v.kindTiles(v.Kinds.Sources, sourceRoom, "source"),
		}
		return v.show("page_source_kinds", pages.Page{Title: v.t("source.new"), Body: body, Crumbs: v.crumbs(sourceRoom, v.t("nav.sources"), v.t("source.new"))})
	}
	d, err := v.sourceDraft(kind)
	if err != nil {
		return err
	}
	return v.showSource(http.StatusOK, d, sourceView{shown: shown{values: d.stored(console.Doc{})}})
}

// toChange refuses to show the form of a new thing where none can be added.
func (v *visit) toChange() error {
	if v.provisioned() {
		return &pull.Error{Kind: pull.Denied, Hint: v.t("thing.provisioned")}
	}
	return nil
}

// source shows one that is there.
func (v *visit) source() error {
	e, err := v.getSource(v.id("source"))
	if err != nil {
		return err
	}
	d, err := v.sourceDraft(textOf(e.Source, "kind"))
	if err != nil {
		return err
	}
	d.id = v.id("source")
	return v.showSource(http.StatusOK, d, sourceView{entry: &e, shown: shown{values: d.stored(e.Source)}})
}

func (v *visit) getSource(id string) (console.SourceEntry, error) {
	return do[console.SourceGet, console.SourceEntry](v, "source.get", console.SourceGet{Of: v.of(), ID: id})
}

// sourceView is what the form of a source is shown with.
type sourceView struct {
	shown
	entry   *console.SourceEntry
	version string
	trial   *trialView
	untried bool
}

// showSource shows the form of a new source, or of the entry.
func (v *visit) showSource(status int, d *draft, s sourceView) error {
	title := v.kindTitle(v.Kinds.Sources, d.kindName)
	s.disabled = v.fixed() != ""
	body := sourcePage{
		Head: pages.Header{Title: v.t("source.new_of", "kind", title)}, Kind: d.kindName, KindTitle: title,
		Action: v.at(sourceRoom), Try: v.at(sourceRoom, "try"), Cancel: v.at(sourceRoom),
		Trial: s.trial, Untried: s.untried, Fixed: v.fixed(), Editor: v.may(console.Write), Add: s.add,
	}
	k, _ := v.Kinds.Source(d.kindName)
	body.Head.Lead = k.Words.Say(v.language, "help", k.Help)
	crumb := v.t("source.new")
	if s.entry != nil {
		crumb = textOf(s.entry.Source, "id")
		v.aboutSource(&body, s)
	}
	body.Fields = d.list(s.shown)
	body.Marks = wrong(body.Fields)
	return v.showAs(status, "page_source", pages.Page{Title: body.Head.Title, Body: body, Crumbs: v.crumbs(sourceRoom, v.t("nav.sources"), crumb)})
}

// aboutSource adds what there is to tell of a source that has been saved.
func (v *visit) aboutSource(body *sourcePage, s sourceView) {
	e := s.entry
	id := textOf(e.Source, "id")
	badge := v.stateBadge(e.Health.State)
	body.Head.Title, body.Head.Badge = id, &badge
	body.Head.Lead = v.t("source.of_kind", "kind", body.KindTitle)
	body.Action, body.Stored, body.Version = v.thing(sourceRoom, id), id, e.Version
	if s.version != "" {
		body.Version = s.version
	}
	body.Sentence, body.Level = healthSentence(e.Health), "warning"
	if e.Health.State == console.Bad {
		body.Level = "error"
	}
	if e.Health.Held && v.may(console.Write) {
		body.Accept = v.thing(sourceRoom, id, "accept")
	}
	for _, k := range e.KeywordIDs {
		body.Keywords = append(body.Keywords, pages.Tab{Label: k, Href: v.thing(keywordRoom, k)})
	}
	if e.Keywords > len(e.KeywordIDs) {
		body.More = v.at(keywordRoom) + "?source=" + id
	}
	if !e.Health.Good.IsZero() {
		body.About = append(body.About, pages.Fact{Label: v.t("source.good"), Value: v.ago(e.Health.Good)})
	}
	body.About = append(body.About, v.changedFacts(e.Standing)...)
	body.NewKeyword = v.at(keywordRoom, "new") + "?source=" + id
	if v.mayChange() {
		body.Delete = v.thing(sourceRoom, id, "delete")
	}
}

// changedFacts tell when a thing was changed and who did.
func (v *visit) changedFacts(s console.Standing) []pages.Fact {
	if s.Changed.IsZero() {
		return nil
	}
	facts := []pages.Fact{{Label: v.t("thing.changed"), Value: v.ago(s.Changed)}}
	if s.By != "" {
		facts = append(facts, pages.Fact{Label: v.t("thing.by"), Value: s.By})
	}
	return facts
}

// postedSource is the form that was sent, and the form of its kind.
func (v *visit) postedSource() (*draft, sourceView, error) {
	d, err := v.sourceDraft(v.posted("kind"))
	if err != nil {
		return nil, sourceView{}, err
	}
	values, add, asked := pages.Edited(v.r.PostForm)
	s := sourceView{shown: shown{values: d.typed(values), add: add}, version: v.posted("version")}
	if id := v.posted("stored"); id != "" {
		d.id = id
		e, err := v.getSource(id)
		if err != nil {
			return nil, s, err
		}
		s.entry = &e
	}
	if asked {
		return d, s, errAsked
	}
	return d, s, nil
}

// errAsked says that a form wants to be shown again and nothing else.
var errAsked = errors.New("a button of the form was pressed")
