package site

import (
	"net/http"
	"slices"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// staleView is a thing that somebody else has changed meanwhile.
type staleView struct {
	d                  *form
	section, title, id string
	doc                console.Doc
	standing           console.Standing
	// mine and theirs are the lines of what the form does not know.
	mine, theirs string
}

// stalePage shows both versions and lets the editor choose.
type stalePage struct {
	Head   pages.Header
	Diff   pages.Diff
	Action string
	// Hidden is the form that was sent, for the version that is there now.
	Hidden []pages.Hidden
	Theirs string
}

// showStale shows what was typed beside what is there now.
func (r sourcePages) showStale(s staleView) error {
	posted := s.d.typed(r.PostForm)
	at := r.pageOf(s.section, s.id)
	body := stalePage{
		Head:   pages.Header{Title: r.t("stale.title"), Lead: r.t("stale.lead", "who", s.standing.By, "when", r.ago(s.standing.Changed))},
		Diff:   pages.NewDiff(r.t("stale.mine"), s.d.readable(posted)+s.mine, r.t("stale.theirs"), s.d.readable(s.d.stored(s.doc))+s.theirs),
		Action: at, Theirs: at,
	}
	if s.standing.By == "" {
		body.Head.Lead = r.t("stale.lead_nobody")
	}
	names := make([]string, 0, len(r.PostForm))
	for name := range r.PostForm {
		if name != "_csrf" && name != "version" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range r.PostForm[name] {
			body.Hidden = append(body.Hidden, pages.Hidden{Name: name, Value: value})
		}
	}
	body.Hidden = append(body.Hidden, pages.Hidden{Name: "version", Value: s.standing.Version})
	return r.showAs(http.StatusConflict, "page_stale", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbs(s.section, s.title, s.id)})
}

// readable is a form as lines that people can compare: a label and what was
// typed. Secrets stay unseen.
func (d *form) readable(posted map[string][]string) string {
	var b strings.Builder
	for _, f := range d.list(shown{values: posted}) {
		readable(&b, f, "")
	}
	return b.String()
}

func readable(b *strings.Builder, f pages.Field, indent string) {
	put := func(label, text string) {
		if text != "" {
			b.WriteString(indent + strings.TrimSuffix(label, "?") + ": " + strings.ReplaceAll(text, "\n", "\n"+indent+"  ") + "\n")
		}
	}
	switch f.Type {
	case settings.Section, settings.Rows:
		for i := range f.Rows {
			b.WriteString(indent + f.Label + " " + f.Rows[i].Title + "\n")
			for _, inner := range f.Rows[i].Fields {
				readable(b, inner, indent+"  ")
			}
		}
		for _, inner := range f.Parts {
			readable(b, inner, indent)
		}
	case settings.Lists, settings.Localised:
		for _, text := range f.Texts {
			put(strings.TrimSpace(f.Label+" "+text.Language), text.Value)
		}
	case settings.Pairs:
		for _, pair := range f.Pairs {
			put(f.Label+" "+pair.Key, secretly(f.Secret, pair.Value))
		}
	case settings.Toggle:
		if f.Value == "on" {
			put(f.Label, "✓")
		}
	case settings.Choice:
		for _, o := range f.Options() {
			if o.Selected && o.Value != "" {
				put(f.Label, o.Label)
			}
		}
	default:
		put(f.Label, secretly(f.Secret, f.Value))
	}
}

// secretly is a value that may be shown; of a secret only whether it is one
// that was typed anew.
func secretly(secret bool, value string) string {
	if secret && value != "" && value != settings.Mask {
		return settings.Mask + "•"
	}
	return value
}
