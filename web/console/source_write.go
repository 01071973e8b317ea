package console

import (
	"context"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// shownUsers is how many keywords a refusal to delete a source names.
const shownUsers = 5

// SourceGet is the input of what concerns one source, such as "source.get".
type SourceGet struct {
	Of
	ID string `json:"id" path:"source" doc:"Id of the source."`
}

// SourceCreate is the input of "source.create".
type SourceCreate struct {
	Of
	Source Doc `json:"source" required:"true"`
	Untried
}

// Untried is embedded in the input of what saves a source.
type Untried struct {
	Untried  bool   `json:"untried,omitempty" doc:"Save the source although it can't be fetched now; otherwise it is fetched once first."`
	Argument string `json:"argument,omitempty" doc:"What a reader would write beside the keyword: a source that must be asked for something is tried with it."`
}

// SourceUpdate is the input of "source.update".
type SourceUpdate struct {
	Of
	ID string `json:"id" path:"source" doc:"Id of the source."`
	Guarded
	Source Doc `json:"source" required:"true"`
	Untried
}

// SourceDelete is the input of "source.delete".
type SourceDelete struct {
	Of
	ID string `json:"id" path:"source" doc:"Id of the source."`
	Guarded
}

// The operations source.*.
var (
	ListSources = Declare[SourceList, SourceListed](Declaration{
		Name: "source.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/sources",
		Summary: "List the sources of a publisher and how they are doing.",
	})

	GetSource = Declare[SourceGet, SourceEntry](Declaration{
		Name: "source.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/sources/{source}",
		Summary: "Show a source; its secrets are masked.",
	})

	CreateSource = Declare[SourceCreate, SourceEntry](Declaration{
		Name: "source.create", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/sources",
		Status: http.StatusCreated, Slow: true, Summary: "Add a source. Without an id it gets one.",
		Help: "It is fetched once first; what can't be fetched is not saved, unless untried is true.",
	})

	UpdateSource = Declare[SourceUpdate, SourceEntry](Declaration{
		Name: "source.update", Permission: Write, Audit: true, Undo: true, Method: http.MethodPut, Path: "/publishers/{publisher}/sources/{source}",
		Slow: true, Summary: "Replace a source. A secret that is sent as its mask stays as it is.",
		Help: "Where its settings change it is fetched once first; what can't be fetched is not saved, unless untried is true.",
	})

	DeleteSource = Declare[SourceDelete, None](Declaration{
		Name: "source.delete", Permission: Write, Audit: true, Undo: true, Method: http.MethodDelete, Path: "/publishers/{publisher}/sources/{source}",
		Summary: "Remove a source that no keyword uses.",
	})
)

func (p sources) operations() []Bound {
	s := p.collection()
	return []Bound{
		ListSources.Bind(p.listSources),
		ListSourceNames.Bind(p.listSourceNames),
		GetSource.Bind(func(ctx context.Context, in SourceGet) (SourceEntry, error) {
			return s.get(ctx, in.Publisher, in.ID)
		}),
		CreateSource.Bind(func(ctx context.Context, in SourceCreate) (SourceEntry, error) {
			s := s
			s.ready = p.tryBeforeSave(in.Untried)
			return s.create(ctx, in.Publisher, in.Source)
		}),
		UpdateSource.Bind(func(ctx context.Context, in SourceUpdate) (SourceEntry, error) {
			s := s
			s.ready = p.tryBeforeSave(in.Untried)
			return s.update(ctx, in.Publisher, in.ID, in.Version, in.Source)
		}),
		DeleteSource.Bind(func(ctx context.Context, in SourceDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
		RenameSource.Bind(func(ctx context.Context, in SourceRename) (SourceEntry, error) {
			return s.rename(ctx, in.Publisher, in.ID, in.Renaming)
		}),
		TrySource.Bind(p.trySource),
		DrillSource.Bind(p.drillSource),
		DiscoverSource.Bind(p.discoverSources),
		AdoptSources.Bind(p.adoptSources),
		ListStarters.Bind(p.listStarters),
		AdoptStarter.Bind(p.adoptStarter),
		AcceptSource.Bind(p.acceptSource),
	}
}

// refuseUsedSource refuses to remove a source that keywords use.
func refuseUsedSource(pub *catalogue.Setup, id string) error {
	ids := pub.KeywordsOf(id, shownUsers+1)
	if len(ids) == 0 {
		return nil
	}
	for i, id := range ids {
		if k, there := pub.Keyword(id); there {
			ids[i] = k.Name(pub.Languages)
		}
	}
	hint := words.Text{Key: "refusal.in_use", Args: words.Args{"keywords": strings.Join(ids[:min(len(ids), shownUsers)], ", ")}}
	if len(ids) > shownUsers {
		hint.Args["keywords"] = hint.Args["keywords"].(string) + ", …"
	}
	return &pull.Error{Kind: pull.Conflict, Field: string(catalogue.ResourceSource),
		Hint: hint}
}

// SourceAccepted is the output.
type SourceAccepted struct {
	Accepted int `json:"accepted" doc:"How many answers were held back and are told now."`
}

// AcceptSource is "source.accept".
var AcceptSource = Declare[SourceGet, SourceAccepted](Declaration{
	Name: "source.accept", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/sources/{source}/accept",
	Summary: "Believe what a source brought and what is held back as doubtful.",
	Help:    "Such as an empty list, or a price that moved by more than half. Without it, what three fetches agree on is believed.",
})

// What was believed of a source, and what was put in doubt again, as acts note
// it: each is undone by the other.
const (
	AsideAccepted = "accepted"
	AsideDoubted  = "doubted"
)

func (p sources) acceptSource(ctx context.Context, in SourceGet) (SourceAccepted, error) {
	NoteAudit(ctx, string(catalogue.ResourceSource)+" "+in.ID, nil, nil)
	o, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return SourceAccepted{}, err
	}
	id, err := p.collection().currentID(ctx, o, in.ID)
	if err != nil {
		return SourceAccepted{}, err
	}
	n := p.Snapshots.Accept(o.ID, id)
	if n > 0 {
		RecordAside(ctx, AsideAccepted, o.ID, id)
	}
	return SourceAccepted{n}, nil
}
