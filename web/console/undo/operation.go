package undo

import (
	"context"
	"net/http"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
)

// shownThings is how many things of a change are shown.
const shownThings = 50

// Change is a change as it is listed.
type Change struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	By        string    `json:"by,omitempty" doc:"Who made it."`
	Operation string    `json:"operation" doc:"The operation that made it, such as keyword.update."`
	Publisher string    `json:"publisher"`
	Target    string    `json:"target,omitempty" doc:"What it was about: a noun and an id."`
	Things    int       `json:"things" doc:"How many things it changed."`
	UndoUntil time.Time `json:"undo_until" doc:"Until when it can be undone."`
	KeptUntil time.Time `json:"kept_until" doc:"Until when it can be brought back at the latest."`
	Undone    time.Time `json:"undone,omitzero" doc:"When it was undone or brought back."`
}

// Thing is one thing of a change: as it is now, and as it was before. What is
// not there is null.
type Thing struct {
	Resource catalogue.Resource `json:"noun"`
	ID       string             `json:"id"`
	Now      console.Doc        `json:"now,omitempty" doc:"The thing as it is now, secrets masked; absent where there is none."`
	Before   console.Doc        `json:"before,omitempty" doc:"The thing as it was before, secrets masked; absent where there was none."`
	// Secrets are those that differ, which masks don't show.
	Secrets []string `json:"secrets,omitempty" doc:"Paths of the secrets that differ, which masks do not show."`
	// Since says that somebody changed it after the change.
	Since bool `json:"changed_since,omitempty" doc:"It was changed again since."`
}

// Entry is one change with its things.
type Entry struct {
	Change Change `json:"change"`
	// Version changes with each of the things.
	Version string  `json:"version" doc:"Changes with every change of its things."`
	List    []Thing `json:"list" doc:"The first 50 of its things."`
}

// ETag returns the version.
func (e Entry) ETag() string { return e.Version }

// Changed is the output of both.
type Changed struct {
	Changes []Change `json:"changes"`
}

// Of names one change of a publisher.
type Of struct {
	console.Of
	Change string `json:"change" path:"change" doc:"Id of the change, as the header Undo or the audit log has it."`
}

// Restore is the input of "change.restore".
type Restore struct {
	Of
	console.Guarded
}

// Undone is what an undo did.
type Undone struct {
	Things int `json:"things" doc:"How many things are as they were before."`
}

// The operations change.*.
var (
	ListChanges = console.Declare[console.Of, Changed](console.Declaration{
		Name: "change.list", Permission: console.Write, Method: http.MethodGet, Path: "/publishers/{publisher}/changes",
		Summary: "List what you may undo: the changes of the last ten minutes, the latest first.",
	})

	ListAllChanges = console.Declare[console.None, Changed](console.Declaration{
		Name: "change.all", Permission: console.Admin, Method: http.MethodGet, Path: "/changes",
		Summary: "List what can be undone anywhere, publishers that were deleted included.",
	})

	GetChange = console.Declare[Of, Entry](console.Declaration{
		Name: "change.get", Permission: console.Write, Method: http.MethodGet, Path: "/publishers/{publisher}/changes/{change}",
		Summary: "Show what a change would bring back, beside what is there now.",
	})

	UndoChange = console.Declare[Of, Undone](console.Declaration{
		Name: "change.undo", Permission: console.Write, Audit: true, Undo: true, Method: http.MethodPost, Path: console.UndoPath,
		Summary: "Undo a change within ten minutes: its things are as they were before, secrets included.",
		Help: "The answer to a change that can be undone has this address in its header Undo. It takes what the change took. " +
			"A change is refused whose things were changed again since; change.restore brings it back all the same. An undo can be undone.",
	})

	RestoreChange = console.Declare[Restore, Undone](console.Declaration{
		Name: "change.restore", Permission: console.Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/changes/{change}/restore",
		Summary: "Bring back what was before a change, within 30 days, whatever has become of its things.",
		Help:    "If-Match is the version that change.get answered: what somebody changes meanwhile is not lost unseen.",
	})
)

// Operations returns the operations change.*.
func (u *Undo) Operations() []console.Bound {
	return []console.Bound{
		ListChanges.Bind(func(ctx context.Context, in console.Of) (Changed, error) {
			out, err := u.listChanges(ctx, func(c people.Change) bool { return c.Publisher == in.Publisher })
			if err == nil && len(out.Changes) == 0 && u.Catalogue.Publisher(in.Publisher) == nil { // what removed it can be undone
				err = console.NoPublisher(in.Publisher)
			}
			return out, err
		}),
		ListAllChanges.Bind(func(ctx context.Context, _ console.None) (Changed, error) {
			return u.listChanges(ctx, func(people.Change) bool { return true })
		}),
		GetChange.Bind(u.getChange),
		UndoChange.Bind(u.undoChange),
		RestoreChange.Bind(u.restoreChange),
		ListHistory.Bind(u.listHistory),
		RestoreHistory.Bind(u.restoreHistory),
	}
}

func changeOf(c people.Change) Change {
	return Change{
		ID: c.ID, At: c.At, By: c.Name, Operation: c.Operation, Publisher: c.Publisher, Target: c.Target, Things: c.Things,
		UndoUntil: c.UndoUntil(), KeptUntil: c.KeptUntil(), Undone: c.Undone,
	}
}
