package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/who"
	"keypull/pull/words"
)

// ReaderChange is the input of "reader.change": what of a reader's document is put
// right, as the reader asks for it.
type ReaderChange struct {
	ReaderOf
	Language *string       `json:"language,omitempty" doc:"One of the publisher's languages, in which the reader is answered; empty forgets it, and it stays where not given."`
	TimeZone *string       `json:"time_zone,omitempty" doc:"The reader's time zone by its name, such as Europe/Paris; empty forgets it, and it stays where not given."`
	Remove   ReaderRemoval `json:"remove,omitzero" doc:"What is kept no longer. Where some of it is not held, nothing is changed."`
}

// ReaderRemoval lists what is kept of a reader no longer.
type ReaderRemoval struct {
	Preferences []string          `json:"preferences,omitempty" doc:"Names of preferences."`
	Saved       []ReaderSavedWord `json:"saved,omitempty" doc:"Saved words."`
	Laters      []uint64          `json:"laters,omitempty" doc:"Pulls that were ordered for a time, by their entry."`
}

// ReaderSavedWord names a saved word.
type ReaderSavedWord struct {
	Keyword  string `json:"keyword"`
	Argument string `json:"argument,omitempty"`
	List     string `json:"list,omitempty" doc:"The reader's own list that it stands on; the saved words where not given."`
}

// ChangeReader is "reader.change".
var ChangeReader = Declare[ReaderChange, ReaderShown](Declaration{
	Name: "reader.change", Permission: Own, Audit: true, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/channels/{channel}/readers/{reader}/change",
	Summary: "Put right what is held of a reader: the language, the time zone, preferences, saved words, pulls ordered for a time.",
	Help:    "The reader gets no message. The audit log names the reader by a hash, and which parts were changed, without their words.",
})

func (r ReaderRights) changeReader(ctx context.Context, in ReaderChange) (ReaderShown, error) {
	if err := r.checkChange(in); err != nil {
		return ReaderShown{}, err
	}
	key, _, err := r.readerKey(ctx, in.ReaderOf)
	if err != nil {
		return ReaderShown{}, err
	}
	NoteAudit(ctx, "reader "+ReaderMark(key), nil, map[string]any{string(catalogue.ResourceChannel): in.Channel, "changed": in.parts()})
	refusal := noReader()
	err = r.Change(ctx, key, func(held who.Reader) who.Reader {
		changed, refused := in.apply(held)
		if refusal = refused; refused != nil {
			return held
		}
		return changed
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return ReaderShown{}, err
	}
	return r.showReader(ctx, in.ReaderOf)
}

// checkChange refuses values that no reader can have.
func (r ReaderRights) checkChange(in ReaderChange) error {
	p, err := publisherOf(r.Catalogue, in.Publisher)
	if err != nil {
		return err
	}
	if p.UnderAge && (in.Language != nil && *in.Language != "" || in.TimeZone != nil && *in.TimeZone != "") {
		return &pull.Error{Kind: pull.Conflict, Field: "reader", Hint: words.Text{Key: "hint.reader_under_age"}}
	}
	if l := in.Language; l != nil && *l != "" && !slices.Contains(p.Languages, *l) {
		return &pull.Error{Kind: pull.Invalid, Field: "language", Hint: words.Text{Key: "hint.reader_language", Args: words.Args{"languages": strings.Join(p.Languages, ", ")}}}
	}
	if z := in.TimeZone; z != nil && *z != "" {
		if _, err := time.LoadLocation(*z); err != nil || *z == time.Local.String() {
			return &pull.Error{Kind: pull.Invalid, Field: "time_zone", Hint: words.Text{Key: "hint.reader_zone"}, Err: err}
		}
	}
	return nil
}

// parts names what is changed, without its words.
func (in ReaderChange) parts() (names []string) {
	for _, p := range []struct {
		name  string
		there bool
	}{
		{"language", in.Language != nil}, {"time_zone", in.TimeZone != nil},
		{"preferences", len(in.Remove.Preferences) > 0}, {"saved", len(in.Remove.Saved) > 0}, {"laters", len(in.Remove.Laters) > 0},
	} {
		if p.there {
			names = append(names, p.name)
		}
	}
	return names
}

// apply returns a document with the change made; the error says why it can't be.
func (in ReaderChange) apply(r who.Reader) (who.Reader, error) {
	if !r.Leaves.IsZero() {
		return r, noReader()
	}
	for _, set := range []struct {
		to    *string
		field *string
	}{{in.Language, &r.Language}, {in.TimeZone, &r.TimeZone}} {
		switch {
		case set.to == nil:
			continue
		case *set.to != "" && r.Consent.Refused:
			return r, &pull.Error{Kind: pull.Conflict, Field: "reader", Hint: words.Text{Key: "hint.reader_unkept"}}
		}
		*set.field = *set.to
	}
	return in.Remove.apply(r)
}

// apply returns a document without what is kept no longer. A later that no document names
// is dropped when it is due.
func (less ReaderRemoval) apply(r who.Reader) (who.Reader, error) {
	for _, name := range less.Preferences {
		if r.Preferences[name] == "" {
			return r, notHeld("preferences")
		}
		r, _ = r.Prefer(name, "", time.Time{})
	}
	for _, word := range less.Saved {
		i := r.SavedAt(word.List, word.Keyword, word.Argument)
		if i < 0 {
			return r, notHeld("saved")
		}
		r.Saved = slices.Delete(slices.Clone(r.Saved), i, i+1)
	}
	for _, entry := range less.Laters {
		i := slices.IndexFunc(r.Laters, func(l who.Later) bool { return l.Entry == entry })
		if i < 0 {
			return r, notHeld("laters")
		}
		r.Laters = slices.Delete(slices.Clone(r.Laters), i, i+1)
	}
	return r, nil
}

// notHeld says that something is not held, as it may have gone in the meantime.
func notHeld(field string) error {
	return &pull.Error{Kind: pull.Unknown, Field: "remove." + field, Hint: words.Text{Key: "hint.not_held"}}
}
