package site

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// staleView is a thing that somebody else has changed meanwhile.
type staleView struct {
	d               *draft
	room, title, id string
	doc             console.Doc
	standing        console.Standing
	// mine and theirs are the lines of what the draft does not know.
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
func (v *visit) showStale(s staleView) error {
	posted := s.d.typed(v.r.PostForm)
	at := v.thing(s.room, s.id)
	body := stalePage{
		Head:   pages.Header{Title: v.t("stale.title"), Lead: v.t("stale.lead", "who", s.standing.By, "when", v.ago(s.standing.Changed))},
		Diff:   pages.NewDiff(v.t("stale.mine"), s.d.readable(posted)+s.mine, v.t("stale.theirs"), s.d.readable(s.d.stored(s.doc))+s.theirs),
		Action: at, Theirs: at,
	}
	if s.standing.By == "" {
		body.Head.Lead = v.t("stale.lead_nobody")
	}
	names := make([]string, 0, len(v.r.PostForm))
	for name := range v.r.PostForm {
		if name != "_csrf" && name != "version" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range v.r.PostForm[name] {
			body.Hidden = append(body.Hidden, pages.Hidden{Name: name, Value: value})
		}
	}
	body.Hidden = append(body.Hidden, pages.Hidden{Name: "version", Value: s.standing.Version})
	return v.showAs(http.StatusConflict, "page_stale", pages.Page{Title: body.Head.Title, Body: body, Crumbs: v.crumbs(s.room, s.title, s.id)})
}

// ago tells how long ago a moment was, in the visitor's language and zone.
func (v *visit) ago(at time.Time) string {
	return pages.Ago(v.language, at, v.Clock().In(v.zone))
}

// readable is a form as lines that people can compare: a label and what was
// typed. Secrets stay unseen.
func (d *draft) readable(posted map[string][]string) string {
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
