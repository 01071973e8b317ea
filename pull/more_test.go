package pull_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/sources/sourcetest"
)

// listed returns a talk whose keyword "papers" answers two of five at a time, and
// whose keyword "street" asks which of several is meant.
func listed(t *testing.T) *talk {
	t.Helper()
	k := newTalk(t)
	fixed := &sourcetest.Fixed{Clock: func() time.Time { return k.at }}
	for i := range 5 {
		fixed.Items = append(fixed.Items, what.Item{ID: fmt.Sprint(i), Title: fmt.Sprintf("Paper %d", i)})
	}
	p := publisher()
	p.Keywords = append(p.Keywords,
		catalogue.Keyword{ID: "papers", Source: "shelf", Phrases: map[string][]string{"en": {"papers"}}, Argument: "optional", Count: 2},
		catalogue.Keyword{ID: "street", Source: "streets", Phrases: map[string][]string{"en": {"street"}}, Argument: "required"})
	e, err := pull.NewEdition(p, map[string]pull.Opened{
		"exchange": {Source: k.source}, "shelf": {Source: fixed}, "streets": {Source: streets{fixed}},
	}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	k.edition = e
	return k
}

// streets fits every argument but its own values several times.
type streets struct{ pull.Source }

func (s streets) Select(ctx context.Context, kept pull.Snapshot, q pull.Query) (pull.Selection, error) {
	for _, it := range kept.Items {
		if it.ID == q.Argument {
			return pull.Selection{Items: []what.Item{it}}, nil
		}
	}
	if q.Argument == "hill" {
		var all []what.Term
		for _, town := range []string{"Ely", "York", "Leeds", "Whitby", "Hythe"} {
			all = append(all, what.Term{Value: "hill " + town, Names: []string{"Hill, " + town}})
		}
		return pull.Selection{Choices: all}, nil
	}
	return pull.Selection{Choices: []what.Term{{Value: "3", Names: []string{"Main Street, Springfield"}}, {Value: "4", Names: []string{"Main Street, Shelbyville"}}}}, nil
}

func TestMoreGoesOnBehindTheLastAnswer(t *testing.T) {
	const nothing = "There is nothing more to show. MENU shows what I answer. | [MENU]"
	for name, c := range map[string]conversation{
		"to the end": {
			{"papers", "Paper 0 | Paper 1"}, {"more", "Paper 2 | Paper 3 | [More]"}, {"more", "Paper 4"}, {"more", nothing},
		},
		"in any language, past whatever is asked of the service": {
			{"papers", "Paper 0 | Paper 1"}, {"menu", ""}, {"mehr", "Paper 2 | Paper 3 | [More]"}, {"encore", "Paper 4"},
		},
		"with its argument":         {{"papers paper", "Paper 0 | Paper 1"}, {"more", "Paper 2 | Paper 3 | [More]"}},
		"behind nothing":            {{"more", nothing}},
		"behind an answer of one":   {{"papers", "Paper 0 | Paper 1"}, {"papers 4", "Paper 4"}, {"more", nothing}},
		"for half an hour":          {{"papers", "Paper 0 | Paper 1"}, {"+29m more", "Paper 2 | Paper 3 | [More]"}},
		"no longer":                 {{"papers", "Paper 0 | Paper 1"}, {"+31m more", nothing}},
		"a stop ends it":            {{"papers", "Paper 0 | Paper 1"}, {"stop", ""}, {"start", ""}, {"more", nothing}},
		"which of several is asked": {{"street main", "Several entries fit “main”. Which one do you mean? | [street Main Street, Springfield] | [street Main Street, Shelbyville]"}, {"2", "Paper 4"}},
		"more than an offer lists": {
			{"street hill", "5 entries fit “hill”. Is it one of these? One more word narrows it down. | [street Hill, Ely] | [street Hill, York] | [street Hill, Leeds] | [More]"},
			{"more", "5 entries fit “hill”. Is it one of these? One more word narrows it down. | [street Hill, Whitby] | [street Hill, Hythe]"},
			{"more", nothing},
		},
		"a name answers that":        {{"street main", "Several entries fit “main”. Which one do you mean? | [street Main Street, Springfield] | [street Main Street, Shelbyville]"}, {"springfield", "Paper 3"}},
		"nothing follows a question": {{"street main", "Several entries fit “main”. Which one do you mean? | [street Main Street, Springfield] | [street Main Street, Shelbyville]"}, {"more", nothing}},
	} {
		t.Run(name, func(t *testing.T) {
			k := listed(t)
			for _, turn := range c {
				if turn[1] == "" {
					k.say(turn[0])
					continue
				}
				conversation{turn}.hold(t, k)
			}
		})
	}
}

func TestMoreIsOfferedByAButtonThatSaysAllItself(t *testing.T) {
	k := listed(t)
	k.say("papers")
	if got := k.say("more"); !strings.Contains(got, "[More=c:more]") {
		t.Fatalf("got %q", got)
	}
	if got := labels(k.say("c:more")); got != "Paper 4" {
		t.Errorf("the button gets %q", got)
	}
}

func TestMoreGoesOnInTheLanguageInWhichItBegan(t *testing.T) {
	k := listed(t)
	k.reader.Language = "de"
	k.say("papers")
	k.say("more")
	if got := k.last.Trace.Who.Language; got != "en" {
		t.Errorf("the list began in English and goes on in %q", got)
	}
}

// cutAfter is what a channel cuts off that takes so many blocks.
func cutAfter(blocks int) func(pull.Reply) (pull.Reply, bool) {
	return func(r pull.Reply) (pull.Reply, bool) {
		if len(r.Blocks) <= blocks {
			return pull.Reply{}, false
		}
		return pull.Reply{Language: r.Language, Blocks: r.Blocks[blocks:], Told: r.Told, Tells: r.Tells}, true
	}
}

func TestMoreTellsWhatTheChannelCutBeforeTheListGoesOn(t *testing.T) {
	const nothing = "There is nothing more to show. MENU shows what I answer. | [MENU]"
	for name, c := range map[string]struct {
		blocks int
		said   conversation
		forget bool
	}{
		"what was told whole": {9, conversation{{"papers", "Paper 0 | Paper 1"}, {"more", "Paper 2 | Paper 3 | [More]"}}, false},
		"what was cut, and then the list": {1, conversation{
			{"papers", "Paper 0 | Paper 1 | [More]"}, {"more", "Paper 1 | [More]"}, {"more", "Paper 2 | Paper 3 | [More]"}, {"more", "Paper 3 | [More]"}, {"more", "Paper 4"}, {"more", nothing},
		}, false},
		"behind thanks":                        {1, conversation{{"papers", "Paper 0 | Paper 1 | [More]"}, {"thanks", ""}, {"more", "Paper 1 | [More]"}}, false},
		"by the label that stands below it":    {1, conversation{{"papiere", "Paper 0 | Paper 1 | [Weitere]"}, {"Weitere", "Paper 1 | [Weitere]"}}, false},
		"no menu that was opened since":        {1, conversation{{"papers 4", "Paper 4"}, {"papers", "Paper 0 | Paper 1 | [More]"}, {"weather", "Rain"}, {"more", nothing}}, false},
		"for half an hour":                     {1, conversation{{"papers", "Paper 0 | Paper 1 | [More]"}, {"+31m more", nothing}}, false},
		"the list where nothing of it is kept": {1, conversation{{"papers", "Paper 0 | Paper 1 | [More]"}, {"more", "Paper 2 | Paper 3 | [More]"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, _, _ := newSavingTalk(t)
			k.edition.Channels["web"] = pull.Channel{Cut: cutAfter(c.blocks)}
			past := remembered{}
			k.resolver.Past = past
			for _, turn := range c.said {
				if turn[1] == "" {
					k.sayAndKeep(past, turn[0])
				} else {
					conversation{turn}.hold(t, k)
				}
				if past[k.asked] = k.last; c.forget {
					clear(past)
				}
				k.reader = k.reader.Settle(k.asked, false)
			}
		})
	}
}
