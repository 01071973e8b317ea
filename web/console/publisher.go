package console

import (
	"context"
	"maps"
	"slices"
	"sort"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// reservedID belongs to webhooks that many publishers share.
const reservedID = "app"

// PublisherEntry is a publisher as it is answered: its own fields alone.
type PublisherEntry struct {
	Publisher Doc `json:"publisher"`
	Standing
	Findings []catalogue.Finding `json:"findings" doc:"What its own fields lack; paths begin in the publisher."`
}

// PublisherSummary is a publisher in a list.
type PublisherSummary struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Languages   []string    `json:"languages"`
	Zone        string      `json:"zone"`
	Provisioned bool        `json:"provisioned,omitempty" doc:"It stands in the configuration file and is changed there alone."`
	Sources     int         `json:"sources" doc:"How many there are."`
	Keywords    int         `json:"keywords" doc:"How many there are."`
	Channels    int         `json:"channels" doc:"How many there are."`
	Role        people.Role `json:"role" doc:"What whoever asks is to the publisher."`
}

// PublisherList is the input of "publisher.list".
type PublisherList struct {
	Page
	Publisher string `json:"publisher,omitempty" query:"publisher" doc:"This one alone."`
	Q         string `json:"q,omitempty" query:"q" doc:"What the id or the name holds or nearly is."`
}

// PublisherListed is the output.
type PublisherListed struct {
	Publishers []PublisherSummary `json:"publishers"`
	Next       string             `json:"next,omitempty"`
}

// publishers is the collection of publishers.
func (p publishers) collection() collection[catalogue.Publisher, PublisherEntry] {
	return collection[catalogue.Publisher, PublisherEntry]{
		publishing: p.Publishing, resource: catalogue.ResourcePublisher,
		find: func(pub *catalogue.Setup, id string) (*catalogue.Publisher, bool) {
			own := pub.Own()
			return &own, pub.ID == id
		},
		judge: func(r *review, pub *catalogue.Setup, d Doc, was *catalogue.Publisher) catalogue.Publisher {
			v := p.judgePublisher(r, p.withCrisisKeywords(r, pub, d), was)
			p.judgeCrisisLine(r, pub, &v)
			return v
		},
		entry: func(ctx context.Context, pub *catalogue.Setup, _ string) (PublisherEntry, error) {
			doc, err := p.MaskedDoc(catalogue.ResourcePublisher, pub.Publisher)
			return PublisherEntry{Publisher: doc, Standing: standingOf(pub, pub.Meta), Findings: saidFindings(ctx, append(catalogue.CheckOwn(pub.Publisher), p.checkReach(pub)...))}, err
		},
	}
}

// checkReach finds the channels that others than staff can write to, where it is for staff only.
func (p publishers) checkReach(pub *catalogue.Setup) []catalogue.Finding {
	found := catalogue.CheckReach(pub.Publisher, func(kind string) bool {
		k, ok := p.Kinds.Messenger(kind)
		return ok && k.Writers == messengers.Members
	})
	for i := range found {
		found[i].Path = "staff_only"
	}
	return found
}

// judgePublisher fills in a publisher's own fields; was is it as it stands, nil of a new one.
func (p publishers) judgePublisher(r *review, d Doc, was *catalogue.Publisher) catalogue.Publisher {
	own := maps.Clone(d)
	for _, n := range catalogue.Parts() {
		if _, there := own[string(n)]; there {
			r.addDocProblem("publisher."+string(n), "document.elsewhere")
			delete(own, string(n))
		}
	}
	if _, there := own[ofFile]; there {
		r.addDocProblem("publisher."+ofFile, "document.in_file")
		delete(own, ofFile)
	}
	var v catalogue.Publisher
	v.Defaults()
	r.fillDraft(catalogue.ResourcePublisher, &v, own, p.Checks)
	if v.ID == reservedID {
		r.addDocProblem("publisher.id", "document.reserved", "got", v.ID)
	}
	before, bridge := kept{}, v.Person.Bridge
	if was != nil {
		before = kept{was.Person.Bridge.Kind, was.Person.Bridge.Settings}
	}
	v.Person.Bridge.Settings = r.kindSettings("publisher.person.bridge", p.Kinds.Bridges, bridge.Kind, bridge.Settings, before, p.Checks)
	for _, p := range v.Crisis.CheckUntil(p.Clock()) {
		p.Field = "publisher.crisis." + p.Field
		r.problems = append(r.problems, p)
	}
	return v
}

// ofFile is the table that the configuration file alone has.
const ofFile = "matcher"

func publisherDoc(v *catalogue.Publisher) (Doc, error) {
	own := v.Own()
	d, err := docOf(&own)
	for _, n := range catalogue.Parts() {
		delete(d, string(n))
	}
	delete(d, ofFile)
	return d, err
}

func (p publishers) listPublishers(ctx context.Context, in PublisherList) (PublisherListed, error) {
	out := PublisherListed{Publishers: []PublisherSummary{}}
	by, _ := Caller(ctx)
	all := p.sought(in)
	if !by.Admin {
		all = slices.DeleteFunc(all, func(pub *catalogue.Setup) bool { return !by.Sees(pub.ID) })
	}
	id := func(i int) string { return all[i].ID }
	place := func(last string) int {
		return sort.Search(len(all), func(i int) bool { return id(i) > last })
	}
	l, err := in.startListing(place)
	if err != nil {
		return out, err
	}
	for i := range all {
		l.add(i)
	}
	for _, i := range l.places {
		pub := all[i]
		out.Publishers = append(out.Publishers, PublisherSummary{
			ID: pub.ID, Name: pub.Name, Languages: pub.Languages, Zone: pub.TimeZone, Provisioned: pub.Provisioned,
			Sources: len(pub.Sources), Keywords: len(pub.Keywords), Channels: len(pub.Channels), Role: by.Role(pub.ID),
		})
	}
	out.Next = l.nextCursor(id)
	return out, nil
}

// sought returns the publishers that are asked for, by their ids.
func (p publishers) sought(in PublisherList) []*catalogue.Setup {
	if in.Publisher != "" {
		if pub := p.Catalogue.Publisher(in.Publisher); pub != nil {
			return []*catalogue.Setup{pub}
		}
		return nil
	}
	all := p.Catalogue.Publishers()
	if in.Q == "" {
		return all
	}
	names := make([]what.Names, len(all))
	for i, pub := range all {
		names[i] = pub.Names()
	}
	found := make([]*catalogue.Setup, 0, longestPage)
	for _, f := range what.Find(names, cutText(in.Q, longestSought), len(all)) {
		found = append(found, all[f.Place])
	}
	slices.SortFunc(found, func(a, b *catalogue.Setup) int { return strings.Compare(a.ID, b.ID) })
	return found
}
