package console

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Moved leads from a former id of a thing to its present one.
type Moved struct {
	Resource catalogue.Resource
	// From is the id that was named, To the one to name in its place.
	From, To string
}

// Error says where to.
func (m *Moved) Error() string { return m.Said().String() }

// Said returns the same as a text.
func (m *Moved) Said() words.Text {
	return words.Text{Key: "refusal.moved", Args: words.Args{"from": m.From, "to": m.To}}
}

type leadKey struct{}

// WithRedirects returns a context in which a former id of a thing yields a *Moved in place
// of the thing, for faces that redirect.
func WithRedirects(ctx context.Context) context.Context {
	return context.WithValue(ctx, leadKey{}, true)
}

// currentID returns the id that the named thing has now; a Moved where the caller is
// to be sent there.
func (s collection[T, E]) currentID(ctx context.Context, pub *catalogue.Setup, id string) (string, error) {
	now, moved := pub.Moved(s.resource, id)
	if moved && ctx.Value(leadKey{}) != nil {
		return id, &Moved{Resource: s.resource, From: id, To: now}
	}
	if _, there := s.find(pub, now); !there {
		return id, NoThing(s.resource, id)
	}
	return now, nil
}

// keywordNow tells by what id a publisher's keyword is known today; nil where each has the one that it always had.
func keywordNow(pub *catalogue.Setup) func(id string) string {
	if !pub.Renamed(catalogue.ResourceKeyword) {
		return nil
	}
	return func(id string) string { return pub.Now(catalogue.ResourceKeyword, id) }
}

// Renaming is embedded in the input of what gives a thing another id.
type Renaming struct {
	Guarded
	To string `json:"to" required:"true" doc:"The new id: small letters, digits and hyphens, at most 32. The former one goes on leading to it."`
}

// KeywordRename is the input of "keyword.rename".
type KeywordRename struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
	Renaming
}

// SourceRename is the input of "source.rename".
type SourceRename struct {
	Of
	ID string `json:"id" path:"source" doc:"Id of the source."`
	Renaming
}

// The operations *.rename.
var (
	RenameKeyword = Declare[KeywordRename, KeywordEntry](Declaration{
		Name: "keyword.rename", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/keywords/{keyword}/rename",
		Summary: "Give a keyword another id. Buttons, links and programs that name the former one find it, and its figures follow.",
	})

	RenameSource = Declare[SourceRename, SourceEntry](Declaration{
		Name: "source.rename", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/sources/{source}/rename",
		Summary: "Give a source another id. Its keywords, what was fetched of it and addresses with the former one follow.",
	})
)

// rename gives a thing another id: under the new one it is written, with what
// names it, and under the former one removed, as one.
func (s collection[T, E]) rename(ctx context.Context, publisher, id string, in Renaming) (E, error) {
	var none E
	for range attempts {
		pub, was, when, err := s.findVersion(ctx, publisher, &id, in.Version)
		if err != nil {
			return none, err
		}
		if in.To == id {
			return s.entry(ctx, pub, id)
		}
		ids, err := s.formerIDs(pub, was, id, in.To)
		if err != nil {
			return none, err
		}
		by := byName(ctx)
		is := s.renamed(*was, in.To, ids)
		changes := []catalogue.Change{
			{Publisher: publisher, Resource: s.resource, ID: in.To, Value: is, By: by},
			{Publisher: publisher, Resource: s.resource, ID: id, When: when, By: by},
		}
		if s.along != nil {
			changes = append(changes, s.along(ctx, pub, id, in.To)...)
		}
		if _, err = s.publishing.Catalogue.SaveAll(ctx, changes); pull.KindOf(err) == pull.Conflict {
			continue
		}
		if err != nil {
			return none, err //nolint:wrapcheck // the catalogue's own sentence
		}
		return s.noteAndGet(ctx, publisher, in.To, was, &is)
	}
	return none, s.busyError()
}

// formerIDs returns the former ids of a thing once it has the id to, or why it can't
// have that id.
func (s collection[T, E]) formerIDs(pub *catalogue.Setup, was *T, id, to string) ([]string, error) {
	r := &review{}
	var checked struct {
		To string `name:"to" label:"To" help:"The new id." check:"required,id"`
	}
	r.addFillErrors("", settings.Draft(&checked, map[string]any{"to": to}, nil))
	if now, _ := pub.Moved(s.resource, to); now != id {
		r.problems = append(r.problems, s.checkNewID(pub, to).problems...)
	}
	d, err := s.publishing.MaskedDoc(s.resource, *was)
	if err != nil {
		return nil, err
	}
	var ids []string
	had, _ := d[formerly].([]any)
	for _, before := range append(had, id) {
		if text, _ := before.(string); text != to {
			ids = append(ids, text)
		}
	}
	if len(ids) > catalogue.MostFormer {
		r.addDocProblem("to", "document.formers", "max", strconv.Itoa(catalogue.MostFormer))
	}
	for i := range r.problems {
		r.problems[i].Field = "to"
	}
	return ids, r.err()
}

// formerly is the field of things that had other ids before.
const formerly = "formerly"

// withFormerIDs returns the document with the former ids of the thing: the given
// ones, else those of what it replaces. It notes those that lead to another thing.
func (s collection[T, E]) withFormerIDs(r *review, pub *catalogue.Setup, id string, d Doc, was *T) Doc {
	if _, given := d[formerly]; !given && was != nil {
		before, err := s.publishing.MaskedDoc(s.resource, *was)
		if ids, ok := before[formerly]; ok && err == nil {
			d = d.withField(formerly, ids)
		}
	}
	ids, _ := d[formerly].([]any)
	for i, given := range ids {
		text, _ := given.(string)
		_, there := s.find(pub, text)
		now, moved := pub.Moved(s.resource, text)
		switch field := string(s.resource) + "." + formerly + "[" + strconv.Itoa(i) + "]"; {
		case text == "":
		case there, text == id, slices.Contains(ids[:i], given):
			r.addDocProblem(field, "document.taken", "noun", resourceOf(string(s.resource)), "got", text)
		case moved && now != id:
			r.addDocProblem(field, "document.former", "got", text, "now", now)
		}
	}
	return d
}
