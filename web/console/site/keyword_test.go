package site_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"keypull/pull/catalogue"
	"keypull/web/messengers"
	"keypull/web/messengers/webchat"
)

func (r *rig) keywordOf(id string) catalogue.Keyword {
	r.t.Helper()
	k, ok := r.Publisher("lecker").Keyword(id)
	if !ok {
		r.t.Fatalf("there is no keyword %s", id)
	}
	return *k
}

func TestAKeywordMayBeForSomeAlone(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.get(room+"keywords/new").wants(t, 200, `name="audience.language"`, `name="audience.code"`, `name="teaser.all"`, `name="unsure"`)
	form := ann.changed(room+"keywords/new?source=news&phrase=club+night", "audience.language", "xx", "audience.channel", "fax")
	ann.submit(room+"keywords", form).wants(t, http.StatusUnprocessableEntity, `href="#f-audience"`, "does not speak “xx”", "There is no channel “fax”")
	form.Set("audience.language", "fr")
	form.Set("audience.channel", "")
	ann.submit(room+"keywords/preview", form).wants(t, 200, "Shown as to those for whom it is: language.", "Night trains to Paris return in December")
	ann.submit(room+"keywords", form).leads(t, room+"keywords/club-night?done=keyword_saved")
	if k := r.keywordOf("club-night"); len(k.Audience) != 1 || k.Audience["language"][0] != "fr" {
		t.Errorf("the audience is %v", k.Audience)
	}
	const unheard = "None of its channels tells a workspace"
	r.Publisher("lecker").Linter.Tell(func(string) bool { return false })
	form = ann.changed(room+"keywords/club-night", "audience.language", "", "audience.workspace", "T1")
	ann.submit(room+"keywords/preview", form).wants(t, 200, unheard)
	ann.submit(room+"keywords/club-night", form).leads(t, room+"keywords/club-night?done=keyword_saved")
	ann.get(room+"keywords/club-night").wants(t, 200, unheard)
	r.Publisher("lecker").Linter.Tell(func(string) bool { return true })
	ann.get(room+"keywords/club-night").lacks(t, unheard)
	form = ann.changed(room+"keywords/club-night", "audience.workspace", "")
	ann.submit(room+"keywords/club-night", form).leads(t, room+"keywords/club-night?done=keyword_saved")
	if k := r.keywordOf("club-night"); len(k.Audience) != 0 {
		t.Errorf("the audience is %v", k.Audience)
	}
}

func TestAKeywordIsWrittenPreviewedAndSaved(t *testing.T) {
	r, ann, world := atWork(t)
	form := ann.changed(room+"keywords/new?source=news&phrase=night+train", "phrases.fr", "train de nuit\ntrains")
	if got := form.Get("phrases.en"); got != "night train" {
		t.Fatalf("the phrase of the address is %q", got)
	}
	shown := ann.submit(room+"keywords/preview", form).wants(t, 200, "Nothing speaks against it.", "Night trains to Paris return in December",
		`data-channel="webchat"`, `data-channel="telegram"`, `data-channel="sms"`, "2 segments", "GSM-7", world+"/picture.svg")
	if got := shown.page(t).form("thing"); got.Get("phrases.fr") != "train de nuit\ntrains" || len(r.Publisher("lecker").Keywords) != 2 {
		t.Errorf("the preview lost or saved something: %v", got)
	}
	ann.submit(room+"keywords", form).leads(t, room+"keywords/night-train?done=keyword_saved")
	ann.get(room+"keywords/night-train?done=keyword_saved").wants(t, 200, "The keyword is saved.", "It is live", "Ask it in the web chat",
		`href="`+r.server.URL+`/chat/lecker/web"`, `target="_blank" rel="noopener"`)
	if got := r.keywordOf("night-train").Phrases; strings.Join(got["en"], "|") != "night train" || strings.Join(got["fr"], "|") != "train de nuit|trains" {
		t.Errorf("the phrases are %v", got)
	}
}

func TestARefusedKeywordComesBackWithEverythingTyped(t *testing.T) {
	r, ann, _ := atWork(t)
	large := strings.Repeat("x", 1<<20)
	for _, tt := range []struct {
		name   string
		fields []string
		field  string
		says   string
	}{
		{"a phrase that is taken", []string{"phrases.en", "other\nheadlines"}, "f-phrases-problem", `it calls the keyword “news” too`},
		{"no phrase", []string{"phrases.en", ""}, "f-phrases-problem", "Fill this in: it is required."},
		{"no source", []string{"source", ""}, "f-source-problem", "Fill this in: it is required."},
		{"a source that is not there", []string{"source", "newz"}, "f-source-problem", `did you mean “news”?`},
		{"an unknown variable", []string{"reply_mode", "template", "template.all", "Hello\n{{ item.titel }}"}, "say-template", `line 2, at character 4: item has no “titel”; did you mean “title”?`},
		{"a tag that is none", []string{"reply_mode", "template", "template.en", "{% include 'x' %}"}, "say-template", "English: "},
		{"odd hours", []string{"hours", "whenever"}, "f-hours-problem", "whenever"},
		{"too many items", []string{"count", "11"}, "f-count-problem", "10"},
		{"a megabyte", []string{"phrases.en", large}, "f-phrases-problem", "64 KiB"},
		{"an id that is taken", []string{"id", "sap"}, "f-id-problem", "The id “sap” is taken already"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := ann.changed(room+"keywords/new?source=news&phrase=fresh", append([]string{"query", "what I typed"}, tt.fields...)...)
			p := ann.submit(room+"keywords", form).wants(t, http.StatusUnprocessableEntity).page(t)
			p.says(tt.field, tt.says)
			p.says("summary", "your attention")
			for name, values := range form {
				if got := p.form("thing")[name]; !slices.Equal(got, values) && name != "_csrf" {
					t.Errorf("%s was %.80q and is %.80q", name, values, got)
				}
			}
			if len(r.Publisher("lecker").Keywords) != 2 {
				t.Error("something was saved")
			}
		})
	}
}

func TestDoubtsAreToldWhileOneWrites(t *testing.T) {
	_, ann, _ := atWork(t)
	ann.header = http.Header{"Hx-Request": {"true"}}
	form := url.Values{"phrases.en": {"newz"}, "source": {"news"}, "reply_mode": {"own"}, "count": {"1"}, "argument": {"none"}}
	ann.submit(room+"keywords/check", form).wants(t, 200, `data-level="warning"`, "is one typing error away from", `href="#f-phrases"`).lacks(t, "<html")
	form.Set("phrases.en", "sunrise")
	ann.submit(room+"keywords/check", form).wants(t, 200, "Nothing speaks against it.")
	form.Set("phrases.en", "")
	ann.submit(room+"keywords/check", form).wants(t, 200, "Nothing speaks against it.")
	form.Set("phrases.en", "sunrise")
	form.Set("reply_mode", "template")
	form.Set("template.all", "{{ item.prise }}")
	p := ann.submit(room+"keywords/check", form).wants(t, 200, `id="say-template"`, `hx-swap-oob="true"`).page(t)
	p.says("say-template", "line 1, at character 4")
}

func TestThePreviewTellsErrorsAsSentences(t *testing.T) {
	_, ann, world := atWork(t)
	ann.header = http.Header{"Hx-Request": {"true"}}
	form := url.Values{"source": {"news"}, "reply_mode": {"own"}, "count": {"1"}, "argument": {"none"}}
	ann.submit(room+"keywords/preview", form).wants(t, 200, "Write a word and choose a source")
	form.Set("phrases.en", "word")
	form.Set("count", "many")
	ann.submit(room+"keywords/preview", form).wants(t, 200, "Once this is put right", `href="#f-count"`)
	form.Set("count", "1")
	ann.submit(room+"keywords/preview", form).wants(t, 200, "Night trains to Paris")
	form.Set("argument", "optional")
	form.Set("_ask_text", "basil")
	ann.submit(room+"keywords/preview", form).wants(t, 200, "word basil", "How to keep basil alive").lacks(t, "Night trains")
	ann.header = nil
	source := ann.changed(room+"sources/news", "settings.url", world+"/gone.xml", "_untried", "1")
	ann.submit(room+"sources/news", source).wants(t, 303)
	ann.header = http.Header{"Hx-Request": {"true"}}
	ann.submit(room+"keywords/preview", form).wants(t, 200, "Readers would get this since something went wrong")
}

func TestTheSourceShowsWhatItBringsForTheKeyword(t *testing.T) {
	_, ann, _ := atWork(t)
	form := url.Values{"source": {"prices"}, "argument": {"none"}, "query": {"WIPRO"}, "count": {"1"}}
	p := ann.submit(room+"keywords/pick", form).wants(t, 200, "Wipro Limited", "Price: 12.40").page(t)
	if got := p.form("thing"); got.Get("_sample.price") != "12.40" || got.Get("query") != "WIPRO" {
		t.Errorf("the form is %v", got)
	}
	ann.header = http.Header{"Hx-Request": {"true"}}
	ann.submit(room+"keywords/pick", url.Values{}).wants(t, 200, "Choose a source").lacks(t, "<html")
	ann.submit(room+"keywords/pick", url.Values{"source": {"nowhere"}}).wants(t, 200, "There is no source “nowhere”.")
	ann.submit(room+"keywords/pick", form).wants(t, 200, "Price: 12.40", `name="_part" value="price"`).lacks(t, "<html")
}

// ticks returns the parts of a page, those that are ticked with a star.
func ticks(p page) string {
	var all []string
	for _, n := range p.all(func(n *html.Node) bool { name, _ := attribute(n, "name"); return name == "reply" }) {
		value, _ := attribute(n, "value")
		if _, on := attribute(n, "checked"); on {
			value += "*"
		}
		all = append(all, value)
	}
	return strings.Join(all, " ")
}

func TestAReplyIsMadeOfPartsThatAreTickedAndOrdered(t *testing.T) {
	r, ann, _ := atWork(t)
	form := ann.changed(room+"keywords/sap", "reply_mode", "parts")
	p := ann.submit(room+"keywords/reply", form).wants(t, 200).page(t)
	if got := ticks(p); !strings.HasPrefix(got, "title summary body") || !strings.Contains(got, "price") {
		t.Fatalf("the parts are %s", got)
	}
	form = p.form("thing")
	form["reply"] = []string{"title", "price", "change"}
	form.Set("label.price.en", "Last price")
	form.Set("label.price.fr", "Dernier cours")
	form.Set("label.price.all", "Kurs")
	form.Set("_up", "reply=price")
	p = ann.submit(room+"keywords/sap", form).wants(t, 200).page(t)
	if got := ticks(p); !strings.HasPrefix(got, "price* title* change* ") {
		t.Fatalf("after moving up the parts are %s", got)
	}
	ann.submit(room+"keywords/sap", p.form("thing")).leads(t, room+"keywords/sap?done=keyword_saved")
	k := r.keywordOf("sap")
	if len(k.Reply) != 3 || k.Reply[0].Show != "price" || k.Reply[1].Show != "title" || len(k.Template) != 0 {
		t.Fatalf("the reply is %+v", k.Reply)
	}
	if l := k.Reply[0].Label; l["en"] != "Last price" || l["fr"] != "Dernier cours" || l[""] != "Kurs" {
		t.Errorf("the labels are %v", l)
	}
	// Opening and saving it again changes nothing.
	p = ann.get(room+"keywords/sap").wants(t, 200, "Last price", "Dernier cours").page(t)
	if got := ticks(p); !strings.HasPrefix(got, "price* title* change* ") {
		t.Errorf("opened again the parts are %s", got)
	}
	ann.submit(room+"keywords/sap", p.form("thing")).wants(t, 303)
	if again := r.keywordOf("sap"); len(again.Reply) != 3 || again.Reply[0].Label["fr"] != "Dernier cours" {
		t.Errorf("saved again the reply is %+v", again.Reply)
	}
	preview := ann.submit(room+"keywords/preview", ann.changed(room+"keywords/sap", "argument", "optional", "_ask_text", "SAP", "_ask_language", "fr"))
	preview.wants(t, 200, "Dernier cours")
}

func TestAnotherWayOfReplyingLosesNothing(t *testing.T) {
	r, ann, _ := atWork(t)
	form := ann.changed(room+"keywords/news", "reply_mode", "template", "template.all", "Now: {{ item.title }}")
	form["reply"] = []string{"link", "title"}
	form.Set("label.title.en", "Title")
	p := ann.submit(room+"keywords/reply", form).wants(t, 200, "{{ item.author }}").page(t)
	form = p.form("thing")
	if !slices.Equal(form["reply"], []string{"link", "title"}) || form.Get("label.title.en") != "Title" {
		t.Errorf("the ticks are gone: %v", form)
	}
	form.Set("reply_mode", "own")
	form = ann.submit(room+"keywords/reply", form).wants(t, 200).page(t).form("thing")
	if form.Get("template.all") != "Now: {{ item.title }}" {
		t.Errorf("the template is gone: %v", form)
	}
	form.Set("reply_mode", "template")
	ann.submit(room+"keywords/news", form).wants(t, 303)
	if k := r.keywordOf("news"); k.Template[""] != "Now: {{ item.title }}" || len(k.Reply) != 0 {
		t.Errorf("%+v", k)
	}
	form = ann.changed(room+"keywords/news", "reply_mode", "own")
	ann.submit(room+"keywords/news", form).wants(t, 303)
	if k := r.keywordOf("news"); len(k.Template) != 0 || len(k.Reply) != 0 {
		t.Errorf("%+v", k)
	}
}

func TestTimesAreInTheEditorsZone(t *testing.T) {
	r, _, _ := atWork(t)
	bob := r.reading("en", "America/New_York")
	form := bob.changed(room+"keywords/news", "from", "2026-12-01T06:00", "until", "2026-12-24T18:00", "hours", "mon-fri 09:00-17:00")
	bob.submit(room+"keywords/news", form).wants(t, 303)
	k := r.keywordOf("news")
	if got := k.From.UTC().Format("2006-01-02T15:04"); got != "2026-12-01T11:00" {
		t.Errorf("it begins at %s in UTC", got)
	}
	again := bob.get(room+"keywords/news").wants(t, 200, "America/New_York").page(t)
	if got := again.form("thing").Get("from"); got != "2026-12-01T06:00" {
		t.Errorf("it is shown as %s", got)
	}
	bob.get(room+"keywords").wants(t, 200, "Closed now", "from 1 December, 06:00", "mon-fri 09:00-17:00")
	// Who has chosen none reads in the publisher's.
	r.visit(r.person("eve@example.org", "lecker viewer")).get(room+"keywords").wants(t, 200, "from 1 December, 12:00")
}

func TestKeywordsAreFoundAndFiltered(t *testing.T) {
	_, ann, _ := atWork(t)
	for query, wants := range map[string][2]string{
		"q=headl": {"keywords/news", "keywords/sap\""}, "source=prices": {"keywords/sap", "keywords/news\""}, "language=fr": {"Nothing found", "keywords/sap\""},
		"state=closed": {"Nothing found", "keywords/sap\""}, "q=zebra": {"Show all", "keywords/sap\""}, "state=open": {"2 keywords", "Nothing found"},
	} {
		ann.get(room+"keywords?"+query).wants(t, 200, wants[0]).lacks(t, wants[1])
	}
	ann.get(room+"keywords?state=odd").wants(t, http.StatusUnprocessableEntity)
}

func TestADeletedKeywordAnswersNobody(t *testing.T) {
	r, ann, _ := atWork(t)
	p := ann.get(room+"keywords/news/delete").wants(t, 200, "Delete the keyword “news”?", "news, headlines").page(t)
	if got := p.posts(); !slices.Contains(got, room+"keywords/news/delete") {
		t.Errorf("the forms are %v", got)
	}
	ann.post(room+"keywords/news/delete", "version", "999").wants(t, 409, "Somebody has changed this meanwhile")
	ann.post(room+"keywords/news/delete", "version", r.Publisher("lecker").MetaOf("keyword", "news").ETag()).leads(t, room+"keywords?done=keyword_deleted")
	ann.get(room+"keywords/news").wants(t, 404)
}

func TestAKeywordHasAPageOfTheWaysToIt(t *testing.T) {
	r := newRig(t)
	ann := r.as("lecker viewer")
	at := room + "keywords/news/ways"
	ann.get(at).wants(t, 200, "None of your channels has a link yet")
	chat, err := (&webchat.Settings{}).Open(messengers.Env{Publisher: "lecker", ID: "web", Hook: "https://pull.example/hook/lecker/web", Clock: r.clock})
	if err != nil {
		t.Fatal(err)
	}
	r.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "web", "webchat", chat)})
	ann.get(room+"keywords/news").wants(t, 200, `href="`+at+`"`)
	ann.get(at).wants(t, 200, `href="https://pull.example/chat/lecker/web?ask=news"`, `/ask/lecker/news/code/web.svg?lang=en" alt=""`, "Send “news” to Lecker", "/ask/lecker/news/button.js?channel=web")
	ann.get(room+"keywords/nothing/ways").wants(t, 404)
}
