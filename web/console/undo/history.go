package undo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// Version is a thing as it stood from one change to the next.
type Version struct {
	Version string `json:"version,omitempty" doc:"What history.restore takes; absent for the one that is there now, and where the thing was not there."`
	Now     bool   `json:"now,omitempty" doc:"It is the one that is there now."`
	// At, By, Face and Operation are those of the change that made it.
	At        time.Time   `json:"at,omitzero" doc:"Since when it stood."`
	By        string      `json:"by,omitempty" doc:"Who made it."`
	Face      string      `json:"face,omitempty" doc:"By which interface: page, api or socket; absent where that is not known."`
	Operation string      `json:"operation,omitempty" doc:"The operation that made it, such as keyword.update; absent where that is no longer kept."`
	Change    string      `json:"change,omitempty" doc:"Id of the change that made it."`
	Document  console.Doc `json:"document,omitempty" doc:"The thing, secrets masked; absent where it was not there."`
	Before    console.Doc `json:"before,omitempty" doc:"The version before, secrets masked; absent where there was none, or it is no longer kept."`
	Secrets   []string    `json:"secrets,omitempty" doc:"Paths of the secrets that this version changed, which masks do not show."`
	First     bool        `json:"first,omitempty" doc:"What was before it is no longer kept."`
	Lost      bool        `json:"lost,omitempty" doc:"What this change made of the thing is not kept."`
}

// History is what is kept of one thing.
type History struct {
	ETagged
	Versions []Version `json:"versions" doc:"The latest first."`
	Next     string    `json:"next,omitempty"`
	KeptDays int       `json:"kept_days" doc:"For how many days what was before a change is kept at the longest."`
}

// ETagged is an output that has the version of a thing.
type ETagged struct {
	Current string `json:"current" doc:"The version that is there now, for If-Match; empty where the thing is not there."`
}

// ETag returns the version.
func (e ETagged) ETag() string { return e.Current }

// OfThing names one thing of a publisher, or its own settings.
type OfThing struct {
	console.Of
	Resource catalogue.Resource `json:"noun" path:"noun" doc:"publisher, source, keyword or channel."`
	ID       string             `json:"id" path:"id" doc:"Its id; of a publisher its own."`
}

// HistoryList is the input of "history.list".
type HistoryList struct {
	OfThing
	console.Page
}

// HistoryRestore is the input of "history.restore".
type HistoryRestore struct {
	OfThing
	Kept string `json:"kept" path:"kept" doc:"The version that is put back, as history.list has it."`
	console.Guarded
}

// The operations history.*.
var (
	ListHistory = console.Declare[HistoryList, History](console.Declaration{
		Name: "history.list", Permission: console.Write, Method: http.MethodGet, Path: "/publishers/{publisher}/history/{noun}/{id}",
		Summary: "List every version of a source, keyword, channel or a publisher's settings that is kept, and who made it by which interface.",
		Help:    "It takes what changing the thing takes. Also of one that was deleted.",
	})

	RestoreHistory = console.Declare[HistoryRestore, ETagged](console.Declaration{
		Name: "history.restore", Permission: console.Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/history/{noun}/{id}/{kept}/restore",
		Summary: "Put a version of a thing back, secrets included: saved and judged as any other change, and undone like it.",
		Help:    "If-Match is the version that history.list answered as current. The thing keeps its id; a publisher its crisis text.",
	})
)

// versionsOfPage is how many versions a page has where nothing else is asked for.
const versionsOfPage = 20

// apart parts what a version or cursor names: a change, and the id that the thing had then.
func apart(named string) (change, id string) {
	change, id, _ = strings.Cut(named, ".")
	return change, id
}

func namedBy(head people.Change, s console.Step) string { return head.ID + "." + s.ID }

// mayEdit refuses those who may not change the thing, and what has no history.
func mayEdit(ctx context.Context, in OfThing) error {
	edit, known := console.Edits(in.Resource)
	if !known {
		hint := words.Text{Key: "problem.choice", Args: words.Args{"choices": "publisher, source, keyword, channel", "got": string(in.Resource)}}
		return &pull.Error{Kind: pull.Invalid, Op: "read a history", Field: "noun", Hint: hint}
	}
	if in.Resource == catalogue.ResourcePublisher && in.ID != in.Publisher {
		return console.NoThing(in.Resource, in.ID)
	}
	return edit.Refusal(ctx, in.Publisher)
}

// thingNow returns a thing as it is, with the id that it has; nil where it is not there.
func (u *Undo) thingNow(in OfThing) (any, catalogue.Meta, string, error) {
	pub := u.Catalogue.Publisher(in.Publisher)
	if pub == nil {
		return nil, catalogue.Meta{}, "", console.NoPublisher(in.Publisher)
	}
	id := pub.Now(in.Resource, in.ID)
	thing, meta, ok := pub.Thing(in.Resource, id)
	if !ok {
		return nil, catalogue.Meta{}, in.ID, nil
	}
	return thing, meta, id, nil
}

// kept is one change of a thing with what the thing was before.
type kept struct {
	head people.Change
	step console.Step
	was  any
}

// stepOf returns what a change did to a thing, and the id by which the change before knows
// it: one that the change renamed had another.
func (u *Undo) stepOf(ctx context.Context, head people.Change, n catalogue.Resource, id string) (s console.Step, found bool, err error) {
	raw, err := u.Changes.Before(ctx, head)
	if err != nil {
		return s, false, err //nolint:wrapcheck // it says what it is about
	}
	var all console.ActChanges
	if err := json.Unmarshal(raw, &all); err != nil {
		return s, false, fmt.Errorf("decode what was before %s: %w", head.ID, err)
	}
	own := slices.DeleteFunc(all.Steps, func(s console.Step) bool { return s.Resource != n })
	i := slices.IndexFunc(own, func(s console.Step) bool { return s.ID == id })
	if i < 0 {
		return s, false, nil
	}
	s = own[i]
	if came := renamedFrom(head, own); s.Was == nil && s.Version != 0 && came != nil {
		s.ID, s.Was, s.Changed, s.By, s.From = came.ID, came.Was, came.Changed, came.By, came.From
	}
	return s, true, nil
}

// renamedFrom returns the thing that a change gave another id, or gave its former one back:
// the only one that is gone, where only one is new.
func renamedFrom(head people.Change, steps []console.Step) *console.Step {
	if !strings.HasSuffix(head.Operation, ".rename") && !strings.HasPrefix(head.Operation, "change.") {
		return nil
	}
	var gone *console.Step
	came := 0
	for i := range steps {
		switch s := &steps[i]; {
		case s.Was == nil:
			came++
		case s.Version == 0 && gone != nil:
			return nil
		case s.Version == 0:
			gone = s
		}
	}
	if came != 1 {
		return nil
	}
	return gone
}

// changesOf returns the changes of a thing after a place, the latest first, and whether
// there are more.
func (u *Undo) changesOf(ctx context.Context, in OfThing, id, after string, limit int) (list []kept, more bool, err error) {
	var failed error
	_, err = u.Changes.Since(ctx, u.Clock().Add(-people.ChangeKept), mostListed, func(head people.Change) bool {
		if failed != nil || more || head.Publisher != in.Publisher || head.ID <= after || !head.MayConcern(string(in.Resource), id) {
			return false
		}
		s, found, err := u.stepOf(ctx, head, in.Resource, id)
		if err != nil || !found {
			if pull.KindOf(err) != pull.Unknown {
				failed = err // else the oldest has just made room
			}
			return false
		}
		if more = len(list) == limit; more {
			return false
		}
		was, err := valueOf(s)
		failed = err
		list, id = append(list, kept{head, s, was}), s.ID
		return false
	})
	if err == nil {
		err = failed
	}
	return list, more, err //nolint:wrapcheck // it says what it is about
}

func (u *Undo) listHistory(ctx context.Context, in HistoryList) (History, error) {
	out := History{Versions: []Version{}, KeptDays: int(people.ChangeKept / (24 * time.Hour))}
	if err := mayEdit(ctx, in.OfThing); err != nil {
		return out, err
	}
	if in.Limit == 0 {
		in.Limit = versionsOfPage
	}
	limit, err := in.Count()
	if err != nil {
		return out, err
	}
	thing, meta, id, err := u.thingNow(in.OfThing)
	if err != nil {
		return out, err
	}
	above := state{thing: thing, from: meta.Version, version: Version{Now: thing != nil, At: meta.Changed, By: meta.By}}
	if thing != nil {
		out.Current = meta.ETag()
	}
	after := ""
	if in.Cursor != "" {
		head, s, err := u.versionKept(ctx, in.OfThing, in.Cursor)
		if err != nil {
			return out, err
		}
		if above, err = stateBefore(head, s); err != nil {
			return out, err
		}
		after, id = head.ID, s.ID
	}
	list, more, err := u.changesOf(ctx, in.OfThing, id, after, limit)
	if err != nil {
		return out, err
	}
	if thing == nil && len(list) == 0 && in.Cursor == "" {
		return out, console.NoThing(in.Resource, in.ID)
	}
	return u.versionsOf(in.Resource, out, above, list, more)
}

// state is a thing as it stood, on the way from the latest version to the first: from is its
// version, as far as that is known.
type state struct {
	thing   any
	from    uint64
	version Version
}

// stateBefore returns the thing as it was before a change.
func stateBefore(head people.Change, s console.Step) (state, error) {
	was, err := valueOf(s)
	b := state{thing: was, from: s.From, version: Version{At: s.Changed, By: s.By}}
	if was != nil {
		b.version.Version = namedBy(head, s)
	}
	return b, err
}

// versionsOf tells the states of a thing, each with the change that made it.
func (u *Undo) versionsOf(n catalogue.Resource, out History, above state, list []kept, more bool) (History, error) {
	for _, k := range list {
		below, err := stateBefore(k.head, k.step)
		if err != nil {
			return out, err
		}
		made := Version{At: k.head.At, By: k.head.Name, Face: k.head.Face, Operation: k.head.Operation, Change: k.head.ID}
		if above.from == k.step.Version || above.from == 0 && above.thing != nil && !above.version.Now {
			made.Version, made.Now = above.version.Version, above.version.Now
			err = u.tell(n, &out, made, above.thing, below.thing, true)
		} else {
			// Something came between that nobody kept.
			above.version.First, made.Lost = true, true
			err = u.tell(n, &out, above.version, above.thing, nil, false)
			out.Versions = append(out.Versions, made)
		}
		if err != nil {
			return out, err
		}
		above = below
	}
	if more {
		last := list[len(list)-1]
		out.Next = namedBy(last.head, last.step)
		return out, nil
	}
	if above.thing == nil {
		return out, nil
	}
	above.version.First = true
	return out, u.tell(n, &out, above.version, above.thing, nil, false)
}

// tell adds a version to the list.
func (u *Undo) tell(n catalogue.Resource, out *History, v Version, is, was any, known bool) (err error) {
	if is != nil {
		if v.Document, err = u.Things.MaskedDoc(n, is); err != nil {
			return err //nolint:wrapcheck // it says what it is about
		}
	}
	if was != nil && known {
		if v.Before, err = u.Things.MaskedDoc(n, was); err != nil {
			return err //nolint:wrapcheck // it says what it is about
		}
	}
	v.Secrets = u.Things.ChangedSecrets(n, was, is)
	out.Versions = append(out.Versions, v)
	return nil
}

// versionKept returns the change that holds a version of a thing.
func (u *Undo) versionKept(ctx context.Context, in OfThing, named string) (people.Change, console.Step, error) {
	none := &pull.Error{Kind: pull.Unknown, Op: "read a version", Field: "version", Hint: words.Text{Key: "history.none"}}
	change, id := apart(named)
	head, err := u.Changes.Head(ctx, change)
	if pull.KindOf(err) == pull.Unknown {
		return head, console.Step{}, none
	}
	if err != nil {
		return head, console.Step{}, err //nolint:wrapcheck // it says what it is about
	}
	if head.Publisher != in.Publisher || !u.Clock().Before(head.KeptUntil()) {
		return head, console.Step{}, none
	}
	s, found, err := u.stepOf(ctx, head, in.Resource, id)
	if err == nil && !found {
		err = none
	}
	return head, s, err
}

// belongs reports whether the thing was known by an id at some time, or is.
func (u *Undo) belongs(in OfThing, id string) bool {
	pub := u.Catalogue.Publisher(in.Publisher)
	return id == in.ID || pub != nil && pub.Now(in.Resource, id) == pub.Now(in.Resource, in.ID)
}

func (u *Undo) restoreHistory(ctx context.Context, in HistoryRestore) (ETagged, error) {
	console.NoteAudit(ctx, string(in.Resource)+" "+in.ID, nil, nil)
	if err := mayEdit(ctx, in.OfThing); err != nil {
		return ETagged{}, err
	}
	_, s, err := u.versionKept(ctx, in.OfThing, in.Kept)
	if err != nil {
		return ETagged{}, err
	}
	was, err := valueOf(s)
	if err != nil {
		return ETagged{}, err
	}
	if was == nil || !u.belongs(in.OfThing, s.ID) {
		return ETagged{}, &pull.Error{Kind: pull.Unknown, Op: "put a version back", Field: "version", Hint: words.Text{Key: "history.none"}}
	}
	_, _, id, err := u.thingNow(in.OfThing)
	if err != nil {
		return ETagged{}, err
	}
	if err := u.Things.PutBack(ctx, in.Resource, in.Publisher, id, in.Version, was); err != nil {
		return ETagged{}, err //nolint:wrapcheck // it says what it is about
	}
	_, meta, _, err := u.thingNow(in.OfThing)
	return ETagged{meta.ETag()}, err
}
