package console

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
)

// Bounds of what is looked for on a publisher's own site, and of what is kept of it.
const (
	mostLooked      = 50
	mostLooks       = 32
	mostLookedBytes = 256 << 10
	lookedDuration  = time.Hour
)

// DemandLook is the input of "demand.look".
type DemandLook struct {
	Of
	Address string `json:"address,omitempty" doc:"A page of the publisher's own site; where most of its sources are, where not given."`
	Days    int    `json:"days,omitempty" min:"1" max:"90" doc:"How many days back the demand is of; 30 where not given."`
}

// DemandOnSite is the output: what of what readers asked in vain the publisher's own site answers.
type DemandOnSite struct {
	Address string        `json:"address" doc:"The page that was looked at, or that would be."`
	At      time.Time     `json:"at,omitzero" doc:"When it was; not given where it was not within the last hour."`
	Looked  int           `json:"looked" doc:"How many texts were looked for: those that demand.list tells, the most frequent first, at most 50."`
	Found   []DemandFound `json:"found"`
}

// DemandFound is what was found for a text.
type DemandFound struct {
	Text   string `json:"text"`
	Title  string `json:"title" doc:"What the content calls itself that answers it."`
	Answer string `json:"answer" doc:"The beginning of the answer."`
	// Source and Keyword are documents that source.adopt takes.
	Source  Doc `json:"source"`
	Keyword Doc `json:"keyword" doc:"A keyword that answers it, with the text among its phrases where it is asked for by nothing else."`
}

// The operations that look at a publisher's own site.
var (
	LookDemand = Declare[DemandLook, DemandOnSite](Declaration{
		Name: "demand.look", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/demand/look",
		Summary: "Look on the publisher's own site for what readers asked in vain.",
		Help:    "The page is discovered as source.discover does it, within the same bounds; what is found and the publisher does not have is asked for each text on trial. Nothing is saved; what was found is remembered for an hour.",
	})

	DemandLooked = Declare[Of, DemandOnSite](Declaration{
		Name: "demand.looked", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/demand/look",
		Summary: "Tell what the last look on the publisher's own site found, without looking.",
	})
)

// siteLooks remember what was found on publishers' sites.
type siteLooks struct {
	Demand
	mu sync.Mutex
	of map[string]DemandOnSite
}

func (l *siteLooks) lastLook(_ context.Context, in Of) (DemandOnSite, error) {
	pub, err := publisherOf(l.Publishing.Catalogue, in.Publisher)
	if err != nil {
		return DemandOnSite{}, err
	}
	l.mu.Lock()
	last, ok := l.of[pub.ID]
	l.mu.Unlock()
	if !ok || l.Clock().Sub(last.At) > lookedDuration {
		return DemandOnSite{Address: l.siteOf(pub), Found: []DemandFound{}}, nil
	}
	// What was set up since is no proposal any more.
	last.Found = slices.DeleteFunc(slices.Clone(last.Found), func(f DemandFound) bool { return pub.HasPhrase(f.Text) })
	return last, nil
}

func (l *siteLooks) lookDemand(ctx context.Context, in DemandLook) (DemandOnSite, error) {
	out := DemandOnSite{Found: []DemandFound{}}
	pub, err := publisherOf(l.Publishing.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	r := &review{}
	if out.Address = cmp.Or(strings.TrimSpace(in.Address), l.siteOf(pub)); out.Address == "" {
		r.addProblem("address", "required")
		return out, r.err()
	}
	listed, err := l.listDemand(ctx, DemandList{Of: in.Of, Days: in.Days})
	if err != nil {
		return out, err
	}
	ctx, cancel := context.WithTimeout(ctx, DiscoverTime)
	defer cancel()
	found, err := l.Publishing.Trials.Discover(ctx, out.Address, "")
	if err != nil {
		reason, _ := errorForEditor(err, "")
		r.addDocProblem("address", "document.undiscovered", "reason", reason)
		return out, r.err()
	}
	out.Address = found.Address
	texts := textsToLook(listed.Demand.Unmet)
	out.Looked, out.Found = len(texts), foundOnSite(ctx, found, pub.Publisher, texts)
	out.At = l.Clock()
	l.remember(pub.ID, out)
	return out, nil
}

// remember keeps what was found, as far as it has room, in place of what was found longest
// ago.
func (l *siteLooks) remember(publisher string, found DemandOnSite) {
	size := 0
	for i, f := range found.Found {
		b, _ := json.Marshal(f) // documents are made of texts
		if size += len(b); size > mostLookedBytes {
			found.Found = found.Found[:i:i]
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of[publisher] = found
	if len(l.of) > mostLooks {
		oldest := slices.MinFunc(slices.Collect(maps.Keys(l.of)), func(a, b string) int { return l.of[a].At.Compare(l.of[b].At) })
		delete(l.of, oldest)
	}
}

// siteOf returns the publisher's own site: where most of its sources are, else where its
// privacy notice is; "" where neither is known.
func (l *siteLooks) siteOf(pub *catalogue.Setup) string {
	count := map[string]int{}
	var sites []string
	add := func(address string) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		site := u.Scheme + "://" + u.Host + "/"
		if count[site]++; count[site] == 1 {
			sites = append(sites, site)
		}
	}
	fields := map[string][]settings.Field{}
	for i := range pub.Sources {
		s := &pub.Sources[i]
		of, known := fields[s.Kind]
		if !known {
			if k, ok := l.Publishing.Kinds.Source(s.Kind); ok {
				of, _ = settings.Fields(k.New()) // a test makes sure that the structs of kinds are understood
			}
			fields[s.Kind] = of
		}
		for _, address := range settings.Told(of, s.Settings, settings.Address) {
			add(address)
		}
	}
	add(pub.Privacy)
	if len(sites) == 0 {
		return ""
	}
	return slices.MaxFunc(sites, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[a], count[b]), cmp.Compare(slices.Index(sites, b), slices.Index(sites, a)))
	})
}

// textsToLook returns the texts to look for, each with its language.
func textsToLook(unmet []journal.Unmet) (all []saying) {
	for _, u := range unmet {
		if u.Text != "" && !u.NoPhrase && !hidesPart(u.Text) && len(all) < mostLooked {
			all = append(all, saying{u.Text, u.Language})
		}
	}
	return all
}

// foundOnSite asks what was discovered for each text, upon what was fetched.
func foundOnSite(ctx context.Context, found Discovery, pub catalogue.Publisher, texts []saying) []DemandFound {
	all := []DemandFound{}
	proposal := Proposed(ctx, found, pub)
	stage, keywords, err := proposal.stage(ctx, found, pub)
	if err != nil || stage == nil {
		return all
	}
	defer func() { _ = stage.Close() }() // nothing of it lasts
	for _, said := range texts {
		if ctx.Err() != nil {
			break
		}
		o := stage.Ask(ctx, said.text, said.language)
		k, ok := answeredBy(o, keywords)
		if !ok {
			continue
		}
		i := slices.IndexFunc(proposal.Sources, func(d Doc) bool { return d.Text("id") == k.Source })
		f := DemandFound{Text: said.text, Title: cmp.Or(proposal.About[i].Title, k.Source), Answer: shownAnswer(o.Reply), Source: proposal.Sources[i]}
		if o.Trace.What.Argument == "" && o.Trace.Outcome == journal.Answered {
			k = withPhraseOf(k, pub, said)
		}
		f.Keyword = docOfKeyword(k)
		all = append(all, f)
	}
	return all
}

// stage opens the sources that are proposed and need no further choice, with their
// keywords; nil where there is nothing to ask.
func (p SourceDiscovered) stage(ctx context.Context, found Discovery, pub catalogue.Publisher) (Rehearsal, []catalogue.Keyword, error) {
	pub.Sources, pub.Keywords, pub.Channels = nil, nil, nil
	ready := map[string]bool{}
	for i, d := range p.Sources {
		s, err := catalogue.ResourceSource.Fill(d)
		if source, ok := s.(catalogue.Source); ok && err == nil && len(p.About[i].Open) == 0 {
			pub.Sources = append(pub.Sources, source)
			ready[source.ID] = true
		}
	}
	if found.Rehearse == nil || len(pub.Sources) == 0 {
		return nil, nil, nil
	}
	var keywords []catalogue.Keyword
	for _, d := range p.Keywords {
		k, err := catalogue.ResourceKeyword.Fill(d)
		if keyword, ok := k.(catalogue.Keyword); ok && err == nil && ready[keyword.Source] {
			keywords = append(keywords, keyword)
		}
	}
	stage, err := found.Rehearse(ctx, pub)
	if err != nil {
		return nil, nil, err //nolint:wrapcheck // it says what failed
	}
	if err := stage.Publish(keywords); err != nil {
		_ = stage.Close()
		return nil, nil, err //nolint:wrapcheck // it says what failed
	}
	return stage, keywords, nil
}

// answeredBy returns the keyword that answered, or that was offered first.
func answeredBy(o pull.Resolved, keywords []catalogue.Keyword) (catalogue.Keyword, bool) {
	t := o.Trace
	id := t.What.Keyword
	switch {
	case t.Outcome == journal.Offered && len(t.What.Offered) > 0:
		id = t.What.Offered[0]
	case t.Outcome != journal.Answered:
		return catalogue.Keyword{}, false
	}
	i := slices.IndexFunc(keywords, func(k catalogue.Keyword) bool { return k.ID == id })
	if i < 0 {
		return catalogue.Keyword{}, false
	}
	return keywords[i], true
}

// withPhraseOf returns a keyword that a text calls, too.
func withPhraseOf(k catalogue.Keyword, pub catalogue.Publisher, said saying) catalogue.Keyword {
	language := said.language
	if !slices.Contains(pub.Languages, language) {
		for _, l := range pub.Languages {
			if len(k.Phrases[l]) > 0 {
				language = l
				break
			}
		}
	}
	phrases := maps.Clone(k.Phrases)
	if own := catalogue.NewSetup(catalogue.Publisher{Keywords: []catalogue.Keyword{k}}, nil); !own.HasPhrase(said.text) {
		phrases[language] = append(slices.Clone(phrases[language]), said.text)
	}
	k.Phrases = phrases
	return k
}
