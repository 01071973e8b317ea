package site

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// sourcePage is the form of a source, new or there already. Its fields stand
// in the page's dirty form beside what a trial brought.
type sourcePage struct {
	formPage
	// Try is where the form is only tried, Accept where what is held back is
	// accepted; "" if nothing is.
	Try, Accept string
	// OfKind are the fields of its kind, Own those of every source.
	OfKind, Own pages.FieldList
	// Ask is what the source is tried with, where it must be asked for something.
	Ask *pages.Field
	// Carried are inputs for the keyword that comes next.
	Carried []pages.Hidden
	Trial   *trialView
	// Untried offers to save what could not be fetched.
	Untried bool
	// Sentence is what is wrong with the source, Level how much so.
	Sentence, Level string
	Keywords        []pages.Tab
	// Health is how it has been doing; nil if nobody knows it yet.
	Health *healthView
	// More leads to all keywords of the source, NewKeyword to its next one.
	More, NewKeyword string
}

// sourceView is what the form of a source is shown with.
type sourceView = formView[console.SourceEntry]

func (r sourcePages) form(kind string) (*form, error) {
	k, ok := r.Kinds.Source(kind)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "source.no_kind", Args: words.Args{"kind": kind}}}
	}
	names := []string{"title", "max_age", "stale_if_error", "stale_while_revalidate", "deadline", "refresh", "+new_keys", "+findable", "+note", "+id"}
	blank := &catalogue.Source{}
	blank.Defaults()
	f, err := r.newForm(r.resource(), blank, "source.", names...)
	if err != nil {
		return nil, err
	}
	return f, f.withKind(k)
}

func (r sourcePages) apart(e console.SourceEntry) (console.Doc, console.Standing) {
	return e.Source, e.Standing
}

func (r sourcePages) get(id string) (console.SourceEntry, error) {
	return console.GetSource.Call(r.callContext(), console.SourceGet{Of: r.publisherInput(), ID: id})
}

func (r sourcePages) create(d console.Doc) (console.SourceEntry, error) {
	if id := r.sourceAt(d); id != "" {
		d["id"] = id
	}
	in := r.untried()
	if asks := r.argumentName(d.Text("kind")); asks != "" && in == (console.Untried{}) {
		tried, err := console.TrySource.Call(r.callContext(), console.SourceTry{Of: r.publisherInput(), Source: d})
		if err == nil && tried.Field == askedField {
			err = settings.Problems{problemAt(askedField, catalogue.ResourceSource, r.t("source.ask_first", "what", asks))}
		}
		if err != nil {
			return console.SourceEntry{}, err
		}
	}
	return console.CreateSource.Call(r.callContext(), console.SourceCreate{Of: r.publisherInput(), Source: d, Untried: r.untried()})
}

func (r sourcePages) update(id, version string, d console.Doc) (console.SourceEntry, error) {
	in := console.SourceUpdate{Of: r.publisherInput(), ID: id, Source: d, Untried: r.untried()}
	in.Version = version
	return console.UpdateSource.Call(r.callContext(), in)
}

func (r sourcePages) rename(id, version, to string) error {
	in := console.SourceRename{Of: r.publisherInput(), ID: id}
	in.Version, in.To = version, to
	_, err := console.RenameSource.Call(r.callContext(), in)
	return err
}

func (r sourcePages) remove(id, version string) error {
	in := console.SourceDelete{Of: r.publisherInput(), ID: id}
	in.Version = version
	_, err := console.DeleteSource.Call(r.callContext(), in)
	return err
}

// lead leads to the first keyword of a source that has none.
func (r sourcePages) lead(e console.SourceEntry) (to, done string) {
	id := e.Source.Text("id")
	if e.Keywords == 0 {
		return r.firstKeyword(id), "source_saved_first"
	}
	return r.pageOf(sourceSection, id), "source_saved"
}

// keywordsOf returns a page of the keywords of a source.
func (r sourcePages) keywordsOf(id string, more ...string) string {
	return r.pathTo(append([]string{keywordSection}, more...)...) + "?source=" + url.QueryEscape(id)
}

// end shows the keywords that keep a source from being deleted.
func (r sourcePages) end(e console.SourceEntry, page *deletePage) {
	page.Used, page.More = r.keywordTabs(e)
}

// keywordTabs returns the first keywords of a source; more leads to all, where there are
// others.
func (r sourcePages) keywordTabs(e console.SourceEntry) (first []pages.Tab, more string) {
	for _, k := range e.KeywordIDs {
		first = append(first, pages.Tab{Label: r.nameOf(catalogue.ResourceKeyword, k), Href: r.pageOf(keywordSection, k)})
	}
	if e.Keywords > len(e.KeywordIDs) {
		more = r.keywordsOf(e.Source.Text("id"))
	}
	return first, more
}

func (r sourcePages) show(status int, f *form, v sourceView) error {
	return r.showTrial(status, f, v, nil)
}

// showTrial shows the form, and what a trial brought where there was one.
func (r sourcePages) showTrial(status int, f *form, v sourceView, trial *trialView) error {
	ask, others := r.askField(f.kindName, v.problems)
	untriable := len(v.problems) == 1 && (unready(v.problems[0]) || len(others) == 0)
	v.problems = others
	begun, crumbs := pageOfForm(r, f, &v)
	body := sourcePage{formPage: begun, Try: r.pathTo(sourceSection, "try"), Trial: trial,
		Ask: ask, Untried: trial == nil && untriable}
	if ask != nil {
		body.Fields = slices.Insert(body.Fields, 0, *ask)
	}
	if r.Method == http.MethodPost {
		body.Carried = r.carriedInputs()
	}
	for _, field := range body.Fields {
		if field.Path == tryArgument {
			continue
		}
		if strings.HasPrefix(field.Path, belowKind+".") {
			body.OfKind = append(body.OfKind, field)
		} else {
			body.Own = append(body.Own, field)
		}
	}
	if trial == nil && slices.ContainsFunc(v.problems, unready) {
		if all := r.suggestAddresses(f, f.typedDoc(v.values), v.problems); len(all) > 0 {
			body.Trial = &trialView{Try: body.Try, Suggestions: all}
		}
	}
	if v.entry != nil {
		r.addFacts(&body, *v.entry)
		var err error
		if body.Health, err = correctionPages(r).healthView(body.Stored); err != nil {
			return err
		}
	}
	return r.showAs(status, "page_source", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

// addFacts adds what there is to tell of a source that has been saved.
func (r sourcePages) addFacts(body *sourcePage, e console.SourceEntry) {
	badge := r.stateBadge(e.Health.State)
	body.Head.Badge = &badge
	body.Sentence, body.Level = healthSentence(e.Health), "warning"
	if e.Health.State == console.Bad {
		body.Level = "error"
	}
	if e.Health.Held && r.mayDo(console.AcceptSource) {
		body.Accept = r.pageOf(sourceSection, body.Stored, "accept")
	}
	body.Keywords, body.More = r.keywordTabs(e)
	if age := r.ageOf(e.Source.Text("kind"), e.Health); !age.At.IsZero() {
		body.About = append(body.About, pages.Fact{Label: r.t("source.good"), Age: &age})
	}
	body.About = append(body.About, r.changedFacts(e.Standing)...)
	body.NewKeyword = r.keywordsOf(body.Stored, "new")
}

// argumentName returns what a source of a kind must be asked for, or "" if nothing.
func (r sourcePages) argumentName(kind string) string {
	k, _ := r.Kinds.Source(kind)
	return k.Asks.In(r.language)
}

// untried is the button that saves what could not be fetched.
const untried = "_untried"

// unready reports whether a problem is that the source could not be fetched: no
// other speaks of a reason but that of a check.
func unready(p settings.Problem) bool { return p.Args["reason"] != "" && p.Key != "check" }

// untried says whether the source is to be saved as it is, and what it is tried with
// otherwise.
func (r sourcePages) untried() console.Untried {
	return console.Untried{Untried: r.PostForm.Has(untried), Argument: strings.TrimSpace(r.postedValue(tryArgument))}
}

// askedField is where operations tell what is wrong with what a source is tried with.
const askedField = "argument"

// askField returns what a source is tried with, with what is wrong with that, and the
// problems of all else; nil where it need not be asked for anything.
func (r sourcePages) askField(kind string, all settings.Problems) (ask *pages.Field, others settings.Problems) {
	asks := r.argumentName(kind)
	if asks == "" {
		return nil, all
	}
	f := pages.Field{Field: settings.Field{Type: settings.Text, Label: r.t("source.try_with", "what", asks), Help: r.t("source.try_with_help")},
		Path: tryArgument, ID: "f-try-argument", Value: r.postedValue(tryArgument)}
	for _, p := range all {
		if p.Field == askedField {
			f.Problems = append(f.Problems, p.Message)
		} else {
			others = append(others, p)
		}
	}
	return &f, others
}

// acceptHeld has readers told what is held back of the source.
func (r sourcePages) acceptHeld() error {
	in := console.SourceGet{Of: r.publisherInput(), ID: r.thingID()}
	if _, err := console.AcceptSource.Call(r.callContext(), in); err != nil {
		return err
	}
	return r.redirectDone(r.pageOf(sourceSection, in.ID), "source_accepted")
}

// siteName is what of a host's name may become an id.
var siteName = regexp.MustCompile(`^[a-z][a-z0-9]{2,31}$`)

// sourceAt makes an id of the address that was typed, where none was: what the
// site is called, unless another source has that name. Where that gives none,
// the operation makes one of the kind.
func (r sourcePages) sourceAt(doc console.Doc) string {
	fields, given := kindFields(r.Kinds.Source, doc), doc.Table(belowKind)
	addresses := settings.Told(fields, given, settings.Address)
	if doc.Text("id") != "" || doc.Text("title") != "" || len(addresses) == 0 || len(settings.Told(fields, given, settings.Title)) > 0 {
		return ""
	}
	u, err := url.Parse(addresses[0])
	if err != nil {
		return ""
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return ""
	}
	name := siteOf(u.Hostname())
	if name == "" {
		return ""
	}
	if _, err := r.get(name); console.KindOf(err) != pull.Unknown {
		return ""
	}
	return name
}

// siteOf returns what people call the site of a host: "lecker" of
// "feeds.lecker.co.uk".
func siteOf(host string) string {
	labels := strings.Split(strings.ToLower(host), ".")
	for i := len(labels) - 2; i >= 0; i-- {
		if name := strings.ReplaceAll(labels[i], "-", ""); siteName.MatchString(name) && name != "www" {
			return name
		}
	}
	return ""
}
