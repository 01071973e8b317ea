package site

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

const demandRoom = "demand"

func (s *Site) demandRoutes() {
	const at = Root + "/p/{publisher}/" + demandRoom
	s.page("GET "+at, (*visit).demandPage)
	s.page("POST "+at+"/adopt", writing((*visit).adoptDemand))
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
	// Own are texts that the outlet itself tried.
	Own       []demandRow
	Proposals []demandProposal
	Keywords  []demandKeyword
	// Withheld and Bare are asks of which no words are kept; MoreUnmet and
	// MoreKeywords are how many each list leaves out.
	Withheld, Bare, MoreUnmet, MoreKeywords int
	Empty                                   pages.Empty
}

// demandRow is a text that no keyword answered.
type demandRow struct {
	Text, Readers string
	Asks          int
	Last          time.Time
	Near          []demandNear
	// Make is where it becomes a keyword; "" where it can't.
	Make     string
	Language string
}

// demandNear is a keyword that came near; Takes says that the text can be added
// to it here.
type demandNear struct {
	ID, Href string
	Takes    bool
}

// demandProposal is an alias that readers' choice speaks for.
type demandProposal struct {
	Text, Sentence, Keyword, Href, Language string
	Takes                                   bool
}

// demandKeyword is how often a keyword was asked.
type demandKeyword struct {
	journal.KeywordDemand
	Href string
}

// demandPeriods are the days to choose from.
func demandPeriods() []int { return []int{1, 7, 30, 90} }

func (v *visit) demandPage() error { return v.showDemand(http.StatusOK, "") }

func (v *visit) showDemand(status int, message string) error {
	// A number that is none is as good as none.
	days, _ := strconv.Atoi(v.r.FormValue("days"))
	if days < 0 || days > journal.DemandDays {
		days = 0
	}
	answer, err := do[console.DemandList, console.DemandAnswer](v, "demand.list", console.DemandList{Of: v.of(), Days: days})
	if err != nil {
		return err
	}
	b := v.demandBody(answer)
	b.Message = message
	return v.showAs(status, "page_demand", pages.Page{Title: v.t("nav.demand"), Body: b})
}

func (v *visit) demandBody(a console.DemandAnswer) demandBody {
	d := a.Demand
	b := demandBody{
		Head: pages.Header{Title: v.t("nav.demand"), Lead: v.t("demand.lead")}, Periods: pages.Tabs{Label: v.t("demand.period")},
		Fixed: v.fixed(), Adopt: v.at(demandRoom, "adopt") + "?days=" + strconv.Itoa(a.Days), Tiles: v.demandTiles(d),
		Withheld: d.Withheld, Bare: d.Bare, MoreUnmet: a.MoreUnmet, MoreKeywords: a.MoreKeywords,
		Empty: pages.Empty{Icon: "search", Title: v.t("demand.none"), Text: v.t("demand.none_text")},
	}
	for _, days := range demandPeriods() {
		b.Periods.Items = append(b.Periods.Items, pages.Tab{Label: pages.Plural(v.language, "demand.days", days),
			Href: v.at(demandRoom) + "?days=" + strconv.Itoa(days), Current: days == a.Days})
	}
	for _, u := range d.Unmet {
		if u.Own {
			b.Own = append(b.Own, v.demandRow(u))
			continue
		}
		b.Unmet = append(b.Unmet, v.demandRow(u))
	}
	for _, p := range d.Proposals {
		b.Proposals = append(b.Proposals, demandProposal{Text: p.Text, Keyword: p.Keyword, Href: v.thing(keywordRoom, p.Keyword),
			Language: v.spokenOr(p.Language), Takes: v.mayChange() && !hiding(p.Text),
			Sentence: pages.Plural(v.language, "demand.took", p.Times, "readers", v.demandReaders(p.Readers))})
	}
	for _, k := range d.Keywords {
		b.Keywords = append(b.Keywords, demandKeyword{KeywordDemand: k, Href: v.thing(keywordRoom, k.ID)})
	}
	return b
}

func (v *visit) demandRow(u journal.Unmet) demandRow {
	row := demandRow{Text: u.Text, Readers: v.demandReaders(u.Readers), Asks: u.Asks, Last: u.Last, Language: v.spokenOr(u.Language)}
	takes := v.mayChange() && u.Text != "" && !hiding(u.Text)
	if takes {
		row.Make = v.keywordFor(u.Text)
	}
	for _, id := range u.Near {
		row.Near = append(row.Near, demandNear{ID: id, Href: v.thing(keywordRoom, id), Takes: takes})
	}
	return row
}

// demandReaders tells how many readers there were, and not which few.
func (v *visit) demandReaders(n int) string {
	if n == 0 {
		return v.t("demand.few", "n", strconv.Itoa(journal.KnownReaders))
	}
	return pages.Plural(v.language, "demand.readers", n)
}

// hiding says that something is hidden in a text, so that it can't be a phrase.
func hiding(text string) bool { return strings.Contains(text, journal.Hidden) }

// spokenOr is a language where the publisher speaks it, else "".
func (v *visit) spokenOr(language string) string {
	for _, l := range v.languages() {
		if l == language {
			return l
		}
	}
	return ""
}

func (v *visit) demandTiles(d journal.Demand) []pages.Tile {
	return v.countTiles(journal.Counts{Asks: d.Asks, Wanted: d.Wanted, Answered: d.Answered, Refused: d.Refused, Offered: d.Offered, Missed: d.Missed,
		Commands: d.Commands, Greetings: d.Greetings}, "")
}

// adoptDemand adds a text to the phrases of a keyword.
func (v *visit) adoptDemand() error {
	in := console.DemandAdopt{Of: v.of(), Keyword: v.posted("keyword"), Text: v.posted("text"), Language: v.posted("language")}
	_, err := do[console.DemandAdopt, console.KeywordEntry](v, "demand.adopt", in)
	if err != nil {
		message, ok := v.said(err)
		if !ok {
			return err
		}
		status, _ := statusOf(err)
		return v.showDemand(status, message)
	}
	to := v.at(demandRoom)
	if days := v.r.URL.Query().Get("days"); days != "" {
		if n, err := strconv.Atoi(days); err == nil {
			to += "?days=" + strconv.Itoa(n)
		}
	}
	return v.leave(to, "demand_adopted")
}
