package pull_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/sources/sourcetest"
)

// newSavingTalk returns a talk with a paper that has news, weather, quotes by their symbols,
// and a page whose source is dead.
func newSavingTalk(t *testing.T) (k *talk, news, weather *sourcetest.Fixed) {
	t.Helper()
	k = newTalk(t)
	clock := func() time.Time { return k.at }
	news = &sourcetest.Fixed{Clock: clock, Items: []what.Item{{ID: "n1", Title: "First headline"}, {ID: "n2", Title: "Second headline"}}}
	weather = &sourcetest.Fixed{Clock: clock, Items: []what.Item{{ID: "w", Title: "Rain"}}}
	said := func(en, de, fr string) map[string][]string {
		return map[string][]string{"en": {en}, "de": {de}, "fr": {fr}}
	}
	minute := time.Minute
	p := publisher()
	p.Keywords = append(p.Keywords[:1:1],
		catalogue.Keyword{ID: "news", Source: "news", Phrases: said("news", "nachrichten", "actualités"), Argument: "none", Count: 2, Since: true},
		catalogue.Keyword{ID: "weather", Source: "weather", Phrases: said("weather", "wetter", "météo"), Argument: "none"},
		catalogue.Keyword{ID: "papers", Source: "papers", Phrases: said("papers", "papiere", "papiers"), Argument: "optional", Count: 2},
		catalogue.Keyword{ID: "dead", Source: "dead", Phrases: said("dead", "tot", "mort"), Argument: "none"},
	)
	for i := range p.Keywords {
		p.Keywords[i].Freshness = catalogue.Freshness{MaxAge: &minute}
	}
	shelf := &sourcetest.Fixed{Clock: clock}
	for i := range 5 {
		shelf.Items = append(shelf.Items, what.Item{ID: fmt.Sprint(i), Title: fmt.Sprintf("Paper %d", i)})
	}
	gone := &sourcetest.Fixed{Clock: clock}
	var err error
	k.edition, err = pull.NewEdition(p, map[string]pull.Opened{
		"exchange": {Source: k.source}, "news": {Source: news}, "weather": {Source: weather}, "papers": {Source: shelf}, "dead": {Source: deadSource{gone}},
	}, map[string]pull.Channel{"web": {}, "sms": {SMS: true, Room: 300}, "asking": {Consent: "May we remember?"}, "assistant": {Proxy: true, Data: true, Guests: true}},
		map[string]*what.Vocabulary{"exchange": what.NewVocabulary(k.source.Terms(nil))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k, news, weather
}

// TestAKeywordOfTheWordsOfAWishIsSaved has a paper call a keyword as wishes about saved words are
// worded.
func TestAKeywordOfTheWordsOfAWishIsSaved(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"about", "words", "for later", "keep", "last", "the second", "not that", "wrong", "on"} {
		k, _, _ := newSavingTalk(t)
		p := publisher()
		p.Keywords = append(p.Keywords[:1:1], catalogue.Keyword{ID: "own", Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {word}}})
		var err error
		if k.edition, err = k.edit(p); err != nil {
			t.Fatal(err)
		}
		k.say("save " + word)
		if len(k.reader.Saved) != 1 || k.reader.Saved[0].Keyword != "own" {
			t.Errorf("save %s: %+v", word, k.last.Trace.What)
		}
		if k.say("unsave " + word); len(k.reader.Saved) > 0 {
			t.Errorf("unsave %s: %+v", word, k.last.Trace.What)
		}
	}
}

// TestWhatMayBeAnInstructionIsOfferedAndDoneOnYes has readers word what no wording fits.
func TestWhatMayBeAnInstructionIsOfferedAndDoneOnYes(t *testing.T) {
	t.Parallel()
	const (
		made     = "make a list called tech: news and weather"
		madeList = "“tech”: news and weather. | [MY tech]"
		wanted   = "i'd love that news among my favourites from today"
		offered  = "I don't know “news among my favourites”. Do you mean “save news”? | [save news] | [news] | [MENU]"
	)
	for name, c := range map[string]conversation{
		"yes":                   {{wanted, offered}, {"yes", savedNews}},
		"the keyword after all": {{wanted, offered}, {"2", headlines}},
		"no":                    {{wanted, offered}, {"no", "All right. MENU shows what else I answer. | [MENU]"}, {"my list", "Nothing is saved yet. Send a word, then SAVE; MY brings all that is saved. | [MENU]"}},
		"as it is written there": {
			{"honestly all your answers are way too long for my taste, shorter", "I don't know “honestly all your answers are way too lo…”. Do you mean “short”? | [short] | [MENU]"},
			{"short", "Short answers from now on."},
		},
		"short by yes":           {{"honestly all your answers are way too long for my taste, shorter", "I don't know “honestly all your answers are way too lo…”. Do you mean “short”? | [short] | [MENU]"}, {"yes", "Short answers from now on."}},
		"city by yes":            {{"these days my actual home town would be Leeds", "I don't know “actual home town would be Leeds”. Do you mean “my city is Leeds”? | [my city is Leeds] | [MENU]"}, {"yes", "Remembered: your city: Leeds."}},
		"saved by yes":           {{"save news", savedNews}, {"which of the words are the ones that i saved the other week", "I don't know “words are the ones that i saved the othe…”. Do you mean “my list”? | [my list] | [MENU]"}, {"yes", "Saved, and brought by MY: |  | [MY] | [Remove news]"}},
		"list by yes":            {{"news and weather ought to sit together on one list, call it mornings", "I don't know “news and weather ought to sit together o…”. Do you mean “make a list mornings with news, weather”? | [make a list mornings with news, weather] | [news] | [weather] | [MENU]"}, {"yes", "“mornings”: news and weather. | [MY mornings]"}},
		"of what the reader has": {{"save news", savedNews}, {"the news has no business on my list, off with it", "I don't know “news has no business on my list”. Do you mean “unsubscribe news”? | [unsubscribe news] | [news] | [MENU]"}, {"yes", "Removed: news."}},
		"on one's list":          {{made, madeList}, {"add WIPRO to tech", "I don't know “add WIPRO to tech”. Do you mean “add WIPRO to my tech list”? | [add WIPRO to my tech list] | [Wipro Limited] | [MENU]"}, {"yes", "“tech”: news, weather and Wipro Limited. | [MY tech]"}},
		"off one's list":         {{made, madeList}, {"remove weather from tech", "I don't know “remove weather from tech”. Do you mean “remove weather from my tech list”? | [remove weather from my tech list] | [weather] | [MENU]"}, {"yes", "Removed: weather."}},
		"one's list":             {{made, madeList}, {"show me tech again", "I don't know “tech”. Do you mean “my tech”? | [my tech] | [MENU]"}, {"yes", "First headline | Second headline | as of 11:00, 0 s ago | Rain | as of 11:00, 0 s ago"}},
		"one's list deleted":     {{made, madeList}, {"chuck the tech list away", "I don't know “chuck the tech list away”. Do you mean “delete my tech list”? | [delete my tech list] | [MENU]"}, {"yes", "The list “tech” is deleted."}},
		"STOP":                   {{"das wird mir hier alles zu viel mit euch", "„wird mir hier alles zu viel“ kenne ich nicht. Ist „stop“ gemeint? | [stop] | [MENU]"}, {"ja", "Erledigt: Paper sendet nichts mehr. START bringt es zurück. | [START]"}},
		"its name is no yes":     {{made, madeList}, {"chuck the tech list away", "I don't know “chuck the tech list away”. Do you mean “delete my tech list”? | [delete my tech list] | [MENU]"}, {"my tech list", "First headline | Second headline | as of 11:00, 0 s ago | Rain | as of 11:00, 0 s ago"}},
		"what is no instruction": {{"they may have news of the bridge at the station", "I don't know “have news of the bridge at the station”. Do you mean “news”? | [news] | [MENU]"}},
	} {
		t.Run(name, func(t *testing.T) {
			k, _, _ := newSavingTalk(t)
			c.hold(t, k)
		})
	}
	k, _, _ := newSavingTalk(t)
	if got := k.among(pull.Ask{Incoming: pull.Incoming{Text: wanted}}); strings.Contains(got, "save news") {
		t.Errorf("a group is offered %q", got)
	}
}

// deadSource is one that never answers.
type deadSource struct{ pull.Source }

func (deadSource) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("down")}
}

const (
	savedNews = "Saved: news. I never write first; send MY for the latest. | [MY]"
	tickStamp = " | as of 10:59, 12 s ago"
	headlines = "First headline | Second headline"
)

func TestWordsAreSavedAndPulledTogether(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]conversation{
		"the last answer":               {{"news", headlines}, {"save", savedNews}},
		"with what it was asked for":    {{"quote WIPRO", quoted}, {"save", "Saved: Wipro Limited. I never write first; send MY for the latest. | [MY]"}},
		"a word":                        {{"save news", savedNews}},
		"by another verb":               {{"subscribe to the news", savedNews}, {"save weather", "Saved: weather. | [MY]"}},
		"twice":                         {{"save news", savedNews}, {"save news", "“news” is saved already; MY brings it."}},
		"two at once":                   {{"save news and weather", "Saved: news and weather. I never write first; send MY for the latest. | [MY]"}},
		"nothing":                       {{"save", "Please send a word first; SAVE then keeps it."}, {"my", "Nothing is saved yet. Send a word, then SAVE; MY brings all that is saved. | [MENU]"}},
		"removed":                       {{"save news", savedNews}, {"unsubscribe news", "Removed: news."}, {"my list", "Nothing is saved yet. Send a word, then SAVE; MY brings all that is saved. | [MENU]"}},
		"what is not saved has no end":  {{"unsubscribe news", "“news” never comes unasked, so there is nothing to end. STOP ends everything."}},
		"a bare unsubscribe stops":      {{"save news", savedNews}, {"unsubscribe", "Done: Paper sends you nothing more. START brings it back. | [START]"}},
		"all but one":                   {{"save news and weather", "Saved: news and weather. I never write first; send MY for the latest. | [MY]"}, {"remove everything but news", "Removed: weather."}, {"my list", "Saved, and brought by MY: |  | [MY] | [Remove news]"}},
		"all but one, in German":        {{"save news and weather", "Saved: news and weather. I never write first; send MY for the latest. | [MY]"}, {"lösche alles außer nachrichten", "Entfernt: wetter."}},
		"all but what is not saved":     {{"save news", savedNews}, {"keep only weather", "Saved, and brought by MY: |  | [MY] | [Remove news]"}},
		"their names":                   {{"save news", savedNews}, {"my list", "Saved, and brought by MY: |  | [MY] | [Remove news]"}},
		"one of two by its name":        {{"save news and weather", "Saved: news and weather. I never write first; send MY for the latest. | [MY]"}, {"unsubscribe news", "Removed: news."}},
		"what was kept last":            {{"save news", savedNews}, {"remove it", "Removed: news."}},
		"what was answered last":        {{"save news", savedNews}, {"save weather", "Saved: weather. | [MY]"}, {"+1m news", headlines}, {"take it off", "Removed: news."}},
		"that, in Spanish":              {{"save news", savedNews}, {"quítalo", "Removed: news."}},
		"one of two":                    {{"save news and weather", "Saved: news and weather. I never write first; send MY for the latest. | [MY]"}, {"remove it", "Saved, and brought by MY: |  | [MY] | [Remove news] | [Remove weather]"}},
		"one that isn't kept":           {{"save news", savedNews}, {"+1m weather", "Rain"}, {"remove it", "Saved, and brought by MY: |  | [MY] | [Remove news]"}},
		"new first, the others a line":  {{"save news", savedNews}, {"save weather", "Saved: weather. | [MY]"}, {"weather", "Rain"}, {"+5m my", headlines + " | as of 11:05, 0 s ago | Unchanged: weather (since 11:00)"}},
		"in German":                     {{"nachrichten", headlines}, {"merken", "Gemerkt: nachrichten. Ich schreibe nie zuerst; MEINE holt den neuesten Stand. | [MEINE]"}, {"meine", "Unverändert: nachrichten (seit 11:00 Uhr)"}},
		"in French":                     {{"abonne-moi aux actualités", "Enregistré : actualités. Je n'écris jamais en premier ; MES MOTS donne les dernières nouvelles. | [MES MOTS]"}, {"mon journal", headlines + " | état à 11:00, il y a 0 s"}},
		"all removed":                   {{"save news", savedNews}, {"my stocks: wipro, sap", "“stocks”: Wipro Limited and SAP. | [MY stocks]"}, {"clear my list", "Removed: news and stocks."}, {"clear my list", "Nothing is saved yet. Send a word, then SAVE; MY brings all that is saved. | [MENU]"}},
		"from what is no list":          {{"save news", savedNews}, {"remove news from my saved", "Removed: news."}},
		"a list":                        {{"my stocks = wipro, sap", "“stocks”: Wipro Limited and SAP. | [MY stocks]"}, {"my stocks", quoted + tickStamp + " | " + sap + tickStamp}},
		"added to":                      {{"my stocks: wipro, sap", "“stocks”: Wipro Limited and SAP. | [MY stocks]"}, {"remove sap from my stocks", "Removed: SAP."}, {"add SAP to my stocks", "“stocks”: Wipro Limited and SAP. | [MY stocks]"}},
		"with what nobody knows":        {{"my stocks = wipro, qwxz", "“stocks”: Wipro Limited. I don't know “qwxz”. Send MENU to see what I answer. | [MY stocks]"}},
		"deleted":                       {{"my stocks = wipro, sap", "“stocks”: Wipro Limited and SAP. | [MY stocks]"}, {"delete my stocks", "The list “stocks” is deleted."}, {"my stocks", "I don't know “stocks”. Send MENU to see what I answer. | [MENU]"}},
		"deleted by its name":           {{"my stocks = wipro, sap", "“stocks”: Wipro Limited and SAP. | [MY stocks]"}, {"delete the stocks list", "The list “stocks” is deleted."}, {"delete the stocks list", "Nothing is on a list “stocks”. For example: make a list stocks with Wipro Limited"}},
		"made of nothing":               {{"create a new list: stocks", "Nothing is on a list “stocks”. For example: make a list stocks with Wipro Limited"}, {"my list", "Nothing is saved yet. Send a word, then SAVE; MY brings all that is saved. | [MENU]"}},
		"a fourth list is refused":      {{"my a = wipro, sap", "“a”: Wipro Limited and SAP. | [MY a]"}, {"my b = wipro, sap", "“b”: Wipro Limited and SAP. | [MY b]"}, {"my c = wipro, sap", "“c”: Wipro Limited and SAP. | [MY c]"}, {"my d = sap", "“SAP” is not saved: 3 lists are the most. Please delete one first."}},
		"a dead source is one line":     {{"save dead", "Saved: dead. I never write first; send MY for the latest. | [MY]"}, {"save weather", "Saved: weather. | [MY]"}, {"my", "Rain | as of 11:00, 0 s ago | There is no answer for “dead” right now: its source does not respond. Please ask again in a moment."}},
		"nothing is saved before a yes": {{"@asking", ""}, {"save news", "For that I have to keep it. May we remember? Is that all right? YES or NO | [YES] | [NO]"}, {"no", "First headline | Second headline"}, {"my", "Nothing is saved yet. Send a word, then SAVE; MY brings all that is saved. | [MENU]"}},
		"and with a yes it is":          {{"@asking", ""}, {"save news", "For that I have to keep it. May we remember? Is that all right? YES or NO | [YES] | [NO]"}, {"yes", savedNews}},
		"an assistant saves nothing":    {{"@assistant", ""}, {"save news", "Not here: an assistant asks in your place, and Paper keeps nothing of you. MENU shows what can be asked."}, {"my stocks", "I don't know “stocks”. Send MENU to see what I answer. | [MENU]"}},
	} {
		t.Run(name, func(t *testing.T) {
			k, _, _ := newSavingTalk(t)
			for _, turn := range c {
				if channel, ok := strings.CutPrefix(turn[0], "@"); ok {
					k.channel, k.reader = channel, who.Reader{Greeted: true}
					continue
				}
				conversation{turn}.hold(t, k)
			}
		})
	}
}

func TestWhatHasNotChangedIsNamedInOneLine(t *testing.T) {
	t.Parallel()
	k, news, _ := newSavingTalk(t)
	for _, said := range []string{"save news", "save weather", "my"} {
		k.say(said)
	}
	conversation{
		{"+30m my", "Unchanged: news, weather (since 11:00)"},
	}.hold(t, k)
	news.Items = append([]what.Item{{ID: "n3", Title: "Third headline"}}, news.Items...)
	conversation{
		{"+30m my", "Third headline | First headline | New since 11:30: 1 | as of 12:00, 0 s ago | Unchanged: weather (since 11:30)"},
	}.hold(t, k)
}

func TestSavedWordsThatDoNotFitWaitForMore(t *testing.T) {
	t.Parallel()
	k, news, weather := newSavingTalk(t)
	k.channel = "sms"
	news.Items[0].Title, weather.Items[0].Title = strings.Repeat("n", 300), "Rain"
	for _, said := range []string{"save news", "save weather"} {
		k.say(said)
	}
	if got := labels(k.say("my")); !strings.HasPrefix(got, "nnn") || !strings.HasSuffix(got, "[More]") {
		t.Errorf("first got %s", got)
	}
	conversation{{"more", "Rain | as of 11:00, 0 s ago"}, {"more", "There is nothing more to show. MENU shows what I answer."}}.hold(t, k)
}

func TestSavingIsOfferedOnceAfterTheThirdPull(t *testing.T) {
	t.Parallel()
	k, _, _ := newSavingTalk(t)
	conversation{
		{"weather", "Rain"}, {"weather", "Rain"},
		{"weather", "Rain | SAVE keeps this word; MY then brings all saved words in one reply. | [SAVE]"},
		{"weather", "Rain"}, {"c:save:weather", "Saved: weather. I never write first; send MY for the latest. | [MY]"},
		{"c:unsave:weather", "Removed: weather."},
	}.hold(t, k)
}

// A slow source holds up the others no longer than its own deadline.
func TestSavedWordsAreBroughtBesideEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 20
		p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC"}
		opened, deadline := map[string]pull.Opened{}, 2*time.Second
		r := who.Reader{First: time.Now()}
		for i := range n {
			id := fmt.Sprintf("s%d", i)
			opened[id] = pull.Opened{Source: slowSource{&sourcetest.Fixed{Clock: time.Now, Items: []what.Item{{ID: id, Title: id}}}, time.Duration(i+1) * time.Second / 2}}
			p.Keywords = append(p.Keywords, catalogue.Keyword{ID: id, Source: id, Phrases: map[string][]string{"en": {id}}, Count: 1, Freshness: catalogue.Freshness{Deadline: &deadline}})
			r, _ = r.Keep(who.Saved{Keyword: id, At: time.Now()})
		}
		e, err := pull.NewEdition(p, opened, map[string]pull.Channel{"web": {}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		cache := pull.NewCache(nil, time.Now)
		defer cache.Close()
		resolver := &pull.Resolver{Cache: cache, Clock: time.Now}
		began := time.Now()
		o := resolver.Resolve(t.Context(), pull.Request{Edition: e, Reader: r, Ask: pull.Ask{ID: 1, Publisher: "p", Channel: "web", At: began, Incoming: pull.Incoming{Text: "my"}}})
		if took := time.Since(began); took > deadline+time.Second/2 {
			t.Errorf("it took %s", took)
		}
		if told, lines := len(o.Reply.Answers), len(o.Reply.Blocks); told < 3 || lines != 2*told+1 {
			t.Errorf("%d are told, in %d lines", told, lines)
		}
	})
}

// TestWhatIsBroughtOnceStaysBrought: two keywords of one snapshot, whose fetch ends before the
// second of them is looked at.
func TestWhatIsBroughtOnceStaysBrought(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &idleKeys{Source: &sourcetest.Fixed{Clock: time.Now, Items: []what.Item{{ID: "1", Title: "First headline"}}}}
		p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC"}
		r := who.Reader{First: time.Now()}
		for _, id := range []string{"news", "headlines"} {
			p.Keywords = append(p.Keywords, catalogue.Keyword{ID: id, Source: "s", Phrases: map[string][]string{"en": {id}}, Count: 1})
			r, _ = r.Keep(who.Saved{Keyword: id, At: time.Now()})
		}
		e, err := pull.NewEdition(p, map[string]pull.Opened{"s": {Source: source}}, map[string]pull.Channel{"web": {}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		cache := pull.NewCache(nil, time.Now)
		defer cache.Close()
		resolver := &pull.Resolver{Cache: cache, Clock: time.Now}
		source.idle = synctest.Wait
		o := resolver.Resolve(t.Context(), pull.Request{Edition: e, Reader: r, Ask: pull.Ask{ID: 1, Publisher: "p", Channel: "web", At: time.Now(), Incoming: pull.Incoming{Text: "my"}}})
		if o.Failed != nil || len(o.Reply.Answers) != 2 {
			t.Errorf("%v, %+v", o.Failed, o.Reply.Blocks)
		}
	})
}

// idleKeys waits before it says a key until nothing else runs.
type idleKeys struct {
	pull.Source
	idle func()
}

func (s *idleKeys) Key(q pull.Query) (string, error) {
	if s.idle != nil {
		s.idle()
	}
	return s.Source.Key(q) //nolint:wrapcheck // the source's own
}

// slowSource takes its time.
type slowSource struct {
	pull.Source
	takes time.Duration
}

func (s slowSource) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
	}
	return s.Source.Fetch(ctx, key, last)
}
