package console

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/template"
	"keypull/pull/words"
)

// Limits of a keyword.
const (
	maxPhrases = 500
	maxPhrase  = 100
)

// judgeKeyword makes a keyword of a document and notes what keeps it from
// being saved: what single fields show, what the source can't do, and what the
// linter calls an error.
func (p keywords) judgeKeyword(r *review, pub *catalogue.Setup, d Doc) catalogue.Keyword {
	k := p.draftKeyword(r, pub, d)
	r.addFindings(findingsOf(pub, k))
	return k
}

// addFindings notes what the linter calls an error of a keyword.
func (r *review) addFindings(findings []catalogue.Finding) {
	for _, f := range findings {
		field := string(catalogue.ResourceKeyword) + "." + f.Path
		if f.Severity == catalogue.Error && !r.problemAbout(field) {
			r.problems = append(r.problems, f.Problem(field))
		}
	}
}

// draftKeyword is judgeKeyword without the linter, for trials.
func (p keywords) draftKeyword(r *review, pub *catalogue.Setup, d Doc) catalogue.Keyword {
	var k catalogue.Keyword
	k.Defaults()
	r.fillDraft(catalogue.ResourceKeyword, &k, d, p.Checks)
	// A form sends a field for every language; what is empty is not meant.
	maps.DeleteFunc(k.Template, func(_, text string) bool { return strings.TrimSpace(text) == "" })
	maps.DeleteFunc(k.StandIn.Text, func(_, text string) bool { return strings.TrimSpace(text) == "" })
	for i := range k.Request.Ask {
		maps.DeleteFunc(k.Request.Ask[i].Text, func(_, text string) bool { return strings.TrimSpace(text) == "" })
		maps.DeleteFunc(k.Request.Ask[i].Choices, func(_ string, list []string) bool { return len(list) == 0 })
	}
	for _, problem := range k.StandIn.CheckUntil(p.Clock()) {
		problem.Field = "keyword." + standInField + "." + problem.Field
		r.problems = append(r.problems, problem)
	}
	r.checkPhrases(k.Phrases)
	var source catalogue.Source
	k.Source = pub.Now(catalogue.ResourceSource, k.Source)
	if s, ok := pub.Source(k.Source); ok {
		source = *s
	} else if k.Source != "" && !r.problemAbout("keyword.source") {
		r.addUnknownName("keyword.source", string(catalogue.ResourceSource), k.Source, sourceIDs(pub))
	}
	if len(k.Template) > 0 && len(k.Reply) > 0 {
		r.addDocProblem("keyword.reply", "document.both")
	}
	p.judgeTemplates(r, k.Template, source)
	p.judgeParts(r, k.Reply, source)
	return k
}

func sourceIDs(pub *catalogue.Setup) []string {
	ids := make([]string, len(pub.Sources))
	for i := range pub.Sources {
		ids[i] = pub.Sources[i].ID
	}
	return ids
}

func keywordIDs(pub *catalogue.Setup) []string {
	ids := make([]string, len(pub.Keywords))
	for i := range pub.Keywords {
		ids[i] = pub.Keywords[i].ID
	}
	return ids
}

// checkPhrases holds the phrases of a keyword against their limits.
func (r *review) checkPhrases(phrases map[string][]string) {
	all := 0
	for _, language := range slices.Sorted(maps.Keys(phrases)) {
		all += len(phrases[language])
		for i, phrase := range phrases[language] {
			if n := utf8.RuneCountInString(phrase); n > maxPhrase {
				r.addProblem("keyword.phrases."+language+"["+strconv.Itoa(i)+"]", "max_length",
					"max", strconv.Itoa(maxPhrase), "got", strconv.Itoa(n))
			}
		}
	}
	if all > maxPhrases {
		r.addDocProblem("keyword.phrases", "document.phrases", "max", strconv.Itoa(maxPhrases), "got", strconv.Itoa(all))
	}
}

// judgeTemplates reads templates with the facts of the source.
func (p keywords) judgeTemplates(r *review, templates catalogue.Localised, s catalogue.Source) {
	facts := p.sourceFacts(s)
	for _, language := range slices.Sorted(maps.Keys(templates)) {
		field := strings.TrimSuffix("keyword.template."+language, ".")
		_, err := template.Parse(templates[language], facts)
		if err == nil || hasProblem(r.problems, field) {
			continue
		}
		var wrong *template.Error
		if errors.As(err, &wrong) && wrong.Line > 0 {
			r.addDocProblem(field, "document.template_line", "line", strconv.Itoa(wrong.Line), "column", strconv.Itoa(wrong.Column),
				"reason", wrong.Message)
			continue
		}
		r.addDocProblem(field, "document.template", "reason", words.Said(err))
	}
}

// judgeParts looks for parts that no item of a source can have.
func (p keywords) judgeParts(r *review, parts []catalogue.Part, s catalogue.Source) {
	known, all := p.sourceParts(s)
	for i, part := range parts {
		field := "keyword.reply[" + strconv.Itoa(i) + "].show"
		if !all || part.Show == "" || slices.Contains(known, part.Show) {
			continue
		}
		if nearest := settings.Nearest(part.Show, known); nearest != "" {
			r.addDocProblem(field, "document.no_part_near", "got", part.Show, "nearest", nearest)
			continue
		}
		r.addDocProblem(field, "document.no_part", "got", part.Show, "known", strings.Join(known, ", "))
	}
}

func sortedNames(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
