package pull_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/words"
)

// almanac tells of what it is asked for, and of everything where that is nothing. It
// knows what it lists, or anything where it lists nothing.
type almanac struct {
	name  string
	known []string
}

func (a *almanac) Key(q pull.Query) (string, error) {
	if len(a.known) > 0 && q.Argument != "" && !strings.Contains(" "+strings.Join(a.known, " ")+" ", " "+q.Argument+" ") {
		return "", &pull.Error{Kind: pull.Unknown, Field: "argument", Hint: words.Verbatim("not listed")}
	}
	return q.Argument, nil
}

func (a *almanac) Fetch(_ context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: monday, Requests: 1, Items: []what.Item{{ID: key, Title: strings.TrimSpace(a.name + " " + key)}}}, nil
}

func (*almanac) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// Refine takes how many are wanted for more of what was asked: "for 4".
func (*almanac) Refine(argument, said string) (string, bool) {
	what, _, _ := strings.Cut(argument, " for ")
	if strings.HasPrefix(said, "in ") {
		return strings.TrimSpace(argument + " " + said), true
	}
	number, ok := strings.CutPrefix(said, "for ")
	return what + " for " + number, ok
}

func (a *almanac) Terms(*pull.Snapshot) (terms []what.Term) {
	for _, name := range a.known {
		terms = append(terms, what.Term{Value: name, Names: []string{strings.ToUpper(name[:1]) + name[1:]}})
	}
	return terms
}

// fair is asked by a day alone.
type fair struct{ almanac }

func (*fair) IsMeant(text string, _ time.Time, _ ...string) bool {
	return strings.HasPrefix(text, "tomorrow")
}

// newFollowTalk returns a talk with a paper that tells tides of ports, forecasts of any
// place, menus of days, trains to towns that are keywords, and a bulletin.
func newFollowTalk(t *testing.T) *talk {
	t.Helper()
	k := newTalk(t)
	all := map[string]*almanac{
		"ports": {name: "Tides", known: []string{"leeds", "whitby", "hythe", "saltburn"}}, "places": {name: "Forecast"}, "days": {name: "Canteen"},
		"trains": {name: "Trains", known: []string{"york", "ely"}}, "rest": {name: "Bulletin"},
	}
	opened, known := map[string]pull.Opened{}, map[string]*what.Vocabulary{}
	for id, a := range all {
		opened[id] = pull.Opened{Source: a}
		known[id] = what.NewVocabulary(a.Terms(nil))
	}
	opened["fair"] = pull.Opened{Source: &fair{almanac{name: "Fair"}}}
	said := func(en, de string) map[string][]string { return map[string][]string{"en": {en}, "de": {de}} }
	var err error
	k.edition, err = pull.NewEdition(catalogue.Publisher{
		ID: "p", Name: "Paper", Languages: []string{"en", "de"}, TimeZone: "Europe/Paris",
		Keywords: []catalogue.Keyword{
			{ID: "tides", Source: "ports", Phrases: said("tides", "Gezeiten"), Argument: "optional"},
			{ID: "forecast", Source: "places", Phrases: said("forecast", "Vorhersage"), Argument: "optional", Slot: "place"},
			{ID: "weather", Source: "places", Phrases: said("weather", "Wetter"), Argument: "required", Slot: "place"},
			{ID: "canteen", Source: "days", Phrases: said("canteen", "Kantine"), Argument: "optional", Slot: "date"},
			{ID: "trains", Source: "trains", Phrases: said("trains", "Züge"), Argument: "optional", Bare: true},
			{ID: "platform", Source: "ports", Phrases: said("platform", "Bahnsteig"), Argument: "required"},
			{ID: "fair", Source: "fair", Phrases: said("fair", "Messe"), Argument: "optional"},
			{ID: "bulletin", Source: "rest", Phrases: said("bulletin", "Meldung")},
		},
	}, opened, map[string]pull.Channel{"web": {}, "assistant": {Proxy: true, Data: true, Guests: true}}, known, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// What the conversations below get where nothing is understood.
const (
	unknownTown   = "I don't know “%”. Send MENU to see what I answer. | [MENU]"
	whichTown     = "For that I need to know: your city? | [MENU]"
	whichPlatform = "Which one? For example: Leeds, Whitby and Hythe | [platform Leeds] | [platform Whitby] | [platform Hythe] | [MENU]"
)

// inDanger is what is said where somebody may die.
const inDanger = "I am only an automatic service and can't help with this. If somebody is in danger, call the emergency number now (112, or your country's), or talk to somebody you trust."

func TestWhatFollowsAnAnswerIsReadWithIt(t *testing.T) {
	t.Parallel()
	unknown := func(word string) string { return strings.ReplaceAll(unknownTown, "%", word) }
	for name, c := range map[string]conversation{
		"an entry of what the source lists":    {{"tides", "Tides"}, {"Whitby", "Tides whitby"}},
		"with words that only ask":             {{"tides", "Tides"}, {"and in Whitby, please?", "Tides whitby"}},
		"as it is now":                         {{"tides right now please", "Tides"}, {"tides today", "Tides"}},
		"and another":                          {{"tides whitby", "Tides whitby"}, {"no, I mean Leeds", "Tides leeds"}, {"sorry, Whitby", "Tides whitby"}},
		"more of what it is":                   {{"forecast Leeds", "Forecast Leeds"}, {"for 4", "Forecast Leeds for 4"}, {"and for 6", "Forecast Leeds for 6"}},
		"how long it may take":                 {{"forecast Leeds in 20 minutes", "Forecast Leeds in 20 minutes"}},
		"and when it is to come":               {{"remind me of forecast Leeds in 20 minutes", "Noted: “forecast Leeds” comes once, on 2 Mar, 11:20 (Europe/Paris). | [Cancel reminder]"}},
		"the same once more":                   {{"forecast Leeds", "Forecast Leeds"}, {"again please", "Forecast Leeds"}, {"tides", "Tides"}, {"once more", "Tides"}},
		"once more, of nothing":                {{"again", unknown("again")}},
		"when it is to come again":             {{"forecast Leeds", "Forecast Leeds"}, {"remind me of that at 3pm", "Noted: “forecast Leeds” comes once, on 2 Mar, 15:00 (Europe/Paris). | [Cancel reminder]"}},
		"more, of nothing named":               {{"tides", "Tides"}, {"for 4", unknown("4")}},
		"a date":                               {{"canteen", "Canteen"}, {"tomorrow", "Canteen 2026-03-03"}, {"on friday?", "Canteen 2026-03-06"}},
		"a place that nobody lists":            {{"forecast", "Forecast"}, {"Leeds", "Forecast Leeds"}},
		"a day that something else is told of": {{"bulletin", "Bulletin"}, {"tomorrow?", "Would you like “fair tomorrow?”? | [fair tomorrow?] | [MENU]"}, {"1", "Fair tomorrow?"}},
		"another one":                          {{"tides Whitby", "Tides whitby"}, {"another one", "Tides leeds"}, {"was anderes", "Tides hythe"}},
		"and a day, of a place":                {{"forecast Leeds", "Forecast Leeds"}, {"and tomorrow?", "“forecast” has nothing about “tomorrow”. | [MENU]"}},
		"and a day, of something else":         {{"bulletin", "Bulletin"}, {"and tomorrow?", "Would you like “fair tomorrow”? | [fair tomorrow] | [MENU]"}},
		"a day with nothing before":            {{"tomorrow?", "Fair tomorrow?"}},
		"a day among what only asks":           {{"what is there at the fair tomorrow", "Fair tomorrow"}},
		"a day, and what there is":             {{"bulletin", "Bulletin"}, {"tomorrow what's on?", "Fair tomorrow what's on?"}},
		"a word that is no date":               {{"canteen", "Canteen"}, {"zeppelin", unknown("zeppelin")}},
		"a place that is written as a name is": {{"forecast", "Forecast"}, {"and in New Malden?", "Forecast New Malden"}},
		"an interjection is no place":          {{"forecast Leeds", "Forecast Leeds"}, {"brr", unknown("brr")}, {"brrr!", unknown("brrr")}},
		"nor is what follows a word of asking": {{"forecast Leeds", "Forecast Leeds"}, {"hvornår har I åbent?", unknown("åbent")}},
		"nor is what is said no to":            {{"forecast Leeds", "Forecast Leeds"}, {"нет, не запоминай", unknown("не запоминай")}},
		"a topic's particle is no part of one": {{"forecast Leeds", "Forecast Leeds"}, {"대구는요?", "Forecast 대구"}, {"알겠어요", unknown("알겠어요")}},
		"nor is a preposition written to one":  {{"forecast Leeds", "Forecast Leeds"}, {"وفي دبي؟", "Forecast دبي"}, {"اور کراچی کا؟", "Forecast کراچی"}},
		"an ordinary word is no place":         {{"forecast", "Forecast"}, {"lol nice", unknown("nice")}, {"that's wrong", "Thank you. This answer is marked for the editors to check."}},
		"a statement about an entry":           {{"tides", "Tides"}, {"Whitby is boring", unknown("Whitby is boring")}, {"I live in Whitby", "Shall I remember your city: Whitby? | [YES] | [NO]"}},
		"what is not wished for":               {{"tides", "Tides"}, {"not Whitby", unknown("not Whitby")}},
		"what is said in thanks":               {{"tides", "Tides"}, {"thanks", "You are welcome."}, {"no", declined}},
		"a place that was asked for":           {{"weather", whichTown}, {"in Leeds please", "Forecast Leeds | [Remember Leeds]"}},
		"one of ordinary words":                {{"weather", whichTown}, {"New Town", "Forecast New Town | [Remember New Town]"}},
		"one of a single ordinary word":        {{"weather", whichTown}, {"nice", "Forecast nice | [Remember nice]"}},
		"one where the reader tells to be":     {{"weather", whichTown}, {"nein ich bin heute in Erfurt", "Forecast Erfurt | [Remember Erfurt]"}},
		"one in a sentence of any language":    {{"weather", whichTown}, {"нет, я переехал в Омск", "Forecast Омск | [Remember Омск]"}},
		"one behind what is no answer":         {{"weather", whichTown}, {"bilmiyorum", unknown("bilmiyorum")}, {"ouch", unknown("ouch")}, {"Đà Nẵng", "Forecast Đà Nẵng | [Remember Đà Nẵng]"}},
		"a particle is no place":               {{"weather は", whichTown}},
		"a sentence is no place":               {{"weather", whichTown}, {"死にたい", inDanger}, {"meg akarok halni", inDanger}},
		"what is no place":                     {{"weather", whichTown}, {"that's none of my business", unknown("none of my business")}},
		"an instruction is no place":           {{"weather", whichTown}, {"forget my city", "Forgotten: your city."}},
		"nor is a number":                      {{"weather", whichTown}, {"2", unknown("2")}},
		"nor a number after another answer":    {{"weather", whichTown}, {"bulletin", "Bulletin"}, {"2", unknown("2")}},
		"nor an instruction after an answer":   {{"forecast Leeds", "Forecast Leeds"}, {"unsave it", unknown("unsave")}},
		"a keyword goes before":                {{"tides", "Tides"}, {"bulletin", "Bulletin"}, {"Whitby", unknown("Whitby")}},
		"an entry that is a keyword":           {{"tides", "Tides"}, {"york", "Trains york"}},
		"another keyword after a question":     {{"platform", whichPlatform}, {"no, I mean bulletin", "Bulletin"}, {"1", unknown("1")}},
		"the same in another language":         {{"platform", whichPlatform}, {"nein, ich meine Kantine", "Canteen"}},
		"an answer like a command misspelt":    {{"platform", whichPlatform}, {"Leeds", "Tides leeds"}},
		"what was meant of a question":         {{"platform", whichPlatform}, {"no, I mean Whitby", "Tides whitby"}},
		"and is not among its examples":        {{"platform", whichPlatform}, {"sorry, I meant Saltburn", "Tides saltburn"}},
		"in other words":                       {{"platform", whichPlatform}, {"ich meinte Saltburn", "Tides saltburn"}},
		"within ten minutes":                   {{"tides", "Tides"}, {"+10m Whitby", "Tides whitby | not current: as of 11:00, 10 min ago"}},
		"and no later":                         {{"tides", "Tides"}, {"+11m Whitby", unknown("Whitby")}},
		"with nothing before":                  {{"Whitby", unknown("Whitby")}},
		"STOP misspelt stays STOP":             {{"forecast", "Forecast"}, {"unsubscribee", "Done: Paper sends you nothing more. START brings it back. | [START]"}},
	} {
		t.Run(name, func(t *testing.T) { c.hold(t, newFollowTalk(t)) })
	}
}

func TestWhatFollowsIsAnsweredInTheLanguageOfTheAnswer(t *testing.T) {
	t.Parallel()
	k := newFollowTalk(t)
	k.say("Gezeiten")
	if k.say("Whitby"); k.last.Reply.Language != "de" || k.last.Trace.What.Phrase != "Gezeiten" {
		t.Errorf("in %s by %q", k.last.Reply.Language, k.last.Trace.What.Phrase)
	}
}

func TestNothingFollowsWhereNobodyKnowsWhoAsks(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(*talk, string) string{
		"in a group": func(k *talk, text string) string {
			return k.send(pull.Ask{Incoming: pull.Incoming{Text: text, Group: true}})
		},
		"by a program": func(k *talk, text string) string {
			k.channel = "assistant"
			return k.say(text)
		},
		"without consent": func(k *talk, text string) string {
			k.reader = k.reader.Bare()
			k.reader.Greeted = true
			return k.say(text)
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := newFollowTalk(t)
			if got := send(k, "tides"); got != "Tides" {
				t.Fatal(got)
			}
			if got := send(k, "Whitby"); k.last.Trace.Outcome != journal.Missed {
				t.Errorf("got %s", got)
			}
		})
	}
}

// A name is of no language; what is said beside it is of one.
func TestWhatIsSaidBesideANameTellsTheLanguage(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"York": "en by publisher", "wie steht York gerade": "de by message", "York bitte": "de by message", "Züge York": "de by phrase", "York please": "en by message",
	} {
		k := newFollowTalk(t)
		k.say(said)
		if who := k.last.Trace.Who; who.Language+" by "+who.From != want {
			t.Errorf("%q is answered in %s by %s, want %s", said, who.Language, who.From, want)
		}
	}
}
