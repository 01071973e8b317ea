package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/words"
)

// Discovery is what an address turned out to be good for.
type Discovery struct {
	// Address is the one that was asked, whole.
	Address string
	// System is what its page was made with, Language what it is written in, Site what
	// the site calls itself, "" where it does not say.
	System, Language, Site string
	Found                  []Found
	// Rehearse opens sources apart from all others, upon what was fetched; nil where
	// nothing was.
	Rehearse func(ctx context.Context, p catalogue.Publisher) (Rehearsal, error)
}

// Rehearsal is a publisher on trial. Nothing of it lasts.
type Rehearsal interface {
	// Source tells what is held of a source, for an argument where that is not "".
	Source(ctx context.Context, id, argument string) Held
	// Publish has keywords answer, in place of those before.
	Publish(keywords []catalogue.Keyword) error
	// Ask answers as a reader of a language would be answered.
	Ask(ctx context.Context, text, language string) pull.Resolved
	Close() error
}

// Held is what is held of a source on trial.
type Held struct {
	// Terms are what readers may ask it for by name, Items what it tells first.
	Terms []what.Term
	Items []what.Item
	// Enough says that what it answers can be told by that.
	Enough bool
}

// Found is a source that an address makes possible.
type Found struct {
	Kind     string
	Settings map[string]any
	// StaleIfError is for how long its last good answers may be told, as the kind
	// has it; zero if it names no time.
	StaleIfError time.Duration
	// Title is what the content calls itself, Form what it is written as, Shows
	// the beginning of what readers would get.
	Title, Form string
	Shows       []string
	// Open are the settings that only an editor can choose.
	Open []string
	// Phrase is a word to ask for it by, further wordings parted from it by |. Needs
	// says that readers write more beside it, Alone that they write nothing.
	Phrase       words.Text
	Needs, Alone bool
	// Guess says that no data of its page tells of it, but how the page looks.
	Guess bool
	// Listed says that it is a list of names, of which another source may know more.
	Listed bool
	// Paged says that each of its items is a page of its own, of which a list tells less.
	Paged bool
	// Also are further words to ask for it by: what the menu of its site calls it.
	Also []string
	// Names are what its page is called otherwise.
	Names []string
	// Usually is what its kind is called where Phrase is what the menu calls it: both together tell it
	// from something else that is called so.
	Usually words.Text
	// Called is what it calls itself, where Title is what the menu calls it.
	Called string
	// Subject is what its page is about, where that is one thing of several of the outlet's: its usual
	// words are said beside that. Prices says that it tells some.
	Subject string
	Prices  bool
	// Part says that it stands below one heading of several of its page.
	Part bool
	// Rows is what one of its rows is, said beside its title where no other word may be; Symbols are columns that are
	// called by one.
	Rows    string
	Symbols []string
	// Argument is something that they may write.
	Argument string
	// Topics are what its items are about, Count how many an answer takes.
	Topics []string
	Count  int
	// Reply are the parts and facts that an answer shows; none where the kind words
	// it best.
	Reply []string
}

// ofHours reports whether something tells the hours of one thing of the outlet's: the names of its rows are
// days, which ask for no such thing alone.
func (f Found) ofHours() bool { return f.Subject != "" && f.Phrase.Key == "asked.hours" }

// SourceDiscover is the input of "source.discover".
type SourceDiscover struct {
	Of
	Address  string `json:"address" required:"true" doc:"A page, a feed, a sitemap, an answer in JSON or CSV; https:// may be left out."`
	Argument string `json:"argument,omitempty" doc:"What stands in the place of {symbol} in the address."`
}

// SourceDiscovered is the output: documents that source.create, keyword.create and
// source.adopt take; a keyword names its source.
type SourceDiscovered struct {
	Address  string         `json:"address" doc:"The address that was asked, whole."`
	System   string         `json:"system,omitempty" doc:"What the page was made with, where that can be told."`
	Sources  []Doc          `json:"sources"`
	Keywords []Doc          `json:"keywords" doc:"The first ones answer the sources of the same place, the others one topic each of one of them."`
	About    []SourceAbout  `json:"about"`
	Tried    []KeywordTried `json:"tried" doc:"What came of asking the keywords of the same place, before they are proposed."`
	Standing int            `json:"standing,omitempty" doc:"How many of the sources that the address makes possible the publisher has; they are left out."`
}

// KeywordTried tells how a keyword that is proposed was asked.
type KeywordTried struct {
	Answers bool       `json:"answers" doc:"It was asked and answered; where not, what was fetched or the time did not suffice to ask it."`
	Asked   []TriedAsk `json:"asked,omitempty"`
}

// TriedAsk is something that was asked on trial.
type TriedAsk struct {
	Text   string `json:"text" doc:"What was asked."`
	Answer string `json:"answer" doc:"The beginning of the answer."`
}

// SourceAbout tells of a source that was found.
type SourceAbout struct {
	Title string   `json:"title" doc:"What the content calls itself."`
	Form  string   `json:"form,omitempty" doc:"What it is written as, such as Atom or JSON."`
	Shows []string `json:"shows,omitempty" doc:"The beginning of what readers would get."`
	Open  []string `json:"open,omitempty" doc:"The settings that are still to be chosen."`
	// Argument is an example of what readers write beside the keyword.
	Argument string `json:"argument,omitempty" doc:"Something that readers may write beside the keyword, to try it with."`
}

// DiscoverTime bounds a discovery and what is asked on trial.
const DiscoverTime = 20 * time.Second

// DiscoverSource is "source.discover".
var DiscoverSource = Declare[SourceDiscover, SourceDiscovered](Declaration{
	Name: "source.discover", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/discover/source",
	Summary: "Find out which sources an address makes possible.",
	Help:    "The address is fetched once and shown to every kind of source, and so is what it leads to, within bounds. Each keyword is asked in several wordings, upon what was fetched: what does not answer is not proposed, and neither is what the publisher has. Nothing is saved. Nothing found is an answer, not an error.",
})

func (p sources) discoverSources(ctx context.Context, in SourceDiscover) (SourceDiscovered, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return SourceDiscovered{}, err
	}
	r := &review{}
	if in.Address = strings.TrimSpace(in.Address); in.Address == "" {
		r.addProblem("address", "required")
		return SourceDiscovered{}, r.err()
	}
	ctx, cancel := context.WithTimeout(ctx, DiscoverTime)
	defer cancel()
	found, err := p.Trials.Discover(ctx, in.Address, in.Argument)
	if err != nil {
		reason, field := errorForEditor(err, "")
		if field != fieldArgument {
			field = "address"
		}
		r.addDocProblem(field, "document.undiscovered", "reason", reason)
		return SourceDiscovered{}, r.err()
	}
	return Proposed(ctx, found, pub.Publisher), nil
}

// SourceAdopt is the input of "source.adopt".
type SourceAdopt struct {
	Of
	Sources  []Doc `json:"sources" required:"true" doc:"Documents of sources, as source.discover proposes them."`
	Keywords []Doc `json:"keywords,omitempty" doc:"Documents of keywords of these sources, or of others that are there."`
}

// SourceAdopted is the output.
type SourceAdopted struct {
	Sources  []string `json:"sources" doc:"Ids of the sources that were added."`
	Keywords []string `json:"keywords" doc:"Ids of the keywords that were added."`
}

// mostSources is how many sources are adopted at once.
const mostSources = 50

// AdoptSources is "source.adopt".
var AdoptSources = Declare[SourceAdopt, SourceAdopted](Declaration{
	Name: "source.adopt", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/discover/adopt",
	Summary: "Add sources and their keywords as one.",
	Help:    "All that is wrong is told at once. Readers are answered by all of them from one moment on. Nothing is fetched first.",
})

func (p sources) adoptSources(ctx context.Context, in SourceAdopt) (SourceAdopted, error) {
	for range attempts {
		pub, err := p.collection().openPublisher(in.Publisher)
		if err != nil {
			return SourceAdopted{}, err
		}
		out, err := p.saveAdopted(ctx, pub, in)
		if pull.KindOf(err) != pull.Conflict {
			return out, err
		}
	}
	return SourceAdopted{}, p.collection().busyError()
}

// saveAdopted judges all documents beside each other, and saves them.
func (p sources) saveAdopted(ctx context.Context, pub *catalogue.Setup, in SourceAdopt) (SourceAdopted, error) {
	out := SourceAdopted{Sources: []string{}, Keywords: []string{}}
	r := &review{}
	if len(in.Sources)+len(in.Keywords) == 0 || len(in.Sources) > mostSources || len(in.Keywords) > mostSources {
		r.addDocProblem("sources", "document.adopt_many", "most", mostSources)
		return out, r.err()
	}
	var changes []catalogue.Change
	change := func(n catalogue.Resource, id string, value any) {
		changes = append(changes, catalogue.Change{Publisher: pub.ID, Resource: n, ID: id, Value: value, By: byName(ctx)})
	}
	metas := []catalogue.Meta{}
	for _, given := range in.Sources {
		s := p.collection()
		d, _ := s.withIDExcept(pub, given, func(id string) bool { return slices.Contains(out.Sources, id) })
		id := d.Text("id")
		r.problems = append(r.problems, s.checkNewID(pub, id).problems...)
		value := s.judge(r, pub, r.plainDoc(s.resource, d), nil)
		out.Sources = append(out.Sources, id)
		change(s.resource, id, value)
		metas = append(metas, catalogue.Meta{})
	}
	if err := r.err(); err != nil {
		return out, err
	}
	with := pub.WithAll(changes, metas)
	for _, given := range in.Keywords {
		s := keywords(p).collection()
		d, _ := s.withIDExcept(pub, given, func(id string) bool { return slices.Contains(out.Keywords, id) })
		id := d.Text("id")
		r.problems = append(r.problems, s.checkNewID(pub, id).problems...)
		value := s.judge(r, with, r.plainDoc(s.resource, d), nil)
		out.Keywords = append(out.Keywords, id)
		change(s.resource, id, value)
	}
	if err := r.err(); err != nil {
		return out, err
	}
	if _, err := p.Catalogue.SaveAll(ctx, changes); err != nil {
		return out, err //nolint:wrapcheck // the catalogue's own sentence
	}
	if len(out.Sources) == 0 {
		NoteAudit(ctx, string(catalogue.ResourceKeyword)+" "+strings.Join(out.Keywords, ", "), nil, nil)
	} else {
		NoteAudit(ctx, string(catalogue.ResourceSource)+" "+strings.Join(out.Sources, ", "), nil, nil)
	}
	return out, nil
}
