package pull_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/sources/sourcetest"
)

// failing is a source that has nothing to give: it fails, or breaks down.
type failing struct {
	pull.Source
	how string
}

func (f failing) Select(context.Context, pull.Snapshot, pull.Query) (pull.Selection, error) {
	switch f.how {
	case "breaks":
		panic("it broke")
	case "fails":
		return pull.Selection{}, errors.New("it failed")
	}
	return pull.Selection{}, nil
}

// wishful returns a talk with a publisher that lets one message run so many keywords.
func wishful(t *testing.T, wishes int) *talk {
	t.Helper()
	k := newTalk(t)
	shelf := func(name string) *sourcetest.Fixed {
		fixed := &sourcetest.Fixed{Clock: func() time.Time { return k.at }}
		for i := range 5 {
			fixed.Items = append(fixed.Items, what.Item{ID: fmt.Sprint(name, i), Title: fmt.Sprintf("%s %d", name, i)})
		}
		return fixed
	}
	p := publisher()
	p.Wishes = wishes
	sources := map[string]pull.Opened{
		"exchange": {Source: k.source}, "paper": {Source: shelf("Paper")}, "book": {Source: shelf("Book")}, "streets": {Source: streets{shelf("Street")}},
	}
	add := func(id, source, argument string, count int) {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: id, Source: source, Phrases: map[string][]string{"en": {id}}, Argument: argument, Count: count})
	}
	add("papers", "paper", "none", 2)
	add("books", "book", "none", 1)
	add("street", "streets", "required", 1)
	add("avenue", "streets", "required", 1)
	for _, word := range []string{"tulips", "roses"} {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: word, Source: "exchange", Phrases: map[string][]string{"en": {word}}, Query: "SAP", Stamp: "always"})
	}
	for _, how := range []string{"breaks", "fails", "vacant"} {
		sources[how] = pull.Opened{Source: failing{shelf(how), how}}
		add(how, how, "none", 1)
	}
	e, err := pull.NewEdition(p, sources, map[string]pull.Channel{"web": {}, "asking": {Consent: "May we?"}},
		map[string]*what.Vocabulary{"exchange": what.NewVocabulary(k.source.Terms(nil))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	k.edition = e
	return k
}

// ended returns how the keywords of the last ask ended.
func (k *talk) ended() string {
	var all []string
	for w := range k.last.Trace.Ran() {
		all = append(all, strings.TrimSpace(w.Keyword+" "+w.Argument)+": "+string(w.Outcome))
	}
	return strings.Join(all, ", ")
}

func TestOneReplyAnswersWhatIsAskedForTogether(t *testing.T) {
	for name, c := range map[string]struct {
		wishes           int
		text, want, ends string
	}{
		"both, in their order":       {2, "books and papers", "Book 0 | Paper 0 | Paper 1", "books: answered, papers: answered"},
		"with one alone they are":    {1, "books and papers", "Which one do you mean? | [books] | [papers]", ": offered"},
		"an or is an offer":          {2, "books or papers", "Which one do you mean? | [books] | [papers]", ": offered"},
		"three are too many for two": {2, "books, papers and quote SAP", "Which one do you mean? | [books] | [papers] | [SAP]", ": offered"},
		"three":                      {3, "books, papers and quote SAP", "Book 0 | Paper 0 | Paper 1 | " + sap, "books: answered, papers: answered, quote SAP: answered"},
		"each with its argument":     {2, "quote SAP and quote Wipro Limited", sap + " | " + quoted, "quote SAP: answered, quote WIPRO: answered"},
		"twice is once":              {2, "books and books", "Book 0", "books: answered"},
		"each with its stamp": {2, "template and wipro now", templated + " | " + quoted + " | as of 10:59, 12 s ago",
			"tpl SAP: answered, wipro-now WIPRO: answered"},
		"one that has nothing": {2, "vacant and books", "“vacant” has nothing to tell right now. | Book 0", "vacant: refused, books: answered"},
		"one that fails":       {2, "books and fails", "Book 0 | fails | Something went wrong on our side. Please ask again.", "books: answered, fails: refused"},
		"one that breaks down": {2, "breaks and books", "breaks | Something went wrong on our side. Please ask again. | Book 0", "breaks: refused, books: answered"},
		"one that is not open": {2, "embargo and books", "“embargo” answers from 3 Mar, 11:00 on. | Book 0", "soon SAP: refused, books: answered"},
		"one that must have an argument": {2, "avenue and books", "Send “avenue” and what you are looking for, for example: avenue … | Book 0",
			"avenue: refused, books: answered"},
		"none of them": {2, "vacant and fails", "“vacant” has nothing to tell right now. | fails | Something went wrong on our side. Please ask again.",
			"vacant: refused, fails: refused"},
	} {
		t.Run(name, func(t *testing.T) {
			k := wishful(t, c.wishes)
			if got := labels(k.say(c.text)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := k.ended(); got != c.ends {
				t.Errorf("%q, want %q", got, c.ends)
			}
		})
	}
}

func TestACommonAgeIsToldOnceBelowTheLast(t *testing.T) {
	k := wishful(t, 4)
	const age = "as of 10:59, 12 s ago"
	for text, want := range map[string]string{
		"wipro now and tulips":        quoted + " | " + sap + " | " + age,
		"wipro now, tulips and roses": quoted + " | " + sap + " | " + sap + " | " + age,
		"wipro now, books and tulips": quoted + " | " + age + " | Book 0 | " + sap + " | " + age,
	} {
		if got := labels(k.say(text)); got != want {
			t.Errorf("%q is answered with %q, want %q", text, got, want)
		}
	}
	k.say("wipro now and tulips")
	var late []string
	for _, b := range k.last.Reply.Late(k.at.Add(time.Second)).Blocks {
		late = append(late, b.Text+b.URL)
	}
	if got := strings.Join(late, " | "); got != quoted+" | "+sap+" | as of 10:59" {
		t.Errorf("what leaves late is %q", got)
	}
}

func TestTheRecordOfSeveralTellsOfEach(t *testing.T) {
	k := wishful(t, 2)
	k.say("vacant and wipro now")
	tr := k.last.Trace
	if tr.Outcome != journal.Answered || tr.What.Keyword != "wipro-now" || tr.When.Source != "exchange" || len(tr.Wishes) != 2 {
		t.Errorf("%+v", tr)
	}
	if w := tr.Wishes[0]; w.When.Source != "vacant" || w.When.Verdict == "" || !w.When.AsOf.IsZero() {
		t.Errorf("%+v", w)
	}
	if w := tr.Wishes[1]; w.When.AsOf.IsZero() || w.Phrase != "wipro now" {
		t.Errorf("%+v", w)
	}
	if len(k.reader.Recent) != 1 || k.last.Failed != nil {
		t.Errorf("%+v, %v", k.reader.Recent, k.last.Failed)
	}
	k.say("fails and books")
	if k.last.Failed == nil || k.last.Trace.Error == "" || k.last.Trace.Wishes[1].Error != "" {
		t.Errorf("%+v", k.last.Trace)
	}
	for _, w := range tr.Bare().Wishes {
		if w.Phrase != "" || w.Keyword == "" || w.Outcome == "" {
			t.Errorf("what is kept without consent is %+v", w)
		}
	}
	wordless := tr.Wordless()
	if slices.ContainsFunc(wordless.Wishes, func(w journal.Wish) bool { return w.Argument != "" }) || tr.Wishes[1].Argument == "" {
		t.Errorf("%+v of %+v", wordless.Wishes, tr.Wishes)
	}
}

func TestMoreGoesOnWithAllThatWereAnsweredTogether(t *testing.T) {
	const nothing = "There is nothing more to show. MENU shows what I answer. | [MENU]"
	for name, c := range map[string]conversation{
		"with both, then with what is left, then with nothing": {
			{"papers and books", "Paper 0 | Paper 1 | Book 0"}, {"more", "Paper 2 | Paper 3 | Book 1 | [More]"},
			{"more", "Paper 4 | Book 2 | [More]"}, {"more", "Book 3 | [More]"}, {"more", "Book 4"}, {"more", nothing},
		},
		"with the one that has more": {{"quote SAP and books", sap + " | Book 0"}, {"more", "Book 1 | [More]"}},
		"the last reply counts":      {{"papers and books", "Paper 0 | Paper 1 | Book 0"}, {"papers", "Paper 0 | Paper 1"}, {"more", "Paper 2 | Paper 3 | [More]"}},
		"not after half an hour":     {{"papers and books", "Paper 0 | Paper 1 | Book 0"}, {"+31m more", nothing}},
		"what is asked back of both is one list": {
			{"street main and avenue main", "street | Several entries fit “main”. Which one do you mean? | avenue | Several entries fit “main”. Which one do you mean? | " +
				"[street Main Street, Springfield] | [street Main Street, Shelbyville] | [avenue Main Street, Springfield] | [avenue Main Street, Shelbyville]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := wishful(t, 2)
			for _, turn := range c {
				conversation{turn}.hold(t, k)
			}
		})
	}
}

func TestAnOptionOfTheSecondKeywordIsTheSecondsOwn(t *testing.T) {
	k := wishful(t, 2)
	k.say("street main and avenue main")
	if q := k.reader.Question; q == nil || len(q.Options) != 4 {
		t.Fatalf("%+v", q)
	}
	k.say("3")
	if tr := k.last.Trace; tr.What.Keyword != "avenue" || tr.What.Argument != "3" {
		t.Errorf("%+v", tr.What)
	}
}

func TestAnswersOfOneReplyAgeEachForItself(t *testing.T) {
	k := wishful(t, 2)
	k.say("template and wipro now")
	reply := *k.last.Reply
	reply.Blocks = append(reply.Blocks, pull.Block{Kind: pull.Note, Text: "below"})
	late := reply.Late(k.at.Add(time.Minute)).Earlier(1)
	var got []string
	for _, b := range late.Blocks {
		got = append(got, b.Text+b.URL)
	}
	want := "1 earlier answer was too old; ask again. | SAP 512.35 (as of 10:59) Paper | WIPRO | https://example.org/WIPRO | As of 10:59 | below"
	if joined := strings.Join(got, " | "); !strings.EqualFold(joined, want) {
		t.Errorf("%q", joined)
	}
	if all, below := late.Apart(); len(all) != 2 || len(all[0].Blocks) != 2 || len(below) != 1 {
		t.Errorf("%+v, %+v", all, below)
	}
	reply.Answers = slices.Clone(reply.Answers)
	reply.Answers[0].Told.Until, reply.Answers[1].Told.Until = k.at.Add(time.Hour), time.Time{}
	at := k.at.Add(2 * time.Hour)
	if reply.TooOld(k.at) || !reply.TooOld(at) {
		t.Error("one answer too old is not noticed, or one that is not")
	}
	overdue, tr := k.edition.Overdue(reply, k.last.Trace, at)
	if text := overdue.Blocks[0].Text; !strings.Contains(text, "“template” could not be brought") || overdue.Blocks[1].Text != "WIPRO" || overdue.TooOld(at) {
		t.Errorf("%+v", overdue)
	}
	if tr.Wishes[0].Outcome != journal.Refused || tr.Outcome != journal.Answered || tr.What.Keyword != "wipro-now" || k.last.Trace.Wishes[0].Outcome != journal.Answered {
		t.Errorf("%+v", tr)
	}
}

func TestNobodyLearnsWhichOfSeveralWasMeant(t *testing.T) {
	k := wishful(t, 2)
	k.say("zeppelin")
	k.say("papers and books")
	if a := k.last.Trace.What.Accepted; a != "" || k.reader.Miss != nil {
		t.Errorf("%q, %+v", a, k.reader.Miss)
	}
}
