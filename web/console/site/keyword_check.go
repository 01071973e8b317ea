package site

import (
	"net/http"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
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

// checkKeyword says what is wrong with the form, or doubtful.
func (r keywordPages) checkKeyword() error {
	d, k, err := r.workedKeyword()
	if err != nil {
		return err
	}
	if k.findings, err = r.check(d, k); err != nil {
		return err
	}
	if r.partial() {
		k.findings.Live = true
		return r.part("part_findings", *k.findings)
	}
	return r.showKeyword(http.StatusOK, d, k)
}

func (r keywordPages) check(d *form, k keywordView) (*findingsView, error) {
	checked, err := do[console.KeywordCheck, console.KeywordChecked](r.request, "keyword.check",
		console.KeywordCheck{Of: r.of(), Keyword: d.keywordDoc(k.values), ID: r.posted("stored")})
	if err != nil {
		return nil, err
	}
	for i, p := range checked.Problems {
		p.Message = console.SayProblem(p, r.language, d.words...)
		p.Field = strings.TrimPrefix(strings.TrimPrefix(p.Field, string(catalogue.NounKeyword)), ".")
		checked.Problems[i] = p
	}
	return r.findingsOf(checked.Findings, r.unfinished(k.values, checked.Problems)), nil
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
	f.Template, _ = replyPart{r.request}.replyProblems(problems)
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

// root is the field that a path begins with.
func root(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

// fieldLabel is what a keyword's field is called on its form.
func (r keywordPages) fieldLabel(name string) string {
	fields, err := r.ownFields(&catalogue.Keyword{}, catalogue.KeywordWords(), name)
	if err != nil {
		return name
	}
	return fields[0].Label
}
