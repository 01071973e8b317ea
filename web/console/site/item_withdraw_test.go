package site_test

import (
	"net/http"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/withdrawal"
)

func TestAnItemThatIsShownIsTakenBackByAButtonThatSaysFirstWhatItHits(t *testing.T) {
	r, ann, _ := atWork(t)
	hits := []string{"This would hit 1 item", "A wolf in the village", "Told by the keywords", `href="/console/p/lecker/keywords/news"`, "Nothing is done yet"}
	ann.get(room+"sources/withdrawn?source=news&item=wolf").wants(t, 200, append(hits, `name="item" value="wolf"`, `name="source" value="news"`)...)
	ann.get(room+"sources/withdrawn?link=https://www.example.org/wolf/").wants(t, 200, hits...)
	ann.get(room+"sources/withdrawn?text=nothing+of+ours").wants(t, 200, "This would hit 0 items")
	ann.get(room+"sources/withdrawn?source=none&item=1").wants(t, http.StatusNotFound)
	if len(r.health.rules) > 0 {
		t.Fatalf("a look has changed something: %+v", r.health.rules)
	}
	named := []string{"item", "wolf", "source", "news", "do"}
	ann.post(room+"sources/withdrawn", append(named, "look")...).wants(t, 200, hits...)
	ann.post(room+"sources/withdrawn", append(named, "withdraw")...).leads(t, room+"sources/withdrawn?done=item_withdrawn")
	if got := r.health.rules; len(got) != 1 || got[0].Item != "wolf" || got[0].Source != "news" || got[0].Link != "" {
		t.Errorf("%+v", got)
	}
	// What is named by a link on the page that an item led to holds for every source.
	ann.post(room+"sources/withdrawn", "link", "https://example.org/wolf", "item", "", "source", "prices", "do", "look").wants(t, 200, hits...).lacks(t, "The id is one of")
	ann.post(room+"sources/withdrawn", "link", "https://example.org/wolf", "item", "", "source", "prices", "do", "withdraw").leads(t, room+"sources/withdrawn?done=item_withdrawn")
	if got := r.health.rules; len(got) != 2 || got[1].Link == "" || got[1].Source != "" {
		t.Errorf("%+v", got)
	}
}

func TestAnItemIsCalledByItsTitleWhereNothingButItsIDNamesIt(t *testing.T) {
	r, ann, _ := atWork(t)
	r.trials.keyword = func(catalogue.Keyword, pull.Ask) (pull.Resolved, error) {
		return pull.Resolved{Reply: &pull.Reply{Tells: []withdrawal.Told{{Source: "news", ID: "wolf"}, {Source: "news", ID: "0@gone"}}}}, nil
	}
	ann.submit(room+"keywords/preview", ann.changed(room+"keywords/news")).wants(t, 200, "<bdi>A wolf in the village</bdi>", ": A wolf in the village<", "<bdi>0@gone</bdi>")
}

// What is held no more is called as the answer called it.
func TestAnItemIsCalledAsTheAnswerCallsIt(t *testing.T) {
	r, ann, _ := atWork(t)
	title := func(text string) pull.Block { return pull.Block{Kind: pull.Title, Text: text} }
	told := []withdrawal.Told{{Source: "news", ID: "0@gone"}, {Source: "news", ID: "1@gone", Link: "https://oven.example/bread"}}
	for name, reply := range map[string]pull.Reply{
		"alone":  {Blocks: []pull.Block{title("Market on the quay"), {Kind: pull.Paragraph, Text: "today"}, title("Bread for all")}, Tells: told},
		"joined": {Blocks: []pull.Block{title("Market on the quay"), title("Bread for all"), {Kind: pull.Note, Text: "below"}}, Answers: []pull.Answer{{Blocks: 2, Tells: told}}},
	} {
		t.Run(name, func(t *testing.T) {
			r.trials.keyword = func(catalogue.Keyword, pull.Ask) (pull.Resolved, error) { return pull.Resolved{Reply: &reply}, nil }
			ann.submit(room+"keywords/preview", ann.changed(room+"keywords/news")).wants(t, 200, ": Market on the quay<", ": Bread for all<").lacks(t, ": 0@gone<")
		})
	}
}

func TestEveryTrialHasAButtonThatTakesItsItemsBack(t *testing.T) {
	r, ann, world := atWork(t)
	page := ann.changed(room + "sources/new?kind=feed")
	page.Set("settings.url", world+"/feed.xml")
	ann.submit(room+"sources/try", page).wants(t, 200, `/sources/withdrawn?link=`, "Withdraw…")
	saved := ann.changed(room + "sources/news")
	saved.Set("settings.url", world+"/feed.xml")
	ann.submit(room+"sources/try", saved).wants(t, 200, `/sources/withdrawn?item=`, `source=news`)
	reader := r.as("lecker viewer")
	reader.get(room+"sources/withdrawn?source=news&item=wolf").wants(t, 200, "This would hit 1 item").lacks(t, `name="do"`)
}
