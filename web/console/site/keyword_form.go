package site

import (
	"net/http"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// keywordPage is the form of a keyword and beside it what it would say.
type keywordPage struct {
	Head                                    pages.Header
	Action, Cancel, Delete                  string
	Check, Preview, Pick, ReplyAt, SourceAt string
	Stored, Version                         string
	// All is every field, for the summary; the others stand where the page
	// wants them.
	All                   pages.FieldList
	Phrases               pages.Field
	Asked, Timely, Others pages.FieldList
	Source                sourcePick
	Reply                 replyView
	Zone                  string
	Findings              *findingsView
	Picked                *pickView
	Shown                 *previewView
	Asking                askingView
	Fixed                 string
	Editor, Focus         bool
	About                 []pages.Fact
	// Chat is the page of the publisher's web chat; Fresh says that the keyword
	// has just been saved.
	Chat  string
	Fresh bool
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
	otherNames  = []string{"max_age", "stale_if_error", "stale_while_revalidate", "deadline", "stamp", "autocorrect", "bare", "tie", "audience", "id"}
)

// audienceNames are what an audience may be told by.
var audienceNames = []string{"language", "channel", "region", "membership", "group"}

func (r keywordPages) keywordForm() (*form, error) {
	names := slices.Concat([]string{"phrases", "source"}, askedNames, []string{"template"}, timelyNames, otherNames)
	blank := &catalogue.Keyword{}
	blank.Defaults()
	fields, err := r.ownFields(blank, catalogue.KeywordWords(), names...)
	if err != nil {
		return nil, err
	}
	return &form{request: r.request, words: []settings.Words{catalogue.KeywordWords()}, own: settings.Form{Fields: fields, Zone: r.zone}}, nil
}

// keywordView is what the form of a keyword is shown with.
type keywordView struct {
	shown
	entry    *console.KeywordEntry
	version  string
	findings *findingsView
	picked   *pickView
	preview  *previewView
	focus    bool
}

// hasAudience says whether the keyword has one, which only an earlier version
// or a file can have given it.
func (k keywordView) hasAudience() bool {
	for name, values := range k.values {
		if strings.HasPrefix(name, "audience.") && strings.TrimSpace(strings.Join(values, "")) != "" {
			return true
		}
	}
	return false
}

// newKeyword shows an empty form; the address may bring a phrase or a source.
func (r keywordPages) newKeyword() error {
	if err := r.toWrite(); err != nil {
		return err
	}
	if err := r.toChange(); err != nil {
		return err
	}
	d, err := r.keywordForm()
	if err != nil {
		return err
	}
	values := d.stored(console.Doc{})
	query := r.URL.Query()
	if source := query.Get("source"); source != "" {
		values["source"] = []string{source}
	} else if ids, more, err := (sourcePages{r.request}).sourceIDs(); err == nil && len(ids) == 1 && !more {
		values["source"] = ids
	}
	if phrase := strings.TrimSpace(query.Get("phrase")); phrase != "" {
		const most = 100
		values["phrases."+r.firstLanguage()] = []string{cut(phrase, most)}
	}
	values[replyMode] = []string{modeOwn}
	return r.showKeyword(http.StatusOK, d, keywordView{shown: shown{values: values}, focus: true})
}

func (r keywordPages) firstLanguage() string {
	if all := r.languages(); len(all) > 0 {
		return all[0]
	}
	return "en"
}

func (r keywordPages) keyword() error {
	e, err := r.getKeyword(r.id("keyword"))
	if err != nil {
		return err
	}
	d, err := r.keywordForm()
	if err != nil {
		return err
	}
	d.id = r.id("keyword")
	return r.showKeyword(http.StatusOK, d, keywordView{entry: &e, shown: shown{values: d.storedKeyword(e.Keyword)},
		findings: r.findingsOf(e.Findings, nil)})
}

func (r keywordPages) getKeyword(id string) (console.KeywordEntry, error) {
	return do[console.KeywordGet, console.KeywordEntry](r.request, "keyword.get", console.KeywordGet{Of: r.of(), ID: id})
}

// showKeyword shows the form of a new keyword, or of the entry.
func (r keywordPages) showKeyword(status int, d *form, k keywordView) error {
	k.disabled = r.fixed() != ""
	body := keywordPage{
		Head:   pages.Header{Title: r.t("keyword.new"), Lead: r.t("keyword.new_lead")},
		Action: r.at(keywordSection), Cancel: r.at(keywordSection), Check: r.at(keywordSection, "check"), Preview: r.at(keywordSection, "preview"),
		Pick: r.at(keywordSection, "pick"), ReplyAt: r.at(keywordSection, "reply"), SourceAt: r.at(sourceSection, "new"),
		Zone: r.zone.String(), Findings: k.findings, Picked: k.picked, Shown: k.preview, Asking: previewPart{r.request}.askingView(k.values),
		Fixed: r.fixed(), Editor: r.may(console.Write), Focus: k.focus,
	}
	crumb := r.t("keyword.new")
	if k.entry != nil {
		crumb = textOf(k.entry.Keyword, "id")
		if err := r.aboutKeyword(&body, k); err != nil {
			return err
		}
	}
	if err := r.keywordFields(&body, d, k); err != nil {
		return err
	}
	body.Load = k.picked == nil && body.Source.Value != ""
	return r.showAs(status, "page_keyword", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbs(keywordSection, r.t("nav.keywords"), crumb)})
}

// keywordFields puts the fields where the page wants them.
func (r keywordPages) keywordFields(body *keywordPage, d *form, k keywordView) error {
	problems := k.problems.In(r.language, d.words...)
	body.All = d.list(k.shown)
	named := func(names ...string) pages.FieldList {
		var some pages.FieldList
		for _, name := range names {
			for _, f := range body.All {
				if f.Path == name {
					some = append(some, f)
				}
			}
		}
		return some
	}
	audience := k.shown
	audience.languages = audienceNames
	for i, f := range d.list(audience) {
		if f.Path == "audience" {
			body.All[i] = f
		}
	}
	body.Asked, body.Timely, body.Others = named(askedNames...), named(timelyNames...), named(otherNames...)
	if !k.hasAudience() {
		// What would be refused is not asked for; what stands there can go.
		body.Others = slices.DeleteFunc(body.Others, func(f pages.Field) bool { return f.Path == "audience" })
	}
	for _, f := range named("phrases") {
		body.Phrases = f
	}
	var err error
	for _, f := range named("source") {
		if body.Source, err = r.sourcePick(f, k.disabled); err != nil {
			return err
		}
	}
	body.Reply, err = replyPart{r.request}.replyView(k.values, body.Source.Value, problems, k.disabled)
	return err
}

func (r keywordPages) sourcePick(f pages.Field, disabled bool) (sourcePick, error) {
	p := sourcePick{Label: f.Label, Help: f.Help, Value: f.Value, Problems: f.Problems, Disabled: disabled}
	ids, more, err := sourcePages{r.request}.sourceIDs()
	if err != nil {
		return p, err
	}
	p.Typed = more
	found := false
	for _, id := range ids {
		found = found || id == p.Value
		p.Options = append(p.Options, pages.Option{Value: id, Label: id, Selected: id == p.Value})
	}
	if p.Value != "" && !found && !more {
		p.Options = append(p.Options, pages.Option{Value: p.Value, Label: p.Value, Selected: true})
	}
	return p, nil
}

// aboutKeyword adds what there is to tell of a keyword that has been saved.
func (r keywordPages) aboutKeyword(body *keywordPage, k keywordView) error {
	id := textOf(k.entry.Keyword, "id")
	badge, _ := r.availability(k.entry.Keyword, r.publisherZone())
	body.Head = pages.Header{Title: id, Lead: r.t("keyword.edit_lead"), Badge: &badge}
	if phrases := r.keywordRow(*k.entry, r.publisherZone()).Phrases; len(phrases) > 0 {
		body.Head.Title = phrases[0].Phrases[0]
	}
	body.Action, body.Stored, body.Version = r.pageOf(keywordSection, id), id, k.entry.Version
	if k.version != "" {
		body.Version = k.version
	}
	body.About = r.changedFacts(k.entry.Standing)
	if r.mayChange() {
		body.Delete = r.pageOf(keywordSection, id, "delete")
	}
	body.Fresh = strings.HasPrefix(r.URL.Query().Get("done"), "keyword_saved")
	chat, err := r.chatPage()
	body.Chat = chat
	return err
}

// chatPage is the page of the publisher's web chat, "" where there is none.
func (r keywordPages) chatPage() (string, error) {
	listed, err := do[console.ChannelList, console.ChannelListed](r.request, "channel.list", console.ChannelList{Of: r.of()})
	for _, c := range listed.Channels {
		if c.Page != "" {
			return c.Page, nil
		}
	}
	return "", err
}
