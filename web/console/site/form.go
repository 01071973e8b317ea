package site

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// belowKind is where the settings of a kind stand in a document and on its
// form.
const belowKind = "settings"

// form is the way of a source, keyword or channel through its form: which
// fields the form has, what was typed, and back.
type form struct {
	*request
	// own are the thing's own fields; kind those of its kind, none where it has
	// none.
	own, kind settings.Form
	kindName  string
	words     []settings.Words
	// id is that of a thing that is there, which never changes.
	id string
	// kindFirst puts the kind's fields before the thing's own.
	kindFirst bool
}

// ownFields are those of the struct that example points to, by name and in
// that order, in the visitor's language. A name with "+" before it is folded,
// one without stands in the open.
func (r *request) ownFields(example any, words settings.Words, names ...string) ([]settings.Field, error) {
	all, err := settings.Fields(example)
	if err != nil {
		return nil, fmt.Errorf("the fields of a form: %w", err)
	}
	all = settings.Translate(all, words, r.language)
	fields := make([]settings.Field, 0, len(names))
	for _, name := range names {
		name, folded := strings.CutPrefix(name, "+")
		i := slices.IndexFunc(all, func(f settings.Field) bool { return f.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no field %q", name)
		}
		f := all[i]
		f.More = folded
		// An id that is left out is made.
		f.Required = f.Required && name != "id"
		fields = append(fields, r.plainly(f))
	}
	return fields, nil
}

// plainly says a field as editors speak, where the words of files and APIs are
// those of engineers.
func (r *request) plainly(f settings.Field) settings.Field {
	if key := "fields." + f.Name; pages.Has(key) {
		f.Label, f.Help = r.t(key), r.t(key+"_help")
	}
	if f.Is == settings.Code {
		// What is a good one depends on the source.
		f.Example = ""
	}
	return f
}

// withKind adds the fields of a kind.
func (d *form) withKind(k console.Kind) error {
	fields, err := settings.Fields(k.New())
	if err != nil {
		return fmt.Errorf("kind %s: %w", k.Name, err)
	}
	if d.fixed() == "" {
		// Files of the server are read for the configuration file alone.
		fields = slices.DeleteFunc(fields, func(f settings.Field) bool { return f.Local })
	}
	d.kindName, d.words = k.Name, append(d.words, k.Words)
	d.kind = settings.Form{Fields: settings.Translate(fields, k.Words, d.language), Prefix: belowKind, Zone: d.zone}
	return nil
}

// doc is the document that was typed.
func (d *form) doc(posted map[string][]string) console.Doc {
	doc := console.Doc(d.own.Values(posted))
	if d.kindName != "" {
		doc["kind"], doc[belowKind] = d.kindName, d.kind.Values(posted)
	}
	return doc
}

// stored is what a form shows of a document that is there; secrets are masked.
func (d *form) stored(doc console.Doc) map[string][]string {
	posted := d.own.Posted(doc)
	if d.kindName != "" {
		inner, _ := doc[belowKind].(map[string]any)
		maps.Copy(posted, d.kind.Posted(inner))
	}
	return posted
}

// typed is what a form shows again that was posted: rows are numbered anew, as
// problems count them, and everything typed is there.
func (d *form) typed(posted map[string][]string) map[string][]string {
	own, kind := d.own, d.kind
	own.Typed, kind.Typed = true, true
	shown := own.Posted(own.Values(posted))
	if d.kindName != "" {
		maps.Copy(shown, kind.Posted(kind.Values(posted)))
	}
	return shown
}

// shown is how a form is to be shown.
type shown struct {
	values   map[string][]string
	problems settings.Problems
	// add names the rows that get an empty one; disabled forms change nothing.
	add      string
	disabled bool
	// languages are those of texts by language; the publisher's where nil.
	languages []string
}

// list makes the fields. Problems that no field is about come in a last one
// that is not seen but in the summary.
func (d *form) list(s shown) pages.FieldList {
	problems := s.problems.In(d.language, d.words...)
	if d.id != "" {
		s.values = maps.Clone(s.values)
		s.values["id"] = []string{d.id}
	}
	if s.languages == nil {
		s.languages = d.languages()
	}
	in := pages.Inputs{
		Fields: d.own.Fields, Values: s.values, Problems: problems, Languages: s.languages,
		Language: d.language, Add: s.add, Disabled: s.disabled,
	}
	own := in.List()
	for i, f := range own {
		own[i].Disabled = f.Disabled || f.Path == "id" && d.id != ""
	}
	in.Fields, in.Prefix, in.Problems = d.kind.Fields, d.kind.Prefix, below(problems, belowKind)
	kind := in.List()
	all := slices.Concat(own, kind)
	if d.kindFirst {
		all = slices.Concat(kind, own)
	}
	return append(all, d.rest(problems, all)...)
}

// below are the problems below a name, without it.
func below(problems settings.Problems, name string) settings.Problems {
	var inner settings.Problems
	for _, p := range problems {
		if rest, ok := strings.CutPrefix(p.Field, name+"."); ok {
			p.Field = rest
			inner = append(inner, p)
		}
	}
	return inner
}

// rest holds the problems that none of the fields tells.
func (d *form) rest(problems settings.Problems, fields pages.FieldList) pages.FieldList {
	told := fields.Complaints()
	f := pages.Field{ID: "form", Field: settings.Field{Label: pages.T(d.language, "form.whole")}}
	for _, p := range problems {
		if !slices.ContainsFunc(told, func(c pages.Complaint) bool { return strings.HasSuffix(c.Text, p.Message) }) {
			f.Problems = append(f.Problems, p.Message)
		}
	}
	if f.Problems == nil {
		return nil
	}
	return pages.FieldList{f}
}

// languages are those of the publisher at work.
func (r *request) languages() []string {
	if o := r.summary(); o != nil {
		return o.Languages
	}
	return nil
}
