package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// demandPages are those of what readers asked for.
type demandPages struct{ *request }

const demandSection = "demand"

func (s *Site) demandRoutes() {
	const at = Root + "/p/{publisher}/" + demandSection
	s.route("GET "+at, pageAction(demandPages.demandPage))
	s.route("POST "+at+"/look", gatedFor(console.LookDemand, pageAction(demandPages.lookOnSite)))
	s.route("POST "+at+"/adopt", gatedFor(console.AdoptDemand, pageAction(demandPages.adoptDemand)))
}

// demandBody is what the page of demand shows. What readers wrote stands in it as
// plain text.
type demandBody struct {
	Head    pages.Header
	Periods pages.Tabs
	Message string
	Fixed   string
	Tiles   []pages.Tile
	Adopt   string
	Unmet   []demandRow
	// Rare says how many texts are not told, and how often they were asked; "" for none.
	Rare string
	// Idle is how often commands, numbers and signs were asked in vain.
	Idle int
	// Look is where the publisher's own site is looked at, of which Site is a page; ""
	// for who may not. Looked says what came of that last.
	Look, Site, Looked string
	// Setup is where what was found is set up.
	Setup string
	// Own are texts that the publisher itself tried.
	Own              []demandRow
	Proposals, Helps []demandProposal
	Keywords         []demandKeyword
	// Withheld and Bare are asks of which no words are kept; MoreUnmet and
	// MoreKeywords are how many each list leaves out.
	Withheld, Bare, MoreUnmet, MoreKeywords int
	Empty                                   pages.Empty
}

// demandRow is a text that no keyword answered.
type demandRow struct {
	Text, Readers string
	Asks, Waiting int
	Last          time.Time
	Near          []demandNear
	// Make is where it becomes a keyword; "" if it can't.
	Make     string
	Language string
	Daily    pages.Asked
	Found    *demandFound
}

// demandFound is what the publisher's own site has for a text, with the documents that set
// it up.
type demandFound struct {
	Title, Answer, Documents, Keyword string
}

// demandNear is a keyword that came near; Takes says that the text can be added
// to it here.
type demandNear struct {
	ID, Argument, Name, Href string
	Takes                    bool
}

// demandProposal is an alias that readers' choice speaks for.
type demandProposal struct {
	Text, Sentence, Keyword, Argument, Name, Href, Language string
	Takes                                                   bool
}

// demandKeyword is how often a keyword was asked.
type demandKeyword struct {
	journal.KeywordDemand
	Name, Href string
}

// demandPeriods returns the days to choose from.
func demandPeriods() []int { return []int{1, 7, 30, 90} }

func (r demandPages) demandPage() error { return r.showDemand(http.StatusOK, "") }

func (r demandPages) showDemand(status int, message string) error {
	// What is no number means the usual period.
	days, _ := strconv.Atoi(r.FormValue("days"))
	if days < 0 || days > journal.DemandDays {
		days = 0
	}
	answer, err := console.ListDemand.Call(r.callContext(), console.DemandList{Of: r.publisherInput(), Days: days, Limit: rowsOfPage})
	if err != nil {
		return err
	}
	b := r.demandBody(answer)
	b.Message = message
	if err := r.fillLooked(&b, days); err != nil {
		return err
	}
	return r.showAs(status, "page_demand", pages.Page{Title: r.t("nav.demand"), Body: b})
}

func (r demandPages) demandBody(a console.DemandAnswer) demandBody {
	d := a.Demand
	b := demandBody{
		Head: pages.Header{Title: r.t("nav.demand"), Lead: r.t("demand.lead")}, Periods: pages.Tabs{Label: r.t("demand.period")},
		Fixed: r.whyFixed(console.AdoptDemand), Adopt: r.pathTo(demandSection, "adopt") + "?days=" + strconv.Itoa(a.Days), Tiles: r.demandTiles(d),
		Withheld: d.Withheld, Bare: d.Bare, MoreUnmet: a.MoreUnmet, MoreKeywords: a.MoreKeywords,
		Empty: pages.Empty{Icon: "search", Title: r.t("demand.none"), Text: r.t("demand.none_text")},
	}
	if d.Missed+d.Offered > 0 {
		b.Empty.Title, b.Empty.Text = r.t("demand.unmet"), r.t("demand.unmet_lead")
	}
	for _, days := range demandPeriods() {
		b.Periods.Items = append(b.Periods.Items, pages.Tab{Label: r.plural("demand.days", days),
			Href: r.pathTo(demandSection) + "?days=" + strconv.Itoa(days), Current: days == a.Days})
	}
	for _, u := range d.Unmet {
		switch {
		case u.Own:
			b.Own = append(b.Own, r.demandRow(u, d.Proposals))
		case u.NoPhrase:
			b.Idle += u.Asks
		case u.Text != "":
			b.Unmet = append(b.Unmet, r.demandRow(u, d.Proposals))
		}
	}
	if b.MoreUnmet -= a.RareTexts; b.MoreUnmet < 0 {
		b.MoreUnmet = 0
	}
	if a.RareTexts > 0 {
		b.Rare = r.plural("demand.rare", a.RareTexts, "asks", r.plural("today.asks_of", a.RareAsks), "readers", strconv.Itoa(a.KnownReaders))
	}
	b.Proposals, b.Helps = r.demandProposals(d.Proposals), r.demandProposals(d.Helps)
	for _, k := range d.Keywords {
		b.Keywords = append(b.Keywords, demandKeyword{KeywordDemand: k, Name: r.nameOf(catalogue.ResourceKeyword, k.ID), Href: r.pageOf(keywordSection, k.ID)})
	}
	return b
}

// demandProposals returns the rows of texts with keywords that readers took, or were helped by.
func (r demandPages) demandProposals(all []journal.Proposal) (rows []demandProposal) {
	for _, p := range all {
		rows = append(rows, demandProposal{Text: p.Text, Keyword: p.Keyword, Argument: p.Argument, Name: r.nameOf(catalogue.ResourceKeyword, p.Keyword), Href: r.pageOf(keywordSection, p.Keyword),
			Language: r.spokenOr(p.Language), Takes: r.mayChange(console.AdoptDemand) && !hiding(p.Text),
			Sentence: r.plural("demand.took", p.Times, "readers", r.demandReaders(p.Readers))})
	}
	return rows
}

// demandRow returns the row of a text. A keyword that came near is taken as readers took it.
func (r demandPages) demandRow(u journal.Unmet, taken []journal.Proposal) demandRow {
	row := demandRow{Text: u.Text, Readers: r.demandReaders(u.Readers), Waiting: u.Waiting, Asks: u.Asks, Last: u.Last, Language: r.spokenOr(u.Language), Daily: pages.NewAsked(u.Daily)}
	takes := r.mayChange(console.AdoptDemand) && u.Text != "" && !u.NoPhrase && !hiding(u.Text)
	if takes {
		row.Make = todayPages(r).keywordFor(u.Text)
	}
	for _, id := range u.Near {
		argument := ""
		if i := slices.IndexFunc(taken, func(p journal.Proposal) bool { return p.Text == u.Text && p.Keyword == id }); i >= 0 {
			argument = taken[i].Argument
		}
		row.Near = append(row.Near, demandNear{ID: id, Argument: argument, Name: r.nameOf(catalogue.ResourceKeyword, id), Href: r.pageOf(keywordSection, id), Takes: takes})
	}
	return row
}

// demandReaders tells how many readers there were, and not which few.
func (r demandPages) demandReaders(n int) string {
	if n == 0 {
		return r.t("demand.few", "n", strconv.Itoa(journal.KnownReaders))
	}
	return r.plural("demand.readers", n)
}

// hiding reports whether something is hidden in a text, so that it can't be a phrase.
func hiding(text string) bool { return strings.Contains(text, journal.Hidden) }

// spokenOr returns a language where the publisher speaks it, else "".
func (r demandPages) spokenOr(language string) string {
	for _, l := range r.publisherLanguages() {
		if l == language {
			return l
		}
	}
	return ""
}

func (r demandPages) demandTiles(d journal.Demand) []pages.Tile {
	return r.countTiles(journal.Counts{Asks: d.Asks, Wanted: d.Wanted, Answered: d.Answered, Refused: d.Refused, Offered: d.Offered, Helped: d.Helped, Missed: d.Missed,
		Commands: d.Commands, Greetings: d.Greetings}, "")
}

// adoptDemand adds a text to the phrases of a keyword.
func (r demandPages) adoptDemand() error {
	in := console.DemandAdopt{Of: r.publisherInput(), Keyword: r.postedValue("keyword"), Text: r.postedValue("text"), Argument: r.postedValue("argument"), Language: r.postedValue("language")}
	_, err := console.AdoptDemand.Call(r.callContext(), in)
	if err != nil {
		message, ok := r.sayRefusal(err)
		if !ok {
			return err
		}
		return r.showDemand(console.StatusOf(err), message)
	}
	if r.postedValue("to") == string(catalogue.ResourceKeyword) {
		return r.redirectDone(r.pageOf(keywordSection, in.Keyword), "demand_adopted")
	}
	to := r.pathTo(demandSection)
	if days := r.URL.Query().Get("days"); days != "" {
		if n, err := strconv.Atoi(days); err == nil {
			to += "?days=" + strconv.Itoa(n)
		}
	}
	return r.redirectDone(to, "demand_adopted")
}
