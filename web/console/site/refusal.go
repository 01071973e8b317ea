package site

import (
	"errors"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// problems returns the problems of a refused input without the body's own
// name in front: "source.settings.url" is "settings.url" on its form. ok is
// false for any other error. Their sentences are in the visitor's language, by
// words and by those of the console.
func (r *request) problems(err error, body string, words ...settings.Words) (settings.Problems, bool) {
	var all settings.Problems
	if !errors.As(err, &all) {
		return nil, false
	}
	own := make(settings.Problems, len(all))
	for i, p := range all {
		p.Message = r.sentence(p, words)
		p.Field = strings.TrimPrefix(strings.TrimPrefix(p.Field, body), ".")
		own[i] = p
	}
	return own, true
}

func (r *request) sentence(p settings.Problem, words []settings.Words) string {
	if !strings.HasPrefix(p.Key, "person.") || !pages.Has("problem."+p.Key) {
		return console.SayProblem(p, r.language, words...)
	}
	args := make([]any, 0, 2*len(p.Args))
	for name, value := range p.Args {
		args = append(args, name, value)
	}
	return r.t("problem."+p.Key, args...)
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
	if !errors.As(err, &e) || e.Hint == "" {
		_, key := statusOf(err)
		return r.t("failure." + key), true
	}
	return r.hint(e.Hint), true
}

// hint is what an operation said, in the visitor's language where the console
// knows the sentence.
func (r *request) hint(text string) string {
	if key, ok := hints[text]; ok {
		return r.t(key)
	}
	return text
}

// hints are the sentences of operations that people meet on pages, with their
// keys of the words.
var hints = map[string]string{
	"this is the last owner of the publisher; make somebody else an owner first, or ask an admin":   "hint.last_owner",
	"this is the last admin of the installation; make somebody else an admin first":                 "hint.last_admin",
	"there were too many tries; wait a moment and try again":                                        "hint.too_many_tries",
	"too many people are signing in at this moment; try again":                                      "hint.busy",
	"too many invites wait for somebody; end some of them first":                                    "hint.many_invites",
	"there is no such invite, or it was used":                                                       "hint.no_invite",
	"there is no such person at this publisher":                                                     "hint.no_member",
	"there is no such token":                                                                        "hint.no_token",
	"there is no such session, or it has ended":                                                     "hint.no_session",
	"your password was changed meanwhile; sign in anew":                                             "hint.password_changed",
	"only an owner of this publisher can do this":                                                   "hint.only_owner",
	"only an editor of this publisher can do this; ask an owner for the role":                       "hint.only_editor",
	"only an admin of the installation can do this":                                                 "hint.only_admin",
	"this form did not come from a page of this server; open the page again and send it from there": "hint.foreign_form",
	"this page is from an earlier session; go back, reload it, and send the form again":             "hint.old_form",
	"somebody else has changed this meanwhile; look at the new version and decide again":            "hint.stale",
	"the form is larger than 6 MiB; nothing was saved":                                              "hint.large_form",
	"too many change this at once; try again":                                                       "hint.busy_thing",
	"somebody else is changing this person; try again":                                              "hint.busy_thing",
	"nothing is held of such a reader on this channel":                                              "hint.no_reader",
	"write the id or address that the reader has on the platform, in at most 200 characters":        "hint.reader_needed",
	"write what readers ask":                                                                        "hint.text_needed",
	"something is hidden in this text, so that it can't become a phrase":                            "hint.text_hidden",

	"answering this ask ended the process, so that it is not answered again; the reader can ask anew":                              "hint.dead_ended",
	"this reader has said STOP, so that nothing is sent; it can be sent once the reader comes back":                                "hint.dead_stopped",
	"the platform reaches this reader no more, so that nothing is sent; it can be sent once the reader writes again":               "hint.dead_gone",
	"nothing of this ask can be read any more, or the reader has not agreed that anything is kept, so that it can't be sent again": "hint.dead_lost",
	"there is no such dead letter; it was sent, or it is past its retention":                                                       "hint.dead_none",
}
