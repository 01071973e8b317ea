package site

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

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
func (r *request) showStale(at string, crumbs []pages.Crumb, mine, theirs string, s console.Standing) error {
	body := stalePage{
		Head:   pages.Header{Title: r.t("stale.title"), Lead: r.t("stale.lead_nobody")},
		Diff:   pages.NewDiff(r.t("stale.mine"), mine, r.t("stale.theirs"), theirs),
		Action: at, Theirs: at,
	}
	if s.By != "" {
		body.Head.Lead = r.t("stale.lead", "who", s.By, "when", r.agoText(s.Changed))
	}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if name == "_csrf" || name == "version" {
			continue
		}
		for _, value := range r.PostForm[name] {
			body.Hidden = append(body.Hidden, pages.Hidden{Name: name, Value: value})
		}
	}
	body.Hidden = append(body.Hidden, pages.Hidden{Name: "version", Value: s.Version})
	return r.showAs(http.StatusConflict, "page_stale", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

// readableLines returns a form as lines that people can compare: a label and what was
// typed. Secrets stay unseen.
func (f *form) readableLines(values map[string][]string, d console.Doc) string {
	var b strings.Builder
	for _, field := range f.fieldList(shown{values: values}) {
		writeReadable(&b, field, "")
	}
	if f.more != nil {
		b.WriteString(f.more.readable(d))
	}
	return b.String()
}

func writeReadable(b *strings.Builder, f pages.Field, indent string) {
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
				writeReadable(b, inner, indent+"  ")
			}
		}
		for _, inner := range f.Parts {
			writeReadable(b, inner, indent)
		}
	case settings.Lists, settings.Localised:
		for _, text := range f.Texts {
			put(strings.TrimSpace(f.Label+" "+text.Language), text.Value)
		}
	case settings.Pairs:
		for _, pair := range f.Pairs {
			put(f.Label+" "+pair.Key, maskedSecret(f.Secret, pair.Value))
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
		put(f.Label, maskedSecret(f.Secret, f.Value))
	}
}

// maskedSecret returns a value that may be shown; of a secret only whether it is one
// that was typed anew.
func maskedSecret(secret bool, value string) string {
	if secret && value != "" && value != settings.Mask {
		return settings.Mask + "•"
	}
	return value
}

// indentedJSON writes a document one field a line, for comparing. What is not there
// is nothing.
func indentedJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return indented(b)
}

// indented writes JSON one field a line; null and invalid JSON as "".
func indented(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return ""
	}
	return out.String()
}
