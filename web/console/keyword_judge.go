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
func (p keywords) judge(r *review, pub *catalogue.Setup, d Doc) catalogue.Keyword {
	k := p.draft(r, pub, d)
	r.found(findingsOf(pub, k))
	return k
}

// found notes what the linter calls an error of a keyword.
func (r *review) found(findings []catalogue.Finding) {
	for _, f := range findings {
		field := string(catalogue.ResourceKeyword) + "." + f.Path
		if f.Severity == catalogue.Error && !r.about(field) {
			r.problems = append(r.problems, f.Problem(field))
		}
	}
}

// draftKeyword is judgeKeyword without the linter: what a trial needs.
func (p keywords) draft(r *review, pub *catalogue.Setup, d Doc) catalogue.Keyword {
	var k catalogue.Keyword
	k.Defaults()
	r.draft(catalogue.ResourceKeyword, &k, d, p.Checks)
	// A form sends a field for every language; what is empty is not meant.
	maps.DeleteFunc(k.Template, func(_, text string) bool { return strings.TrimSpace(text) == "" })
	r.phrases(k.Phrases)
	var source catalogue.Source
	k.Source = pub.Now(catalogue.ResourceSource, k.Source)
	if s, ok := pub.Source(k.Source); ok {
		source = *s
	} else if k.Source != "" && !r.about("keyword.source") {
		r.unknown("keyword.source", string(catalogue.ResourceSource), k.Source, sourceIDs(pub))
	}
	if len(k.Template) > 0 && len(k.Reply) > 0 {
		r.wrong("keyword.reply", "document.both")
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

// phrases holds the phrases of a keyword against their limits.
func (r *review) phrases(phrases map[string][]string) {
	all := 0
	for _, language := range slices.Sorted(maps.Keys(phrases)) {
		all += len(phrases[language])
		for i, phrase := range phrases[language] {
			if n := utf8.RuneCountInString(phrase); n > maxPhrase {
				r.say("keyword.phrases."+language+"["+strconv.Itoa(i)+"]", "max_length",
					"max", strconv.Itoa(maxPhrase), "got", strconv.Itoa(n))
			}
		}
	}
	if all > maxPhrases {
		r.wrong("keyword.phrases", "document.phrases", "max", strconv.Itoa(maxPhrases), "got", strconv.Itoa(all))
	}
}

// judgeTemplates reads templates with the facts of the source.
func (p keywords) judgeTemplates(r *review, templates catalogue.Localised, s catalogue.Source) {
	facts := p.facts(s)
	for _, language := range slices.Sorted(maps.Keys(templates)) {
		field := strings.TrimSuffix("keyword.template."+language, ".")
		_, err := template.Parse(templates[language], facts)
		if err == nil || has(r.problems, field) {
			continue
		}
		var wrong *template.Error
		if errors.As(err, &wrong) && wrong.Line > 0 {
			r.wrong(field, "document.template_line", "line", strconv.Itoa(wrong.Line), "column", strconv.Itoa(wrong.Column),
				"reason", wrong.Message)
			continue
		}
		r.wrong(field, "document.template", "reason", words.Said(err))
	}
}

// judgeParts looks for parts that no item of a source can have.
func (p keywords) judgeParts(r *review, parts []catalogue.Part, s catalogue.Source) {
	known, all := p.parts(s)
	for i, part := range parts {
		field := "keyword.reply[" + strconv.Itoa(i) + "].show"
		if !all || part.Show == "" || slices.Contains(known, part.Show) {
			continue
		}
		if nearest := settings.Nearest(part.Show, known); nearest != "" {
			r.wrong(field, "document.no_part_near", "got", part.Show, "nearest", nearest)
			continue
		}
		r.wrong(field, "document.no_part", "got", part.Show, "known", strings.Join(known, ", "))
	}
}

func sortedNames(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
