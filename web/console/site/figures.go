package site

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// figuresPages are those of what was counted.
type figuresPages struct{ *request }

const figuresSection = "figures"

func (s *Site) figuresRoutes() {
	const at = Root + "/p/{publisher}/" + figuresSection
	s.route("GET "+at, pageAction(figuresPages.figuresPage))
	s.route("GET "+at+"/export", pageAction(figuresPages.exportFigures))
}

// mostFigureRows is how many rows the page shows, a month of days; its table for a spreadsheet has all.
const mostFigureRows = 31

// figuresBody is what the page shows.
type figuresBody struct {
	Head           pages.Header
	Periods, Parts pages.Tabs
	Action         string
	From, To       string
	// Message is why those days can't be shown; nothing else is told then.
	Message string
	Kept    []pages.Hidden
	// Only names the one thing that is counted, Thing leads to its own page, All to all.
	Only, All, Thing string
	Tiles            []pages.Tile
	Curve            pages.Curve
	These, Before    string
	Marks            []string
	PartName         string
	Rows             []figuresRow
	Week             []figuresWeekday
	Hours            []string
	More             int
	// Clicked says that links were followed.
	Clicked     bool
	Table, JSON string
	Filters     *pages.SavedFilters
	Empty       pages.Empty
}

// figuresRow is one row of the table.
type figuresRow struct {
	console.FigureRow
	Name, Href string
	// Took is how long half of the answers took at most, and ninety-nine of a hundred.
	Took string
}

// figurePeriods returns the days to choose from.
func figurePeriods() []int { return []int{1, 7, 30, 90, 365} }

// figureParts returns what figures may be told apart by.
func figureParts() []string {
	return []string{console.ByKeyword, console.BySource, console.ByChannel, console.ByLanguage, console.ByHourOfWeek, console.ByDay, console.ByMonth}
}

func (r figuresPages) figuresAsked() console.FiguresGet {
	of := func(name string) string { return strings.TrimSpace(r.URL.Query().Get(name)) }
	in := console.FiguresGet{
		Of: r.publisherInput(), From: of("from"), To: of("to"), By: of("by"),
		FiguresOnly: console.FiguresOnly{Keyword: of("keyword"), Channel: of("channel"), Language: of("language"), Source: of("source")},
	}
	if in.FiguresOnly != (console.FiguresOnly{}) {
		in.By = console.ByDay
	} else if !slices.Contains(figureParts(), in.By) && in.By != console.ByHour {
		in.By = console.ByKeyword
	}
	return in
}

func (r figuresPages) exportFigures() error {
	in := r.figuresAsked()
	in.Limit = console.MostFigureRows
	if r.URL.Query().Get("as") == "json" {
		out, err := console.GetFigures.Call(r.callContext(), in)
		if err != nil {
			return err
		}
		r.w.Header().Set("Content-Type", "application/json")
		// Who went away needs no figures.
		_ = json.NewEncoder(r.w).Encode(out)
		return nil
	}
	out, err := console.ExportFigures.Call(r.callContext(), in)
	if err != nil {
		return err
	}
	r.sendSheet(out, figuresSection)
	return nil
}

func (r figuresPages) figuresPage() error {
	in := r.figuresAsked()
	rows := in
	rows.Limit = mostFigureRows
	if in.By == console.ByHourOfWeek || in.By == console.ByDay || in.By == console.ByMonth {
		rows.Limit = console.MostFigureRows
	}
	listed, err := console.GetFigures.Call(r.callContext(), rows)
	if message, ok := r.refusalText(err); ok {
		return r.showFigureDays(in, message, console.StatusOf(err))
	}
	if err != nil {
		return err
	}
	in.From, in.To = listed.From, listed.To
	curve := listed // those of one thing are by day already, and the dearest to gather
	if in.FiguresOnly == (console.FiguresOnly{}) {
		if curve, err = r.curveOf(in, listed.Days, 0); err != nil {
			return err
		}
	}
	before, err := r.curveOf(in, listed.Days, -listed.Days)
	if err != nil {
		return err
	}
	b := r.figuresBody(in, listed, curve, before)
	if in.FiguresOnly == (console.FiguresOnly{}) {
		own, err := r.outletTiles(in, curve)
		if err != nil {
			return err
		}
		b.Tiles = append(b.Tiles, own...)
	}
	b.Filters = r.savedFilters(figuresSection, "from", "to", "days", "by", "keyword", "source", "channel", "language")
	return r.showPage("page_figures", pages.Page{Title: r.t("nav.figures"), Body: b})
}

// showFigureDays shows the form of the days again, with what is wrong with those that were asked for.
func (r figuresPages) showFigureDays(in console.FiguresGet, message string, status int) error {
	zone := r.zone.String()
	b := figuresBody{Head: pages.Header{Title: r.t("nav.figures"), Lead: r.t("figures.lead", "zone", zone)}, From: in.From, To: in.To, Message: message,
		Action: r.pathTo(figuresSection), Periods: r.figurePeriods(in, zone), Kept: keptFields(in)}
	return r.showAs(status, "page_figures", pages.Page{Title: b.Head.Title, Body: b})
}

// curveOf returns the figures of the days that were asked for, or of those so many days
// before, told by day, or by hour of a single one.
func (r figuresPages) curveOf(in console.FiguresGet, days, shift int) (console.FiguresAnswer, error) {
	from, err := time.Parse(time.DateOnly, in.From)
	if err != nil {
		return console.FiguresAnswer{}, err //nolint:wrapcheck // the operation wrote it
	}
	from = from.AddDate(0, 0, shift)
	in.From, in.To, in.By, in.Limit = from.Format(time.DateOnly), from.AddDate(0, 0, days-1).Format(time.DateOnly), console.ByDay, console.MostFigureRows
	if days == 1 && in.FiguresOnly == (console.FiguresOnly{}) {
		in.By = console.ByHour
	}
	return console.GetFigures.Call(r.callContext(), in)
}

// valuesOf returns how much was asked on each day, or in each hour of a day.
func valuesOf(a console.FiguresAnswer) []int {
	first, _ := time.Parse(time.DateOnly, a.From)
	if len(a.Rows) > 0 && strings.Contains(a.Rows[0].By, ":") {
		values := make([]int, hoursOfDay)
		for i := range a.Rows {
			values[a.Rows[i].At.Hour()] += a.Rows[i].Asked
		}
		return values
	}
	values := make([]int, a.Days)
	for i := range a.Rows {
		day, _ := time.Parse(time.DateOnly, a.Rows[i].By)
		if n := int(day.Sub(first) / (24 * time.Hour)); n >= 0 && n < len(values) {
			values[n] = a.Rows[i].Asked
		}
	}
	return values
}

// curveUntilNow draws how much was asked; days and hours that have not come are left out.
func (r figuresPages) curveUntilNow(a console.FiguresAnswer) pages.Curve {
	c := pages.Curve{Values: valuesOf(a)}
	now := r.clock().In(zoneOrUTC(a.Zone))
	first, _ := time.Parse(time.DateOnly, a.From)
	today, _ := time.Parse(time.DateOnly, now.Format(time.DateOnly))
	last := int(today.Sub(first) / (24 * time.Hour))
	if a.Days == 1 && last == 0 {
		last = min(now.Hour(), len(c.Values)-1)
	}
	if last >= 0 && last < len(c.Values) {
		c.Values, c.Open = c.Values[:last+1], true
	}
	return c
}

// zoneOrUTC returns a zone; UTC where there is none of the name, as operations do.
func zoneOrUTC(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

func (r figuresPages) figuresBody(in console.FiguresGet, listed, curve, before console.FiguresAnswer) figuresBody {
	b := figuresBody{
		Head: pages.Header{Title: r.t("nav.figures"), Lead: r.t("figures.lead", "zone", listed.Zone)}, From: in.From, To: in.To, Action: r.pathTo(figuresSection),
		Periods: r.figurePeriods(in, listed.Zone), PartName: "figures.by_" + in.By, Table: r.figuresAt(in, "export"), JSON: r.figuresAt(in, "export") + "&as=json", More: listed.More,
		Tiles: r.figureTiles(curve.Total, before.Total), These: r.t("figures.these"), Before: r.t("figures.before", "n", listed.Days),
		Empty: pages.Empty{Icon: "today", Title: r.t("figures.none"), Text: r.t("figures.none_text")},
	}
	if listed.Days == 1 {
		b.Before = r.t("figures.before_one")
	}
	b.Curve = r.curveUntilNow(curve)
	b.Curve.Before = valuesOf(before)
	b.Curve.Label = r.curveLabel(curve, before)
	b.Marks = r.marksOf(curve)
	if only := r.onlyName(in.FiguresOnly); only != "" {
		all := in
		all.FiguresOnly, all.By = console.FiguresOnly{}, ""
		b.Only, b.All = r.t("figures.only", "name", only), r.figuresAt(all)
		b.Thing = r.thingOf(in.FiguresOnly)
	} else {
		b.Parts = r.figureParts(in)
	}
	b.Kept, b.Clicked = keptFields(in), listed.Total.Clicks > 0
	if in.By == console.ByHourOfWeek {
		b.Week, b.Hours = r.weekOf(listed.Rows), hourNames()
		return b
	}
	if in.By == console.ByDay || in.By == console.ByMonth { // the newest first
		slices.Reverse(listed.Rows)
		b.More = max(len(listed.Rows)-mostFigureRows, 0)
	}
	for _, row := range listed.Rows[:min(len(listed.Rows), mostFigureRows)] {
		b.Rows = append(b.Rows, r.figuresRow(in, row))
	}
	return b
}

func (r figuresPages) curveLabel(curve, before console.FiguresAnswer) string {
	most := console.FigureRow{}
	for _, row := range curve.Rows {
		if row.Asked > most.Asked {
			most = row
		}
	}
	if most.Asked == 0 {
		return r.t("figures.none")
	}
	return r.plural("figures.curve_label", curve.Total.Asked, "before", r.numberText(before.Total.Asked), "at", r.placeText(most), "most", r.numberText(most.Asked))
}

// placeText tells which hour, day or month a row is of.
func (r figuresPages) placeText(row console.FigureRow) string {
	switch len(row.By) {
	case len(time.DateOnly):
		return pages.Date(r.language, row.At, r.clock())
	case len("2006-01"):
		return pages.Month(r.language, row.At)
	}
	return row.By
}

// marksOf are the days at which a curve begins and ends.
func (r figuresPages) marksOf(a console.FiguresAnswer) (all []string) {
	for _, day := range []string{a.From, a.To} {
		at, _ := time.Parse(time.DateOnly, day)
		if text := pages.Date(r.language, at, r.clock()); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// figureTiles tell what became of asks, and how many there were before.
func (r figuresPages) figureTiles(now, before console.FigureRow) []pages.Tile {
	tiles := r.countTiles(journal.Counts{
		Asks: now.Asked, Wanted: now.Wanted(), Answered: now.Answered, Helped: now.Helped, Refused: now.Refused, Offered: now.Offered, Missed: now.Missed,
		Commands: now.Commands, Greetings: now.Greetings,
	}, r.t("figures.was", "n", r.numberText(before.Asked)))
	if now.Up+now.Down+now.Wrong > 0 {
		tiles = append(tiles, pages.Tile{Label: r.t("today.thumbs"), Value: "👍 " + r.numberText(now.Up) + " 👎 " + r.numberText(now.Down), Hint: r.plural("figures.wrong", now.Wrong)})
	}
	if now.Clicks+before.Clicks > 0 {
		tiles = append(tiles, pages.Tile{Label: r.t("figures.clicks"), Value: r.numberText(now.Clicks), Hint: r.t("figures.was", "n", r.numberText(before.Clicks))})
	}
	return append(tiles, r.spreadTile("today.took", journal.Spread{Count: now.Asked, P50: now.P50, P99: now.P99}, r.spanText),
		r.spreadTile("today.age", journal.Spread{Count: now.Answered + now.Helped, P50: now.AgeP50, P99: now.AgeP99}, r.ageText))
}

// figuresAt returns the address of figures.
func (r figuresPages) figuresAt(in console.FiguresGet, more ...string) string {
	q := url.Values{}
	for _, f := range append(keptFields(in), pages.Hidden{Name: "from", Value: in.From}, pages.Hidden{Name: "to", Value: in.To}) {
		if f.Value != "" {
			q.Set(f.Name, f.Value)
		}
	}
	return r.pathTo(append([]string{figuresSection}, more...)...) + "?" + q.Encode()
}

// keptFields are what stays as it is when other days are chosen.
func keptFields(in console.FiguresGet) (all []pages.Hidden) {
	for _, f := range []pages.Hidden{{Name: "by", Value: in.By}, {Name: "keyword", Value: in.Keyword}, {Name: "channel", Value: in.Channel}, {Name: "language", Value: in.Language}, {Name: "source", Value: in.Source}} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	return all
}

// figurePeriods are the last days to choose from.
func (r figuresPages) figurePeriods(in console.FiguresGet, zone string) pages.Tabs {
	tabs := pages.Tabs{Label: r.t("demand.period")}
	today := r.clock().In(zoneOrUTC(zone))
	for _, days := range figurePeriods() {
		one := in
		one.From, one.To = today.AddDate(0, 0, 1-days).Format(time.DateOnly), today.Format(time.DateOnly)
		tabs.Items = append(tabs.Items, pages.Tab{Label: r.plural("demand.days", days), Href: r.figuresAt(one), Current: one.From == in.From && one.To == in.To})
	}
	first := time.Date(today.Year(), today.Month(), 1, 12, 0, 0, 0, time.UTC)
	for _, month := range []struct {
		key  string
		from time.Time
	}{{"figures.this_month", first}, {"figures.last_month", first.AddDate(0, -1, 0)}} {
		one := in
		one.From, one.To = month.from.Format(time.DateOnly), month.from.AddDate(0, 1, -1).Format(time.DateOnly)
		tabs.Items = append(tabs.Items, pages.Tab{Label: r.t(month.key), Href: r.figuresAt(one), Current: one.From == in.From && one.To == in.To})
	}
	return tabs
}

func (r figuresPages) figureParts(in console.FiguresGet) pages.Tabs {
	tabs := pages.Tabs{Label: r.t("figures.by")}
	for _, part := range figureParts() {
		one := in
		one.By = part
		tabs.Items = append(tabs.Items, pages.Tab{Label: r.t("figures.by_" + part), Href: r.figuresAt(one), Current: part == in.By})
	}
	return tabs
}

// onlyName returns the name of the one thing that is counted.
func (r figuresPages) onlyName(only console.FiguresOnly) string {
	switch {
	case only.Keyword != "":
		return r.nameOf(catalogue.ResourceKeyword, only.Keyword)
	case only.Source != "":
		return r.nameOf(catalogue.ResourceSource, only.Source)
	case only.Language != "":
		return r.languageName(only.Language)
	}
	return only.Channel
}

// thingOf returns the page of the one thing that is counted; "" where it has none.
func (r figuresPages) thingOf(only console.FiguresOnly) string {
	for section, id := range map[string]string{keywordSection: only.Keyword, sourceSection: only.Source, channelSection: only.Channel} {
		if id != "" {
			return r.pageOf(section, id)
		}
	}
	return ""
}

// figuresRow returns a row with a link that narrows figures to it.
func (r figuresPages) figuresRow(in console.FiguresGet, row console.FigureRow) figuresRow {
	out := figuresRow{FigureRow: row, Name: row.By, Took: r.spanText(row.P50)}
	if longest := r.spanText(row.P99); longest != out.Took {
		out.Took += " – " + longest
	}
	only := in
	switch in.By {
	case console.ByKeyword:
		out.Name, only.Keyword = r.nameOf(catalogue.ResourceKeyword, row.By), row.By
	case console.BySource:
		out.Name, only.Source = r.nameOf(catalogue.ResourceSource, row.By), row.By
	case console.ByChannel:
		only.Channel = row.By
	case console.ByLanguage:
		out.Name, only.Language = r.languageName(row.By), row.By
	case console.ByDay, console.ByMonth:
		out.Name = r.placeText(row)
		return out
	}
	switch row.By {
	case journal.OtherName:
		out.Name = r.t("figures.others")
	case "":
		out.Name = r.t("figures.not_known")
	default:
		only.By = console.ByDay
		out.Href = r.figuresAt(only)
	}
	return out
}
