package site

import (
	"errors"
	"net/http"

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

// sourceForm is the form of a source of a kind.
func (r sourcePages) sourceForm(kind string) (*form, error) {
	k, ok := r.Kinds.Source(kind)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Hint: r.t("source.no_kind", "kind", kind)}
	}
	d := &form{request: r.request, kindFirst: true, words: []settings.Words{catalogue.SourceWords()}}
	if err := d.withKind(k); err != nil {
		return nil, err
	}
	// Nothing gets old of what nobody fetches.
	names := []string{"+max_age", "+stale_if_error", "+stale_while_revalidate", "+deadline", "+refresh", "+new_keys", "+id"}
	if _, fetches := settings.First(d.kind.Fields, settings.Address); fetches {
		names[0], names[1] = "max_age", "stale_if_error"
	}
	blank := &catalogue.Source{}
	blank.Defaults()
	fields, err := r.ownFields(blank, catalogue.SourceWords(), names...)
	if err != nil {
		return nil, err
	}
	d.own = settings.Form{Fields: fields, Zone: r.zone}
	return d, nil
}

// newSource shows the kinds, then the form of one.
func (r sourcePages) newSource() error {
	if err := r.toWrite(); err != nil {
		return err
	}
	if err := r.toChange(); err != nil {
		return err
	}
	kind := r.URL.Query().Get("kind")
	if kind == "" {
		body := kindsPage{
			Head:  pages.Header{Title: r.t("source.new"), Lead: r.t("source.new_lead")},
			Kinds: r.kindTiles(r.Kinds.Sources, sourceSection, "source"),
		}
		return r.show("page_source_kinds", pages.Page{Title: r.t("source.new"), Body: body, Crumbs: r.crumbs(sourceSection, r.t("nav.sources"), r.t("source.new"))})
	}
	d, err := r.sourceForm(kind)
	if err != nil {
		return err
	}
	return r.showSource(http.StatusOK, d, sourceView{shown: shown{values: d.stored(console.Doc{})}})
}

// toChange refuses to show the form of a new thing where none can be added.
func (r *request) toChange() error {
	if r.provisioned() {
		return &pull.Error{Kind: pull.Denied, Hint: r.t("thing.provisioned")}
	}
	return nil
}

// source shows one that is there.
func (r sourcePages) source() error {
	e, err := r.getSource(r.id("source"))
	if err != nil {
		return err
	}
	d, err := r.sourceForm(textOf(e.Source, "kind"))
	if err != nil {
		return err
	}
	d.id = r.id("source")
	return r.showSource(http.StatusOK, d, sourceView{entry: &e, shown: shown{values: d.stored(e.Source)}})
}

func (r sourcePages) getSource(id string) (console.SourceEntry, error) {
	return do[console.SourceGet, console.SourceEntry](r.request, "source.get", console.SourceGet{Of: r.of(), ID: id})
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
func (r sourcePages) showSource(status int, d *form, s sourceView) error {
	title := r.kindTitle(r.Kinds.Sources, d.kindName)
	s.disabled = r.fixed() != ""
	body := sourcePage{
		Head: pages.Header{Title: r.t("source.new_of", "kind", title)}, Kind: d.kindName, KindTitle: title,
		Action: r.at(sourceSection), Try: r.at(sourceSection, "try"), Cancel: r.at(sourceSection),
		Trial: s.trial, Untried: s.untried, Fixed: r.fixed(), Editor: r.may(console.Write), Add: s.add,
	}
	k, _ := r.Kinds.Source(d.kindName)
	body.Head.Lead = k.Words.Say(r.language, "help", k.Help)
	crumb := r.t("source.new")
	if s.entry != nil {
		crumb = textOf(s.entry.Source, "id")
		r.aboutSource(&body, s)
	}
	body.Fields = d.list(s.shown)
	body.Marks = wrong(body.Fields)
	return r.showAs(status, "page_source", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbs(sourceSection, r.t("nav.sources"), crumb)})
}

// aboutSource adds what there is to tell of a source that has been saved.
func (r sourcePages) aboutSource(body *sourcePage, s sourceView) {
	e := s.entry
	id := textOf(e.Source, "id")
	badge := r.stateBadge(e.Health.State)
	body.Head.Title, body.Head.Badge = id, &badge
	body.Head.Lead = r.t("source.of_kind", "kind", body.KindTitle)
	body.Action, body.Stored, body.Version = r.pageOf(sourceSection, id), id, e.Version
	if s.version != "" {
		body.Version = s.version
	}
	body.Sentence, body.Level = healthSentence(e.Health), "warning"
	if e.Health.State == console.Bad {
		body.Level = "error"
	}
	if e.Health.Held && r.may(console.Write) {
		body.Accept = r.pageOf(sourceSection, id, "accept")
	}
	for _, k := range e.KeywordIDs {
		body.Keywords = append(body.Keywords, pages.Tab{Label: k, Href: r.pageOf(keywordSection, k)})
	}
	if e.Keywords > len(e.KeywordIDs) {
		body.More = r.at(keywordSection) + "?source=" + id
	}
	if !e.Health.Good.IsZero() {
		body.About = append(body.About, pages.Fact{Label: r.t("source.good"), Value: r.ago(e.Health.Good)})
	}
	body.About = append(body.About, r.changedFacts(e.Standing)...)
	body.NewKeyword = r.at(keywordSection, "new") + "?source=" + id
	if r.mayChange() {
		body.Delete = r.pageOf(sourceSection, id, "delete")
	}
}

// changedFacts tell when a thing was changed and who did.
func (r *request) changedFacts(s console.Standing) []pages.Fact {
	if s.Changed.IsZero() {
		return nil
	}
	facts := []pages.Fact{{Label: r.t("thing.changed"), Value: r.ago(s.Changed)}}
	if s.By != "" {
		facts = append(facts, pages.Fact{Label: r.t("thing.by"), Value: s.By})
	}
	return facts
}

// postedSource is the form that was sent, and the form of its kind.
func (r sourcePages) postedSource() (*form, sourceView, error) {
	d, err := r.sourceForm(r.posted("kind"))
	if err != nil {
		return nil, sourceView{}, err
	}
	values, add, asked := pages.Edited(r.PostForm)
	s := sourceView{shown: shown{values: d.typed(values), add: add}, version: r.posted("version")}
	if id := r.posted("stored"); id != "" {
		d.id = id
		e, err := r.getSource(id)
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
