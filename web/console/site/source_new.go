package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// newSource is the beginning of a new source: a box for an address, what was
// found there, and the kinds to choose from by hand.
type newSource struct {
	Head pages.Header
	// Action is where an address is looked at.
	Action, CSRF string
	// Address is what was typed, Argument what stands in it in the place of
	// {symbol}; it is asked for only where the address has such a place.
	Address, Argument input
	Asks              bool
	// Sought says that an address was looked at, Completed that its beginning was
	// added.
	Sought, Completed bool
	Found             []foundSource
	Kinds             []pages.Kind
	Starters          []pages.Kind
	// Standing is how many of what was found stand already.
	Standing int
	// System is what the site was made with. Adopt is where Documents are sent to set
	// all up that is ticked of Words and needs no further choice.
	System, Adopt, Documents string
	Words                    []foundWord
}

// foundWord is a keyword to set up; one that was asked and answered is ticked.
type foundWord struct {
	ID, Words, Answer string
	Ticked            bool
}

// Complaints returns those of the box.
func (n newSource) Complaints() []pages.Complaint { return inputs{n.Address, n.Argument}.Complaints() }

// foundSource is one thing to choose.
type foundSource struct {
	Title, Kind, Form, At string
	// Icon is one of the sprite, for a kind without a Picture.
	Icon, Picture string
	Shows         []string
	// Action is where Hidden is sent by the button Do.
	Action, Do string
	Hidden     []pages.Hidden
	// unfinished says that something has still to be chosen.
	unfinished bool
}

// The inputs that travel from what was found to the keyword that comes next begin with
// carried: its word, and what it has of carriedFields. tryArgument is what readers may
// write beside it.
const (
	carried     = "_keyword_"
	phraseField = "phrase"
	tryArgument = "_try_argument"
)

// carriedFields are the fields of a proposed keyword that its form begins with.
func carriedFields() []string { return []string{"argument", "query", "count", "bare"} }

// choose shows the box, before a kind is chosen.
func (r sourcePages) choose() error {
	return r.showPage("page_source_new", r.beginning(r.newSource(r.URL.Query().Get("address"), "")))
}

func (r sourcePages) beginning(body newSource) pages.Page {
	title := r.t("source.new")
	return pages.Page{Title: title, Body: body, Crumbs: r.crumbsTo(sourceSection, title)}
}

func (r sourcePages) newSource(address, argument string) newSource {
	body := newSource{
		Head: pages.Header{Title: r.t("source.new"), Lead: r.t("source.new_lead")}, CSRF: r.session.CSRF,
		Action: r.pathTo(sourceSection, "discover"), Kinds: r.resource().kindTiles(r.request), Asks: argument != "" || strings.Contains(address, "{"),
		Address:  input{Name: "address", Label: r.t("discover.address"), Help: r.t("discover.address_help"), Type: "text", Value: address},
		Argument: input{Name: "argument", Label: r.t("discover.argument", "symbol", "{symbol}"), Help: r.t("discover.argument_help"), Type: "text", Value: argument},
	}
	if r.mayDo(console.AdoptStarter) {
		for _, set := range r.Kinds.Starters() {
			body.Starters = append(body.Starters, pages.Kind{Title: set.Title.In(r.language), Text: set.Help.In(r.language), Icon: "keyword", Href: r.pathTo(starterPlace, set.Name)})
		}
	}
	return body
}

// showDiscovered looks at the address of the box.
func (r sourcePages) showDiscovered() error {
	address, argument := strings.TrimSpace(r.postedValue("address")), strings.TrimSpace(r.postedValue("argument"))
	body := r.newSource(address, argument)
	found, err := console.DiscoverSource.Call(r.callContext(), console.SourceDiscover{Of: r.publisherInput(), Address: address, Argument: argument})
	status := http.StatusOK
	if problems, refused := r.problemsOf(err, ""); refused {
		form := inputs{body.Address, body.Argument}
		form.addProblems(problems)
		body.Address, body.Argument = form[0], form[1]
		body.Asks = body.Asks || len(body.Argument.Problems) > 0
		status = http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	} else if body.Found, err = r.foundCards(found); err != nil {
		return err
	} else {
		body.Sought = true
		_, body.Completed = settings.WholeAddress(address)
		body.Address.Value, body.System, body.Standing = found.Address, found.System, found.Standing
		offerAdoptAll(r, &body, found)
	}
	if r.wantsPart() {
		return r.showPart("part_discover", body)
	}
	return r.showAs(status, "page_source_new", r.beginning(body))
}

// offerAdoptAll puts down what sets up all at once: the sources that need no further
// choice, where there are several things to set up.
func offerAdoptAll(r sourcePages, body *newSource, found console.SourceDiscovered) {
	ready, all := map[string]bool{}, console.SourceAdopt{}
	for i, d := range found.Sources {
		if len(found.About[i].Open) == 0 {
			ready[d.Text("id")] = true
			all.Sources = append(all.Sources, d)
		}
	}
	var shown []foundWord
	for i, k := range found.Keywords {
		if !ready[k.Text("source")] {
			continue
		}
		all.Keywords = append(all.Keywords, k)
		word := foundWord{ID: k.Text("id"), Words: strings.Join(phrasesOf(k), ", ")}
		if i < len(found.Tried) && found.Tried[i].Answers {
			word.Ticked = true
			word.Answer, _, _ = strings.Cut(found.Tried[i].Asked[0].Answer, "\n")
		}
		shown = append(shown, word)
	}
	documents, err := json.Marshal(all)
	if err != nil || len(all.Keywords) < 2 || !r.mayDo(console.AdoptSources) {
		return
	}
	body.Adopt, body.Documents, body.Words = r.pathTo(sourceSection, "adopt"), string(documents), shown
}

// phrasesOf returns the phrases of a proposed keyword, each once.
func phrasesOf(keyword console.Doc) []string {
	var shown []string
	phrases := keyword.Table("phrases")
	for _, tag := range slices.Sorted(maps.Keys(phrases)) {
		list, _ := phrases[tag].([]any)
		for _, one := range list {
			if phrase, ok := one.(string); ok && !slices.Contains(shown, phrase) {
				shown = append(shown, phrase)
			}
		}
	}
	return shown
}

// adoptFound sets up what is ticked of all that was found.
func adoptFound(r sourcePages) error {
	var all console.SourceAdopt
	if err := json.Unmarshal([]byte(r.postedValue("documents")), &all); err != nil {
		return r.redirectDone(r.pathTo(sourceSection, "new"), "")
	}
	all.Of = r.publisherInput()
	ticked, asked := r.PostForm["keyword"], map[string]bool{}
	all.Keywords = slices.DeleteFunc(all.Keywords, func(k console.Doc) bool { return !slices.Contains(ticked, k.Text("id")) })
	for _, k := range all.Keywords {
		asked[k.Text("source")] = true
	}
	all.Sources = slices.DeleteFunc(all.Sources, func(s console.Doc) bool { return !asked[s.Text("id")] })
	if len(all.Sources) == 0 {
		return r.redirectDone(r.pathTo(sourceSection, "new"), "")
	}
	if _, err := console.AdoptSources.Call(r.callContext(), all); err != nil {
		return err
	}
	return r.redirectDone(r.pathTo(keywordSection), "source_adopted")
}

// foundCards returns what was found, each with all that saves it; what has still to be
// finished comes last.
func (r sourcePages) foundCards(found console.SourceDiscovered) ([]foundSource, error) {
	cards := make([]foundSource, len(found.Sources))
	for i, d := range found.Sources {
		kind, about := d.Text("kind"), found.About[i]
		f, err := r.form(kind)
		if err != nil {
			return nil, err
		}
		k, _ := r.Kinds.Source(kind)
		c := foundSource{
			Title: about.Title, Kind: r.kindTitle(r.Kinds.Sources, kind), Form: about.Form, Icon: r.resource().icon, Picture: k.Icon, At: r.addressOf(d),
			Shows: about.Shows, Action: r.pathTo(sourceSection), Do: r.t("discover.use"),
		}
		if told := settings.Told(f.kind.Fields, d.Table(belowKind), settings.Address); len(told) > 0 && told[0] != found.Address {
			c.Do = settings.Said(k.Words, r.language, "use", c.Do)
		}
		if len(about.Open) > 0 {
			c.Action, c.Do, c.unfinished = r.pathTo(sourceSection, "try"), r.t("discover.finish"), true
		}
		c.Hidden = []pages.Hidden{{Name: "kind", Value: kind}, {Name: "id", Value: d.Text("id")}, {Name: "title", Value: d.Text("title")}}
		c.Hidden = append(c.Hidden, r.inputsToCarry(found.Keywords[i], about.Argument)...)
		posted := f.kind.Posted(d.Table(belowKind))
		for _, name := range slices.Sorted(maps.Keys(posted)) {
			for _, value := range posted[name] {
				c.Hidden = append(c.Hidden, pages.Hidden{Name: name, Value: value})
			}
		}
		cards[i] = c
	}
	slices.SortStableFunc(cards, func(a, b foundSource) int {
		switch {
		case a.unfinished == b.unfinished:
			return 0
		case b.unfinished:
			return -1
		}
		return 1
	})
	return cards, nil
}

// inputsToCarry returns what the keyword to come is told.
func (r sourcePages) inputsToCarry(keyword console.Doc, argument string) []pages.Hidden {
	var phrase string
	for _, lines := range keyword.Table("phrases") {
		if all, _ := lines.([]any); len(all) > 0 {
			phrase, _ = all[0].(string)
		}
	}
	all := []pages.Hidden{{Name: carried + phraseField, Value: phrase}, {Name: tryArgument, Value: argument}}
	for _, name := range carriedFields() {
		if value := keyword[name]; value != nil {
			all = append(all, pages.Hidden{Name: carried + name, Value: fmt.Sprint(value)})
		}
	}
	return all
}

// carriedInputs returns what travels on through the form of the source.
func (r sourcePages) carriedInputs() []pages.Hidden {
	var all []pages.Hidden
	for _, name := range append(carriedFields(), phraseField) {
		if value := r.postedValue(carried + name); value != "" {
			all = append(all, pages.Hidden{Name: carried + name, Value: value})
		}
	}
	return all
}

// firstKeyword returns the form of the first keyword of a source, with what is known
// of it.
func (r sourcePages) firstKeyword(id string) string {
	q := url.Values{"source": {id}}
	if ask := r.postedValue(tryArgument); ask != "" {
		q.Set("ask", ask)
	}
	for _, name := range append(carriedFields(), phraseField) {
		if value := r.postedValue(carried + name); value != "" {
			q.Set(name, value)
		}
	}
	return r.pathTo(keywordSection, "new") + "?" + q.Encode()
}

// suggestAddresses returns what the address of a form leads to, where it does not answer as
// the kind wants: the problem says that the field is wrong.
func (r sourcePages) suggestAddresses(f *form, d console.Doc, problems settings.Problems) []suggestion {
	at, ok := settings.First(f.kind.Fields, settings.Address)
	path := belowKind + "." + at.Name
	told := settings.Told(f.kind.Fields, d.Table(belowKind), settings.Address)
	wrong := func(p settings.Problem) bool {
		return p.Field == path || p.Field == string(catalogue.ResourceSource)+"."+path
	}
	if !ok || len(told) == 0 || !slices.ContainsFunc(problems, wrong) || !r.mayDo(console.DiscoverSource) {
		return nil
	}
	found, err := console.DiscoverSource.Call(r.callContext(), console.SourceDiscover{Of: r.publisherInput(), Address: told[0], Argument: r.postedValue(tryArgument)})
	if err != nil {
		return nil // what is wrong has been told
	}
	k, _ := r.Kinds.Source(f.kindName)
	use := settings.Said(k.Words, r.language, "use", r.t("discover.use"))
	var all []suggestion
	for i, s := range found.Sources {
		other := settings.Told(f.kind.Fields, s.Table(belowKind), settings.Address)
		if s.Text("kind") == f.kindName && len(other) > 0 && other[0] != told[0] {
			all = append(all, suggestion{Fill: path + "=" + other[0], Label: use, Title: found.About[i].Title, At: r.addressOf(s)})
		}
	}
	return all
}

// suggestion is a value to be filled in by a button.
type suggestion struct{ Fill, Label, Title, At string }
