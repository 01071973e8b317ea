package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// firstChannel is the id of the channel that a new publisher has, so that it
// can be asked at once.
const firstChannel = "web"

// PublisherCreate is the input of "publisher.create".
type PublisherCreate struct {
	Publisher Doc `json:"publisher" required:"true"`
}

// PublisherUpdate is the input of "publisher.update". The publisher's id has
// another name here, since the body's field is named as the resource.
type PublisherUpdate struct {
	ID string `json:"id" path:"publisher" doc:"Id of the publisher."`
	Guarded
	Publisher Doc `json:"publisher" required:"true"`
}

// PublisherID returns the publisher's.
func (in PublisherUpdate) PublisherID() string { return in.ID }

// PublisherDelete is the input of "publisher.delete".
type PublisherDelete struct {
	Of
	Guarded
}

// The operations publisher.*.
var (
	ListPublishers = Declare[PublisherList, PublisherListed](Declaration{
		Name: "publisher.list", Permission: Read, Method: http.MethodGet, Path: "/publishers",
		Summary: "List the publishers that you have a part in.",
	})

	GetPublisher = Declare[Of, PublisherEntry](Declaration{
		Name: "publisher.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}",
		Summary: "Show a publisher's own fields.",
	})

	CreatePublisher = Declare[PublisherCreate, PublisherEntry](Declaration{
		Name: "publisher.create", Permission: Admin, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers",
		Status: http.StatusCreated, Summary: "Add a publisher, with a web chat to ask it by. Without an id it gets one.",
	})

	UpdatePublisher = Declare[PublisherUpdate, PublisherEntry](Declaration{
		Name: "publisher.update", Permission: Own, Audit: true, Undo: true, Method: http.MethodPut, Path: "/publishers/{publisher}",
		Summary: "Replace a publisher's own fields.",
	})

	DeletePublisher = Declare[PublisherDelete, None](Declaration{
		Name: "publisher.delete", Permission: Admin, Audit: true, Undo: true, Method: http.MethodDelete, Path: "/publishers/{publisher}",
		Summary: "Remove a publisher with its sources, keywords and channels.",
	})
)

func (p publishers) operations() []Bound {
	s := p.collection()
	return []Bound{
		ListPublishers.Bind(p.listPublishers),
		GetPublisher.Bind(func(ctx context.Context, in Of) (PublisherEntry, error) {
			return s.get(ctx, in.Publisher, in.Publisher)
		}),
		CreatePublisher.Bind(p.createPublisher),
		UpdatePublisher.Bind(func(ctx context.Context, in PublisherUpdate) (PublisherEntry, error) {
			d, err := p.proposeCrisis(ctx, in)
			if err != nil {
				return PublisherEntry{}, err
			}
			return s.update(ctx, in.ID, in.ID, in.Version, d)
		}),
		RehearseCrisis.Bind(p.rehearseCrisis),
		DeletePublisher.Bind(func(ctx context.Context, in PublisherDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.Publisher, in.Version)
		}),
	}
}

func (p publishers) createPublisher(ctx context.Context, in PublisherCreate) (PublisherEntry, error) {
	s, d := p.collection(), in.Publisher
	if id, given := d["id"]; !given || id == nil || id == "" {
		d = d.withField("id", makeID(d.Text("name"), string(catalogue.ResourcePublisher), func(id string) bool {
			return id == reservedID || p.Catalogue.Publisher(id) != nil
		}))
	}
	if _, given := d["clicks"]; !given && messengers.Reachable(p.PublicURL) {
		d = d.withField("clicks", true) // readers can follow links that lead over this server
	}
	id := d.Text("id")
	noteAct(ctx, func(a *people.Act) { a.Publisher, a.Target = id, s.auditTarget(id) })
	r := &review{}
	if p.Catalogue.Publisher(id) != nil {
		r = s.idTaken(id)
	}
	d = r.plainDoc(catalogue.ResourcePublisher, d)
	v := p.judgePublisher(r, d, nil)
	if err := r.err(); err != nil {
		return PublisherEntry{}, err
	}
	meta, err := p.Catalogue.Save(ctx, catalogue.Change{Publisher: id, Resource: catalogue.ResourcePublisher, ID: id, Value: v, By: byName(ctx)})
	if pull.KindOf(err) == pull.Conflict {
		return PublisherEntry{}, s.idTaken(id).err()
	}
	if err != nil {
		return PublisherEntry{}, err
	}
	if err := p.addFirstChannel(ctx, v); err != nil {
		// Half a publisher would be in the way of the second attempt.
		undone := p.Catalogue.Remove(context.WithoutCancel(ctx), catalogue.Change{Publisher: id, Resource: catalogue.ResourcePublisher, ID: id, When: meta.Version})
		return PublisherEntry{}, errors.Join(err, undone)
	}
	return s.get(ctx, id, id)
}

// addFirstChannel gives a new publisher its web chat, where there are such, and tells
// the audit log of both.
func (p publishers) addFirstChannel(ctx context.Context, v catalogue.Publisher) error {
	after, err := p.MaskedDoc(catalogue.ResourcePublisher, v)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(p.Kinds.Messengers, func(k Kind) bool { return k.Page }); i >= 0 {
		k := p.Kinds.Messengers[i]
		c := catalogue.Channel{ID: firstChannel, Kind: k.Name, Settings: entitled(k, v.Name)}
		if _, err := p.Catalogue.Save(ctx, catalogue.Change{Publisher: v.ID, Resource: catalogue.ResourceChannel, ID: c.ID, Value: c, By: byName(ctx)}); err != nil {
			return fmt.Errorf("add the web chat: %w", err)
		}
		doc, err := p.MaskedDoc(catalogue.ResourceChannel, c)
		if err != nil {
			return err
		}
		after = after.withField(string(catalogue.ResourceChannel), []any{map[string]any(doc)})
	}
	NoteAudit(ctx, string(catalogue.ResourcePublisher)+" "+v.ID, nil, after)
	return nil
}

// entitled returns the settings of a kind with this title, where it has one and can
// be called so.
func entitled(k Kind, title string) map[string]any {
	// A test makes sure that the structs of kinds are understood.
	fields, _ := settings.Fields(k.New())
	f, ok := settings.First(fields, settings.Title)
	if named := map[string]any{f.Name: title}; ok && settings.Fill(k.New(), named) == nil {
		return named
	}
	return map[string]any{}
}
