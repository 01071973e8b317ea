package site

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// attempt is what came of trying a form without saving it.
type attempt struct {
	// Error says why there is nothing; At is the field that it is about, with
	// its Label, where it is about one.
	Error, At, Label string
	// Marks are fields that carry a problem, for the next attempt to clear.
	Marks []string
	// Again are fields to be shown anew where only the attempt is fetched.
	Again pages.FieldList
}

// workingForm returns the form as it is at this moment, with its document; that of the
// configuration file as it stands there.
func workingForm[E any](p editable[E]) (*form, formView[E], console.Doc, error) {
	f, v, err := postedForm(p)
	if err != nil && !errors.Is(err, errAsked) {
		return nil, v, nil, err
	}
	d := f.typedDoc(f.PostForm)
	if f.isProvisioned() && v.entry != nil {
		d, _ = p.apart(*v.entry)
		v.values = f.storedValues(d)
	}
	return f, v, d, nil
}

// showAttempt puts the problems of a form at its fields, and what they come to into
// the attempt, for show.
func (f *form) showAttempt(s *shown, a *attempt, show func(status int) error) error {
	s.disabled = f.locked != ""
	a.Again, a.Marks, a.At, a.Label, a.Error = f.changedFields(*s)
	status := http.StatusOK
	if !f.wantsPart() {
		if a.Again = nil; len(s.problems) > 0 {
			status = http.StatusUnprocessableEntity
		}
	}
	return show(status)
}

// changedFields returns the fields that a part of the page has to show anew, since they
// are wrong now or were the last time; the first complaint stands beside them.
func (f *form) changedFields(s shown) (fields pages.FieldList, marks []string, at, label, text string) {
	marked := map[string]bool{}
	for _, id := range f.PostForm["_marked"] {
		marked[id] = true
	}
	all := f.fieldList(s)
	for _, field := range all {
		if (field.Wrong() || marked[field.ID] || field.Note != "" || slices.Contains(f.filled, field.Path)) && field.Path != "" {
			fields = append(fields, field)
		}
		for _, c := range (pages.FieldList{field}).Complaints() {
			if at == "" {
				at, label, text = c.ID, c.Label, c.Text
				if field.Path == "" {
					label = "" // the form is no field
				}
			}
		}
	}
	return fields, wrongFieldIDs(all), at, label, text
}

// wrongFieldIDs returns the ids of the fields that carry a problem.
func wrongFieldIDs(fields pages.FieldList) []string {
	var ids []string
	for _, f := range fields {
		if f.Wrong() {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// problemAt returns what upstream's failure is to the form: a problem of the field
// that it blames.
func problemAt(field string, n catalogue.Resource, sentence string) settings.Problem {
	field = strings.TrimPrefix(strings.TrimPrefix(field, string(n)), ".")
	sentence = asSentence(sentence)
	return settings.Problem{Field: cmp.Or(field, belowKind), Message: sentence, Key: sentence}
}

// asSentence returns what an error says as a sentence of its own.
func asSentence(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(r)) + text[size:]
	if strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}

// problemsOf returns the problems of a refused input without the body's own
// name in front: "source.settings.url" is "settings.url" on its form. ok is
// false for any other error. Their sentences are in the visitor's language.
func (r *request) problemsOf(err error, body string) (settings.Problems, bool) {
	var all settings.Problems
	if !errors.As(err, &all) {
		return nil, false
	}
	own := make(settings.Problems, len(all))
	for i, p := range all {
		p = p.Labelled(r.fieldLabelOf)
		p.Message = p.In(r.language)
		p.Field = strings.TrimPrefix(strings.TrimPrefix(p.Field, body), ".")
		own[i] = p
	}
	return own, true
}

// refusalText returns what a refusal that belongs to no field says on the page of its
// form; false if the error is not the visitor's to mend.
func (r *request) refusalText(err error) (string, bool) {
	switch console.KindOf(err) {
	case pull.Invalid, pull.Conflict, pull.Limited:
	default:
		return "", false
	}
	var e *pull.Error
	if !errors.As(err, &e) || e.Hint.IsZero() {
		return r.t("failure." + statusWord(console.StatusOf(err))), true
	}
	return e.Hint.In(r.language), true
}
