package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// findingsView is what a check found; Template holds what is wrong with the
// template, which stands at its field too.
type findingsView struct {
	Findings []pages.Finding
	Template []string
	// Live says that the part is fetched alone.
	Live bool
}

// working is the form of a keyword as it is at this moment, with who asks in the
// preview.
func (r keywordPages) working() (*form, keywordView, error) {
	f, v, _, err := worked(r)
	if err != nil {
		return nil, v, err
	}
	for _, name := range []string{askText, askLanguage} {
		v.values[name] = r.PostForm[name]
	}
	return f, v, nil
}

// check says what is wrong with the form, or doubtful.
func (r keywordPages) check() error {
	f, v, err := r.working()
	if err != nil {
		return err
	}
	found, err := r.found(f, v)
	if err != nil {
		return err
	}
	if r.partial() {
		found.Live = true
		return r.part("part_findings", *found)
	}
	return r.showWith(http.StatusOK, f, v, keywordNotes{findings: found})
}

// found is what a check finds in the form.
func (r keywordPages) found(f *form, v keywordView) (*findingsView, error) {
	checked, err := console.CheckKeyword.Call(r.context(), console.KeywordCheck{Of: r.of(), Keyword: f.doc(v.values), ID: f.id})
	if err != nil {
		return nil, err
	}
	problems, _ := r.problems(checked.Problems, string(catalogue.NounKeyword))
	return r.findingsOf(checked.Findings, r.unfinished(v.values, problems)), nil
}

// unfinished leaves out what is only not yet typed: an empty form is no
// mistake.
func (r keywordPages) unfinished(values map[string][]string, problems settings.Problems) settings.Problems {
	return slices.DeleteFunc(slices.Clone(problems), func(p settings.Problem) bool {
		return p.Key == "required" && (p.Field == "phrases" || p.Field == "source" && firstOf(values, "source") == "")
	})
}

// findingsOf puts findings and problems into one list, the worst first; one
// that is both is told once.
func (r keywordPages) findingsOf(found []catalogue.Finding, problems settings.Problems) *findingsView {
	f := &findingsView{}
	told := map[string]bool{}
	add := func(level, text, path string) {
		if told[text] {
			return
		}
		told[text] = true
		finding := pages.Finding{Level: level, Text: text}
		if name := root(path); name != "" {
			finding.Where, finding.Href = r.fieldLabel(name), "#f-"+name
		}
		f.Findings = append(f.Findings, finding)
	}
	f.Template, _ = replyPart(r).replyProblems(problems)
	for _, p := range problems {
		add("error", p.Message, p.Field)
	}
	for _, severity := range []catalogue.Severity{catalogue.Error, catalogue.Warning} {
		for _, one := range found {
			if one.Severity == severity {
				add(string(severity), one.In(r.language), one.Path)
			}
		}
	}
	return f
}

// fieldLabel is what a keyword's field is called on its form.
func (r keywordPages) fieldLabel(name string) string {
	f, err := r.newForm(r.noun(), &catalogue.Keyword{}, "keyword.", name)
	if err != nil {
		return name
	}
	return f.own.Fields[0].Label
}

// root is the field that a path begins with.
func root(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

// pickView is what the source brings at this moment.
type pickView struct {
	trialView
	Source string
	// Parts are what was seen, Samples what of the first item.
	Parts   []string
	Samples []pages.Hidden
	// Ticks are shown anew where parts came to light that were not known.
	Ticks *replyView
	Live  bool
}

// pick shows what the chosen source brings for the keyword.
func (r keywordPages) pick() error {
	f, v, err := r.working()
	if err != nil {
		return err
	}
	picked, err := previewPart(r).picked(v.values)
	if err != nil {
		return err
	}
	if !r.partial() {
		v.values[replyKnown] = picked.Parts
		for _, sample := range picked.Samples {
			v.values[sample.Name] = []string{sample.Value}
		}
		return r.showWith(http.StatusOK, f, v, keywordNotes{picked: picked})
	}
	picked.Live = true
	known, err := replyPart(r).parts(firstOf(v.values, "source"), v.values)
	if err != nil {
		return err
	}
	unknown := slices.ContainsFunc(picked.Parts, func(p string) bool { return !slices.Contains(known, p) })
	if unknown && firstOf(v.values, replyMode) == modeParts {
		v.values[replyKnown] = append(v.values[replyKnown], picked.Parts...)
		ticks, err := replyPart(r).replyView(v.values, firstOf(v.values, "source"), nil, f.locked != "")
		if err != nil {
			return err
		}
		picked.Ticks = &ticks
	}
	return r.part("part_pick", *picked)
}

// picked tries the source that is chosen, as it was saved.
func (r previewPart) picked(values map[string][]string) (*pickView, error) {
	id := firstOf(values, "source")
	if id == "" {
		return &pickView{}, nil
	}
	e, err := sourcePages(r).get(id)
	if console.KindOf(err) == pull.Unknown {
		return &pickView{Source: id, trialView: trialView{attempt: attempt{Error: r.hint(err)}}}, nil
	}
	if err != nil {
		return nil, err
	}
	in := console.SourceTry{Of: r.of(), Source: e.Source, ID: id, Argument: argumentOf(values)}
	if n, err := strconv.Atoi(firstOf(values, "count")); err == nil && n > 0 && n <= 10 {
		in.Count = n
	}
	tried, err := console.TrySource.Call(r.context(), in)
	if problems, refused := r.problems(err, string(catalogue.NounSource)); refused {
		return &pickView{Source: id, trialView: trialView{attempt: attempt{Error: problems[0].Message}}}, nil
	}
	if err != nil {
		return nil, err
	}
	p := &pickView{trialView: *sourcePages(r).trialOf(tried), Source: id, Parts: tried.Parts}
	p.Focus = false
	if len(tried.Items) > 0 {
		p.Samples = samples(tried.Items[0])
	}
	return p, nil
}

// argumentOf is what the source is asked for.
func argumentOf(values map[string][]string) string {
	if firstOf(values, "argument") == string(what.ArgumentNone) {
		return firstOf(values, "query")
	}
	if text := strings.TrimSpace(firstOf(values, askText)); text != "" {
		return text
	}
	return firstOf(values, "query")
}

// samples are the beginnings of an item's parts.
func samples(it what.Item) []pages.Hidden {
	var all []pages.Hidden
	add := func(name, text string) {
		if text != "" {
			all = append(all, pages.Hidden{Name: replySample + name, Value: cut(text, maxSample)})
		}
	}
	add("title", it.Title)
	add("summary", it.Summary)
	add("body", it.Body)
	add("link", it.Link)
	add("image", it.Image())
	for _, f := range it.Facts {
		add(f.Name, factText(f))
	}
	return all
}
