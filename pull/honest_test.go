package pull_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/words"
)

// fact is a source of one fact of a given age. Its fetches come by way of a
// cache of a given age, or not at all.
type fact struct {
	timed    bool
	mu       sync.Mutex
	now      time.Time
	asOf     time.Duration
	age      time.Duration
	seen     bool
	down     error
	requests int
}

func (f *fact) TimeOfFact() bool { return f.timed }

func (*fact) Key(pull.Query) (string, error) { return "fact", nil }

func (f *fact) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	if f.down != nil {
		return pull.Snapshot{Requests: 1}, f.down
	}
	item := what.Item{ID: "a", Title: "WIPRO", Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: "262.40"}}}
	if f.asOf != 0 {
		item.AsOf = f.now.Add(-f.asOf)
	}
	if f.seen {
		item.Seen = f.now.Add(-f.age)
	}
	return pull.Snapshot{Items: []what.Item{item}, AsOf: item.AsOf, Fetched: f.now.Add(-f.age), Requests: 1}, nil
}

func (f *fact) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// told asks "fact" of a publisher with that one keyword.
type told struct {
	edition  *pull.Edition
	resolver *pull.Resolver
	source   *fact
}

func (f *fact) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// set moves the clock to a moment, and has the source fail from then on, or
// not where err is nil.
func (f *fact) set(now time.Time, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now, f.down = now, err
}

func newTold(t interface{ Fatal(...any) }, source *fact, k catalogue.Keyword) (w told, end func()) {
	source.now = monday
	k.ID, k.Source, k.Phrases = "fact", "fact", map[string][]string{"en": {"fact"}}
	e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "Paper", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{k}},
		map[string]pull.Opened{"fact": {Source: source}}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, source.clock)
	return told{e, &pull.Resolver{Cache: cache, Clock: source.clock}, source}, cache.Close
}

func (w told) ask(at time.Time, waited time.Duration) pull.Resolved { return w.say("fact", at, waited) }

func (w told) say(text string, at time.Time, waited time.Duration) pull.Resolved {
	return w.resolver.Resolve(context.Background(), pull.Request{Edition: w.edition, Ask: pull.Ask{ID: 1, Channel: "web", At: at, Incoming: pull.Incoming{Text: text}}, Reader: who.Reader{First: monday.Add(-time.Hour)}, Waited: waited})
}

func textOf(o pull.Resolved) string {
	if o.Reply == nil {
		return ""
	}
	lines := make([]string, 0, len(o.Reply.Blocks))
	for _, b := range o.Reply.Blocks {
		lines = append(lines, b.Text)
	}
	return strings.Join(lines, "\n")
}

// templates mention the stamp in every way that does not show it, and in some
// that do.
var templates = []string{
	"",
	"{{ item.title }} {{ item.price }}",
	"{{ item.title }} {{ item.price }} {{ stamp }}",
	"{% if item.nothing %}{{ stamp }}{% endif %}{{ item.price }}",
	"{% comment %}{{ stamp }}{% endcomment %}{{ item.price }}",
	"{{ item.price }}\n{{ stamp }}",
	"{{ item.price }}\n\n{{ stamp }} ",
	"{{ item.price }} " + strings.Repeat("and a long text behind ", 20) + "{{ stamp }}",
	"{{ item.price }} {{ stamp | truncate: 5 }}",
	"{{ item.price }} {{ stamp | slice: 0, 3 }}",
	"{{ item.price }} {{ stamp | upcase }}",
	"{% assign x = stamp %}{{ item.price }}",
	"{% if stamp %}{{ item.price }}{% endif %}",
	"{% raw %}{{ stamp }}{% endraw %} {{ item.price }}",
	"{% assign x = stamp %}{{ item.price }} {{ x }}",
	"{% case item.title %}{% when \"Infosys\" %}{{ stamp }}{% else %}{{ item.price }}{% endcase %}",
	"{% for i in items offset: 1 %}{{ stamp }}{% endfor %}{{ item.price }}",
	"{{ item.price }} {{ stamp | remove: \"as of\" }}",
}

var clockOf = regexp.MustCompile(`as of (?:\d+ \w+, )?(\d\d:\d\d)`)

func TestNoAnswerPastMaxAgeIsBare(t *testing.T) {
	ages := []time.Duration{0, time.Second, 20 * time.Second, 2 * time.Minute, 90 * time.Minute, 2 * time.Hour, 30 * time.Hour}
	age := rapid.SampledFrom(ages)
	rapid.Check(t, func(t *rapid.T) {
		source := &fact{timed: rapid.Bool().Draw(t, "timed"), asOf: age.Draw(t, "as of"), age: age.Draw(t, "age")}
		k := catalogue.Keyword{
			Stamp:    rapid.SampledFrom([]string{"", "stale", "always", "never"}).Draw(t, "stamp"),
			Template: catalogue.Localised{"": rapid.SampledFrom(templates).Draw(t, "template")},
		}
		if k.Template[""] == "" {
			k.Template = nil
			k.Reply = rapid.SampledFrom([][]catalogue.Part{nil, shows("title", "price"), shows("stamp", "price"), shows("price", "stamp")}).Draw(t, "parts")
		}
		maxAge, behind, kept := age.Draw(t, "max_age"), age.Draw(t, "stale_while_revalidate"), age.Draw(t, "stale_if_error")
		k.Freshness = catalogue.Freshness{MaxAge: &maxAge, StaleWhileRevalidate: &behind, StaleIfError: &kept}
		w, end := newTold(t, source, k)
		defer end()
		for range 4 {
			o := w.ask(source.clock(), 0)
			check(t, w, o, maxAge)
			var down error
			if rapid.Bool().Draw(t, "down") {
				down = &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("down")}
			}
			source.set(source.clock().Add(age.Draw(t, "later")), down)
		}
	})
}

// check holds an answer against the truth, which is in its trace.
func check(t *rapid.T, w told, o pull.Resolved, maxAge time.Duration) {
	text := textOf(o)
	if !strings.Contains(text, "262.40") && !strings.Contains(text, "WIPRO") {
		return
	}
	truth, own := o.Trace.When.Fetched, false
	if w.source.timed && w.source.asOf != 0 && o.Trace.When.AsOf.Before(truth) {
		truth, own = o.Trace.When.AsOf, true
	}
	at := w.source.clock()
	lines := strings.Split(text, "\n")
	stamp := clockOf.FindStringSubmatch(text)
	if own && when.IsDay(truth, time.UTC) {
		return // it is told as the day that it may be
	}
	if at.Sub(truth) > maxAge && stamp == nil {
		t.Fatalf("%v old and bare: %q", at.Sub(truth), lines)
	}
	if o.Trace.When.Stale && !strings.Contains(text, "not current: as of") {
		t.Fatalf("stale, but it looks current: %q", lines)
	}
	if stamp == nil {
		return
	}
	if want := truth.UTC().Format("15:04"); stamp[1] != want {
		t.Fatalf("told as of %s, but it is of %s: %q", stamp[1], want, lines)
	}
	if age := at.Sub(truth); age < time.Minute && !strings.Contains(text, fmt.Sprintf(", %d s ago", int(age/time.Second))) {
		t.Fatalf("%v old, told %q", age, lines)
	}
}

func TestAFactTellsItsOwnTimeByDefault(t *testing.T) {
	for _, c := range []struct {
		name  string
		timed bool
		stamp string
		asOf  time.Duration
		want  string
	}{
		{"a fact always", true, "", time.Second, "as of 09:59, 1 s ago"},
		{"unless the keyword says only if stale", true, "stale", time.Second, ""},
		{"which it is by its own time as well", true, "stale", time.Hour, "as of 09:00"},
		{"even if the keyword says never", true, "never", 26 * time.Hour, "as of 1 Mar, 08:00"},
		{"anything else only if stale", false, "", time.Hour, ""},
		{"or if the keyword says always, by its fetch", false, "always", time.Hour, "as of 10:00, 0 s ago"},
		{"a day without a time of day is told as a day", true, "", monday.Sub(monday.Truncate(24 * time.Hour)), "as of 2 Mar"},
		{"a fact of the future is of its fetch", true, "", -3 * time.Hour, "as of 10:00, 0 s ago"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, end := newTold(t, &fact{timed: c.timed, asOf: c.asOf}, catalogue.Keyword{Stamp: c.stamp})
			defer end()
			if _, got, _ := strings.Cut(textOf(w.ask(monday, 0)), "\n"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFactWhoseTimeNobodyKnowsIsOfWhenItWasSeen(t *testing.T) {
	for _, stamp := range []string{"", "stale", "never"} {
		for _, asOf := range []time.Duration{0, -3 * time.Hour, -100 * time.Hour} {
			w, end := newTold(t, &fact{timed: true, asOf: asOf, seen: true}, catalogue.Keyword{Stamp: stamp})
			w.ask(monday, 0)
			later := monday.Add(20 * time.Second)
			w.source.set(later, nil)
			if got := textOf(w.ask(later, 0)); !strings.HasSuffix(got, "\nfirst seen at 10:00, 20 s ago") {
				t.Errorf("stamp %q: %q", stamp, got)
			}
			end()
		}
	}
}

func TestAReplayOfYesterdayTellsTheTimeOfToday(t *testing.T) {
	w, end := newTold(t, &fact{asOf: time.Second}, catalogue.Keyword{Stamp: "never"})
	defer end()
	for range 2 { // fetched, and kept
		if got := textOf(w.ask(monday.Add(-24*time.Hour), 0)); !strings.Contains(got, "as of 2 Mar, 10:00") {
			t.Errorf("got %q", got)
		}
	}
}

func TestAnAskThatWaitedIsToldTheAgeOfItsAnswer(t *testing.T) {
	w, end := newTold(t, &fact{timed: true, asOf: time.Second}, catalogue.Keyword{})
	defer end()
	w.ask(monday, 0)
	w.source.set(monday.Add(40*time.Second), nil)
	if got := textOf(w.ask(monday, 40*time.Second)); !strings.Contains(got, "as of 09:59, 41 s ago") {
		t.Errorf("got %q", got)
	}
}

func TestOutsideItsHoursAFactIsToldAsClosed(t *testing.T) {
	hours := []string{"mon-fri 08:00-09:30"}
	t.Run("fetched once", func(t *testing.T) {
		w, end := newTold(t, &fact{timed: true, asOf: 30 * time.Minute}, catalogue.Keyword{Hours: hours, Stamp: "never"})
		defer end()
		for hours := range 5 {
			now := monday.Add(time.Duration(hours) * time.Hour)
			w.source.set(now, nil)
			got := textOf(w.ask(now, 0))
			if !strings.HasPrefix(got, "WIPRO\nclosed: as of 09:30") || !strings.HasSuffix(got, "; opens again 3 Mar, 08:00") {
				t.Errorf("got %q", got)
			}
		}
		if w.source.requests != 1 {
			t.Errorf("upstream was asked %d times after it closed", w.source.requests)
		}
	})
	t.Run("the last one while upstream is down", func(t *testing.T) {
		w, end := newTold(t, &fact{timed: true, asOf: time.Second}, catalogue.Keyword{Hours: hours})
		defer end()
		w.source.set(monday.Add(-time.Hour), nil)
		w.ask(monday.Add(-time.Hour), 0)
		w.source.set(monday.Add(10*time.Hour), &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("down")})
		if got := textOf(w.ask(monday.Add(10*time.Hour), 0)); got != "WIPRO\nclosed: as of 08:59; opens again 3 Mar, 08:00" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("nothing to tell", func(t *testing.T) {
		w, end := newTold(t, &fact{timed: true, down: &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("down")}}, catalogue.Keyword{Hours: hours})
		defer end()
		if got := textOf(w.ask(monday, 0)); got != "“fact” is closed now. It answers again 3 Mar, 08:00." {
			t.Errorf("got %q", got)
		}
	})
	t.Run("what is no fact says when it answers", func(t *testing.T) {
		w, end := newTold(t, &fact{}, catalogue.Keyword{Hours: hours})
		defer end()
		if got := textOf(w.ask(monday, 0)); got != "“fact” is closed now. It answers again 3 Mar, 08:00." || w.source.requests != 0 {
			t.Errorf("got %q after %d requests", got, w.source.requests)
		}
	})
}

func TestARefusalSaysWhatIsWrongAndWhenToAskAgain(t *testing.T) {
	for _, c := range []struct {
		name string
		err  *pull.Error
		want string
	}{
		{"silent", &pull.Error{Kind: pull.Unavailable},
			"There is no current answer for “fact”: its source does not respond, and the last one (as of 10:00) is too old. Please ask again in a moment."},
		{"answering with nothing", &pull.Error{Kind: pull.Unusable},
			"There is no current answer for “fact”: its source has nothing current, and the last one (as of 10:00) is too old. Please ask again in a moment."},
		{"asked too often", &pull.Error{Kind: pull.Limited, RetryAt: monday.Add(2*time.Hour + 10*time.Minute)},
			"There is no current answer for “fact”: its source has nothing current, and the last one (as of 10:00) is too old. Please ask again in 10 min."},
		{"silent until a moment", &pull.Error{Kind: pull.Unavailable, RetryAt: monday.Add(5 * time.Hour)},
			"There is no current answer for “fact”: its source does not respond, and the last one (as of 10:00) is too old. Please ask again from 15:00 on."},
		{"a queue of our own", &pull.Error{Kind: pull.Crowded},
			"There is no current answer for “fact”: too many are asking at this moment, and the last one (as of 10:00) is too old. Please ask again in a moment."},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, end := newTold(t, &fact{}, catalogue.Keyword{})
			defer end()
			w.ask(monday, 0)
			later := monday.Add(2 * time.Hour)
			w.source.set(later, c.err)
			for range 2 { // tried, and left alone
				if got := textOf(w.ask(later, 0)); got != c.want {
					t.Errorf("got  %q\nwant %q", got, c.want)
				}
			}
		})
	}
}

func TestAStampThatACutCouldTakeStandsInABlockOfItsOwn(t *testing.T) {
	long := strings.Repeat("word ", 300)
	for template, want := range map[string]bool{
		"{{ item.price }}\n{{ stamp }}":                true,
		"{{ item.price }} " + long + "\n\n{{ stamp }}": true,
		"{{ item.price }} " + long + "{{ stamp }}":     true,
		"{{ item.price }} ({{ stamp }})":               false,
		"{{ stamp }}: {{ item.price }} " + long:        false,
	} {
		w, end := newTold(t, &fact{timed: true}, catalogue.Keyword{Template: catalogue.Localised{"": template}})
		o := w.ask(monday, 0)
		end()
		last := o.Reply.Blocks[len(o.Reply.Blocks)-1]
		if got := last.Kind == pull.Stamp && last.Text == "as of 10:00, 0 s ago"; got != want {
			t.Errorf("%.40q: the reply ends with %+v", template, last)
		}
	}
}

// A keyword that knows nothing of days tells what is so now, and says so where another day is named.
func TestWhatIsOfNowSaysSoToWhoNamesAnotherDay(t *testing.T) {
	for _, tt := range []struct {
		stamp, text string
		stamped     bool
	}{
		{"", "fact", false},
		{"", "fact please", false},
		{"", "fact today", false},
		{"", "fact on monday", false}, // it is Monday
		{"", "fact tomorrow", true},
		{"", "fact on saturday", true},
		{"stale", "fact on 3 march", true},
		{"never", "fact tomorrow", false},
	} {
		w, end := newTold(t, &fact{}, catalogue.Keyword{Stamp: tt.stamp})
		got := textOf(w.say(tt.text, monday, 0))
		end()
		if !strings.HasPrefix(got, "WIPRO") || strings.Contains(got, "as of 10:00, 0 s ago") != tt.stamped {
			t.Errorf("%q of a keyword with the stamp %q got %q", tt.text, tt.stamp, got)
		}
	}
}

// What changes with time says that it is of no other day, unless its fact is of that day.
func TestWhatChangesTellsThatADayCannotBeAskedFor(t *testing.T) {
	for _, tt := range []struct {
		text string
		age  time.Duration
		told string
	}{
		{"fact", 0, ""},
		{"fact please", 0, ""},
		{"fact today", 0, ""},
		{"fact on monday", 0, ""}, // it is Monday
		{"fact tomorrow", 0, "tomorrow"},
		{"fact on saturday", 0, "on saturday"},
		{"fact yesterday", 0, "yesterday"},
		{"fact yesterday", 24 * time.Hour, ""},
		{"fact on friday", 72 * time.Hour, ""},
		{"fact on thursday", 72 * time.Hour, "on thursday"},
	} {
		w, end := newTold(t, &fact{timed: true, now: monday, asOf: tt.age}, catalogue.Keyword{})
		got := textOf(w.say(tt.text, monday, 0))
		end()
		want := "This is the latest; “" + tt.told + "” can't be asked for by itself."
		if told := strings.Contains(got, "by itself"); told != (tt.told != "") || told && !strings.Contains(got, want) {
			t.Errorf("%q of a fact that is %s old got %q", tt.text, tt.age, got)
		}
	}
}

func TestATemplateThatBreaksCostsItsTextAlone(t *testing.T) {
	for template, broken := range map[string]bool{
		"{{ stamp | date: \"%Y\" }}":                            true,
		"{{ item.title | divided_by: 0 }}":                      true,
		"{% if item.nothing %}{{ item.title }}{% endif %}":      false,
		"{% if item.nothing %}{{ item.title }}{% endif %} \n\t": false,
	} {
		w, end := newTold(t, &fact{timed: true}, catalogue.Keyword{Template: catalogue.Localised{"": template}})
		o := w.ask(monday, 0)
		end()
		if got := textOf(o); got != "WIPRO\nas of 10:00, 0 s ago" || (o.Trace.Error != "") != broken {
			t.Errorf("%s: got %q, error %q", template, got, o.Trace.Error)
		}
	}
}
