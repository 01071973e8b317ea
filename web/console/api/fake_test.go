package api_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/api"
)

// board is what the operations of these tests work with.
type board struct {
	mu    sync.Mutex
	notes map[string]entry
	made  int
	// gate, where set, is waited for by note.create.
	gate chan struct{}
}

// entry has every shape that an output may have, lists that are nil among them.
type entry struct {
	Source  console.Doc       `json:"source"`
	Version string            `json:"version"`
	Items   []what.Item       `json:"items"`
	Names   []string          `json:"names"`
	Words   map[string]string `json:"words"`
	Parent  *parent           `json:"parent"`
	Changed time.Time         `json:"changed,omitzero"`
	State   string            `json:"state" enum:"ok,bad"`
	Secret  settings.Secret   `json:"secret"`
}

func (e entry) ETag() string { return e.Version }

type parent struct {
	Children []*parent `json:"children"`
	Size     uint8     `json:"size"`
	Share    float64   `json:"share"`
}

type noteList struct {
	console.Of
	console.Page
	Q     string `json:"q,omitempty" query:"q" doc:"Text to look for."`
	State string `json:"state,omitempty" query:"state" enum:"all,open"`
	Wide  bool   `json:"wide,omitempty" query:"wide"`
}

type notes struct {
	Notes []entry `json:"notes"`
	Next  string  `json:"next,omitempty"`
}

type noteGet struct {
	console.Of
	ID string `json:"id" path:"note" doc:"Id of the note."`
}

type noteCreate struct {
	console.Of
	Source console.Doc `json:"source" required:"true"`
	Count  int         `json:"count,omitempty" min:"1" max:"10"`
	Names  []string    `json:"names,omitempty" max:"3"`
	Nested []line      `json:"nested,omitempty"`
	At     time.Time   `json:"at,omitzero"`
}

type line struct {
	Text  string `json:"text" required:"true" max:"20"`
	Small int8   `json:"small,omitempty"`
}

type noteUpdate struct {
	console.Of
	ID string `json:"id" path:"note"`
	console.Guarded
	Source console.Doc `json:"source" required:"true"`
}

type noteDelete struct {
	console.Of
	ID string `json:"id" path:"note"`
	console.Guarded
}

type made struct {
	Token string `json:"token"`
}

func declare[In, Out any](name, method, path string, p console.Permission, f func(context.Context, In) (Out, error)) console.Bound {
	return console.Declare[In, Out](console.Declaration{Name: name, Method: method, Path: path, Permission: p, Summary: name + " does it."}).Bind(f)
}

func (b *board) operations() []console.Bound {
	const list, one = "/publishers/{publisher}/notes", "/publishers/{publisher}/notes/{note}"
	create := declare("note.create", http.MethodPost, list, console.Write, b.create)
	create.Status = http.StatusCreated
	return []console.Bound{
		declare("note.list", http.MethodGet, list, console.Read, b.list),
		declare("note.get", http.MethodGet, one, console.Read, func(_ context.Context, in noteGet) (entry, error) {
			return b.get(in.ID)
		}),
		create,
		declare("note.update", http.MethodPut, one, console.Write, b.update),
		declare("note.delete", http.MethodDelete, one, console.Write, b.remove),
		declare("token.create", http.MethodPost, "/tokens", console.Read, func(context.Context, struct{}) (made, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.made++
			return made{"kp_shown_once_" + strconv.Itoa(b.made)}, nil
		}),
		declare("me.get", http.MethodGet, "/me", console.Self, func(context.Context, struct{}) (made, error) { return made{}, nil }),
		console.Declare[struct{}, console.None](console.Declaration{Name: "hidden.run", Permission: console.Read}).Bind(
			func(context.Context, struct{}) (console.None, error) { return console.None{}, nil }),
	}
}

func (b *board) get(id string) (entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.notes[id]
	if !ok {
		return e, &pull.Error{Kind: pull.Unknown, Field: "note", Hint: words.Verbatim("there is no such note")}
	}
	return e, nil
}

func (b *board) list(_ context.Context, in noteList) (notes, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out notes
	for _, id := range slices.Sorted(maps.Keys(b.notes)) {
		if id <= in.Cursor {
			continue
		}
		if in.Limit > 0 && len(out.Notes) == in.Limit {
			last, _ := out.Notes[len(out.Notes)-1].Source["id"].(string)
			out.Next = last
			break
		}
		out.Notes = append(out.Notes, b.notes[id])
	}
	return out, nil
}

func (b *board) create(_ context.Context, in noteCreate) (entry, error) {
	if b.gate != nil {
		<-b.gate
	}
	kind, _ := in.Source["kind"].(string)
	if kind != "feed" && kind != "text" {
		return entry{}, settings.Problems{settings.NewProblem("source.kind", "choice", "choices", "feed, text", "got", "another")}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made++
	return b.put("n"+strconv.Itoa(b.made), in.Source, 1), nil
}

// put keeps a note as a settings.Values would give it.
func (b *board) put(id string, _ console.Doc, version int) entry {
	e := entry{
		Source:  console.Doc{"id": id, "kind": "feed", "settings": map[string]any{"url": "https://example.org/feed", "token": settings.Mask}},
		Version: strconv.Itoa(version), State: "ok", Items: []what.Item{{ID: "1"}}, Secret: "hush",
	}
	b.notes[id] = e
	return e
}

func (b *board) update(_ context.Context, in noteUpdate) (entry, error) {
	e, err := b.check(in.ID, in.Version)
	if err != nil || fmt.Sprint(e.Source) == fmt.Sprint(in.Source) {
		return e, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	version, _ := strconv.Atoi(e.Version)
	return b.put(in.ID, in.Source, version+1), nil
}

func (b *board) remove(_ context.Context, in noteDelete) (console.None, error) {
	if _, err := b.check(in.ID, in.Version); err != nil {
		return console.None{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.notes, in.ID)
	return console.None{}, nil
}

func (b *board) check(id, version string) (entry, error) {
	e, err := b.get(id)
	switch {
	case err != nil:
	case version == "":
		err = &pull.Error{Kind: pull.Invalid, Field: "version", Hint: words.Verbatim("say which version")}
	case version != "*" && version != e.Version:
		err = &console.Stale{Current: e, Version: e.Version}
	}
	return e, err
}

// feedSettings and textSettings are two kinds with every type of field.
type feedSettings struct {
	URL     string            `name:"url" label:"Address" help:"Where it is." check:"required,url" example:"https://example.org/feed.xml"`
	Token   settings.Secret   `name:"token" label:"Token" help:"The key." check:"min=8"`
	Headers map[string]string `name:"headers" label:"Headers" help:"Sent along." secret:"true"`
	Every   time.Duration     `name:"every" label:"Every" help:"How often." example:"60s"`
	Rows    []feedRow         `name:"rows" label:"Rows" help:"More."`
}

type feedRow struct {
	ID  string `name:"id" label:"Id" help:"Name." check:"required,id" example:"one"`
	Pin string `name:"pin" label:"Pin" help:"Secret." secret:"true"`
}

type textSettings struct {
	Words []string `name:"words" label:"Words" help:"What it says." example:"one, two"`
}

func kindsOf() console.Kinds {
	return console.Kinds{
		Sources: []console.Kind{
			{Name: "feed", Title: "Feed", Help: "A feed.", New: func() any { return &feedSettings{} }},
			{Name: "text", Title: "Text", Help: "A text.", New: func() any { return &textSettings{} }},
		},
		Messengers: []console.Kind{{Name: "chat", Title: "Chat", Help: "A chat.", New: func() any { return &textSettings{} }}},
	}
}

// bearers knows some tokens.
func bearers(_ context.Context, token, _ string) (console.Principal, error) {
	switch token {
	case "admin":
		return console.Principal{ID: "token:admin", Admin: true}, nil
	case "editor", "viewer":
		return console.Principal{ID: "token:" + token, Roles: map[string]people.Role{"lecker": people.Role(token)}}, nil
	case "guess":
		return console.Principal{}, &pull.Error{Kind: pull.Limited, Hint: words.Verbatim("too many guesses"), RetryAt: moment().Add(30 * time.Second)}
	case "broken":
		return console.Principal{}, errors.New("the disk said /secret/path")
	}
	return console.Principal{}, &pull.Error{Kind: pull.Denied, Hint: words.Verbatim("no such token")}
}

func moment() time.Time { return time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC) }

func newAPI(t testing.TB, b *board, more ...console.Bound) *api.API {
	t.Helper()
	schemas, err := api.Schemas(kindsOf())
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	h, err := api.New(api.Options{
		Console:  console.New(console.Options{Clock: moment, Logger: logger}, append(b.operations(), more...)...),
		Bearer:   bearers,
		Answered: &snapshots{answers: map[string]people.Response{}},
		Schemas:  schemas, Version: "1", PublicURL: "https://news.example", Clock: moment, Logger: logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func newBoard() *board {
	b := &board{notes: map[string]entry{}}
	b.put("a", nil, 7)
	b.put("b", nil, 1)
	return b
}

// snapshots keeps answers in memory.
type snapshots struct {
	mu       sync.Mutex
	answers  map[string]people.Response
	revision uint64
}

func (s *snapshots) Reserve(_ context.Context, key, fingerprint string, now time.Time) (people.Response, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.answers[key]
	switch {
	case ok && a.Fingerprint != fingerprint:
		return people.Response{}, 0, &pull.Error{Kind: pull.Conflict, Hint: words.Verbatim("another request")}
	case ok && a.Status == 0:
		return people.Response{}, 0, &pull.Error{Kind: pull.Conflict, Hint: words.Verbatim("under way"), RetryAt: now.Add(time.Minute)}
	case ok:
		return a, 0, nil
	}
	s.revision++
	s.answers[key] = people.Response{Fingerprint: fingerprint, At: now}
	return people.Response{}, s.revision, nil
}

func (s *snapshots) Put(_ context.Context, key string, a people.Response, _ uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[key] = a
	return nil
}

func (s *snapshots) Release(_ context.Context, key string, _ uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.answers, key)
	return nil
}

// ask makes a request; headers are name and value in turn.
func ask(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://x", strings.NewReader(body))
	r.URL.Path, r.URL.RawPath = "", ""
	path, query, _ := strings.Cut(target, "?")
	if u, err := r.URL.Parse(path); err == nil {
		r.URL = u
	}
	r.URL.RawQuery = query
	r.Header.Set("Authorization", "Bearer admin")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
		if headers[i] == "Authorization" || headers[i] == "Content-Type" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
