package sources

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"keypull/pull"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// exploreLeads looks at what else a front page leads to: its parts, its calendars and
// tables, its search, and the sitemaps of its site. Every document is fetched once,
// and shown to every kind.
func (g discoverer) exploreLeads(ctx context.Context, l *landing, offers []Offer) []Offer {
	root := l.url.ResolveReference(&url.URL{Path: "/robots.txt"}).String()
	leads := append([]lead{{url: root}}, l.leads...)
	if topics := topicsOf(offers); len(topics) > 0 {
		for i := range leads {
			leads[i].argument = topics[0]
		}
	}
	documents := g.fetchLeads(ctx, leads)
	var further []lead
	mapped := false
	for i, d := range documents {
		if d == nil {
			continue
		}
		at := leads[i]
		if at.url == root {
			for _, sitemap := range robotsSitemaps(*d) {
				further, mapped = append(further, lead{url: sitemap}), true
			}
			continue
		}
		if strings.Contains(at.url, ArgumentPlace) && d.IsPage() {
			continue // a search that is switched off leads to the front page
		}
		if feed, _ := SearchFeed(*d); feed != "" {
			further = append(further, lead{url: feed, argument: at.argument})
			continue
		}
		found, more := g.shown(ctx, *d, at)
		offers = append(offers, found...)
		known := func(m lead) bool {
			return slices.Contains(l.shown, m.url) || slices.ContainsFunc(further, func(other lead) bool { return other.url == m.url })
		}
		for _, m := range more {
			if known(m) { // it is of no part alone
				offers = append(offers, m.instead...)
				if i := slices.IndexFunc(further, func(other lead) bool { return other.url == m.url && m.data }); i >= 0 {
					further[i].section = ""
				}
				continue
			}
			further = append(further, m)
		}
		if at.section != "" && l.files < maxFiles {
			further = append(further, slices.DeleteFunc(l.filesOf(*d, at.section), known)...)
		}
	}
	if !mapped {
		further = slices.Insert(further, min(len(further), maxLooks-1), lead{url: l.url.ResolveReference(&url.URL{Path: "/sitemap.xml"}).String()})
	}
	for _, at := range l.shown {
		further = append(further, lead{url: at, data: true})
	}
	for _, at := range further[min(len(further), maxLooks):] {
		offers = append(offers, at.instead...)
	}
	further = further[:min(len(further), maxLooks)]
	for i, d := range g.fetchAll(ctx, further) {
		var found []Offer
		if d != nil && (!further[i].data || !d.IsPage()) {
			found, _ = g.shown(ctx, *d, further[i])
		}
		if len(found) == 0 {
			found = further[i].instead
		}
		offers = append(offers, found...)
	}
	all := distinctOffers(offers)
	return slices.DeleteFunc(slices.Clone(all), func(o Offer) bool { // a sitemap has them all
		return o.Guess && len(o.Samples) > 0 && slices.ContainsFunc(all, func(other Offer) bool { return other.Kind == o.Kind && !other.Guess && len(other.Samples) > 0 })
	})
}

// shown shows a document to every kind: of the part of a site that it is of, only what
// readers get without writing more, or what its page tells in data; more are the feeds
// that a part's page names, and the JSON that it shows by scripts.
func (g discoverer) shown(ctx context.Context, d Document, at lead) (offers []Offer, more []lead) {
	var guessed []Offer
	named := false // what is called as the part of the site is; what else its page tells has headings of its own
	answers := make([][]Found, len(g.kinds))
	for i, k := range g.kinds {
		answers[i] = g.askKind(ctx, k, d)
	}
	if at.section != "" {
		prices := strings.Split(words.Text{Key: "asked.prices"}.In(cmp.Or(ReadHead(d).Language, "en")), "|")
		if !SaysWord(at.section, prices) {
			markParts(answers, prices)
		}
	}
	for i, k := range g.kinds {
		for _, f := range answers[i] {
			if (f.Subject != "" || f.Part && d.IsPage()) && at.section != "" {
				f.Subject = at.section
			}
			hours := f.Phrase.Key == asksHours
			if hours && at.told { // the pages of a footer are the outlet's own
				f.Subject, f.Outlet = "", true
			}
			if contact := (words.Text{Key: asksContact}); f.Phrase.Key == contact.Key && !SaysWord(at.section, strings.Split(contact.In(cmp.Or(ReadHead(d).Language, "en")), "|")) {
				f.Subject = at.section
			}
			switch {
			case f.At != "":
				// What all pages name is of the whole site.
				if at.section != "" && !at.told && !f.Guess && len(more) == 0 {
					if _, known := g.fetched.findOutcome(f.At); !known {
						more = append(more, lead{url: f.At, section: at.section})
					}
				}
				continue
			case slices.Contains(f.Open, "url"), at.data && len(f.Open) > 0: // nobody named it for the editor to complete
				continue
			case at.section != "" && !f.Told && (at.told || f.Needs || d.IsPage() && !f.Guess), len(f.Samples) > 0 && !g.recognisesPages(ctx, k, f.Samples, true):
				continue
			case hours && f.Subject != "", f.Part:
			case at.section != "" && (f.Usual || f.Outlet && !at.told):
				f.Also = []string{at.section}
			case at.section != "" && !f.Outlet && (!named && !f.isBeside() || f.Title == ""):
				named = f.Told || f.Coming
				f.callAs(at.section)
			}
			if f.Guess && at.section != "" {
				guessed = append(guessed, Offer{k.Name, f})
				continue
			}
			offers = append(offers, Offer{k.Name, f})
		}
	}
	if at.section != "" && !at.told && d.IsPage() {
		for _, shown := range d.Shown() {
			more = append(more, lead{url: shown, section: at.section, data: true})
		}
	}
	feeds := slices.ContainsFunc(more, func(m lead) bool { return !m.data })
	// A page of the outlet's own tells nothing else; one of another's contacts may.
	if !at.told || len(offers) == 0 || slices.ContainsFunc(offers, func(o Offer) bool { return !o.Outlet }) {
		for _, o := range guessed {
			coming := o.Coming && len(offers) > 0 && !feeds
			if !o.isBeside() && !coming {
				continue
			}
			alone := o.isAlone()
			if alone && feeds || slices.ContainsFunc(offers, o.isPartOf) {
				continue
			}
			if !named && (!alone || len(offers) == 0) {
				o.callAs(at.section)
				for i := range offers {
					offers[i].Also = slices.DeleteFunc(offers[i].Also, func(word string) bool { return word == at.section })
				}
			}
			offers = append(offers, o)
		}
	}
	switch {
	case len(offers) > 0:
	case feeds:
		more[0].instead = namedByPage(guessed, d, at.section)
	default:
		offers = guessed
	}
	return namedByPage(offers, d, at.section), more
}

// namedByPage gives what a page is called to the first of what it offers that tells of it in data, else to the first. Texts
// beside such data are the page's information, which nobody says: they are found by what they tell.
func namedByPage(offers []Offer, d Document, section string) []Offer {
	const most = 3
	if len(offers) == 0 {
		return offers
	}
	names, language := pageNames(d)
	whole := func(o Offer) bool {
		return !o.Outlet && !o.Part && (o.Subject == "" || o.Prices) && len(o.Settings) > 0
	}
	first := slices.IndexFunc(offers, func(o Offer) bool { return whole(o) && !o.isBeside() })
	if first < 0 {
		if first = slices.IndexFunc(offers, whole); first >= 0 {
			offers[first].Names = names
		}
		return offers
	}
	offers[first].Names = names
	for i, o := range offers {
		switch {
		case o.isBeside():
			called, _, _ := strings.Cut(o.Title, ": ")
			if len(strings.Fields(called)) > most {
				called = cmp.Or(section, called)
			}
			offers[i].Phrase, offers[i].Also = words.Verbatim(strings.ToLower(called)+" "+words.Text{Key: "outlet.information"}.In(language)), nil
		case o.Called != "": // the heading of a table that is called as its page is
			offers[i].Names = slices.Concat(o.Names, []string{o.Called})
		}
	}
	return offers
}

// markParts notes which rows stand below one heading of several of a page that tells more: prices, or one table of
// others. What the part of the site is called asks for all of them. A heading that begins as the page is called, and
// does not only add that it is of prices, is that of the page.
func markParts(answers [][]Found, prices []string) {
	const several = 2
	all := slices.Concat(answers...)
	told := slices.IndexFunc(all, func(f Found) bool { return f.isBeside() && !f.isAlone() })
	if told < 0 {
		return
	}
	page := textform.Fold(all[told].Title)
	below := func(f Found) bool {
		further, same := strings.CutPrefix(textform.Fold(f.Title)+" ", page+" ")
		return f.Told && f.Needs && f.Phrase.Key != asksHours && f.Title != "" && (!same || SaysWord(further, prices))
	}
	tables := 0
	for _, f := range all {
		if below(f) {
			tables++
		}
	}
	for _, found := range answers {
		for i, f := range found {
			found[i].Part = below(f) && (tables >= several || f.Subject != "")
		}
	}
}

// SaysWord reports whether a name has one of some words in it.
func SaysWord(name string, some []string) bool {
	return slices.ContainsFunc(some, func(word string) bool { return strings.Contains(textform.Fold(name), textform.Fold(word)) })
}

// isBeside reports whether something is what a page tells beside what else is found there.
func (f Found) isBeside() bool { return f.Guess && f.Told }

// callAs calls what was found as the part of the site is called.
func (f *Found) callAs(section string) {
	f.Called = f.Title
	f.Usually, f.Phrase = f.Phrase, words.Verbatim(strings.ToLower(section))
	f.Title, f.Topics, f.Also = section, nil, append([]string{section}, f.Also...)
}

// recognisesPages says whether some pages mean something to a kind, or further says, such as one of
// them lists: two of them, and a quarter, so that a page among others makes no collection.
func (g discoverer) recognisesPages(ctx context.Context, k Kind, samples []string, further bool) bool {
	leads := make([]lead, 0, len(samples))
	for _, at := range samples {
		leads = append(leads, lead{url: at})
	}
	leads = leads[:min(len(leads), maxSamples)]
	known := 0
	for _, d := range g.fetchAll(ctx, leads) {
		if d == nil {
			continue
		}
		found := g.askKind(ctx, k, *d)
		if i := slices.IndexFunc(found, func(f Found) bool { return len(f.Samples) > 0 }); i >= 0 {
			if further && g.recognisesPages(ctx, k, found[i].Samples, false) {
				return true
			}
			continue
		}
		if r, ok := k.New().(Recogniser); ok {
			if is, err := RunParser(ctx, opDiscover, func() (bool, error) { return r.Recognises(*d), nil }); err == nil && is {
				known++
			}
			continue
		}
		if slices.ContainsFunc(found, func(f Found) bool { return f.At == "" }) {
			known++
		}
	}
	const several, part = 2, 4
	return known > 0 && known*part >= len(leads) && (known >= several || len(leads) < 2*several)
}

// gatherPages returns what kinds make of all the pages of a site, where nothing of theirs was found: of those that were
// fetched, and of some that these list.
func (g discoverer) gatherPages(ctx context.Context, front Document, offers []Offer) (gathered []Offer) {
	for _, k := range g.kinds {
		gatherer, ok := k.New().(Gatherer)
		if !ok || slices.ContainsFunc(offers, func(o Offer) bool { return o.Kind == k.Name }) {
			continue
		}
		recognises := func(d Document) bool {
			is, err := RunParser(ctx, opDiscover, func() (bool, error) { return gatherer.Recognises(d), nil })
			return err == nil && is
		}
		rules := g.fetched.robotsOf(front.URL)
		lists, listed := g.fetchListed(ctx, front, rules, recognises)
		var pages []string
		for _, d := range g.fetched.pagesOf(front.URL) {
			if !listed[d.URL] && rules.allowsAddress(d.URL) && recognises(d) {
				pages = append(pages, d.URL)
			}
		}
		if f, ok := gatherer.Gather(front.Host(), lists, pages); ok {
			gathered = append(gathered, Offer{k.Name, f})
		}
	}
	return gathered
}

// fetchListed returns which of the pages that were fetched list others that are recognised, the front page first, and what
// they list: some of it is fetched, as far as the site's rules allow.
func (g discoverer) fetchListed(ctx context.Context, front Document, rules robotsRules, recognises func(Document) bool) (lists []string, listed map[string]bool) {
	const fewest, most = 3, 8
	listed = map[string]bool{}
	pages := g.fetched.pagesOf(front.URL)
	slices.SortStableFunc(pages, func(a, b Document) int { return CompareBools(a.URL != front.URL, b.URL != front.URL) })
	for left := maxGathered; left >= fewest && len(pages) > 0 && len(lists) < most; pages = pages[1:] {
		d := pages[0]
		all := slices.DeleteFunc(d.Listed(), func(at string) bool { return !rules.allowsAddress(at) })
		further := slices.DeleteFunc(slices.Clone(all), func(at string) bool { return listed[at] })
		if len(further) < fewest {
			continue
		}
		var leads []lead
		for _, i := range SpreadSamples(len(further)) {
			leads = append(leads, lead{url: further[i]})
		}
		leads = leads[:min(len(leads), left)]
		known := 0
		for _, page := range g.fetchAll(ctx, leads) {
			if page != nil && page.IsPage() && recognises(*page) {
				known++
				all = append(all, page.URL)
			}
		}
		left -= len(leads)
		if known >= fewest && known*2 >= len(leads) && rules.allowsAddress(d.URL) {
			lists = append(lists, d.URL)
			for _, at := range all {
				listed[at] = true
			}
		}
	}
	return lists, listed
}

// SpreadSamples returns the indexes of samples among n things, as far apart as can be.
func SpreadSamples(n int) []int {
	places := make([]int, min(n, maxSamples))
	for i := range places {
		places[i] = i * n / len(places)
	}
	return places
}

// fetchLeads fetches what a front page leads to, within bounds: what pages name, then what is only
// guessed, one of it before all others.
func (g discoverer) fetchLeads(ctx context.Context, leads []lead) []*Document {
	documents := make([]*Document, len(leads))
	left := maxLeads
	fetch := func(most int, guess bool) (all bool) {
		var places []int
		var chosen []lead
		for i, at := range leads {
			if at.guess == guess && documents[i] == nil && len(chosen) < min(most, left) {
				places, chosen = append(places, i), append(chosen, at)
			}
		}
		left -= len(chosen)
		all = true
		for i, d := range g.fetchAll(ctx, chosen) {
			documents[places[i]] = d
			all = all && d != nil
		}
		return all
	}
	fetch(maxLeads, false)
	if fetch(1, true) {
		fetch(maxLeads, true)
	}
	return documents
}

// fetchAll fetches addresses side by side; what could not be had is nil.
func (g discoverer) fetchAll(ctx context.Context, leads []lead) []*Document {
	documents := make([]*Document, len(leads))
	var looks errgroup.Group
	looks.SetLimit(looksAtOnce)
	for i, at := range leads {
		looks.Go(func() (err error) {
			defer pull.Caught("look at an address", &err)
			ctx, cancel := context.WithTimeout(ctx, lookTime)
			defer cancel()
			g := g
			g.argument = at.argument
			if d, err := g.fetchDocument(ctx, at.url); err == nil {
				documents[i] = &d
			}
			return nil
		})
	}
	_ = looks.Wait() // what could not be looked at is not offered
	return documents
}

// topicsOf returns those of the first offer that has some.
func topicsOf(offers []Offer) []string {
	for _, o := range offers {
		if len(o.Topics) > 0 {
			return o.Topics
		}
	}
	return nil
}
