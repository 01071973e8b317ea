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
func (v *visit) checkKeyword() error {
	d, k, err := v.workedKeyword()
	if err != nil {
		return err
	}
	if k.findings, err = v.check(d, k); err != nil {
		return err
	}
	if v.partial() {
		k.findings.Live = true
		return v.part("part_findings", *k.findings)
	}
	return v.showKeyword(http.StatusOK, d, k)
}

func (v *visit) check(d *draft, k keywordView) (*findingsView, error) {
	checked, err := do[console.KeywordCheck, console.KeywordChecked](v, "keyword.check",
		console.KeywordCheck{Of: v.of(), Keyword: d.keywordDoc(k.values), ID: v.posted("stored")})
	if err != nil {
		return nil, err
	}
	for i, p := range checked.Problems {
		p.Message = console.SayProblem(p, v.language, d.words...)
		p.Field = strings.TrimPrefix(strings.TrimPrefix(p.Field, string(catalogue.NounKeyword)), ".")
		checked.Problems[i] = p
	}
	return v.findingsOf(checked.Findings, v.unfinished(k.values, checked.Problems)), nil
}

// unfinished leaves out what is only not yet typed: an empty form is no
// mistake.
func (v *visit) unfinished(values map[string][]string, problems settings.Problems) settings.Problems {
	return slices.DeleteFunc(slices.Clone(problems), func(p settings.Problem) bool {
		return p.Key == "required" && (p.Field == "phrases" || p.Field == "source" && firstOf(values, "source") == "")
	})
}

// findingsOf puts findings and problems into one list, the worst first; one
// that is both is told once.
func (v *visit) findingsOf(found []catalogue.Finding, problems settings.Problems) *findingsView {
	f := &findingsView{}
	told := map[string]bool{}
	add := func(level, text, path string) {
		if told[text] {
			return
		}
		told[text] = true
		finding := pages.Finding{Level: level, Text: text}
		if name := root(path); name != "" {
			finding.Where, finding.Href = v.fieldLabel(name), "#f-"+name
		}
		f.Findings = append(f.Findings, finding)
	}
	f.Template, _ = v.replyProblems(problems)
	for _, p := range problems {
		add("error", p.Message, p.Field)
	}
	for _, severity := range []catalogue.Severity{catalogue.Error, catalogue.Warning} {
		for _, one := range found {
			if one.Severity == severity {
				add(string(severity), one.In(v.language), one.Path)
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
func (v *visit) fieldLabel(name string) string {
	fields, err := v.ownFields(&catalogue.Keyword{}, catalogue.KeywordWords(), name)
	if err != nil {
		return name
	}
	return fields[0].Label
}
