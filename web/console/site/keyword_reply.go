package site

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

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
	// Says are what is wrong with the template, Doubts with the parts.
	Says, Doubts []string
	Variables    []string
	// Kept are the inputs of the ways that are not chosen.
	Kept     []pages.Hidden
	Disabled bool
}

// Is says whether that is the way that is chosen.
func (r replyView) Is(mode string) bool { return r.Mode == mode }

// storedKeyword is what the form shows of a keyword that is there.
func (d *draft) storedKeyword(doc console.Doc) map[string][]string {
	values := d.stored(doc)
	values[replyMode] = []string{modeOwn}
	if len(tableOf(doc, "template")) > 0 || textOf(doc, "template") != "" {
		values[replyMode] = []string{modeTemplate}
	}
	rows, _ := doc["reply"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		show := textOf(row, "show")
		values[replyMode] = []string{modeParts}
		values[replyTicks] = append(values[replyTicks], show)
		if text := textOf(row, "label"); text != "" {
			values[replyLabel+show+".all"] = []string{text}
		}
		for language, text := range tableOf(row, "label") {
			if language == "" {
				language = "all"
			}
			if text, ok := text.(string); ok {
				values[replyLabel+show+"."+language] = []string{text}
			}
		}
	}
	return values
}

// typedKeyword is what the form shows again that was posted.
func (d *draft) typedKeyword(posted map[string][]string) map[string][]string {
	values := d.typed(posted)
	for name, v := range posted {
		if name == replyMode || name == replyTicks || name == replyKnown || strings.HasPrefix(name, replyLabel) ||
			strings.HasPrefix(name, replySample) || strings.HasPrefix(name, "_ask") {
			values[name] = v
		}
	}
	return values
}

// keywordDoc is the keyword that was typed, its reply made the way that is
// chosen.
func (d *draft) keywordDoc(posted map[string][]string) console.Doc {
	doc := d.doc(posted)
	switch firstOf(posted, replyMode) {
	case modeTemplate:
	case modeParts:
		delete(doc, "template")
		doc["reply"] = replyRows(posted)
	default:
		delete(doc, "template")
	}
	return doc
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

// parts are what a reply can show of a source's items, and what of them has
// been seen.
func (v *visit) parts(source string, values map[string][]string) ([]string, error) {
	checked, err := do[console.KeywordCheck, console.KeywordChecked](v, "keyword.check",
		console.KeywordCheck{Of: v.of(), Keyword: console.Doc{"source": source}})
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

func (v *visit) replyView(values map[string][]string, source string, problems settings.Problems, disabled bool) (replyView, error) {
	r := replyView{Mode: firstOf(values, replyMode), Disabled: disabled}
	if r.Mode != modeParts && r.Mode != modeTemplate {
		r.Mode = modeOwn
	}
	parts, err := v.parts(source, values)
	if err != nil {
		return r, err
	}
	labels := settings.Form{}
	for _, name := range parts {
		r.Ticks = append(r.Ticks, pages.Tick{Value: name, Label: v.partName(name), Hint: cut(firstOf(values, replySample+name), maxSample),
			On: slices.Contains(values[replyTicks], name)})
		if name != "image" && name != "stamp" {
			labels.Fields = append(labels.Fields, settings.Field{Name: name, Label: v.partName(name), Type: settings.Localised})
		}
	}
	d, err := v.keywordDraft()
	if err != nil {
		return r, err
	}
	r.Labels = pages.Inputs{Fields: labels.Fields, Prefix: strings.TrimSuffix(replyLabel, "."), Values: values,
		Languages: v.languages(), Language: v.language, Disabled: disabled}.List()
	for _, f := range d.list(shown{values: values, disabled: disabled}) {
		if f.Path == "template" {
			r.Template = f
		}
	}
	r.Says, r.Doubts = v.replyProblems(problems)
	r.Variables, r.Kept = variables(parts), kept(values, r.Mode)
	return r, nil
}

// kept are the values of the ways that are not chosen, so that choosing them
// again brings them back.
func kept(values map[string][]string, mode string) []pages.Hidden {
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

// replyProblems are the problems of the template and those of the parts.
func (v *visit) replyProblems(problems settings.Problems) (template, parts []string) {
	for _, p := range problems {
		name, rest, _ := strings.Cut(p.Field, ".")
		switch {
		case name == "template" && rest != "":
			template = append(template, v.tongue(rest)+": "+p.Message)
		case name == "template":
			template = append(template, p.Message)
		case strings.HasPrefix(name, replyTicks):
			parts = append(parts, p.Message)
		}
	}
	return template, parts
}

// partName is what a part of an item is called.
func (v *visit) partName(name string) string {
	if key, ok := partKeys()[name]; ok {
		return v.t(key)
	}
	return pull.FactLabel(name, v.language)
}

func partKeys() map[string]string {
	return map[string]string{
		"title": "part.title", "summary": "part.summary", "body": "part.body", "link": "part.link", "image": "part.image",
		"published": "part.published", "stamp": "part.stamp",
	}
}

// variables are what a template can name.
func variables(parts []string) []string {
	var all []string
	for _, p := range parts {
		if p != "stamp" {
			all = append(all, "item."+p)
		}
	}
	return append(all, "argument", "stamp", "publisher.name", "reader.language")
}

// chooseReply shows the inputs of the way that is chosen.
func (v *visit) chooseReply() error {
	d, k, err := v.workedKeyword()
	if err != nil {
		return err
	}
	if !v.partial() {
		return v.showKeyword(http.StatusOK, d, k)
	}
	r, err := v.replyView(k.values, firstOf(k.values, "source"), nil, v.fixed() != "")
	if err != nil {
		return err
	}
	return v.part("part_reply", r)
}

// readableReply is how a reply is made, as lines that people can compare.
func (v *visit) readableReply(doc console.Doc) string {
	rows, _ := doc["reply"].([]any)
	var b strings.Builder
	for _, r := range rows {
		row, _ := r.(map[string]any)
		b.WriteString(v.t("keyword.shows") + ": " + v.partName(textOf(row, "show")))
		labels := tableOf(row, "label")
		for _, language := range slices.Sorted(maps.Keys(labels)) {
			if text, ok := labels[language].(string); ok {
				b.WriteString(" (" + strings.TrimSpace(language+" "+text) + ")")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
