package site

import (
	"errors"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
)

// problems returns the problems of a refused input without the body's own
// name in front: "source.settings.url" is "settings.url" on its form. ok is
// false for any other error. Their sentences are in the visitor's language.
func (r *request) problems(err error, body string) (settings.Problems, bool) {
	var all settings.Problems
	if !errors.As(err, &all) {
		return nil, false
	}
	own := make(settings.Problems, len(all))
	for i, p := range all {
		p = p.Labelled(r.label)
		p.Message = p.In(r.language)
		p.Field = strings.TrimPrefix(strings.TrimPrefix(p.Field, body), ".")
		own[i] = p
	}
	return own, true
}

// told is what a refusal that belongs to no field says on the page of its
// form; false where the error is not the visitor's to mend.
func (r *request) told(err error) (string, bool) {
	switch console.KindOf(err) {
	case pull.Invalid, pull.Conflict, pull.Limited:
	default:
		return "", false
	}
	var e *pull.Error
	if !errors.As(err, &e) || e.Hint.IsZero() {
		_, key := statusOf(err)
		return r.t("failure." + key), true
	}
	return e.Hint.In(r.language), true
}
