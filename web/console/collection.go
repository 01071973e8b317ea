package console

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// anyVersion stands for whichever version is there.
const anyVersion = "*"

// attempts is how often a change is tried that others keep from being made.
const attempts = 5

// collection is one resource of publishers: how its things are found, judged and shown.
// E is an entry as it is answered.
type collection[T, E any] struct {
	publishing Publishing
	resource   catalogue.Resource
	find       func(pub *catalogue.Setup, id string) (*T, bool)
	// called is what a document that brings no id is called.
	called func(pub *catalogue.Setup, d Doc) string
	// judge makes a thing of a document, whatever is wrong with it; was is what
	// it replaces, or nil.
	judge func(r *review, pub *catalogue.Setup, d Doc, was *T) T
	entry func(ctx context.Context, pub *catalogue.Setup, id string) (E, error)
	// ready says why a thing that is in order can't be saved all the same; nil
	// where anything can.
	ready func(ctx context.Context, pub *catalogue.Setup, value T, was *T) error
	// free says why a thing can't be removed; nil where anything can.
	free func(pub *catalogue.Setup, id string) error
	// renamed is a thing under another id, with those that it had; nil if the
	// resource's ids never change. along are the changes of what names it.
	renamed func(thing T, id string, formerly []string) T
	along   func(ctx context.Context, pub *catalogue.Setup, from, to string) []catalogue.Change
}

// publisherOf returns a publisher.
func publisherOf(c Catalogue, id string) (*catalogue.Setup, error) {
	if pub := c.Publisher(id); pub != nil {
		return pub, nil
	}
	return nil, NoPublisher(id)
}

// NoThing returns the error about a thing that a publisher does not have.
func NoThing(n catalogue.Resource, id string) error {
	return &pull.Error{Kind: pull.Unknown, Field: string(n), Hint: words.Text{Key: "refusal.no_thing", Args: words.Args{"noun": resourceOf(string(n)), "id": id}}}
}

// openPublisher returns a publisher that may be changed.
func (s collection[T, E]) openPublisher(id string) (*catalogue.Setup, error) {
	pub, err := publisherOf(s.publishing.Catalogue, id)
	if err != nil {
		return nil, err
	}
	return pub, refuseProvisioned(pub, s.publishing.ConfigPath)
}

// refuseProvisioned refuses to change what stands in the configuration file.
func refuseProvisioned(pub *catalogue.Setup, file string) error {
	if !pub.Provisioned {
		return nil
	}
	return &pull.Error{Kind: pull.Denied, Field: string(catalogue.ResourcePublisher),
		Hint: words.Text{Key: "refusal.in_file", Args: words.Args{"id": pub.ID, "file": file}}}
}

func (s collection[T, E]) get(ctx context.Context, publisher, id string) (E, error) {
	var none E
	pub, err := publisherOf(s.publishing.Catalogue, publisher)
	if err != nil {
		return none, err
	}
	if id, err = s.currentID(ctx, pub, id); err != nil {
		return none, err
	}
	return s.entry(ctx, pub, id)
}

// withID returns the document with an id, and whether it was made here.
func (s collection[T, E]) withID(pub *catalogue.Setup, d Doc) (Doc, bool) {
	return s.withIDExcept(pub, d, func(string) bool { return false })
}

// withIDExcept is identified where some ids are taken beside those that are there.
func (s collection[T, E]) withIDExcept(pub *catalogue.Setup, d Doc, taken func(id string) bool) (Doc, bool) {
	if id, ok := d["id"]; ok && id != nil && id != "" {
		return d, false
	}
	return d.withField("id", makeID(s.called(pub, d), string(s.resource), func(id string) bool {
		return len(s.checkNewID(pub, id).problems) > 0 || taken(id)
	})), true
}

// checkNewID notes if another thing has, or had, the id of a new one.
func (s collection[T, E]) checkNewID(pub *catalogue.Setup, id string) *review {
	if _, twice := s.find(pub, id); twice {
		return s.idTaken(id)
	}
	r := &review{}
	if now, moved := pub.Moved(s.resource, id); moved {
		r.addDocProblem(string(s.resource)+".id", "document.former", "got", id, "now", now)
	}
	return r
}

func (s collection[T, E]) idTaken(id string) *review {
	r := &review{}
	r.addDocProblem(string(s.resource)+".id", "document.taken", "noun", resourceOf(string(s.resource)), "got", id)
	return r
}

func (s collection[T, E]) create(ctx context.Context, publisher string, given Doc) (E, error) {
	var none E
	for range attempts {
		pub, err := s.openPublisher(publisher)
		if err != nil {
			return none, err
		}
		d, made := s.withID(pub, given)
		id := d.Text("id")
		NoteAudit(ctx, s.auditTarget(id), nil, nil)
		r := s.checkNewID(pub, id)
		d = s.withFormerIDs(r, pub, id, r.plainDoc(s.resource, d), nil)
		value := s.judge(r, pub, d, nil)
		if err := s.checkReady(ctx, r, pub, value, nil); err != nil {
			return none, err
		}
		_, err = s.publishing.Catalogue.Save(ctx, catalogue.Change{Publisher: publisher, Resource: s.resource, ID: id, Value: value, By: byName(ctx)})
		switch {
		case pull.KindOf(err) == pull.Conflict && made:
			continue
		case pull.KindOf(err) == pull.Conflict:
			if pub, err = s.openPublisher(publisher); err != nil {
				return none, err
			}
			if err := s.checkNewID(pub, id).err(); err != nil {
				return none, err
			}
			continue
		case err != nil:
			return none, err
		}
		if err := s.noteChange(ctx, id, nil, &value); err != nil {
			return none, err
		}
		return s.get(ctx, publisher, id)
	}
	return none, s.busyError()
}

// unchanged reports whether nothing would change, so that the version stays. What could
// not be opened is saved all the same: that opens it anew.
func (s collection[T, E]) unchanged(pub *catalogue.Setup, id string, was, is *T) bool {
	if !pub.Broken[s.resource][id].IsZero() {
		return false
	}
	before, ok := jsonFields(was)
	after, too := jsonFields(is)
	return ok && too && reflect.DeepEqual(before, after)
}

// jsonFields returns the fields of a struct that are not empty in JSON.
func jsonFields(v any) (fields map[string]any, ok bool) {
	b, err := json.Marshal(v)
	if err != nil || json.Unmarshal(b, &fields) != nil {
		return nil, false
	}
	maps.DeleteFunc(fields, func(_ string, v any) bool {
		switch v := v.(type) {
		case nil:
			return true
		case []any:
			return len(v) == 0
		case map[string]any:
			return len(v) == 0
		}
		return false
	})
	return fields, true
}

// checkReady returns why a thing can't be saved, or nil.
func (s collection[T, E]) checkReady(ctx context.Context, r *review, pub *catalogue.Setup, value T, was *T) error {
	if err := r.err(); err != nil || s.ready == nil {
		return err
	}
	return s.ready(ctx, pub, value, was)
}

func (s collection[T, E]) update(ctx context.Context, publisher, id, version string, given Doc) (E, error) {
	var none E
	for range attempts {
		pub, was, when, err := s.findVersion(ctx, publisher, &id, version)
		if err != nil {
			return none, err
		}
		r := &review{}
		d := r.plainDoc(s.resource, s.sameID(r, given, id))
		d = s.withFormerIDs(r, pub, id, d, was)
		value := s.judge(r, pub, d, was)
		if err := s.checkReady(ctx, r, pub, value, was); err != nil {
			return none, err
		}
		if s.unchanged(pub, id, was, &value) {
			return s.noteAndGet(ctx, publisher, id, was, &value)
		}
		_, err = s.publishing.Catalogue.Save(ctx, catalogue.Change{Publisher: publisher, Resource: s.resource, ID: id, Value: value, When: when, By: byName(ctx)})
		if pull.KindOf(err) == pull.Conflict {
			// stands says what is there now, or this is tried once more.
			continue
		}
		if err != nil {
			return none, err
		}
		return s.noteAndGet(ctx, publisher, id, was, &value)
	}
	return none, s.busyError()
}

// noteAndGet writes a change into the audit log and answers the thing as it is now.
func (s collection[T, E]) noteAndGet(ctx context.Context, publisher, id string, was, is *T) (E, error) {
	if err := s.noteChange(ctx, id, was, is); err != nil {
		var none E
		return none, err
	}
	return s.get(ctx, publisher, id)
}

func (s collection[T, E]) remove(ctx context.Context, publisher, id, version string) (None, error) {
	for range attempts {
		pub, was, when, err := s.findVersion(ctx, publisher, &id, version)
		if err != nil {
			return None{}, err
		}
		if s.free != nil {
			if err := s.free(pub, id); err != nil {
				return None{}, err
			}
		}
		err = s.publishing.Catalogue.Remove(ctx, catalogue.Change{Publisher: publisher, Resource: s.resource, ID: id, When: when, By: byName(ctx)})
		if pull.KindOf(err) == pull.Conflict {
			continue
		}
		if err != nil {
			return None{}, err
		}
		return None{}, s.noteChange(ctx, id, was, nil)
	}
	return None{}, s.busyError()
}

// findVersion returns what is to be replaced if it has that version, and sets named to
// its present id.
func (s collection[T, E]) findVersion(ctx context.Context, publisher string, named *string, version string) (*catalogue.Setup, *T, uint64, error) {
	NoteAudit(ctx, s.auditTarget(*named), nil, nil)
	pub, err := s.openPublisher(publisher)
	if err != nil {
		return nil, nil, 0, err
	}
	id, err := s.currentID(ctx, pub, *named)
	if err != nil {
		return nil, nil, 0, err
	}
	*named = id
	was, _ := s.find(pub, id)
	meta := pub.MetaOf(s.resource, id)
	switch version {
	case anyVersion, meta.ETag():
		return pub, was, meta.Version, nil
	case "":
		return nil, nil, 0, &pull.Error{Kind: pull.Invalid, Field: "version",
			Hint: words.Text{Key: "refusal.version"}}
	}
	current, err := s.entry(ctx, pub, id)
	if err != nil {
		return nil, nil, 0, err
	}
	return nil, nil, 0, &Stale{Current: current, Version: meta.ETag()}
}

// sameID returns the document under the id that its thing has.
func (s collection[T, E]) sameID(r *review, d Doc, id string) Doc {
	if given, ok := d["id"]; ok && given != nil && given != id {
		key := "document.never_changes"
		if s.renamed != nil {
			key = "document.by_renaming"
		}
		r.addDocProblem(string(s.resource)+".id", key, "id", id)
	}
	return d.withField("id", id)
}

func (s collection[T, E]) busyError() error {
	return &pull.Error{Kind: pull.Conflict, Field: string(s.resource), Hint: words.Text{Key: "hint.busy_thing"}}
}

func (s collection[T, E]) auditTarget(id string) string { return string(s.resource) + " " + id }

// noteChange tells the audit log how the thing was and is.
func (s collection[T, E]) noteChange(ctx context.Context, id string, was, is *T) error {
	var docs [2]any
	var problems error
	for i, v := range []*T{was, is} {
		if v == nil {
			continue
		}
		d, err := s.publishing.MaskedDoc(s.resource, *v)
		docs[i], problems = d, errors.Join(problems, err)
	}
	NoteAudit(ctx, s.auditTarget(id), docs[0], docs[1])
	if was != nil && is != nil {
		NoteSecrets(ctx, s.publishing.ChangedSecrets(s.resource, *was, *is))
	}
	return problems
}

// byName returns the name of the caller.
func byName(ctx context.Context) string {
	p, _ := Caller(ctx)
	return p.Name
}
