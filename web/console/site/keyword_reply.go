package site

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// replyPart is the part of a keyword's form about its reply.
type replyPart struct{ *request }

// The names of the reply's inputs. A form holds all of them whichever way is
// chosen, so that trying another loses nothing.
const (
	replyMode   = "reply_mode"
	replyTicks  = "reply"
	replyLabel  = "label."
	replyKnown  = "_part"
	replySample = "_sample."
)

// The ways in which a reply is made.
const (
	modeOwn      = "own"
	modeParts    = "parts"
	modeTemplate = "template"
)

// maxSample is how much of an item's part stands beside its tick.
const maxSample = 70

// replyView is the choice of how the reply is made.
type replyView struct {
	Mode     string
	Ticks    []pages.Tick
	Labels   pages.FieldList
	Template pages.Field
	// More are the texts of languages that have none yet, Alone says that the one
	// text needs no name; Examples explain Liquid.
	More     []pages.FieldText
	Alone    bool
	Examples []example
	// Says are what is wrong with the template, Doubts with the parts.
	Says, Doubts []string
	Variables    []string
	// Kept are the inputs of the ways that are not chosen.
	Kept     []pages.Hidden
	Disabled bool
}

// example is a piece of a template and what comes of it.
type example struct{ Code, Text string }

// examples show what a template can do.
func (r locale) examples() []example {
	return []example{
		{"{{ item.title }}", r.t("reply.example_name")},
		{"{{ item.summary | truncate: 120 }}", r.t("reply.example_filter")},
		{"{% if item.link %}{{ item.link }}{% endif %}", r.t("reply.example_if")},
	}
}

// folded leaves the texts in the open that are written, or the one for everybody
// where none is, and folds those of the languages that may get one of their own.
func (r replyPart) folded(view *replyView) {
	var written []pages.FieldText
	for _, text := range view.Template.Texts {
		if text.Value != "" || len(view.Template.Texts) == 1 {
			written = append(written, text)
		} else {
			view.More = append(view.More, text)
		}
	}
	if len(written) == 0 {
		written, view.More = view.More[:1], view.More[1:]
	}
	if own := r.publisherLanguages(); len(own) == 1 {
		for _, l := range pages.Languages() {
			name := "template." + l
			there := slices.ContainsFunc(view.Template.Texts, func(t pages.FieldText) bool { return t.Path == name })
			if l != own[0] && !there {
				view.More = append(view.More, pages.FieldText{Language: l, Path: name, ID: "f-template-" + l})
			}
		}
	}
	view.Template.Texts, view.Alone = written, len(written) == 1 && len(r.publisherLanguages()) == 1
}

// Is reports whether that is the way that is chosen.
func (r replyView) Is(mode string) bool { return r.Mode == mode }

// stored shows the reply of a keyword that is there.
func (r replyPart) stored(d console.Doc, values map[string][]string) {
	values[replyMode] = []string{modeOwn}
	if len(d.Table("template")) > 0 || d.Text("template") != "" {
		values[replyMode] = []string{modeTemplate}
	}
	rows, _ := d["reply"].([]any)
	for _, entry := range rows {
		fields, _ := entry.(map[string]any)
		row := console.Doc(fields)
		show := row.Text("show")
		values[replyMode] = []string{modeParts}
		values[replyTicks] = append(values[replyTicks], show)
		if text := row.Text("label"); text != "" {
			values[replyLabel+show+".all"] = []string{text}
		}
		for language, text := range row.Table("label") {
			if text, ok := text.(string); ok {
				values[replyLabel+show+"."+cmp.Or(language, "all")] = []string{text}
			}
		}
	}
}

// typed shows again what was posted.
func (r replyPart) typed(posted, values map[string][]string) {
	for name, v := range posted {
		if name == replyMode || name == replyTicks || name == replyKnown || strings.HasPrefix(name, replyLabel) ||
			strings.HasPrefix(name, replySample) || strings.HasPrefix(name, "_ask") {
			values[name] = v
		}
	}
}

// doc makes the reply the way that is chosen.
func (r replyPart) doc(posted map[string][]string, d console.Doc) {
	mode := firstOf(posted, replyMode)
	if mode != modeTemplate {
		delete(d, "template")
	}
	if mode == modeParts {
		d["reply"] = replyRows(posted)
	}
}

func firstOf(posted map[string][]string, name string) string {
	if all := posted[name]; len(all) > 0 {
		return all[0]
	}
	return ""
}

func replyRows(posted map[string][]string) []any {
	rows := []any{}
	for _, show := range posted[replyTicks] {
		row := map[string]any{"show": show}
		labels := map[string]any{}
		for name, values := range posted {
			language, ok := strings.CutPrefix(name, replyLabel+show+".")
			if !ok || strings.TrimSpace(values[0]) == "" {
				continue
			}
			if language == "all" {
				language = ""
			}
			labels[language] = strings.TrimSpace(values[0])
		}
		if len(labels) > 0 {
			row["label"] = labels
		}
		rows = append(rows, row)
	}
	return rows
}

// partNames returns what a reply can show of a source's items, and what of them has
// been seen.
func (r replyPart) partNames(source string, values map[string][]string) ([]string, error) {
	checked, err := console.CheckKeyword.Call(r.callContext(), console.KeywordCheck{Of: r.publisherInput(), Keyword: console.Doc{"source": source}})
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range slices.Concat(values[replyTicks], checked.Parts, values[replyKnown]) {
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all, nil
}

func (r replyPart) replyView(values map[string][]string, source string, problems settings.Problems, disabled bool) (replyView, error) {
	view := replyView{Mode: firstOf(values, replyMode), Disabled: disabled}
	if view.Mode != modeParts && view.Mode != modeTemplate {
		view.Mode = modeOwn
	}
	parts, err := r.partNames(source, values)
	if err != nil {
		return view, err
	}
	labels := settings.Form{}
	for _, name := range parts {
		view.Ticks = append(view.Ticks, pages.Tick{Value: name, Label: r.partName(name), Hint: shorten(firstOf(values, replySample+name), maxSample),
			On: slices.Contains(values[replyTicks], name)})
		if name != "image" && name != "stamp" {
			labels.Fields = append(labels.Fields, settings.Field{Name: name, Label: r.partName(name), Type: settings.Localised})
		}
	}
	d, err := keywordPages(r).form("")
	if err != nil {
		return view, err
	}
	view.Labels = pages.Inputs{Fields: labels.Fields, Prefix: strings.TrimSuffix(replyLabel, "."), Values: values,
		Languages: r.publisherLanguages(), Language: r.language, Disabled: disabled}.List()
	for _, f := range d.fieldList(shown{values: values, disabled: disabled}) {
		if f.Path == "template" {
			view.Template = f
		}
	}
	if len(view.Template.Texts) > 0 {
		r.folded(&view)
	}
	view.Examples = r.examples()
	view.Says, view.Doubts = r.replyProblems(problems)
	view.Variables, view.Kept = templateVariables(parts), hiddenOfOtherModes(values, view.Mode)
	return view, nil
}

// hiddenOfOtherModes returns the values of the ways that are not chosen, so that choosing them
// again brings them back.
func hiddenOfOtherModes(values map[string][]string, mode string) []pages.Hidden {
	var all []pages.Hidden
	for _, name := range slices.Sorted(maps.Keys(values)) {
		ticked := name == replyTicks || strings.HasPrefix(name, replyLabel)
		if ticked && mode != modeParts || strings.HasPrefix(name, "template.") && mode != modeTemplate {
			for _, value := range values[name] {
				all = append(all, pages.Hidden{Name: name, Value: value})
			}
		}
	}
	return all
}

// replyProblems returns the problems of the template and those of the parts.
func (r replyPart) replyProblems(problems settings.Problems) (template, parts []string) {
	for _, p := range problems {
		name, rest, _ := strings.Cut(p.Field, ".")
		switch {
		case name == "template" && rest != "":
			template = append(template, r.languageName(rest)+": "+p.Message)
		case name == "template":
			template = append(template, p.Message)
		case strings.HasPrefix(name, replyTicks):
			parts = append(parts, p.Message)
		}
	}
	return template, parts
}

// partName returns what a part of an item is called.
func (r locale) partName(name string) string {
	if key, ok := partKeys()[name]; ok {
		return r.t(key)
	}
	return pull.FactLabel(name, r.language)
}

func partKeys() map[string]string {
	return map[string]string{
		"title": "part.title", "summary": "part.summary", "body": "part.body", "link": "part.link", "image": "part.image",
		"published": "part.published", "stamp": "part.stamp",
	}
}

// templateVariables returns what a template can name.
func templateVariables(parts []string) []string {
	var all []string
	for _, p := range parts {
		if p != "stamp" {
			all = append(all, "item."+p)
		}
	}
	return append(all, "argument", "stamp", "publisher.name", "reader.language")
}

// showReply shows the inputs of the way that is chosen.
func (r keywordPages) showReply() error {
	f, v, err := r.workingForm()
	if err != nil {
		return err
	}
	if firstOf(v.values, replyMode) == modeTemplate && f.locked == "" {
		replyPart(r).beginTemplate(f, v.values)
	}
	if !r.wantsPart() {
		return r.showWith(http.StatusOK, f, v, keywordNotes{})
	}
	reply, err := replyPart(r).replyView(v.values, firstOf(v.values, "source"), nil, f.locked != "")
	if err != nil {
		return err
	}
	return r.showPart("part_reply", reply)
}

// readable returns how a reply is made, as lines that people can compare.
func (r replyPart) readable(doc console.Doc) string {
	rows, _ := doc["reply"].([]any)
	var b strings.Builder
	for _, raw := range rows {
		fields, _ := raw.(map[string]any)
		row := console.Doc(fields)
		b.WriteString(r.t("keyword.shows") + ": " + r.partName(row.Text("show")))
		labels := row.Table("label")
		for _, language := range slices.Sorted(maps.Keys(labels)) {
			if text, ok := labels[language].(string); ok {
				b.WriteString(" (" + strings.TrimSpace(language+" "+text) + ")")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
