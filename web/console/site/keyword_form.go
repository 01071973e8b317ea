package site

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// keywordPage is the form of a keyword and beside it what it would say. Its
// fields stand where the page wants them; all of them are in the summary.
type keywordPage struct {
	formPage
	Check, Preview, Pick, ReplyAt, SourceAt string
	Phrases                                 pages.Field
	Asked, Timely, Others, Request          pages.FieldList
	Source                                  sourcePick
	Reply                                   replyView
	Zone                                    string
	// Asks and Timed unfold what the keyword makes use of.
	Asks, Timed, Requests bool
	// Sourceless: it takes requests that need no source. RequestAt has a new one be such.
	Sourceless bool
	RequestAt  string
	Findings   *findingsView
	Picked     *pickView
	Shown      *previewView
	Asking     askingView
	StandIn    *standInView
	Focus      bool
	// Chat is the page of the publisher's web chat; Fresh says of a keyword that has
	// just been saved whether it answers.
	Chat  string
	Fresh *pages.Badge
	// Also is where that stands which it could be called as well; "" before it is saved.
	Also string
	// Load has the page fetch what the source brings by itself.
	Load bool
}

// sourcePick is the choice of a source: a list, or with too many a box.
type sourcePick struct {
	Label, Help, Value string
	Options            []pages.Option
	Typed              bool
	Problems           []string
	Disabled           bool
}

// keywordNames are the fields of the form, in their order, but for the reply.
var (
	askedNames  = []string{"argument", "slot", "query", "count"}
	timelyNames = []string{"hours", "from", "until"}
	otherNames  = []string{"group", "note", "max_age", "stale_if_error", "stale_while_revalidate", "deadline", "stamp", "autocorrect", "bare", "since", "tie", "briefing", "audience", "teaser", "unsure", "id"}
)

func (r keywordPages) form(string) (*form, error) {
	names := slices.Concat([]string{"phrases", "source"}, askedNames, []string{"template", "request"}, timelyNames, otherNames)
	blank := &catalogue.Keyword{}
	blank.Defaults()
	f, err := r.newForm(r.resource(), blank, "keyword.", names...)
	if err != nil {
		return nil, err
	}
	f.more = replyPart(r)
	return f, nil
}

// keywordView is what the form of a keyword is shown with.
type keywordView = formView[console.KeywordEntry]

// keywordNotes are what stands beside the form, where it was asked for.
type keywordNotes struct {
	findings *findingsView
	picked   *pickView
	preview  *previewView
	// refused says why no text was put up in place of the answer.
	refused string
}

// begin fills in the phrase or the source that the address may bring.
func (r keywordPages) begin(values map[string][]string) {
	query := r.URL.Query()
	if source := query.Get("source"); source != "" {
		values["source"] = []string{source}
	} else if ids, more, err := sourcePages(r).sourceIDs(); err == nil && len(ids) == 1 && !more {
		values["source"] = ids
	}
	if kind := query.Get("request"); kind == catalogue.Incident || kind == catalogue.Order {
		values["request.kind"] = []string{kind}
	}
	for _, name := range carriedFields() {
		if value := shorten(query.Get(name), 100); value != "" {
			values[name] = []string{value}
		}
	}
	if ask := strings.TrimSpace(query.Get("ask")); ask != "" {
		r.beginAsked(values, shorten(ask, 100))
	}
	if phrase := strings.TrimSpace(query.Get("phrase")); phrase != "" {
		const most = 100
		values["phrases."+r.firstLanguage()] = []string{shorten(phrase, most)}
	}
}

// beginAsked fills in what a source was tried with. One that must be asked for something
// is asked for that where readers write nothing beside the phrase, so that the keyword
// answers as it stands.
func (r keywordPages) beginAsked(values map[string][]string, ask string) {
	source, err := sourcePages(r).get(firstOf(values, "source"))
	if err != nil || sourcePages(r).argumentName(source.Source.Text("kind")) == "" {
		values[askText] = []string{ask}
		return
	}
	values["query"] = []string{ask}
	if firstOf(values, "argument") == string(what.ArgumentNone) {
		values["argument"] = []string{string(what.ArgumentOptional)}
	}
}

func (r keywordPages) firstLanguage() string {
	if all := r.publisherLanguages(); len(all) > 0 {
		return all[0]
	}
	return "en"
}

func (r keywordPages) apart(e console.KeywordEntry) (console.Doc, console.Standing) {
	return e.Keyword, e.Standing
}

func (r keywordPages) get(id string) (console.KeywordEntry, error) {
	return console.GetKeyword.Call(r.callContext(), console.KeywordGet{Of: r.publisherInput(), ID: id})
}

func (r keywordPages) create(d console.Doc) (console.KeywordEntry, error) {
	dropSource(d)
	return console.CreateKeyword.Call(r.callContext(), console.KeywordCreate{Of: r.publisherInput(), Keyword: d})
}

// dropSource leaves out the source that a form of a keyword begins with where a request is to be
// taken that has none.
func dropSource(d console.Doc) {
	if kind := d.Table("request").Text("kind"); kind == catalogue.Incident || kind == catalogue.Order {
		delete(d, "source")
	}
}

func (r keywordPages) update(id, version string, d console.Doc) (console.KeywordEntry, error) {
	dropSource(d)
	if e, err := r.get(id); err == nil && e.Keyword["stand_in"] != nil {
		// The form does not ask for it, and must not take it away.
		d = maps.Clone(d)
		d["stand_in"] = e.Keyword["stand_in"]
	}
	in := console.KeywordUpdate{Of: r.publisherInput(), ID: id, Keyword: d}
	in.Version = version
	return console.UpdateKeyword.Call(r.callContext(), in)
}

func (r keywordPages) remove(id, version string) error {
	in := console.KeywordDelete{Of: r.publisherInput(), ID: id}
	in.Version = version
	_, err := console.DeleteKeyword.Call(r.callContext(), in)
	return err
}

func (r keywordPages) rename(id, version, to string) error {
	in := console.KeywordRename{Of: r.publisherInput(), ID: id}
	in.Version, in.To = version, to
	_, err := console.RenameKeyword.Call(r.callContext(), in)
	return err
}

// end tells the words that would answer nobody any more.
func (r keywordPages) end(e console.KeywordEntry, page *deletePage) {
	var words []string
	for _, chips := range r.keywordRow(e).Phrases {
		words = append(words, chips.Phrases...)
	}
	page.Confirm.Facts = []pages.Fact{{Label: r.t("keyword.phrases"), Value: strings.Join(words, ", ")},
		{Label: r.t("keyword.source"), Value: r.nameOf(catalogue.ResourceSource, e.Keyword.Text("source"))}}
}

// show shows the form; one as it was saved with what is found in it.
func (r keywordPages) show(status int, f *form, v keywordView) error {
	var notes keywordNotes
	if v.entry != nil && r.Method == http.MethodGet {
		notes.findings = r.findingsOf(v.entry.Findings, v.entry.Failing, nil)
	}
	return r.showWith(status, f, v, notes)
}

// showWith shows the form with notes beside it.
func (r keywordPages) showWith(status int, f *form, v keywordView, notes keywordNotes) error {
	begun, crumbs := pageOfForm(r, f, &v)
	body := keywordPage{formPage: begun,
		Check: r.pathTo(keywordSection, "check"), Preview: r.pathTo(keywordSection, "preview"), Pick: r.pathTo(keywordSection, "pick"),
		ReplyAt: r.pathTo(keywordSection, "reply"), SourceAt: r.pathTo(sourceSection, "new"), Zone: r.zone.String(),
		Findings: notes.findings, Picked: notes.picked, Shown: notes.preview, Asking: previewPart(r).askingView(v.values),
		Focus: v.entry == nil && r.Method == http.MethodGet,
	}
	if v.entry != nil {
		if err := r.addFacts(&body, *v.entry); err != nil {
			return err
		}
		if body.StandIn = (standInPages{r}).standInView(*v.entry); body.StandIn != nil {
			body.StandIn.Message = notes.refused
			body.StandIn.Open = r.URL.Query().Has(standInPlace)
		}
	}
	if err := r.placeFields(&body, f, v); err != nil {
		return err
	}
	body.Load = notes.picked == nil && body.Source.Value != ""
	return r.showAs(status, "page_keyword", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

// placeFields puts the fields where the page wants them.
func (r keywordPages) placeFields(body *keywordPage, f *form, v keywordView) error {
	audience := v.shown
	audience.languages = catalogue.AudienceNames()
	for i, field := range f.fieldList(audience) {
		if field.Path == "audience" {
			body.Fields[i] = field
		}
	}
	named := func(names ...string) pages.FieldList {
		var some pages.FieldList
		for _, name := range names {
			for _, field := range body.Fields {
				if field.Path == name {
					some = append(some, field)
				}
			}
		}
		return some
	}
	body.Asked, body.Timely, body.Others, body.Request = named(askedNames...), named(timelyNames...), named(otherNames...), named("request")
	body.Asks = body.Asked.Wrong() || firstOf(v.values, "argument") != string(what.ArgumentNone) || slices.ContainsFunc([]string{"query", "slot"}, hasValue(v.values)) ||
		!slices.Contains([]string{"", "1"}, firstOf(v.values, "count"))
	body.Timed = body.Timely.Wrong() || slices.ContainsFunc(timelyNames, hasValue(v.values))
	kind := firstOf(v.values, "request.kind")
	body.Requests, body.Sourceless = body.Request.Wrong() || kind != "", kind == catalogue.Incident || kind == catalogue.Order
	if v.entry == nil && !body.Requests {
		body.RequestAt = r.pathTo(keywordSection, "new") + "?request=" + catalogue.Incident
	}
	body.Phrases = named("phrases")[0]
	var err error
	if body.Source, err = r.sourcePick(named("source")[0], v.disabled); err != nil {
		return err
	}
	problems := v.problems.In(r.language)
	body.Reply, err = replyPart(r).replyView(v.values, body.Source.Value, problems, v.disabled)
	return err
}

// hasValue reports whether an input of a name holds something.
func hasValue(values map[string][]string) func(name string) bool {
	return func(name string) bool { return strings.TrimSpace(strings.Join(values[name], "")) != "" }
}

func (r keywordPages) sourcePick(f pages.Field, disabled bool) (sourcePick, error) {
	p := sourcePick{Label: f.Label, Help: f.Help, Value: f.Value, Problems: f.Problems, Disabled: disabled}
	named, more, err := sourcePages(r).sourceNames()
	if err != nil {
		return p, err
	}
	p.Typed = more
	found := false
	for _, s := range named {
		found = found || s.ID == p.Value
		p.Options = append(p.Options, pages.Option{Value: s.ID, Label: s.Name, Selected: s.ID == p.Value})
	}
	if p.Value != "" && !found && !more {
		p.Options = append(p.Options, pages.Option{Value: p.Value, Label: p.Value, Selected: true})
	}
	return p, nil
}

// addFacts adds what there is to tell of a keyword that has been saved.
func (r keywordPages) addFacts(body *keywordPage, e console.KeywordEntry) (err error) {
	badge := r.answersBadge(e.State)
	body.Head.Lead, body.Head.Badge = r.t("keyword.edit_lead"), &badge
	body.About = r.changedFacts(e.Standing)
	if s := e.Saved; s != nil {
		body.About = append(body.About, pages.Fact{Label: r.t("keyword.kept"), Value: r.plural("keyword.kept_by", s.Readers, "when", pages.When(r.language, s.AsOf, r.clock().In(r.zone)))})
	}
	if r.mayChange(console.AdoptDemand) {
		body.Also = r.pageOf(keywordSection, e.Keyword.Text("id"), "also")
	}
	if e.State != console.KeywordClosed && strings.HasPrefix(r.URL.Query().Get("done"), "keyword_saved") {
		body.Fresh = &pages.Badge{State: badge.State, Text: r.t("keyword.saved_"+string(e.State), "reason", e.Failing)}
	}
	body.Chat, err = todayPages(r).chatAddress()
	return err
}
