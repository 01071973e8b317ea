package site

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// marked stands before an id that is also the name of a page, such as "new":
// no id begins with it.
const marked = "~"

// verbs are the pages beside those of single things.
var verbs = []string{"new", "try", "check", "preview", "pick", "reply", "discover", "change", "drop", "export", "import", deadPlace, withdrawnPlace}

// pageOf returns the address of the page of a source, keyword or channel.
func (r *request) pageOf(section, id string, more ...string) string {
	if slices.Contains(verbs, id) {
		id = marked + id
	}
	return r.pathTo(append([]string{section, id}, more...)...)
}

// thingID returns the thing that the path names.
func (r *request) thingID() string { return strings.TrimPrefix(r.PathValue("id"), marked) }

// permitted is an operation, of which one can ask whether somebody may carry it
// out.
type permitted interface {
	Allowed(ctx context.Context, publisher string) bool
	Refusal(ctx context.Context, publisher string) error
}

// mayDo reports whether the visitor may carry an operation out on the publisher at
// work.
func (r *request) mayDo(op permitted) bool { return op.Allowed(r.callContext(), r.publisher) }

// gatedFor returns the action for those who may carry an operation out.
func gatedFor(op permitted, f action) action {
	return func(r *request) error {
		if err := op.Refusal(r.callContext(), r.publisher); err != nil {
			return err
		}
		return f(r)
	}
}

// self returns the request, for what knows the pages of a resource by their contract.
func (r *request) self() *request { return r }

// isProvisioned reports whether the publisher at work stands in the configuration
// file.
func (r *request) isProvisioned() bool {
	o := r.summary()
	return o != nil && o.Provisioned
}

// mayChange reports whether an operation that changes what the publisher has would
// be carried out.
func (r *request) mayChange(op permitted) bool { return r.mayDo(op) && !r.isProvisioned() }

// whyFixed returns why such an operation would not be carried out; "" if it would.
func (r *request) whyFixed(op permitted) string {
	switch {
	case r.isProvisioned():
		return r.t("thing.provisioned")
	case !r.mayDo(op):
		return r.t("thing.viewer")
	}
	return ""
}

// changedFacts tell when a thing was changed and who did.
func (r *request) changedFacts(s console.Standing) []pages.Fact {
	if s.Changed.IsZero() {
		return nil
	}
	facts := []pages.Fact{{Label: r.t("thing.changed"), Value: r.agoText(s.Changed)}}
	if s.By != "" {
		facts = append(facts, pages.Fact{Label: r.t("thing.by"), Value: s.By})
	}
	return facts
}

// postedValue returns the value of one input.
func (r *request) postedValue(name string) string { return r.PostForm.Get(name) }

// nameOf returns what a thing of the publisher at work is called; its id where it is no
// more.
func (r *request) nameOf(n catalogue.Resource, id string) string { return r.nameAt(r.publisher, n, id) }

// nameAt returns the same at any publisher.
func (r *request) nameAt(publisher string, n catalogue.Resource, id string) string {
	if publisher == "" || id == "" {
		return id
	}
	name, err := console.Names(r.callContext(), publisher, n, id)
	if err != nil {
		return id
	}
	return name(id)
}

// nameIn returns what the thing of a document is called.
func (r *request) nameIn(n catalogue.Resource, d console.Doc) string {
	return console.Naming{Kinds: r.Kinds, Languages: r.publisherLanguages(), Language: r.language}.NameOf(n, d)
}

// webAddress returns the address of a page or picture; "" for what browsers would
// run or make up.
func webAddress(url string) string {
	lower := strings.ToLower(url)
	if strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") {
		return url
	}
	return ""
}

// shorten shortens a text for a list.
func shorten(text string, runes int) string {
	all := []rune(text)
	if len(all) <= runes {
		return text
	}
	return strings.TrimSpace(string(all[:runes])) + "…"
}

// hintText returns what an error of an operation tells the visitor.
func (l locale) hintText(err error) string {
	var e *pull.Error
	if errors.As(err, &e) && !e.Hint.IsZero() {
		return e.Hint.In(l.language)
	}
	return http.StatusText(http.StatusInternalServerError)
}

// renaming gives a thing another id; the pages of a resource may have it.
type renaming interface {
	rename(id, version, to string) error
}

// renamePage asks for the new id, and has the former ones taken away.
type renamePage struct {
	Head                              pages.Header
	Action, Cancel, CSRF, Version, To string
	Problems                          []string
	Former                            []string
}

// What the page of a new id sends: a former one that is to lead nowhere; and where a
// document has those.
const (
	takeAway = "take_away"
	formerly = "formerly"
)

// renameRoutes adds the page on which a thing of a resource is given another id.
func renameRoutes[E any](s *Site, at string, n resource, of func(*request) editable[E]) {
	if n.rename == nil {
		return
	}
	s.route("GET "+at+"/{id}/rename", gatedFor(n.rename, func(r *request) error { return showRename(of(r), http.StatusOK, "", nil) }))
	s.route("POST "+at+"/{id}/rename", gatedFor(n.rename, func(r *request) error { return rename(of(r)) }))
}

func showRename[E any](p editable[E], status int, to string, problems settings.Problems) error {
	r, n := p.self(), p.resource()
	id := r.thingID()
	e, err := p.get(id)
	if err != nil {
		return err
	}
	d, standing := p.apart(e)
	name := r.nameIn(n.name, d)
	body := renamePage{Former: linesOf(d, formerly), Head: pages.Header{Title: r.t("rename.title", "name", name), Lead: r.t("rename.lead")}, Action: r.pageOf(n.section, id, "rename"),
		Cancel: r.pageOf(n.section, id), CSRF: r.session.CSRF, Version: standing.Version, To: to}
	if status == http.StatusOK {
		body.To = id
	}
	for _, problem := range problems {
		body.Problems = append(body.Problems, problem.Message)
	}
	return r.showAs(status, "page_rename", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbsTo(n.section, name)})
}

func rename[E any](p editable[E]) error {
	r, n := p.self(), p.resource()
	if r.PostForm.Has(takeAway) {
		return takeFormer(p, r.postedValue(takeAway))
	}
	to := r.postedValue("to")
	err := p.(renaming).rename(r.thingID(), r.postedValue("version"), to)
	if problems, refused := r.problemsOf(err, ""); refused {
		return showRename(p, http.StatusUnprocessableEntity, to, problems)
	}
	if err != nil {
		return err
	}
	return r.redirectDone(r.pageOf(n.section, to), "renamed")
}

// takeFormer has an id that a thing had before lead nowhere.
func takeFormer[E any](p editable[E], former string) error {
	r, n := p.self(), p.resource()
	id := r.thingID()
	e, err := p.get(id)
	if err != nil {
		return err
	}
	d, _ := p.apart(e)
	d = maps.Clone(d)
	kept := []any{}
	for _, one := range linesOf(d, formerly) {
		if one != former {
			kept = append(kept, one)
		}
	}
	d[formerly] = kept
	_, err = p.update(id, r.postedValue("version"), d)
	if problems, refused := r.problemsOf(err, ""); refused {
		return showRename(p, http.StatusUnprocessableEntity, id, problems)
	}
	if err != nil {
		return err
	}
	return r.redirectDone(r.pageOf(n.section, id, "rename"), string(n.name)+"_saved")
}
