package site

import (
	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// snippetPages are those of snippets.
type snippetPages struct{ *request }

func (s *Site) snippetRoutes() {
	s.page("GET "+Root+"/p/{publisher}/snippets", on(snippetPages.list))
	edited(s, "snippets", func(r *request) editable[console.SnippetEntry] { return snippetPages{r} })
}

func (r snippetPages) resource() resource {
	return resource{name: catalogue.ResourceSnippet, section: "snippets", icon: "edit",
		add: console.CreateSnippet, change: console.UpdateSnippet, drop: console.DeleteSnippet, try: console.UpdateSnippet}
}

func (r snippetPages) form(string) (*form, error) {
	return r.newForm(r.resource(), &catalogue.Snippet{}, "snippet.", "text", "+id")
}

func (r snippetPages) apart(e console.SnippetEntry) (console.Doc, console.Standing) {
	return e.Snippet, e.Standing
}

func (r snippetPages) of(id string) console.SnippetGet {
	return console.SnippetGet{Of: r.request.of(), ID: id}
}

func (r snippetPages) get(id string) (console.SnippetEntry, error) {
	return console.GetSnippet.Call(r.context(), r.of(id))
}

func (r snippetPages) create(d console.Doc) (console.SnippetEntry, error) {
	return console.CreateSnippet.Call(r.context(), console.SnippetCreate{Of: r.request.of(), Snippet: d})
}

func (r snippetPages) update(id, version string, d console.Doc) (console.SnippetEntry, error) {
	in := console.SnippetUpdate{SnippetGet: r.of(id), Snippet: d}
	in.Version = version
	return console.UpdateSnippet.Call(r.context(), in)
}

func (r snippetPages) remove(id, version string) error {
	in := console.SnippetDelete{SnippetGet: r.of(id)}
	in.Version = version
	_, err := console.DeleteSnippet.Call(r.context(), in)
	return err
}

func (r snippetPages) show(status int, f *form, v formView[console.SnippetEntry]) error {
	body, crumbs := pageOfForm(r, f, &v)
	return r.showAs(status, "page_snippet", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

func (r snippetPages) list() error {
	listed, err := console.ListSnippets.Call(r.context(), console.SnippetList{Of: r.request.of(), Page: r.cursor()})
	if err != nil {
		return err
	}
	body := r.resource().list(r.request, "", listed.Next, len(listed.Snippets) == 0)
	rows := make([]pages.Tab, len(listed.Snippets))
	for i, e := range listed.Snippets {
		id := textOf(e.Snippet, "id")
		rows[i] = pages.Tab{Label: id + ": " + textOf(e.Snippet, "text"), Href: r.pageOf("snippets", id)}
	}
	body.Rows = rows
	return r.request.show("page_snippets", pages.Page{Title: body.Head.Title, Body: body})
}
