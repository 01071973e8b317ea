package site

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// resource is what the pages of every resource are made from. Its words begin with its
// name: "keyword.new", "keyword.delete_title".
type resource struct {
	name    catalogue.Resource
	section string
	// kinds are those to choose from for a new one; nil if it has none.
	kinds []console.Kind
	icon  string
	// add, change and drop are the operations by which its things come and go;
	// by try a form is at least tried.
	add, change, drop, try permitted
	// rename gives its things other ids; nil where these never change.
	rename permitted
	// ways tells how readers get to one of its things; nil if they don't.
	links permitted
}

// editable are the pages of a resource of which a publisher has many things, each
// edited by a form: what differs from resource to resource. E is an entry, as
// operations answer it.
type editable[E any] interface {
	self() *request
	resource() resource
	// form is that of a thing of a kind; kind is "" for a resource without kinds.
	form(kind string) (*form, error)
	// apart takes an entry apart.
	apart(e E) (console.Doc, console.Standing)
	get(id string) (E, error)
	create(d console.Doc) (E, error)
	update(id, version string, d console.Doc) (E, error)
	remove(id, version string) error
	// show shows the form with what v says.
	show(status int, f *form, v formView[E]) error
}

// What a resource's pages may have beside these.
type (
	// beginning fills in the form of a new thing.
	beginning interface {
		begin(values map[string][]string)
	}
	// leading leads on from a form that was saved.
	leading[E any] interface {
		lead(e E) (to, done string)
	}
	// choosing has a way of its own to choose the kind of a new thing.
	choosing interface{ choose() error }
	// ending tells on the page that asks before something is deleted what only
	// this resource knows.
	ending[E any] interface{ end(e E, page *deletePage) }
)

// formView is what a form is shown with: entry is nil for a new thing, version
// the one that the form was opened with, opened what it showed then. gone is what was
// edited and has been deleted meanwhile.
type formView[E any] struct {
	shown
	entry                 *E
	version, opened, gone string
}

// errAsked says that a form wants to be shown again and nothing else.
var errAsked = errors.New("a button of the form was pressed")

// addEditRoutes adds the pages by which things of a resource are made, changed and
// deleted.
func addEditRoutes[E any](s *Site, section string, of func(*request) editable[E]) {
	at := Root + "/p/{publisher}/" + section
	on := func(f func(editable[E]) error) action { return func(r *request) error { return f(of(r)) } }
	n := of(&request{Site: s}).resource()
	s.edited = append(s.edited, n)
	s.route("GET "+at+"/new", gatedFor(n.add, on(newPage)))
	s.route("POST "+at, gatedFor(n.add, on(createFromForm)))
	s.route("GET "+at+"/{id}", on(storedPage))
	s.route("POST "+at+"/{id}", gatedFor(n.change, on(updateFromForm)))
	s.route("GET "+at+"/{id}/delete", gatedFor(n.drop, on(func(p editable[E]) error { return showDelete(p, http.StatusOK, "") })))
	renameRoutes(s, at, n, of)
	s.route("POST "+at+"/{id}/delete", gatedFor(n.drop, on(removeThing)))
}

// newPage shows the kinds, where there are such, then the form of one.
func newPage[E any](p editable[E]) error {
	r, n := p.self(), p.resource()
	switch {
	case r.summary() == nil:
		return console.NoPublisher(r.publisher)
	case r.isProvisioned():
		return &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "thing.provisioned"}}
	}
	kind, title := r.URL.Query().Get("kind"), r.t(string(n.name)+".new")
	if c, ok := p.(choosing); ok && kind == "" {
		return c.choose()
	}
	if kind == "" && n.kinds != nil {
		body := kindsPage{Head: pages.Header{Title: title, Lead: r.t(string(n.name) + ".new_lead")}, Kinds: n.kindTiles(r)}
		return r.showPage("page_kinds", pages.Page{Title: title, Body: body, Crumbs: r.crumbsTo(n.section, title)})
	}
	f, err := p.form(kind)
	if err != nil {
		return err
	}
	values := f.storedValues(console.Doc{})
	if b, ok := p.(beginning); ok {
		b.begin(values)
	}
	return p.show(http.StatusOK, f, formView[E]{shown: shown{values: values}})
}

// storedPage shows a thing that is there.
func storedPage[E any](p editable[E]) error {
	f, v, err := storedForm(p, p.self().thingID())
	if err != nil {
		return err
	}
	return p.show(http.StatusOK, f, v)
}

// storedForm returns the form of a thing as it was saved.
func storedForm[E any](p editable[E], id string) (*form, formView[E], error) {
	e, err := p.get(id)
	if err != nil {
		return nil, formView[E]{}, err
	}
	d, _ := p.apart(e)
	f, err := p.form(d.Text("kind"))
	if err != nil {
		return nil, formView[E]{}, err
	}
	f.id = id
	return f, formView[E]{entry: &e, shown: shown{values: f.storedValues(d)}}, nil
}

// postedForm returns the form that was sent. The error is errAsked where it wants to be
// shown again.
func postedForm[E any](p editable[E]) (*form, formView[E], error) {
	r, kind := p.self(), p.self().postedValue("kind")
	v := formView[E]{version: r.postedValue("version"), opened: r.postedValue(openedInput)}
	id := r.postedValue("stored")
	if id != "" {
		e, err := p.get(id)
		switch {
		case console.KindOf(err) == pull.Unknown && r.summary() != nil:
			// It is a new one from now on, under the id that names it elsewhere.
			v.gone, v.version, v.opened, id = id, "", "", ""
			r.PostForm.Set("id", v.gone)
			clearMasks(r.PostForm)
		case err != nil:
			return nil, v, err
		default:
			d, _ := p.apart(e)
			v.entry, kind = &e, cmp.Or(kind, d.Text("kind"))
		}
	}
	f, err := p.form(kind)
	if err != nil {
		return nil, v, err
	}
	values, add, asked := pages.ApplyButtons(r.PostForm)
	f.id, r.PostForm = id, f.completeAddresses(values)
	values = r.PostForm
	v.values, v.add = f.typedValues(values), add
	if asked {
		return f, v, errAsked
	}
	return f, v, nil
}

func createFromForm[E any](p editable[E]) error {
	f, v, err := postedForm(p)
	if err != nil {
		return showAgain(p, f, v, err)
	}
	e, err := p.create(f.typedDoc(p.self().PostForm))
	if err != nil {
		return showAgain(p, f, v, err)
	}
	return leadOn(p, e)
}

func updateFromForm[E any](p editable[E]) error {
	r := p.self()
	id := r.thingID()
	r.PostForm.Set("stored", id)
	f, v, err := postedForm(p)
	if err == nil && v.gone != "" {
		return p.show(http.StatusConflict, f, v)
	}
	if err != nil {
		return showAgain(p, f, v, err)
	}
	now, standing := p.apart(*v.entry)
	version := r.postedValue("version")
	stale := version != standing.Version && version != anyVersion
	m := f.mergeTyped(now, stale)
	if stale && (m.clashes || v.opened == "") {
		return showStale(p, f, m.doc, now, standing)
	}
	if stale {
		version = standing.Version
	}
	e, err := p.update(id, version, m.doc)
	var faster *console.Stale
	if errors.As(err, &faster) {
		current, _ := faster.Current.(E)
		now, standing = p.apart(current)
		return showStale(p, f, m.doc, now, standing)
	}
	if err != nil {
		return showAgain(p, f, v, err)
	}
	if m.along {
		to, _ := nextOf(p, e)
		return r.redirectDone(to, "saved_along")
	}
	return leadOn(p, e)
}

// showStale shows what was typed beside what somebody else has saved.
func showStale[E any](p editable[E], f *form, mine, theirs console.Doc, s console.Standing) error {
	r, n := p.self(), p.resource()
	return r.showStale(r.pageOf(n.section, r.thingID()), r.crumbsTo(n.section, r.nameIn(n.name, theirs)),
		f.readableLines(f.docValues(mine), mine), f.readableLines(f.storedValues(theirs), theirs), s)
}

// anyVersion stands for whichever version is there.
const anyVersion = "*"

// clearMasks takes away the masks of secrets that are no more.
func clearMasks(posted url.Values) {
	for name, all := range posted {
		for i, value := range all {
			if value == settings.Mask {
				posted[name][i] = ""
			}
		}
	}
}

// showAgain shows a form once more: since a button of it asked for that, or with
// what is wrong at its fields.
func showAgain[E any](p editable[E], f *form, v formView[E], err error) error {
	if errors.Is(err, errAsked) {
		return p.show(http.StatusOK, f, v)
	}
	problems, ok := p.self().problemsOf(err, string(p.resource().name))
	if !ok {
		return err
	}
	v.problems = problems
	return p.show(http.StatusUnprocessableEntity, f, v)
}

// leadOn leads on from a form that was saved.
func leadOn[E any](p editable[E], e E) error {
	return p.self().redirectDone(nextOf(p, e))
}

// nextOf returns the page behind a form that was saved, and what it tells.
func nextOf[E any](p editable[E], e E) (to, done string) {
	if l, ok := p.(leading[E]); ok {
		return l.lead(e)
	}
	r, n := p.self(), p.resource()
	d, _ := p.apart(e)
	return r.pageOf(n.section, d.Text("id")), string(n.name) + "_saved"
}

// formPage is what the form of every resource shows.
type formPage struct {
	Head pages.Header
	// Action is where the form is sent.
	Action, Cancel, Delete string
	Kind, KindTitle        string
	// Stored and Version are those of a thing that is there, Opened what the form showed
	// of it as it was opened.
	Stored, Version, Opened string
	// Gone tells that what was edited has been deleted.
	Gone string
	// Fields are all of them; Marks those that carry a problem, for a trial to
	// clear.
	Fields pages.FieldList
	Marks  []string
	// Fixed says why nothing can be changed; Editor may at least try.
	Fixed  string
	Editor bool
	About  []pages.Fact
	// Note is what editors have written down about the thing.
	Note string
}

// formPage begins the page of a new thing, or of the entry, with its crumbs.
func pageOfForm[E any](p editable[E], f *form, v *formView[E]) (formPage, []pages.Crumb) {
	r, n := p.self(), p.resource()
	word := string(n.name)
	b := formPage{
		Head:   pages.Header{Title: r.t(word + ".new"), Lead: r.t(word + ".new_lead")},
		Action: r.pathTo(n.section), Cancel: r.pathTo(n.section), Kind: f.kindName, Fixed: f.locked, Editor: r.mayDo(n.try),
	}
	if n.kinds != nil {
		b.KindTitle = r.kindTitle(n.kinds, f.kindName)
		b.Head = pages.Header{Title: r.t(word+".new_of", "kind", b.KindTitle), Lead: f.kindHelp}
	}
	v.disabled = b.Fixed != ""
	b.Fields = f.fieldList(v.shown)
	b.Marks = wrongFieldIDs(b.Fields)
	if v.gone != "" {
		b.Gone = r.t("gone.text", "name", v.gone)
	}
	if v.entry == nil {
		return b, r.crumbsTo(n.section, r.t(word+".new"))
	}
	d, standing := p.apart(*v.entry)
	id := d.Text("id")
	b.Head, b.Note = pages.Header{Title: r.nameIn(n.name, d)}, d.Text("note")
	if n.kinds != nil {
		b.Head.Lead = r.t(word+".of_kind", "kind", b.KindTitle)
	}
	b.Action, b.Stored, b.Version = r.pageOf(n.section, id), id, cmp.Or(v.version, standing.Version)
	b.Opened = f.opened(v.opened, f.storedValues(d))
	if r.mayChange(n.drop) {
		b.Delete = r.pageOf(n.section, id, "delete")
	}
	if n.rename != nil && r.mayChange(n.rename) {
		b.Head.Actions = append(b.Head.Actions, pages.Action{Label: r.t("rename.action"), Href: r.pageOf(n.section, id, "rename")})
	}
	if n.links != nil && r.mayChange(n.links) {
		b.Head.Actions = append(b.Head.Actions, pages.Action{Label: r.t("ways.action"), Href: r.pageOf(n.section, id, "ways")})
	}
	b.Head.Actions = append(b.Head.Actions, r.historyAction(n.change, r.pageOf(n.section, id, historyPlace))...)
	b.Head.Actions = append(b.Head.Actions, pages.Action{Label: r.t("nav.figures"), Href: r.pathTo(figuresSection) + "?" + url.Values{string(n.name): {id}}.Encode(), Icon: "chart"})
	return b, r.crumbsTo(n.section, b.Head.Title)
}

// deletePage asks before something is deleted, or tells what still needs it.
type deletePage struct {
	Confirm pages.Confirm
	// Used are the things that keep it from being deleted, with More of them
	// elsewhere.
	Used       []pages.Tab
	More, Back string
	Text       string
}

func showDelete[E any](p editable[E], status int, refusal string) error {
	r, n := p.self(), p.resource()
	id, word := r.thingID(), string(n.name)
	e, err := p.get(id)
	if err != nil {
		return err
	}
	d, standing := p.apart(e)
	at, name := r.pageOf(n.section, id), r.nameIn(n.name, d)
	body := deletePage{Back: at, Text: refusal, Confirm: pages.Confirm{
		Title: r.t(word+".delete_title", "name", name), Text: r.t(word + ".delete_text"), Action: r.pageOf(n.section, id, "delete"),
		Yes: r.t(word + ".delete"), Cancel: at, CSRF: r.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: standing.Version}},
	}}
	if more, ok := p.(ending[E]); ok {
		more.end(e, &body)
	}
	return r.showAs(status, "page_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: r.crumbsTo(n.section, name)})
}

func removeThing[E any](p editable[E]) error {
	r, n := p.self(), p.resource()
	err := p.remove(r.thingID(), r.postedValue("version"))
	if err == nil {
		return r.redirectDone(r.pathTo(n.section), string(n.name)+"_deleted")
	}
	status := console.StatusOf(err)
	if status != http.StatusConflict {
		return err
	}
	var stale *console.Stale
	if errors.As(err, &stale) {
		return showDelete(p, status, r.t("stale.delete"))
	}
	return showDelete(p, status, "")
}
