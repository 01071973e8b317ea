package site_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// click presses what stands on a button or link, and waits for the page that
// follows.
func (b *browser) click(selector string) {
	b.T.Helper()
	b.Eval(`window.old = true`)
	b.press(selector)
	b.Until(`!window.old && document.readyState === "complete"`)
}

// press presses a button that leads to no other page.
func (b *browser) press(selector string) {
	b.T.Helper()
	b.Eval(fmt.Sprintf(`(() => { document.querySelector(%q).click(); })()`, selector))
}

// at fails unless the browser is at an address.
func (b *browser) at(path string) {
	b.T.Helper()
	b.Wants(`location.pathname + location.search.replace(/&undo=.*/, "")`, path)
}

func TestAnEditorGoesFromAnAddressToALiveWord(t *testing.T) {
	r, ann, world := atWork(t)
	for _, width := range []int64{390, 1440} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newBrowser(t)
			b.Look(width, "light")
			b.signIn(ann)
			b.Open(r.server.URL + room + "sources")
			b.click(`.page-head a.primary`)
			b.click(`.kinds a[href$="kind=feed"]`)
			b.fill("#f-settings-url", world+"/page.html")
			b.press(`button[formaction$="/sources/try"]`)
			b.Until(`document.querySelector("#trial .summary") && document.querySelector("#f-settings-url-problem")`)
			b.Until(settled)
			b.Until(`document.activeElement.closest("#trial")`)
			b.Wants(`document.querySelector("#f-settings-url").value.endsWith("/page.html")`, "true")
			b.judge(fmt.Sprintf("flow-try-bad-%d", width))
			b.click("#thing .form-foot .button.primary")
			b.refused("422")
			b.judge(fmt.Sprintf("flow-refused-%d", width))
			b.Wants(`document.activeElement.id`, "summary")
			b.fill("#f-settings-url", world+"/feed.xml")
			b.press(`button[formaction$="/sources/try"]`)
			b.Until(`document.querySelectorAll("#trial .bubble").length === 3`)
			b.Until(settled)
			b.Wants(`document.querySelector("#f-settings-url-problem")`, "null")
			b.judge(fmt.Sprintf("flow-try-%d", width))
			b.click("#thing .button.primary")
			b.at(room + "keywords/new?source=" + lastSource(r) + "&done=source_saved_first")
			b.Wants(`document.activeElement.id`, "f-phrases-en")
			b.Until(`document.querySelector("#pick .bubble")`)
			word := fmt.Sprintf("trains %d", width)
			b.fill("#f-phrases-en", word)
			b.Until(`document.querySelectorAll("#preview .preview").length === 3`)
			b.Until(settled)
			b.Wants(`document.querySelector("#preview .bubble.mine").textContent`, word)
			b.judge(fmt.Sprintf("flow-preview-%d", width))
			b.press(`input[name="reply_mode"][value="template"]`)
			b.Until(`document.querySelector("#f-template-all")`)
			b.fill("#f-template-all", "Now: {{ item.titel }}")
			b.Until(`document.querySelector("#say-template").textContent.includes("did you mean")`)
			b.Until(settled)
			b.judge(fmt.Sprintf("flow-template-bad-%d", width))
			b.fill("#f-template-all", "Now: {{ item.title }}")
			b.Until(`document.querySelector("#preview .bubble:not(.mine)")?.textContent.startsWith("Now: Night trains")`)
			b.press(`input[name="reply_mode"][value="parts"]`)
			b.Until(`document.querySelector('#parts input[value="title"]')`)
			b.Wants(`document.querySelector('#parts li small').textContent.startsWith("Night trains")`, "true")
			b.press(`#parts input[value="link"]`)
			b.Until(`document.querySelector("#preview .bubble:not(.mine)")?.textContent.trim() === "` + world + `/1"`)
			b.press(`#parts input[value="title"]`)
			b.Until(`document.querySelector("#preview .bubble:not(.mine)")?.textContent.startsWith("Night trains")`)
			b.Until(settled)
			b.judge(fmt.Sprintf("flow-parts-%d", width))
			b.click("#thing .button.primary")
			b.Wants(`location.search.replace(/&undo=.*/, "")`, "?done=keyword_saved")
			b.Wants(`document.querySelector('a[href*="/chat/lecker/web"]').target`, "_blank")
			b.Until(`document.querySelectorAll("#preview .preview").length === 3`)
			b.Until(settled)
			b.judge(fmt.Sprintf("flow-saved-%d", width))
		})
	}
	if n := len(r.Publisher("lecker").Keywords); n != 4 {
		t.Errorf("there are %d keywords", n)
	}
}

// lastSource returns the id of the source that was added last.
func lastSource(r *rig) string {
	ids := r.sourceIDs()
	for _, id := range ids {
		if id == "feed-2" {
			return id
		}
	}
	return "feed"
}

func TestTheWayWorksWithoutAScript(t *testing.T) {
	r, ann, world := atWork(t)
	b := newBrowser(t)
	b.Look(390, "light")
	b.signIn(ann)
	if _, err := chromedp.Call(b.Ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.Navigate(r.server.URL + room + "sources"))
	b.Until(`document.readyState === "complete"`)
	b.Wants(`document.documentElement.classList.contains("js")`, "false")
	b.click(`.page-head a.primary`)
	b.click(`.kinds a[href$="kind=feed"]`)
	b.fill("#f-settings-url", world+"/page.html")
	b.click(`button[formaction$="/sources/try"]`)
	b.refused("422")
	b.Wants(`document.querySelector("#f-settings-url").value.endsWith("/page.html")`, "true")
	b.fill("#f-settings-url", world+"/feed.xml")
	b.click(`button[formaction$="/sources/try"]`)
	b.Wants(`document.querySelectorAll("#trial .bubble").length`, "3")
	b.click("#thing .button.primary")
	b.at(room + "keywords/new?source=feed&done=source_saved_first")
	b.fill("#f-phrases-en", "trains")
	b.click(`button[formaction$="/keywords/preview"]`)
	b.Wants(`document.querySelectorAll("#preview .preview").length`, "3")
	b.click(`button[formaction$="/keywords/pick"]`)
	b.Wants(`document.querySelectorAll("#pick .bubble").length`, "1")
	b.press(`input[name="reply_mode"][value="parts"]`)
	b.click(`button[formaction$="/keywords/reply"]`)
	b.press(`#parts input[value="title"]`)
	b.press(`#parts input[value="link"]`)
	b.click(`button[name="_up"][value="reply=link"]`)
	b.picture("flow-bare-390")
	b.click("#thing .form-foot .button.primary")
	b.Wants(`location.search.replace(/&undo=.*/, "")`, "?done=keyword_saved")
	k := r.keywordOf("trains")
	if len(k.Reply) != 2 || k.Source != "feed" {
		t.Errorf("%+v", k)
	}
	for _, said := range b.Complaints() {
		t.Errorf("the browser complains: %s", said)
	}
}

func TestBothVersionsAreShownAndOneIsChosen(t *testing.T) {
	r, ann, _ := atWork(t)
	bob := r.visit(r.person("bob@example.org", "lecker editor"))
	b := newBrowser(t)
	b.signIn(ann)
	for _, width := range []int64{390, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			b.Look(width, scheme)
			b.Open(r.server.URL + room + "keywords/news")
			b.Until(settled)
			mine := fmt.Sprintf("news\nmine %d %s", width, scheme)
			b.fill("#f-phrases-en", mine)
			b.fill("#f-count", "3")
			bob.submit(room+"keywords/news", bob.changed(room+"keywords/news", "phrases.en", fmt.Sprintf("news\ntheirs %d %s", width, scheme))).wants(t, 303)
			b.Until(settled)
			b.click("#thing .form-foot .button.primary")
			b.refused("409")
			b.judge(fmt.Sprintf("stale-%d-%s", width, scheme))
			b.click("main form .button.primary")
			b.at(room + "keywords/news?done=keyword_saved")
			b.Wants(`document.querySelector("#f-phrases-en").value`, mine)
			b.Until(settled)
		}
	}
}
