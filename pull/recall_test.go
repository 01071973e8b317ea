package pull_test

import (
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
)

func TestMessagesGoOnFromTheLastAnswer(t *testing.T) {
	t.Parallel()
	const (
		four = "Paper 0 | Paper 1 | Paper 2 | Paper 3"
		two  = "Paper 0 | Paper 1"
	)
	for name, c := range map[string]conversation{
		"by a number":              {{"news", headlines}, {"2", "Second headline"}, {"1", "First headline"}},
		"by a word":                {{"news", headlines}, {"the second one", "Second headline"}, {"first one please", "First headline"}, {"the last one", "Second headline"}},
		"in a sentence":            {{"news", headlines}, {"tell me more about the second", "Second headline"}},
		"in German":                {{"nachrichten", headlines}, {"mehr zum zweiten", "Second headline"}},
		"one that is not there":    {{"news", headlines}, {"tell me more about number 7", "The last answer has no number 7. | [MENU]"}},
		"the list goes on":         {{"papers", two}, {"first one", "Paper 0"}, {"more", "Paper 2 | Paper 3 | [More]"}},
		"more of them":             {{"papers", two}, {"last 4", four}, {"the third", "Paper 2"}},
		"in French":                {{"papers", two}, {"les 4 derniers", four}},
		"what is an argument":      {{"papers", two}, {"2", "Paper 2"}},
		"what was not meant":       {{"news", headlines}, {"not what I meant", "Paper answers to: | [quote] | [news] | [weather] | [papers] | [dead]"}},
		"another of a list":        {{"papers", two}, {"a different one", "Paper 2 | Paper 3 | [More]"}},
		"what is not right":        {{"news", headlines}, {"that's wrong!", "Thank you. This answer is marked for the editors to check."}},
		"after another answer":     {{"news", headlines}, {"+1s weather", "Rain"}, {"2", "Second headline"}, {"first one", "First headline"}},
		"of the later list":        {{"news", headlines}, {"+1s papers", two}, {"+1s 2", "Paper 2"}, {"first one", "Paper 0"}},
		"thanks":                   {{"news", headlines}, {"thanks", "You are welcome."}, {"2", "Second headline"}},
		"thanks in Italian":        {{"news", headlines}, {"grazie mille", "You are welcome."}},
		"no longer":                {{"news", headlines}, {"+11m 2", unknownWord("2")}},
		"not of one":               {{"weather", "Rain"}, {"2", unknownWord("2")}},
		"nothing to be wrong":      {{"that's wrong", unknownWord("wrong")}},
		"the same of another":      {{"quote WIPRO", quoted}, {"and SAP?", sap}},
		"in other words":           {{"quote WIPRO", quoted}, {"what about SAP", sap}},
		"of a day that it lacks":   {{"weather", "Rain"}, {"and tomorrow?", "“weather” has nothing about “tomorrow”. | [MENU]"}},
		"of a day in German":       {{"wetter", "Rain"}, {"und morgen?", "„wetter“ hat nichts zu „morgen“. | [MENU]"}},
		"of what it does not know": {{"quote WIPRO", quoted}, {"what about zeppelins", unknownWord("zeppelins")}},
	} {
		t.Run(name, func(t *testing.T) {
			k, _, _ := newSavingTalk(t)
			c.hold(t, k)
		})
	}
}

func unknownWord(word string) string {
	return strings.ReplaceAll(unknownTown, "%", word)
}

func TestWhatAReaderCallsWrongIsNotedWithTheAskThatWasAnsweredSo(t *testing.T) {
	t.Parallel()
	k, _, _ := newSavingTalk(t)
	k.say("papers")
	k.reader = k.reader.Settle(k.asked, false)
	answered := k.asked
	k.say("that is wrong")
	tr := k.last.Trace
	if tr.What.Command != "wrong" || tr.Wrong != "papers" || tr.What.Keyword != "" || tr.Cause != answered || tr.Outcome != journal.Ordered {
		t.Errorf("%+v", tr)
	}
}

func TestNothingIsCountedInAGroup(t *testing.T) {
	t.Parallel()
	k, _, _ := newSavingTalk(t)
	in := func(text string) string { return k.send(pull.Ask{Incoming: pull.Incoming{Text: text, Group: true}}) }
	in("papers")
	for _, said := range []string{"2", "last 4", "that's wrong"} {
		if in(said); k.last.Trace.Outcome == journal.Answered || k.last.Trace.What.Command == "wrong" {
			t.Errorf("%q: %+v", said, k.last.Trace)
		}
	}
	for _, said := range []string{"save papers", "my", "my list", "add papers to my papers", "my city Lyon", "my city is Lyon", "wrong!", "short answers", "forget my city", "my time zone is New York", "why"} {
		if got := in(said); !strings.HasPrefix(got, "That is between you and Paper") || len(k.reader.Saved) > 0 {
			t.Errorf("%q: %s", said, got)
		}
	}
}

func TestAReaderIsToldWhatHasChangedSince(t *testing.T) {
	t.Parallel()
	k, news, _ := newSavingTalk(t)
	conversation{
		{"news", headlines}, {"+30m news", headlines + " | Unchanged since 11:00"},
	}.hold(t, k)
	news.Items[0].Summary = "With more in it"
	if got := k.say("news"); !strings.Contains(got, "Unchanged") {
		t.Errorf("before it is fetched anew: %s", got)
	}
	conversation{{"+5m news", "First headline | Second headline | Updated since 11:30"}}.hold(t, k)
	news.Items = append([]what.Item{{ID: "n4", Title: "Fourth"}, {ID: "n3", Title: "Third"}}, news.Items...)
	conversation{{"+24h news", "Fourth | Third | New since 2 Mar, 11:35: 2"}}.hold(t, k)
	// What follows an answer is no asking for it anew.
	conversation{
		{"+5m more", "First headline | Second headline"}, {"news", "Fourth | Third | Unchanged since 11:35"},
		{"+5m 2", "Third"}, {"news", "Fourth | Third | Unchanged since 11:40"},
		{"last 3", "Fourth | Third | First headline"}, {"+5m more", "Second headline"},
	}.hold(t, k)
	news.Items = append([]what.Item{{ID: "n5", Title: "Fifth"}}, news.Items...)
	conversation{{"+5m news", "Fifth | Fourth | New since 11:45: 1"}}.hold(t, k)
}

func TestWhatStandsInForAKeywordIsNoChangeOfIt(t *testing.T) {
	t.Parallel()
	k, _, _ := newSavingTalk(t)
	conversation{{"news", headlines}}.hold(t, k)
	k.edition.PutStandIn("news", standIn("Closed today"))
	conversation{{"+30m news", "Closed today"}}.hold(t, k)
	k.edition.PutStandIn("news", catalogue.StandIn{})
	if got := k.say("news"); !strings.Contains(got, "Unchanged since 11:00") {
		t.Error(got)
	}
}
