package console

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
)

// Step is one thing that an act changed: as it was, and at which version the
// act left it.
type Step struct {
	Resource  catalogue.Resource `json:"noun"`
	Publisher string             `json:"publisher"`
	ID        string             `json:"id"`
	// Was are the thing's values before, its secrets in clear; nil if there
	// was none. Changed and By are what was known of it.
	Was     map[string]any `json:"was,omitempty"`
	Changed time.Time      `json:"changed,omitzero"`
	By      string         `json:"by,omitempty"`
	// Health is how it had been doing, in the words of undo.Health.
	Health json.RawMessage `json:"health,omitempty"`
	// From is the version before; Version the one that the act left, 0 if the thing is gone.
	From    uint64 `json:"from,omitempty"`
	Version uint64 `json:"version,omitempty"`
}

// Aside is what an act changed beside things, such as who has a part in a
// publisher: Name says who can bring it back.
type Aside struct {
	Name      string          `json:"name"`
	Publisher string          `json:"publisher"`
	Data      json.RawMessage `json:"data"`
}

// ActChanges is all that an act changed.
type ActChanges struct {
	Steps  []Step  `json:"steps"`
	Asides []Aside `json:"asides,omitempty"`
}

// ChangeStore is where what was before an act is kept, so that it can be undone.
type ChangeStore interface {
	// Keep writes it under an id of its own.
	Keep(ctx context.Context, head people.Change, before []byte) (id string, err error)
}

// taking collects what an act changes while it is carried out.
type taking struct {
	mu    sync.Mutex
	taken ActChanges
	// at says where the step of a thing is.
	at map[[3]string]int
}

type takingKey struct{}

// RecordStep notes what the act in the context changed of a thing. Of several changes of
// one thing, the first state is kept.
func RecordStep(ctx context.Context, s Step) {
	t, ok := ctx.Value(takingKey{}).(*taking)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := [3]string{string(s.Resource), s.Publisher, s.ID}
	if at, twice := t.at[key]; twice {
		t.taken.Steps[at].Version = s.Version
		return
	}
	if t.at == nil {
		t.at = map[[3]string]int{}
	}
	t.at[key] = len(t.taken.Steps)
	t.taken.Steps = append(t.taken.Steps, s)
}

// RecordAside notes what the act in the context changed beside things; data is what
// the aside of that name restores it from.
func RecordAside(ctx context.Context, name, publisher string, data any) {
	t, ok := ctx.Value(takingKey{}).(*taking)
	raw := encodeOrNil(data)
	if !ok || raw == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken.Asides = append(t.taken.Asides, Aside{Name: name, Publisher: publisher, Data: raw})
}

// lastingChanges returns the changes without things that came and went within the act.
func (t *taking) lastingChanges() ActChanges {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := ActChanges{Asides: t.taken.Asides}
	for _, s := range t.taken.Steps {
		if s.Was != nil || s.Version != 0 {
			out.Steps = append(out.Steps, s)
		}
	}
	return out
}

// marks returns those of the things that changed.
func (t ActChanges) marks() []uint32 {
	all := make([]uint32, len(t.Steps))
	for i, s := range t.Steps {
		all[i] = people.MarkOf(string(s.Resource), s.ID)
	}
	return all
}

// Receipt says by which change what was carried out can be undone; Change is
// empty where it can't.
type Receipt struct {
	Publisher string `json:"publisher"`
	Change    string `json:"change"`
}

// UndoPath is where the API takes a change back.
const UndoPath = "/publishers/{publisher}/changes/{change}/undo"

// Path is UndoPath for this change.
func (r Receipt) Path() string {
	return strings.NewReplacer("{publisher}", url.PathEscape(r.Publisher), "{change}", url.PathEscape(r.Change)).Replace(UndoPath)
}

type receiptKey struct{}

// WithReceipt returns a context in which r receives the receipt of the last operation.
func WithReceipt(ctx context.Context, r *Receipt) context.Context {
	return context.WithValue(ctx, receiptKey{}, r)
}

func handOverReceipt(ctx context.Context, r Receipt) {
	if place, ok := ctx.Value(receiptKey{}).(*Receipt); ok && r.Change != "" {
		*place = r
	}
}

// keepTimeout bounds keeping what was before an act.
const keepTimeout = 30 * time.Second

// keepChange writes down what an act changed, also one that failed halfway, and
// returns the id.
func (c *Console) keepChange(ctx context.Context, b Bound, a *people.Act, t ActChanges) string {
	if c.Changes == nil || len(t.Steps)+len(t.Asides) == 0 {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTimeout)
	defer cancel()
	before, err := json.Marshal(t)
	id := ""
	if err == nil {
		p, _ := Caller(ctx)
		head := people.Change{
			At: c.Clock(), Who: p.ID, Name: p.Name, Face: p.Face, Operation: b.Name, Publisher: a.Publisher, Target: a.Target,
			Permission: string(b.Permission),
		}
		head.Mark(t.marks())
		id, err = c.Changes.Keep(ctx, head, before)
	}
	if err != nil {
		c.Logger.Error("what was before an act could not be kept; it can't be undone", "operation", b.Name, "error", err)
	}
	handOverReceipt(ctx, Receipt{Publisher: a.Publisher, Change: id})
	return id
}

// MaskedDoc returns a thing of a resource as every face sees it, secrets masked.
func (p Publishing) MaskedDoc(n catalogue.Resource, thing any) (Doc, error) {
	kinds, _ := p.Kinds.kindsOf(n)
	shown, err := n.Secrets(thing, func(kind string, values map[string]any) (map[string]any, error) {
		return maskSettings(kinds, kind, values)
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the kind
	}
	switch own := shown.(type) {
	case catalogue.Publisher:
		return publisherDoc(&own)
	case catalogue.Keyword:
		return keywordDoc(&own)
	}
	values, err := n.Values(shown)
	return values, err //nolint:wrapcheck // it says what it is about
}

// ChangedSecrets returns the paths of the secrets in which two things of a resource differ,
// either of which may be nil: what masks do not show.
func (p Publishing) ChangedSecrets(n catalogue.Resource, a, b any) []string {
	if a == nil || b == nil {
		return nil
	}
	before, after := p.secretsOf(n, a), p.secretsOf(n, b)
	var paths []string
	for path, texts := range after {
		if !slices.Equal(before[path], texts) {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if _, there := after[path]; !there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// secretsOf returns the secrets of a thing by the paths of their fields.
func (p Publishing) secretsOf(n catalogue.Resource, thing any) map[string][]string {
	all := map[string][]string{}
	kinds, at := p.Kinds.kindsOf(n)
	// What can't be read has no secret that anybody could tell of.
	_, _ = n.Secrets(thing, func(kind string, values map[string]any) (map[string]any, error) {
		k, ok := findKind(kinds, kind)
		if !ok {
			return values, nil
		}
		return settings.Secrets(k.New(), values, func(path, text string) (string, error) {
			all[at+path] = append(all[at+path], text)
			return text, nil
		})
	})
	for _, texts := range all {
		slices.Sort(texts) // pairs come in no order
	}
	return all
}

// NoteSecrets tells the audit log which secrets an act has changed.
func NoteSecrets(ctx context.Context, paths []string) {
	noteAct(ctx, func(a *people.Act) { a.Secrets = paths })
}
