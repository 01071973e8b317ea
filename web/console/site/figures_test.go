package site_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull/journal"
	"keypull/pull/withdrawal"
)

const figuresAt = "/console/p/lecker/figures"

func TestFiguresShowACurveARowForEachThingAndNarrowToOne(t *testing.T) {
	r := newRig(t)
	for day, n := range []int{3, 1, 2} {
		for range n {
			r.figures.Add(journal.Trace{At: r.clock().AddDate(0, 0, -10*day), Channel: "web", Outcome: journal.Answered, What: journal.What{Keyword: "news"}, When: journal.When{Source: "news"}, Took: journal.Took{Total: 48}})
		}
	}
	r.figures.Add(journal.Trace{At: r.clock(), Channel: "web", Outcome: journal.Missed, What: journal.What{Core: "my own secret words"}})
	r.figures.Add(journal.Trace{At: r.clock(), Channel: "web", Outcome: journal.Told, Thumb: 1, Rated: "news"})
	viewer := r.as("lecker viewer")

	all := viewer.get(figuresAt)
	all.wants(t, 200, "7 asks, 0 before; most of them at 20 November: 4.", "86 % of asks for content", "👍 1 👎 0", "14 % of asks for content", figuresAt+"?by=day&amp;from=2026-10-22&amp;keyword=news&amp;to=2026-11-20", "<polyline").
		lacks(t, "secret")
	viewer.get(figuresAt+"?from=2026-11-15&to=2026-11-20").wants(t, 200, "4 asks, 1 before", "The 6 days before")
	viewer.get(figuresAt+"?from=2026-11-20&to=2026-11-20").wants(t, 200, "4 asks, 0 before; most of them at 13:00: 4.", "The day before")
	viewer.get(figuresAt+"?by=hour_of_week").wants(t, 200, `<td data-heat="5">4</td>`, `<th scope="row">Fri</th>`)
	viewer.get(figuresAt+"?by=language").wants(t, 200, "not known")
	viewer.get(figuresAt+"?keyword=news").wants(t, 200, "Only news", "All asks", "/console/p/lecker/keywords/news", "10 November", "6 asks, 0 before").lacks(t, "Hour of the week")
	// Days that can't be shown stay in the form, with what is wrong with them.
	for asked, why := range map[string]string{
		"?from=soon":                                "Write a day such as 2026-03-01.",
		"?from=2026-11-20&to=2026-11-1":             "Write a day such as 2026-03-01.",
		"?from=2026-11-20&to=2026-11-19&by=channel": "Choose from 1 to 731 days, the first of them not after the last.",
		"?from=2024-11-01":                          "Choose from 1 to 731 days, the first of them not after the last.",
	} {
		viewer.get(figuresAt+asked).wants(t, 422, why, `<input class="input middle" type="date" name="from" value="`+between(t, asked+"&", "from=", "&")+`">`, "30 days").lacks(t, "<polyline")
	}
	for section, asked := range map[string]string{"keywords": "6", "sources": "6", "channels": "7"} {
		viewer.get("/console/p/lecker/"+section).wants(t, 200, "Asked in 30 days", `<span class="number">`+asked+`</span>`)
	}
	r.as("lecker editor").get("/console/p/lecker/keywords/news").wants(t, 200, figuresAt+"?keyword=news")

	table := viewer.get(figuresAt + "/export?by=channel")
	if got := table.header.Get("Content-Type"); !strings.HasPrefix(got, "text/csv") || !strings.Contains(table.body, "T00:00:00+02:00,web,7,6,0,0,0,1,0,0,0,0,0,0,1,0,0,") {
		t.Errorf("%s\n%s", got, table.body)
	}
	viewer.get(figuresAt+"/export?by=channel&as=json").wants(t, 200, `"by":"web","asked":7`)
}

// A day that is not over is no fall: the curve ends now, and what leads there is drawn apart.
func TestTheCurveEndsNow(t *testing.T) {
	r := newRig(t) // it is 20 November, 13:00 where the publisher is
	r.figures.Add(journal.Trace{At: r.clock(), Channel: "web", Outcome: journal.Answered, What: journal.What{Keyword: "news"}})
	points := func(of string) int { return strings.Count(of, ",") }
	for asked, want := range map[string]struct{ line, open int }{
		"?from=2026-11-15&to=2026-11-20": {5, 2},  // five days, and what leads to today
		"?from=2026-11-01&to=2026-11-30": {19, 2}, // the month so far
		"?from=2026-11-20&to=2026-11-20": {13, 2}, // the hours until 13:00
		"?from=2026-11-14&to=2026-11-19": {6, 0},  // nothing of today
	} {
		page := r.as("lecker viewer").get(figuresAt+asked).wants(t, 200, `class="curve"`).body
		_, open, _ := strings.Cut(page, `<polyline class="open" points="`)
		open, _, _ = strings.Cut(open, `"`)
		if line := between(t, page, `<polyline points="`, `"`); points(line) != want.line || want.open > 0 && points(open) != want.open {
			t.Errorf("%s draws %q and %q", asked, line, open)
		}
		if (want.open > 0) != strings.Contains(page, `class="open"`) {
			t.Errorf("%s is drawn as though it was over, or not", asked)
		}
	}
}

func TestFiguresOfTheOutletTellReadersMonthsAndWhatWasCorrected(t *testing.T) {
	r := newRig(t)
	ask := func(daysAgo int, o journal.Outcome, of journal.Visit, corrected bool) {
		r.figures.Add(journal.Trace{At: r.clock().AddDate(0, 0, -daysAgo), Channel: "web", Outcome: o, What: journal.What{Keyword: "news"}, When: journal.When{Source: "news", Amended: corrected}, Who: journal.Who{Visit: of}})
	}
	for n := range 12 {
		of := journal.FirstOfDay | journal.FirstOfMonth
		if n < 6 {
			of |= journal.BackOnDay
		}
		ask(0, journal.Answered, of, n < 3)
	}
	ask(40, journal.Answered, 0, false)
	viewer := r.as("lecker viewer")
	viewer.get(figuresAt).wants(t, 200, "Readers a day", "50 % of them had asked before", "Answers with a correction", "In these days: corrections 0, withdrawals 0")
	r.health.rules = []withdrawal.Rule{{ID: "1", At: r.clock(), Corrects: true, Say: "It is 12."}, {ID: "2", At: r.clock()}, {ID: "3", At: r.clock().AddDate(0, 0, -40)}}
	viewer.get(figuresAt).wants(t, 200, "In these days: corrections 1, withdrawals 1", `href="/console/p/lecker/sources/withdrawn"`)
	viewer.get(figuresAt+"?by=month&from=2026-10-01&to=2026-11-20").wants(t, 200, `scope="row">November 2026<`, `scope="row">October 2026<`, "corrections 1, withdrawals 2")
	viewer.get(figuresAt+"?keyword=news").wants(t, 200, "Only news").lacks(t, "Readers a day", "Answers with a correction")
}

// A page of two years, with as many keywords as there are, is of bounded size.
func TestFiguresOfMuchAreAPage(t *testing.T) {
	r := newRig(t)
	for n := range 3000 {
		r.figures.Add(journal.Trace{At: r.clock().Add(-time.Duration(n) * 5 * time.Hour), Channel: "web", Outcome: journal.Answered, What: journal.What{Keyword: "k" + strings.Repeat("x", n%20) + string(rune('a'+n%26))}})
	}
	for _, by := range []string{"keyword", "day", "hour_of_week"} {
		if got := r.as("lecker viewer").get(figuresAt + "?from=2024-11-22&to=2026-11-20&by=" + by); got.status != 200 || len(got.body) > 200_000 {
			t.Errorf("by %s: %d, %d bytes", by, got.status, len(got.body))
		}
	}
}
