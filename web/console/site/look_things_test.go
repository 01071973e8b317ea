package site_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// stocked returns a rig whose sources, keywords and channels look like those of an
// outlet at work.
func stocked(t *testing.T) (*rig, *visitor) {
	t.Helper()
	world := press(t)
	p := reachable(world.URL)
	later := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	more := func(id, source string, change func(*catalogue.Keyword), phrases ...string) {
		k := catalogue.Keyword{ID: id, Source: source, Phrases: map[string][]string{"en": phrases, "fr": {"actu " + id}}}
		k.Defaults()
		if change != nil {
			change(&k)
		}
		p.Keywords = append(p.Keywords, k)
	}
	more("advent", "news", func(k *catalogue.Keyword) { k.From = &later }, "advent", "calendar", "christmas", "xmas", lengthy)
	more("hours", "hours", func(k *catalogue.Keyword) { k.Hours = []string{"mon-fri 09:15-15:30"} }, "hours", "open")
	more("ticked", "prices", func(k *catalogue.Keyword) {
		k.Argument = "optional"
		k.Query = "SAP"
		k.Reply = []catalogue.Part{{Show: "price", Label: catalogue.Localised{"en": "Last price"}}, {Show: "change"}, {Show: "stamp"}}
	}, "shares", "newz")
	more("template", "news", func(k *catalogue.Keyword) {
		k.Template = catalogue.Localised{"": "{{ item.title }}\n{{ item.link }}"}
	}, "letter")
	p.Keywords[0].Phrases["fr"] = []string{"actus"}
	p.Sources = append(p.Sources, catalogue.Source{ID: "evil", Kind: "feed", Settings: map[string]any{"url": world.URL + "/hostile.xml"}})
	filed := reachable(world.URL)
	filed.ID, filed.Name = "file", "From the file"
	r := newRig(t, p, filed, empty("fresh"))
	newWorld(t, r)
	r.Provision("file")
	r.health.all = []pull.Health{
		{Publisher: "lecker", Source: "news", Good: r.clock().Add(-12 * time.Minute)},
		{Publisher: "lecker", Source: "prices", Good: r.clock().Add(-3 * time.Hour), Bad: r.clock(), Error: words.Verbatim("the server answered 503; try again later")},
		{Publisher: "lecker", Source: "evil", Good: r.clock(), Warnings: []words.Text{words.Verbatim(hostile)}},
	}
	return r, r.visit(r.person("ann@example.org", "lecker owner", "file editor", "fresh editor"))
}

// thingLooks returns the pages of sources, keywords and channels.
func thingLooks() map[string]string {
	const p = "/console/p/lecker/"
	return map[string]string{
		"sources": p + "sources", "sources-none": "/console/p/fresh/sources", "sources-nothing": p + "sources?q=zebra", "source-kinds": p + "sources/new", "starter": p + "starters/office",
		"source-new": p + "sources/new?kind=feed", "source-quote": p + "sources/new?kind=quote", "source-text": p + "sources/new?kind=text", "source": p + "sources/news",
		"source-prices": p + "sources/prices", "source-file": "/console/p/file/sources/news", "source-delete": p + "sources/evil/delete", "source-used": p + "sources/news/delete",
		"keywords": p + "keywords", "keywords-none": "/console/p/fresh/keywords", "keyword-new": p + "keywords/new?source=news&phrase=night+train",
		"keyword": p + "keywords/news", "keyword-ticked": p + "keywords/ticked", "keyword-template": p + "keywords/template", "keyword-file": "/console/p/file/keywords/sap",
		"keyword-saved": p + "keywords/news?done=keyword_saved", "keyword-delete": p + "keywords/news/delete", "keyword-ways": p + "keywords/news/ways", "keyword-rename": p + "keywords/news/rename", "keyword-import": p + "keywords/import",
		"source-rename": p + "sources/news/rename", "search": "/console/search?q=news", "search-nothing": p + "search?q=zebra", "channels": p + "channels", "channel-kinds": p + "channels/new",
		"channel-new": p + "channels/new?kind=telegram", "channel-web": p + "channels/web", "channel-tg": p + "channels/tg", "channel-delete": p + "channels/tg/delete",
	}
}

// quiet says that nothing is being fetched any more; settled that nothing has
// been for longer than anything on a page waits before it fetches.
const (
	quiet   = `!document.querySelector(".htmx-request")`
	settled = `(() => {
		const now = performance.now();
		if (document.querySelector(".htmx-request")) window.busy = now;
		window.busy ??= now;
		return now - window.busy > 900;
	})()`
)

func TestPagesOfSourcesKeywordsAndChannelsAreWellBuilt(t *testing.T) {
	r, ann := stocked(t)
	change := ann.post(room+"keywords/news", "version", "*", "source", "news", "phrases.en", lengthy+"news", "count", "3").wants(t, 303).header.Get("Location")
	_, change, _ = strings.Cut(change, "&undo=")
	for _, width := range []int64{390, 768, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			// Dark is but other colours: one width shows them all.
			if width != 1440 && scheme == "dark" {
				continue
			}
			t.Run(fmt.Sprintf("%d %s", width, scheme), func(t *testing.T) {
				t.Parallel()
				b := newBrowser(t)
				b.Look(width, scheme)
				b.signIn(ann)
				for page, path := range thingLooks() {
					b.Open(r.server.URL + path)
					b.Until(quiet)
					b.judge(fmt.Sprintf("%s-%d-%s", page, width, scheme))
					b.Wants(`document.title.includes("taken")`, "false")
				}
				name := func(page string) string { return fmt.Sprintf("%s-%d-%s", page, width, scheme) }
				b.Open(r.server.URL + room + "keywords/news/history")
				b.judge(name("history"))
				b.Open(r.server.URL + room + "changes/" + change)
				b.judge(name("change"))
				for page, button := range map[string]string{"keywords-change": ".button:not(.danger)", "keywords-drop": ".button.danger"} {
					b.Open(r.server.URL + room + "keywords")
					b.Eval(`document.querySelectorAll("[name=id]").forEach((box) => { box.checked = true; })`)
					b.Eval(`window.old = true`)
					b.press(`form[action$="/keywords/change"] ` + button)
					b.Until(`!window.old && document.readyState === "complete"`)
					b.judge(name(page))
				}
				b.Open(r.server.URL + room + "keywords/import")
				b.Eval(`(() => { const chosen = new DataTransfer(); chosen.items.add(new File(["id,source,phrases.en\ntram,news,tram"], "words.csv"));
					document.querySelector("#file").files = chosen.files; document.querySelector("#file").dispatchEvent(new Event("change", { bubbles: true })); })()`)
				b.Until(`document.querySelector("textarea").value.endsWith("tram,news,tram")`)
				b.fill("textarea", "id,source,phrases.en\ntram,news,tram\nbad,nwes,"+lengthy)
				b.submit(`main form`)
				b.judge(name("keyword-import-judged"))
			})
		}
	}
}
