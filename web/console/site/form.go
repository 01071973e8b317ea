package site

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
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
	// kindName and kindHelp are the kind's.
	kindName, kindHelp string
	// id is that of a thing that is there, which never changes.
	id string
	// completed are the inputs whose address was made whole, and how it began.
	completed map[string]string
	// filled are the inputs that a button has just filled in.
	filled []string
	// locked says why nothing can be changed; "" if it can.
	locked string
	// more is what has inputs that no field of a struct is; nil if nothing has.
	more formPart
}

// formPart is a part of a form that has inputs of its own.
type formPart interface {
	// stored adds what the inputs show of a document that is there, typed what
	// they show again that was posted.
	stored(d console.Doc, values map[string][]string)
	typed(posted, values map[string][]string)
	// doc adds to a document what the inputs say.
	doc(posted map[string][]string, d console.Doc)
	// readable tells the part of a document as lines that people can compare.
	readable(d console.Doc) string
}

// newForm returns the form of the struct that example points to, which package
// catalogue says below at: of the fields that
// are named, in that order, in the visitor's language. A name with "+" before it
// is folded, one without stands in the open.
func (r *request) newForm(n resource, example any, at string, names ...string) (*form, error) {
	all, err := settings.Fields(example)
	if err != nil {
		return nil, fmt.Errorf("the fields of a form: %w", err)
	}
	all = settings.Translate(all, catalogue.Words(), r.language, at)
	f := &form{request: r, own: settings.Form{Zone: r.zone}, locked: r.whyFixed(n.change)}
	for _, name := range names {
		name, folded := strings.CutPrefix(name, "+")
		i := slices.IndexFunc(all, func(f settings.Field) bool { return f.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no field %q", name)
		}
		field := all[i]
		field.More = folded
		// An id that is left out is made.
		field.Required = field.Required && name != "id"
		f.own.Fields = append(f.own.Fields, r.inPlainWords(field))
	}
	return f, nil
}

// inPlainWords says a field as editors speak, where the words of files and APIs are
// those of engineers.
func (l locale) inPlainWords(f settings.Field) settings.Field {
	if key := "fields." + f.Name; pages.Has(key) {
		f.Label, f.Help = l.t(key), l.t(key+"_help")
	}
	if f.Is == settings.Code {
		// What is a good one depends on the source.
		f.Example = ""
	}
	return f
}

// fieldLabelOf returns what a form calls a setting that a sentence speaks of: one of the kind
// at work, else of a keyword or a source. What no form asks for is called nothing.
func (r *request) fieldLabelOf(of words.Field) (words.Text, bool) {
	var fields []settings.Field
	for _, k := range slices.Concat(r.Kinds.Sources, r.Kinds.Messengers) {
		if k.Name == r.PostForm.Get("kind") {
			own, _ := settings.Fields(k.New())
			fields = settings.Translate(own, k.Words, r.language, "")
		}
	}
	if f, ok := fieldAt(fields, of.Name); ok {
		return r.fieldInSentence(f, of.Value), true
	}
	for _, at := range []string{"keyword.", "source."} {
		thing := map[string]any{"keyword.": &catalogue.Keyword{}, "source.": &catalogue.Source{}}[at]
		own, _ := settings.Fields(thing)
		if f, ok := fieldAt(settings.Translate(own, catalogue.Words(), r.language, at), of.Name); ok {
			return r.fieldInSentence(r.inPlainWords(f), of.Value), true
		}
	}
	return words.Text{}, false
}

// fieldAt returns the field of a path.
func fieldAt(fields []settings.Field, path string) (settings.Field, bool) {
	name, rest, deeper := strings.Cut(path, ".")
	i := slices.IndexFunc(fields, func(f settings.Field) bool { return f.Name == name })
	switch {
	case i < 0:
		return settings.Field{}, false
	case deeper:
		return fieldAt(fields[i].Fields, rest)
	}
	return fields[i], true
}

// fieldInSentence returns a field within a sentence, with the choice that a file writes as value.
func (r *request) fieldInSentence(f settings.Field, value string) words.Text {
	if f.Local && !r.isProvisioned() {
		return words.Text{}
	}
	if choice := f.ChoiceLabels[strings.Trim(value, `"`)]; choice != "" {
		return words.Quoted(f.Label + " " + choice)
	}
	return words.Quoted(f.Label)
}

// withKind adds the fields of a kind.
func (f *form) withKind(k console.Kind) error {
	fields, err := settings.Fields(k.New())
	if err != nil {
		return fmt.Errorf("kind %s: %w", k.Name, err)
	}
	if f.locked == "" {
		// Files of the server are read for the configuration file alone.
		fields = slices.DeleteFunc(fields, func(f settings.Field) bool { return f.Local })
	}
	f.kindName = k.Name
	_, f.kindHelp = k.In(f.language)
	f.kind = settings.Form{Fields: settings.Translate(fields, k.Words, f.language, ""), Prefix: belowKind, Zone: f.zone}
	return nil
}

// typedDoc returns the document that was typed.
func (f *form) typedDoc(posted map[string][]string) console.Doc {
	doc := console.Doc(f.own.Values(posted))
	if f.kindName != "" {
		doc["kind"], doc[belowKind] = f.kindName, f.kind.Values(posted)
	}
	if f.more != nil {
		f.more.doc(posted, doc)
	}
	return doc
}

// completeAddresses makes whole what was typed as an address whose beginning was left
// out, and notes where.
func (f *form) completeAddresses(posted map[string][]string) map[string][]string {
	values := maps.Clone(posted)
	f.completed = map[string]string{}
	for _, one := range []settings.Form{f.own, f.kind} {
		for _, field := range one.Fields {
			path := strings.TrimPrefix(one.Prefix+"."+field.Name, ".")
			if checks(field, "zone") && len(values[path]) == 1 {
				values[path] = []string{f.zoneMeant(values[path][0])}
			}
			if !checks(field, "url") || field.Type != settings.URL && field.Type != settings.Lines {
				continue
			}
			values[path] = slices.Clone(values[path])
			for i, text := range values[path] {
				lines := strings.Split(text, "\n")
				for n, line := range lines {
					if whole, completed := settings.WholeAddress(strings.TrimSpace(line)); completed {
						begins, _, _ := strings.Cut(whole, "://")
						lines[n], f.completed[path] = whole, begins+"://"
					}
				}
				values[path][i] = strings.Join(lines, "\n")
			}
		}
	}
	return values
}

// checks reports whether a field is checked by a rule of a name.
func checks(field settings.Field, rule string) bool {
	return strings.Contains(","+field.Check+",", ","+rule+",")
}

// storedValues returns what a form shows of a document that is there; secrets are masked.
func (f *form) storedValues(doc console.Doc) map[string][]string {
	posted := f.own.Posted(doc)
	if f.kindName != "" {
		inner, _ := doc[belowKind].(map[string]any)
		maps.Copy(posted, f.kind.Posted(inner))
	}
	if f.more != nil {
		f.more.stored(doc, posted)
	}
	return posted
}

// docValues returns what a form shows of a document that was typed.
func (f *form) docValues(doc console.Doc) map[string][]string {
	typed := *f
	typed.own.Typed, typed.kind.Typed = true, true
	return typed.storedValues(doc)
}

// typedValues returns what a form shows again that was posted: rows are numbered anew, as
// problems count them, and everything typed is there.
func (f *form) typedValues(posted map[string][]string) map[string][]string {
	own, kind := f.own, f.kind
	own.Typed, kind.Typed = true, true
	shown := own.Posted(own.Values(posted))
	if f.kindName != "" {
		maps.Copy(shown, kind.Posted(kind.Values(posted)))
	}
	if f.more != nil {
		f.more.typed(posted, shown)
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

// fieldList makes the fields. Problems that no field is about come in a last one
// that is not seen but in the summary.
func (f *form) fieldList(s shown) pages.FieldList {
	problems := s.problems.In(f.language)
	if f.id != "" {
		s.values = maps.Clone(s.values)
		s.values["id"] = []string{f.id}
	}
	if s.languages == nil {
		s.languages = f.publisherLanguages()
	}
	in := pages.Inputs{
		Fields: f.own.Fields, Values: s.values, Problems: problems, Languages: s.languages,
		Language: f.language, Add: s.add, Disabled: s.disabled,
	}
	own := in.List()
	for i, field := range own {
		own[i].Disabled = field.Disabled || field.Path == "id" && f.id != ""
	}
	in.Fields, in.Prefix, in.Problems = f.kind.Fields, f.kind.Prefix, below(problems, belowKind)
	all := slices.Concat(in.List(), own)
	for i, field := range all {
		if checks(field.Field, "zone") {
			all[i].Suggest = f.zoneOptions()
		}
		if begins := f.completed[field.Path]; begins != "" {
			all[i].Note = f.t("field.completed", "begins", begins)
		}
	}
	return append(all, f.otherProblems(problems, all)...)
}

// below returns the problems below a name, without it.
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

// otherProblems holds the problems that none of the fields tells.
func (f *form) otherProblems(problems settings.Problems, fields pages.FieldList) pages.FieldList {
	told := fields.Complaints()
	whole := pages.Field{ID: "form", Field: settings.Field{Label: f.t("form.whole")}}
	for _, p := range problems {
		if !slices.ContainsFunc(told, func(c pages.Complaint) bool { return strings.HasSuffix(c.Text, p.Message) }) {
			whole.Problems = append(whole.Problems, p.Message)
		}
	}
	if whole.Problems == nil {
		return nil
	}
	return pages.FieldList{whole}
}

// publisherLanguages returns those of the publisher at work.
func (r *request) publisherLanguages() []string {
	if o := r.summary(); o != nil {
		return o.Languages
	}
	return nil
}
