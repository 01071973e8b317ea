package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// todayPages are those of the day.
type todayPages struct{ *request }

func (s *Site) todayRoutes() {
	at := Root + "/p/{publisher}/today"
	s.route("GET "+at, pageAction(todayPages.todayPage))
	s.route("GET "+at+"/live", pageAction(todayPages.todayLive))
}

// today is what the page of the day shows.
type today struct {
	Head  pages.Header
	Steps []todayStep
	Live  todayLive
}

// todayStep is one of the first steps of a publisher.
type todayStep struct {
	Title, Text, Href, Action string
	Done, Next                bool
}

func (r todayPages) readToday() (console.TodayAnswer, error) {
	return console.GetToday.Call(r.callContext(), r.publisherInput())
}

func (r todayPages) todayPage() error {
	answer, err := r.readToday()
	if err != nil {
		return err
	}
	chat, err := r.chatAddress()
	if err != nil {
		return err
	}
	live, err := r.todayLiveOf(answer)
	if err != nil {
		return err
	}
	b := today{Head: pages.Header{Title: r.t("nav.today"), Lead: r.t("today.lead", "zone", answer.Zone)}, Live: live}
	if chat != "" {
		b.Head.Actions = []pages.Action{{Label: r.t("today.chat"), Href: chat, Icon: "channel"}}
	}
	if b.Steps, err = r.firstSteps(answer, chat); err != nil {
		return err
	}
	return r.showPage("page_today", pages.Page{Title: r.t("nav.today"), Body: b})
}

// todayLive answers the part that changes, and 204 where nothing has.
func (r todayPages) todayLive() error {
	answer, err := r.readToday()
	if err != nil {
		return err
	}
	if r.URL.Query().Get("version") == answer.Version {
		r.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if !r.wantsPart() {
		return r.redirectDone(r.pathTo("today"), "")
	}
	live, err := r.todayLiveOf(answer)
	if err != nil {
		return err
	}
	return r.showPart("part_today", live)
}

// chatAddress returns the address of the first page on which the publisher can be asked;
// "" where it has none.
func (r todayPages) chatAddress() (string, error) {
	all, err := channelEntries(r.request)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Page != "" {
			return c.Page, nil
		}
	}
	return "", nil
}

// newcomerFor is how long a publisher counts as new, so that the last of the
// first steps is shown until somebody has asked, and not each morning anew.
const newcomerFor = 24 * time.Hour

// firstSteps returns what is left to do until readers are answered; nil where
// nothing is.
func (r todayPages) firstSteps(answer console.TodayAnswer, chat string) ([]todayStep, error) {
	o := r.summary()
	if o == nil || o.Provisioned || !r.mayDo(console.CreateSource) {
		return nil, nil
	}
	entry, err := console.GetPublisher.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return nil, err
	}
	asked := answer.Day.Asks > 0 || r.clock().Sub(entry.Changed) >= newcomerFor || chat == ""
	steps := []todayStep{
		{Title: r.t("today.step_source"), Text: r.t("today.step_source_text"), Href: r.pathTo("sources", "new") + "?first=1", Action: r.t("today.step_source_do"), Done: o.Sources > 0},
		{Title: r.t("today.step_keyword"), Text: r.t("today.step_keyword_text"), Href: r.pathTo("keywords", "new"), Action: r.t("today.step_keyword_do"), Done: o.Keywords > 0},
		{Title: r.t("today.step_ask"), Text: r.t("today.step_ask_text"), Href: chat, Action: r.t("today.step_ask_do"), Done: asked},
	}
	for n := range steps {
		if !steps[n].Done {
			steps[n].Next = true
			return steps, nil
		}
	}
	return nil, nil
}

// keywordFor returns where a text that nothing answers becomes a keyword.
func (r todayPages) keywordFor(phrase string) string {
	return r.pathTo("keywords", "new") + "?" + url.Values{"phrase": {phrase}}.Encode()
}

// todayLive is the part of the page that follows the day. What readers wrote
// stands in it as plain text.
type todayLive struct {
	// Again is where the next state of it is fetched, Reload the whole page.
	Again, Reload, CSRF string
	Tiles               []pages.Tile
	Curve               pages.Curve
	HourMarks           []string
	// Bare says that there is nothing to list yet.
	Bare     bool
	Keywords []todayCount
	Channels []todayHealth
	Sources  []todayHealth
	Misses   []todayCount
	// Wrong are the keywords of which readers said that an answer is not right.
	Wrong []todayCount
	// Thumbs are those of which they said what they think of an answer.
	Thumbs []todayThumbs
	// Others are how many asks or things each list leaves out.
	OtherKeywords, OtherMisses, OtherChannels, OtherSources int
	SourcesHref, ChannelsHref                               string
	Damaged                                                 console.Damaged
	// Failures are what fails now, OtherFailures how many are left out.
	Failures      []todayFailure
	Failing       int
	OtherFailures int
	// Standing are the texts that answer for keywords now, the crisis text first.
	Standing []todayStanding
}

// todayStanding is one of them; End is where it ends by one press, "" for who may not.
type todayStanding struct {
	Name, Href, Text, End string
	Hidden                []pages.Hidden
	Until                 time.Time
}

// standingRows returns the texts that stand for a while.
func (r todayPages) standingRows(a console.TodayAnswer) (rows []todayStanding) {
	if !a.Crisis.IsZero() {
		row := todayStanding{Name: r.t("crisis.title"), Href: r.pathTo("settings", crisisPlace), Until: a.Crisis}
		if r.mayChange(console.UpdatePublisher) {
			row.End, row.Hidden = row.Href, []pages.Hidden{{Name: "do", Value: "end"}}
		}
		rows = append(rows, row)
	}
	if !a.Proposed.IsZero() {
		rows = append(rows, todayStanding{Name: r.t("today.crisis_waits"), Href: r.pathTo("settings", crisisPlace), Until: a.Proposed})
	}
	for _, s := range a.StandingIn {
		row := todayStanding{Name: r.nameOf(catalogue.ResourceKeyword, s.Keyword), Href: r.pageOf(keywordSection, s.Keyword), Text: s.Text.In(r.language), Until: s.Until}
		for _, l := range r.publisherLanguages() {
			row.Text = cmp.Or(row.Text, s.Text[l])
		}
		if r.mayChange(console.EndStandIn) {
			row.End, row.Hidden = r.pageOf(keywordSection, s.Keyword, standInPlace, "end"), []pages.Hidden{{Name: "to", Value: "today"}}
		}
		rows = append(rows, row)
	}
	return rows
}

// todayFailure is one thing that fails.
type todayFailure struct {
	Name, Href, Text, Mend, Keywords string
	Level                            string
	Since                            time.Time
}

// mostFailures bounds the band on top of the page of the day.
const mostFailures = 6

// failureRows returns the band of what fails.
func (r todayPages) failureRows(all []console.Failure) (shown []todayFailure, others int) {
	for _, f := range all[:min(len(all), mostFailures)] {
		one := todayFailure{Name: cmp.Or(f.Name, f.ID), Text: f.Text, Mend: f.Mend, Level: "error", Since: f.Since}
		switch f.Resource {
		case "source":
			one.Name, one.Href = r.nameOf(catalogue.ResourceSource, f.ID), r.pageOf("sources", f.ID)
		case "channel":
			one.Href = r.pageOf("channels", f.ID)
		case "dead":
			one.Name, one.Href = r.t("fails.dead", "name", f.ID), r.pathTo(channelSection, deadPlace)+"?"+url.Values{"channel": {f.ID}}.Encode()
		case "demand":
			one.Name, one.Href = r.t("fails.demand"), r.pathTo("demand")
		case "item":
			one.Name, one.Href = r.t("fails.item", "name", one.Name), r.pathTo(sourceSection, withdrawnPlace)
		case "conversation":
			one.Name, one.Href = r.t("nav.conversations"), r.pathTo(conversationSection)
		case "alarm":
			one.Name, one.Href = r.t("fails.alarm", "name", one.Name), r.pathTo("settings", alarmPlace)
		case "backup":
			one.Name = r.t("fails.backup")
		case "standby":
			one.Name = r.t("fails.standby")
		default:
			one.Name = r.t("fails.store")
		}
		if f.Keywords > 0 {
			one.Keywords = r.plural("fails.keywords", f.Keywords)
		}
		if slices.Contains([]string{"held", "away", "letters", "peak", "withdrawn", "waiting", "unsent_request"}, f.Code) {
			one.Level = "warning"
		}
		shown = append(shown, one)
	}
	return shown, len(all) - len(shown)
}

// todayCount is how often something was asked.
type todayCount struct {
	Name, Href string
	Asks       int
	Last       time.Time
	// Answers lead to how single asks were answered.
	Answers []pages.Fact
}

// shownBlamed is how many asks are named of a keyword.
const shownBlamed = 3

// blamedLinks lead to the latest answers of a keyword that were called wrong.
func (r todayPages) blamedLinks(keyword string, all []journal.Blamed) (links []pages.Fact) {
	for _, w := range all {
		if href := r.traceAt(w.Ask); w.Keyword == keyword && href != "" && len(links) < shownBlamed {
			links = append(links, pages.Fact{Value: traceNumber(w.Ask), Href: href})
		}
	}
	return links
}

// todayThumbs is what readers think of the answers of a keyword.
type todayThumbs struct {
	Name, Href string
	Up, Down   int
}

// todayHealth is how a source or channel is doing.
type todayHealth struct {
	Name, Href, Kind, Text string
	Badge                  pages.Badge
	Asks                   int
	Age                    pages.Age
}

func (r todayPages) todayLiveOf(a console.TodayAnswer) (todayLive, error) {
	curve, err := r.dayCurve(a)
	if err != nil {
		return todayLive{}, err
	}
	b := todayLive{
		Again: r.pathTo("today", "live") + "?" + url.Values{"version": {a.Version}}.Encode(), Reload: r.pathTo("today"),
		CSRF: r.session.CSRF, Damaged: a.Damaged, Tiles: r.todayTiles(a.Day), Curve: curve, Bare: a.Day.Asks == 0 && len(a.Sources) == 0,
		OtherKeywords: a.Day.Keywords.Other, OtherMisses: a.Day.Misses.Other,
		Keywords: countRows(a.Day.Keywords, func(id string) string { return r.pageOf("keywords", id) }),
		Misses:   countRows(a.Day.Misses, r.keywordFor),
		Wrong:    countRows(a.Day.Wrong, func(id string) string { return r.pageOf("keywords", id) }),
	}
	for n, k := range b.Wrong {
		b.Wrong[n].Name, b.Wrong[n].Answers = r.nameOf(catalogue.ResourceKeyword, k.Name), r.blamedLinks(k.Name, a.Day.Blamed)
	}
	for _, k := range a.Day.Thumbs {
		b.Thumbs = append(b.Thumbs, todayThumbs{Name: r.nameOf(catalogue.ResourceKeyword, k.Name), Href: r.pageOf("keywords", k.Name), Up: k.Up, Down: k.Down})
	}
	for n, k := range b.Keywords {
		b.Keywords[n].Name = r.nameOf(catalogue.ResourceKeyword, k.Name)
	}
	if !r.mayChange(console.CreateKeyword) {
		for n := range b.Misses {
			b.Misses[n].Href = ""
		}
	}
	for _, hour := range []int{0, 6, 12, 18} {
		b.HourMarks = append(b.HourMarks, time.Date(1, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04"))
	}
	for _, s := range a.Sources {
		b.Sources = append(b.Sources, todayHealth{Name: r.nameOf(catalogue.ResourceSource, s.ID), Href: r.pageOf("sources", s.ID), Kind: r.kindTitle(r.Kinds.Sources, s.Kind),
			Text: healthSentence(s.SourceHealth), Badge: r.stateBadge(s.State), Age: r.ageOf(s.Kind, s.SourceHealth)})
	}
	for _, c := range a.Channels {
		b.Channels = append(b.Channels, todayHealth{Name: c.ID, Href: r.pageOf("channels", c.ID), Kind: r.kindTitle(r.Kinds.Messengers, c.Kind),
			Text: c.Error, Badge: r.stateBadge(c.State), Asks: asksOf(a.Day.Channels, c.ID)})
	}
	b.Failures, b.OtherFailures = r.failureRows(a.Failures)
	b.Failing, b.Standing = len(a.Failures), r.standingRows(a)
	b.SourcesHref, b.ChannelsHref = r.pathTo("sources"), r.pathTo("channels")
	b.Sources, b.OtherSources = worstFirst(b.Sources)
	b.OtherSources += a.MoreSources
	b.Channels, b.OtherChannels = worstFirst(b.Channels)
	return b, nil
}

// mostHealth bounds the lists of sources and channels on the page of the day.
const mostHealth = 12

// worstFirst puts what needs somebody first, and returns how many it leaves out.
func worstFirst(all []todayHealth) (shown []todayHealth, others int) {
	rank := func(h todayHealth) int { return slices.Index([]string{"bad", "warning", "ok", "idle"}, h.Badge.State) }
	slices.SortStableFunc(all, func(a, b todayHealth) int { return cmp.Compare(rank(a), rank(b)) })
	n := min(len(all), mostHealth)
	return all[:n], len(all) - n
}

func asksOf(r journal.Ranked, name string) int {
	i := slices.IndexFunc(r.Top, func(c journal.Count) bool { return c.Name == name })
	if i < 0 {
		return 0
	}
	return r.Top[i].Asks
}

func countRows(r journal.Ranked, href func(string) string) []todayCount {
	var all []todayCount
	for _, c := range r.Top {
		all = append(all, todayCount{Name: c.Name, Href: href(c.Name), Asks: c.Asks, Last: c.Last})
	}
	return all
}

func (r todayPages) todayTiles(d journal.Day) []pages.Tile {
	return append(r.countTiles(d.Counts, r.plural("today.first", d.First)),
		r.spreadTile("today.took", d.Took, r.spanText), r.spreadTile("today.age", d.Age, r.ageText))
}

// countTiles tell what became of asks. Shares are of those that wanted content:
// commands and greetings are no failures.
func (r locale) countTiles(c journal.Counts, first string) []pages.Tile {
	tiles := []pages.Tile{{Label: r.t("today.asks"), Value: r.numberText(c.Asks), Hint: first, Lead: true}}
	parts := []int{c.Answered, c.Offered, c.Helped, c.Refused, c.Missed}
	shares := sharesOf(c.Wanted, parts)
	for i, key := range []string{"today.answered", "demand.offered", "demand.helped", "demand.refused", "today.missed"} {
		t := pages.Tile{Label: r.t(key), Value: r.numberText(parts[i])}
		if c.Wanted > 0 {
			t.Hint = r.t("today.share", "percent", r.numberText(shares[i]))
		}
		tiles = append(tiles, t)
	}
	return append(tiles, pages.Tile{Label: r.t("today.commands"), Value: r.numberText(c.Commands), Hint: r.plural("today.greetings", c.Greetings)})
}

// sharesOf returns how many percent of a whole its parts are: they add up to 100 where the
// parts add up to the whole. What is rounded up are those that lost most.
func sharesOf(whole int, parts []int) []int {
	const percent = 100
	shares, order, left := make([]int, len(parts)), make([]int, len(parts)), 0
	for i, n := range parts {
		shares[i], order[i] = percent*n/max(whole, 1), i
		left += percent * n
	}
	left /= max(whole, 1)
	for _, n := range shares {
		left -= n
	}
	lost := func(i int) int { return percent * parts[i] % max(whole, 1) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lost(b), lost(a)) })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

// spreadTile tells how values are spread: half of them are below the figure.
func (r locale) spreadTile(key string, s journal.Spread, told func(journal.Millis) string) pages.Tile {
	t := pages.Tile{Label: r.t(key), Value: "–", Hint: r.t(key + "_none")}
	if s.Count > 0 {
		t.Value, t.Hint = told(s.P50), r.t("today.spread", "most", told(s.P99))
	}
	return t
}

// hoursOfDay is how many hours a day has, but where the clocks change.
const hoursOfDay = 24

// dayCurve draws the hours of the day so far, with those of the day before behind them.
func (r todayPages) dayCurve(a console.TodayAnswer) (pages.Curve, error) {
	before := a.Day.From.In(zoneOrUTC(a.Zone)).AddDate(0, 0, -1).Format(time.DateOnly)
	past, err := figuresPages(r).curveOf(console.FiguresGet{Of: r.publisherInput(), From: before}, 1, 0)
	if err != nil {
		return pages.Curve{}, err
	}
	c := pages.Curve{Label: r.t("today.hours_none"), Before: valuesOf(past), Open: true}
	if len(c.Before) < hoursOfDay { // nobody asked
		c.Before = make([]int, hoursOfDay)
	}
	most, at := 0, ""
	for _, h := range a.Day.Hours {
		if c.Values = append(c.Values, h.Asks); h.Asks > most {
			most, at = h.Asks, h.Start.Format("15:04")
		}
	}
	if most > 0 {
		c.Label = r.plural("today.hours_most", most, "at", at)
	}
	return c, nil
}
