package site

import (
	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// snippetPages are those of snippets.
type snippetPages struct{ *request }

func (s *Site) snippetRoutes() {
	s.route("GET "+Root+"/p/{publisher}/snippets", pageAction(snippetPages.listSnippets))
	addEditRoutes(s, "snippets", func(r *request) editable[console.SnippetEntry] { return snippetPages{r} })
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

func (r snippetPages) snippetInput(id string) console.SnippetGet {
	return console.SnippetGet{Of: r.publisherInput(), ID: id}
}

func (r snippetPages) get(id string) (console.SnippetEntry, error) {
	return console.GetSnippet.Call(r.callContext(), r.snippetInput(id))
}

func (r snippetPages) create(d console.Doc) (console.SnippetEntry, error) {
	return console.CreateSnippet.Call(r.callContext(), console.SnippetCreate{Of: r.publisherInput(), Snippet: d})
}

func (r snippetPages) update(id, version string, d console.Doc) (console.SnippetEntry, error) {
	in := console.SnippetUpdate{SnippetGet: r.snippetInput(id), Snippet: d}
	in.Version = version
	return console.UpdateSnippet.Call(r.callContext(), in)
}

func (r snippetPages) remove(id, version string) error {
	in := console.SnippetDelete{SnippetGet: r.snippetInput(id)}
	in.Version = version
	_, err := console.DeleteSnippet.Call(r.callContext(), in)
	return err
}

func (r snippetPages) show(status int, f *form, v formView[console.SnippetEntry]) error {
	body, crumbs := pageOfForm(r, f, &v)
	return r.showAs(status, "page_snippet", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

func (r snippetPages) listSnippets() error {
	listed, err := console.ListSnippets.Call(r.callContext(), console.SnippetList{Of: r.publisherInput(), Page: r.pageAsked()})
	if err != nil {
		return err
	}
	body := r.resource().newListPage(r.request, "", listed.Next, len(listed.Snippets) == 0)
	rows := make([]pages.Tab, len(listed.Snippets))
	for i, e := range listed.Snippets {
		id := e.Snippet.Text("id")
		rows[i] = pages.Tab{Label: id + ": " + e.Snippet.Text("text"), Href: r.pageOf("snippets", id)}
	}
	body.Rows = rows
	return r.showPage("page_snippets", pages.Page{Title: body.Head.Title, Body: body})
}
