package journal_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/journal"
)

var demandNoon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestPrivatePartsOfATextAreHidden(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"tiramisu", "tiramisu"},
		{"Crème Brûlée!", "crème brûlée"},
		{"my order 12345", "my order ■"},
		{"route 66", "route 66"},
		{"call 06 12 34 56", "call ■"},
		{"+49 (171) 23-45-67 anna", "■ anna"},
		{"١٢٣٤ news", "■ news"},
		{"write ann.lee@example.org please", "write ■ please"},
		{"ask @ann_lee", "ask ■"},
		{"ask ann＠example．org", "ask ■"},
		{"ask ann\u200b@\u200bexample.org", "ask ■"},
		{"order 1\u200b2\u200b3", "order ■"},
		{"ask @ ann", "ask ■"},
		{"see https://example.org/a?b=c now", "see ■ now"},
		{"www.example.org", ""},
		{"see example.org/ann", "see ■"},
		{"mail ann example com", ""},
		{"bolo com chocolate", "bolo com chocolate"},
		{"ann@example.org 4711", ""},
		{"one two three four five six", "one two three four five six"},
		{"one two three four five six seven", ""},
		{strings.Repeat("あ", 60), strings.Repeat("あ", 60)},
		{strings.Repeat("あ", 61), ""},
		{"", ""},
		{"   ", ""},
	} {
		got, ok := journal.Masked(tt.text)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: got %q, %v, want %q", tt.text, got, ok, tt.want)
		}
	}
}

func FuzzMasked(f *testing.F) {
	for _, s := range []string{"tiramisu", "06 12 34 56 78", "a@b.cd", "@", "www.", "12345678901234567890", "é\x00\xff", "１２３４"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := journal.Masked(s)
		run := 0
		for _, r := range got {
			if run++; r < '0' || r > '9' {
				run = 0
			}
			if run >= 3 || r == '@' {
				t.Fatalf("%q: %q shows too much", s, got)
			}
		}
		if ok == (got == "") {
			t.Fatalf("%q: %q, %v", s, got, ok)
		}
	})
}

func TestTracesTellTextsAsFarAsTheyMay(t *testing.T) {
	for _, tt := range []struct {
		name     string
		outcome  journal.Outcome
		what     journal.What
		texts    string
		withheld bool
	}{
		{"a miss with its core", journal.Missed, journal.What{Core: "tiramisu", Unknown: "tiramisu pls"}, "tiramisu", false},
		{"a miss without one", journal.Missed, journal.What{Unknown: "Tiramisu!"}, "tiramisu", false},
		{"an offer", journal.Offered, journal.What{Core: "cake", Offered: []string{"a", "b"}}, "cake", false},
		{"an answer", journal.Answered, journal.What{Keyword: "news", Core: "news"}, "", false},
		{"an answer after a miss", journal.Answered, journal.What{Keyword: "news", Accepted: "hedlines"}, "hedlines>news", false},
		{"a long message", journal.Missed, journal.What{Core: "one two three four five six seven"}, "", true},
		{"an address that normal form hides", journal.Missed, journal.What{Core: "ann lee example xy", Unknown: "ann lee@example.xy"}, "ann ■", false},
		{"what a keyword has nothing of", journal.Refused, journal.What{Keyword: "weather", Core: "weather Atlantis"}, "weather atlantis", false},
		{"and an address", journal.Refused, journal.What{Keyword: "weather", Core: "weather ann@example.org"}, "weather ■", false},
		{"and what is long", journal.Refused, journal.What{Keyword: "weather", Core: "weather " + strings.Repeat("of a day in the hills ", 20)}, "", true},
		{"a source that is down", journal.Refused, journal.What{Keyword: "weather"}, "", false},
		{"nothing at all", journal.Missed, journal.What{}, "", false},
		{"a command", journal.Ordered, journal.What{Command: "help", Core: "help"}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tells, withheld := journal.Tells(&journal.Trace{At: demandNoon, Outcome: tt.outcome, What: tt.what})
			var texts []string
			for _, tell := range tells {
				text := tell.Text
				if tell.Keyword != "" {
					text += ">" + tell.Keyword
				}
				texts = append(texts, text)
			}
			if got := strings.Join(texts, " "); got != tt.texts || withheld != tt.withheld {
				t.Errorf("got %q, %v", got, withheld)
			}
		})
	}
}

// asked makes a cluster of a text that so many readers wrote once each.
func asked(text string, readers int, near ...string) journal.Cluster {
	var c journal.Cluster
	for n := range readers {
		c.Tell(journal.Tell{Text: text, Outcome: journal.Missed, Near: near, Language: "en", At: demandNoon}, 1, uint64(n))
	}
	return c
}

func listing() journal.Listing {
	return journal.Listing{From: demandNoon.Add(-24 * time.Hour), Until: demandNoon}
}

func TestATextIsShownFromFiveReadersOn(t *testing.T) {
	for readers, shown := range map[int]bool{1: false, 4: false, 5: true, 80: true} {
		u := listing().List(nil, []journal.Cluster{asked("tiramisu", readers, "cake")}).Unmet[0]
		if (u.Text == "tiramisu") != shown || (u.Readers > 0) != shown || u.Asks != readers || len(u.Near) != 1 {
			t.Errorf("%d readers: %+v", readers, u)
		}
		if shown && u.Readers != min(readers, 64) {
			t.Errorf("%d readers are %d", readers, u.Readers)
		}
	}
	var one journal.Cluster
	for range 50 {
		one.Tell(journal.Tell{Text: "tiramisu", Outcome: journal.Offered, At: demandNoon}, 1, 7)
	}
	if u := listing().List(nil, []journal.Cluster{one}).Unmet[0]; u.Text != "" || u.Offered != 50 {
		t.Errorf("one reader: %+v", u)
	}
}

func TestReadersOfSeveralPeriodsAreNotCountedTwice(t *testing.T) {
	var r journal.Readers
	for period := 1; period <= 6; period++ {
		r.Add(period, 42, 64)
		r.Add(period, 43, 64)
	}
	r.Add(2, 99, 64)
	if r.Count() != 2 || len(r.Hashes) != 16 {
		t.Errorf("%d readers, %d bytes", r.Count(), len(r.Hashes))
	}
	if r.Forget(5, 42) || !r.Forget(6, 42) || r.Forget(6, 42) || len(r.Hashes) != 8 {
		t.Errorf("after forgetting: %+v", r)
	}
	r.End(7)
	if r.Hashes != nil || r.Count() != 2 {
		t.Errorf("after the end: %+v", r)
	}
}

func TestTextsThatAreTheSameWordsHaveOneKey(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"crème brûlée", "CREME BRULEE", true},
		{"chocolate cake", "cake chocolate", true},
		{"chocolate cake", "chocolate", false},
		{"order ■", "order", false},
	} {
		if got := journal.DemandKey(tt.a) == journal.DemandKey(tt.b); got != tt.same {
			t.Errorf("%q and %q: %v", tt.a, tt.b, got)
		}
	}
}

func TestTextsOneTypingErrorApartAreListedAsOne(t *testing.T) {
	for _, tt := range []struct {
		name  string
		other string
		want  int
	}{
		{"another letter", "tiramiso", 1},
		{"a letter too many", "tirammisu", 1},
		{"a letter too few", "tramisu", 1},
		{"neighbours in each other's place", "tirmaisu", 1},
		{"two errors", "tirmiso", 2},
		{"another word", "panettone", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := listing().List(nil, []journal.Cluster{asked(tt.other, 2, "a"), asked("tiramisu", 6, "b", "a")})
			if len(d.Unmet) != tt.want || d.Unmet[0].Text != "tiramisu" || d.Unmet[0].Readers != 6 {
				t.Fatalf("got %+v", d.Unmet)
			}
			if tt.want == 1 && (d.Unmet[0].Asks != 8 || cmp.Diff([]string{"a", "b"}, d.Unmet[0].Near) != "") {
				t.Errorf("got %+v", d.Unmet[0])
			}
		})
	}
	if d := listing().List(nil, []journal.Cluster{asked("cake", 6), asked("cape", 5)}); len(d.Unmet) != 2 {
		t.Errorf("short words are one: %+v", d.Unmet)
	}
	// Words that few wrote are not shown because many wrote something like them.
	d := listing().List(nil, []journal.Cluster{asked("tiramisu", 4), asked("tiramiso", 3)})
	if len(d.Unmet) != 1 || d.Unmet[0].Text != "" || d.Unmet[0].Asks != 7 {
		t.Errorf("got %+v", d.Unmet)
	}
}

func TestReadersChoiceIsProposedAndEndsWhenItIsMet(t *testing.T) {
	c := asked("hedlines", 5, "news")
	for n := range 6 {
		c.Tell(journal.Tell{Text: "hedlines", Keyword: "news", At: demandNoon}, 1, uint64(n))
	}
	shy := asked("secret", 2)
	shy.Tell(journal.Tell{Text: "secret", Keyword: "news", At: demandNoon}, 1, 1)
	clusters := func() []journal.Cluster { return []journal.Cluster{c, shy} }
	d := listing().List(nil, clusters())
	want := []journal.Proposal{{Text: "hedlines", Keyword: "news", Times: 6, Readers: 6, Last: demandNoon, Language: "en"}}
	if diff := cmp.Diff(want, d.Proposals); diff != "" {
		t.Error(diff)
	}
	l := listing()
	l.Met = func(text string) bool { return text == "hedlines" }
	if d := l.List(nil, clusters()); len(d.Proposals) != 0 || len(d.Unmet) != 1 {
		t.Errorf("what is met is listed: %+v", d)
	}
}

func TestDaysCountKeywordsByWhatBecameOfThem(t *testing.T) {
	var day, old journal.DayDemand
	add := func(o journal.Outcome, w journal.What, withheld, bare bool) {
		day.Add(&journal.Trace{Outcome: o, What: w}, withheld, bare)
	}
	add(journal.Answered, journal.What{Keyword: "news"}, false, false)
	add(journal.Answered, journal.What{Keyword: "news"}, false, true)
	add(journal.Refused, journal.What{Keyword: "news"}, false, false)
	add(journal.Offered, journal.What{Offered: []string{"news", "sap"}}, true, false)
	add(journal.Missed, journal.What{}, true, true)
	add(journal.Ordered, journal.What{Command: "help"}, false, false)
	add(journal.Ordered, journal.What{Command: journal.Greeting}, false, true)
	add(journal.Silent, journal.What{}, false, false)
	old.Add(&journal.Trace{Outcome: journal.Answered, What: journal.What{Keyword: "news"}}, false, false)
	today := journal.DemandDay(demandNoon)
	got := listing().List(map[int]journal.DayDemand{today: day, today - 2: old}, nil)
	want := journal.Demand{
		From: demandNoon.Add(-24 * time.Hour), Until: demandNoon,
		Asks: 8, Wanted: 5, Answered: 2, Refused: 1, Offered: 1, Missed: 1, Commands: 1, Greetings: 1, Silent: 1, Withheld: 1, Bare: 1,
		Unmet: []journal.Unmet{}, Proposals: []journal.Proposal{}, Helps: []journal.Proposal{},
		Keywords: []journal.KeywordDemand{{ID: "news", Asked: 4, Answered: 2, Refused: 1, Offered: 1}, {ID: "sap", Asked: 1, Offered: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWhatWasHelpedIsNeitherHitNorMiss counts asks that meant no keyword, and found what a
// source holds: by an offer, or by an answer.
func TestWhatWasHelpedIsNeitherHitNorMiss(t *testing.T) {
	offered := journal.Trace{Outcome: journal.Offered, At: demandNoon, What: journal.What{Tier: journal.TierInside, Offered: []string{"news"}, Core: "old bridge"}}
	answered := journal.Trace{Outcome: journal.Answered, At: demandNoon, What: journal.What{Tier: journal.TierInside, Keyword: "events", Core: "saturday"}}
	var day journal.DayDemand
	tally := journal.NewTally(func() time.Time { return demandNoon })
	clusters := map[string]*journal.Cluster{}
	for reader := range uint64(6) {
		for _, trace := range []*journal.Trace{&offered, &answered} {
			day.Add(trace, false, false)
			tally.Add("paper", *trace)
			tells, withheld := journal.Tells(trace)
			if len(tells) != 1 || withheld {
				t.Fatalf("tells %+v", tells)
			}
			if clusters[tells[0].Text] == nil {
				clusters[tells[0].Text] = &journal.Cluster{}
			}
			clusters[tells[0].Text].Tell(tells[0], 0, reader+1)
		}
	}
	got := listing().List(map[int]journal.DayDemand{journal.DemandDay(demandNoon): day}, []journal.Cluster{*clusters["old bridge"], *clusters["saturday"]})
	help := func(text, keyword string) journal.Proposal {
		return journal.Proposal{Text: text, Keyword: keyword, Times: 6, Readers: 6, Last: demandNoon}
	}
	want := journal.Demand{
		From: demandNoon.Add(-24 * time.Hour), Until: demandNoon, Asks: 12, Wanted: 12, Helped: 12,
		Unmet: []journal.Unmet{}, Proposals: []journal.Proposal{}, Helps: []journal.Proposal{help("old bridge", "news"), help("saturday", "events")},
		Keywords: []journal.KeywordDemand{{ID: "events", Asked: 6, Helped: 6}, {ID: "news", Asked: 6, Helped: 6}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c := tally.Day("paper", demandNoon.Add(-time.Hour), demandNoon.Add(time.Hour)).Counts; c.Helped != 12 || c.Offered+c.Answered+c.Missed != 0 {
		t.Errorf("today: %+v", c)
	}
	own := journal.Own{}
	if own.Try(offered, demandNoon) {
		t.Error("a try that was helped is listed as one in vain")
	}
}

func TestWhatNobodyAsksAnyMoreIsPruned(t *testing.T) {
	c := asked("tiramisu", 3)
	today := journal.DemandDay(demandNoon)
	if !c.Prune(today-89, 1) || len(c.Readers.Hashes) != 24 {
		t.Errorf("pruned too early: %+v", c)
	}
	if !c.Prune(today, 2) || c.Readers.Hashes != nil || c.Readers.Count() != 3 {
		t.Errorf("hashes outlive their period: %+v", c.Readers)
	}
	if c.Prune(today+1, 2) {
		t.Errorf("kept too long: %+v", c)
	}
}

func TestClustersStaySmallWhateverIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c journal.Cluster
		total := 0
		for range rapid.IntRange(0, 300).Draw(t, "asks") {
			tell := journal.Tell{
				Text:     rapid.SampledFrom([]string{"a b", "b a", "B A", "á b", "b á"}).Draw(t, "text"),
				Outcome:  rapid.SampledFrom([]journal.Outcome{journal.Missed, journal.Offered}).Draw(t, "outcome"),
				Near:     rapid.SliceOfN(rapid.StringMatching(`[a-z]`), 0, 4).Draw(t, "near"),
				Language: rapid.StringMatching(`[a-z]{2}`).Draw(t, "language"),
				Keyword:  rapid.SampledFrom([]string{"", "", "k1", "k2", "k3", "k4", "k5", "k6", "k7"}).Draw(t, "keyword"),
				At:       demandNoon.AddDate(0, 0, -rapid.IntRange(0, 3).Draw(t, "days")),
			}
			if tell.Keyword == "" {
				total++
			}
			c.Tell(tell, 1, rapid.Uint64Range(0, 100).Draw(t, "reader"))
		}
		if c.Total(0) != total || len(c.Wordings) > 3 || len(c.Near) > 8 || len(c.Taken) > 5 || len(c.Languages) > 4 || c.Readers.Count() > 64 {
			t.Fatalf("%d of %d asks: %+v", c.Total(0), total, c)
		}
	})
}

func TestAnOutletsOwnTriesAreShownAtOnceAndBounded(t *testing.T) {
	own := journal.Own{}
	try := func(text string, at time.Time) bool {
		return own.Try(journal.Trace{Outcome: journal.Missed, What: journal.What{Core: text, Runners: []string{"cake"}}, Who: journal.Who{Language: "de"}}, at)
	}
	if !try("tiramisu", demandNoon) || !try("Tiramisu", demandNoon.Add(time.Minute)) || try("", demandNoon) {
		t.Fatal("a try was not taken as it should be")
	}
	if own.Try(journal.Trace{Outcome: journal.Answered, What: journal.What{Keyword: "news", Accepted: "hedlines"}}, demandNoon) {
		t.Error("what was answered is kept")
	}
	l := listing()
	got := l.ListOwn(own)
	if len(got) != 1 || got[0].Text != "tiramisu" || !got[0].Own || got[0].Asks != 2 || got[0].Readers != 0 || got[0].Language != "de" || len(got[0].Near) != 1 {
		t.Fatalf("got %+v", got)
	}
	l.Met = func(text string) bool { return text == "tiramisu" }
	if got := l.ListOwn(own); len(got) != 0 {
		t.Errorf("what became a phrase is listed: %+v", got)
	}
	for n := range 500 {
		try(strings.Repeat(string(rune('a'+n%26)), 3+n/26)+" "+strings.Repeat("x", 30), demandNoon.Add(time.Duration(n+2)*time.Minute))
	}
	b, err := json.Marshal(own)
	if err != nil || len(own) > 200 || len(b) > 80<<10 {
		t.Errorf("%d tries in %d bytes, %v", len(own), len(b), err)
	}
	if own.Prune(journal.DemandDay(demandNoon)) || !own.Prune(journal.DemandDay(demandNoon)+2) || len(own) > 0 {
		t.Errorf("%d are left", len(own))
	}
}

func TestADayIsThatOfItsZone(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, 11, 20, 0, 0, 0, 0, paris)
	day := journal.DemandDay(midnight)
	for at, want := range map[time.Time]int{
		midnight.Add(-time.Second): day - 1, midnight.Add(24*time.Hour - time.Second): day, midnight.Add(24 * time.Hour): day + 1,
		midnight.UTC(): day - 1, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC): day,
	} {
		if got := journal.DemandDay(at); got != want {
			t.Errorf("%v is day %d, want %d", at, got, want)
		}
	}
}

// TestTextsAreJoinedAsByComparingEach holds the look-up by halves against a look at all texts, with words that
// differ little.
func TestTextsAreJoinedAsByComparingEach(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 9)) //nolint:gosec // the same texts each time
	for range 300 {
		var texts []string
		for range 40 {
			word := make([]byte, 4+random.IntN(5))
			for i := range word {
				word[i] = "xyz"[random.IntN(3)]
			}
			texts = append(texts, string(word))
		}
		slices.Sort(texts)
		texts = slices.Compact(texts)
		var want []string
		for _, text := range texts {
			if !slices.ContainsFunc(want, func(head string) bool { return journal.OneEdit(text, head) }) {
				want = append(want, text)
			}
		}
		if got := journal.Merged(texts); !slices.Equal(got, want) {
			t.Fatalf("of %q stay\n%q, want\n%q", texts, got, want)
		}
	}
}
