package pages_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// visit opens a page of the gallery in a phone's or a laptop's window.
func visit(t *testing.T, width int64, page string) *browser {
	t.Helper()
	server := gallery(t)
	b := newBrowser(t)
	b.look(width, "light")
	b.open(server.URL + "/" + page)
	t.Cleanup(func() {
		for _, said := range b.complaints() {
			t.Errorf("the browser complains: %s", said)
		}
	})
	return b
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.eval(`document.querySelector(` + "`" + selector + "`" + `).click()`)
}

func (b *browser) key(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

const shown = `getComputedStyle(document.querySelector(".more > .panel")).display !== "none" && document.querySelector(".more > .panel").checkVisibility()`

func TestThePhonesMenuOpensWithoutScript(t *testing.T) {
	server, b := gallery(t), newBrowser(t)
	b.look(390, "light")
	b.do(chromedp.Navigate(server.URL + "/parts"))
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(server.URL + "/parts"))
	b.wants(`document.documentElement.classList.contains("js")`, "false")
	b.wants(shown, "false")
	b.wants(`[...document.querySelectorAll(".needs-js")].some((x) => x.checkVisibility())`, "false")
	b.do(chromedp.Click(".more > summary"))
	b.wants(shown, "true")
	b.wants(`document.querySelectorAll(".more .nav a").length`, "3")
	b.picture("menu-390.png")
}

func TestTheMenuClosesByEscapeAndByAClickElsewhere(t *testing.T) {
	b := visit(t, 390, "parts")
	b.click(".more > summary")
	b.until(shown)
	b.key("\x1b")
	b.until(`!document.querySelector(".more").open && document.activeElement.matches(".more > summary")`)
	b.click(".more > summary")
	b.until(shown)
	b.click("h1")
	b.until(`!document.querySelector(".more").open`)
}

func TestTheChosenThemeStays(t *testing.T) {
	b := visit(t, 1440, "list")
	b.wants(`document.documentElement.dataset.theme`, "undefined")
	b.click("[data-theme-switch]")
	b.wants(`document.documentElement.dataset.theme`, "dark")
	b.wants(`getComputedStyle(document.body).backgroundColor`, "rgb(15, 22, 27)")
	b.eval(`location.reload()`)
	b.until(`document.readyState === "complete" && document.documentElement.dataset.theme === "dark"`)
	b.until(`document.documentElement.classList.contains("js")`)
	b.click("[data-theme-switch]")
	b.wants(`localStorage.getItem("theme")`, "null")
}

func TestToastsAreDismissed(t *testing.T) {
	b := visit(t, 1440, "list")
	b.wants(`document.querySelectorAll(".toast").length`, "2")
	b.click(`.toast [data-dismiss]`)
	b.wants(`document.querySelectorAll(".toast").length`, "1")
	b.wants(`document.querySelector(".toast form").getAttribute("action")`, "/undo")
}

func TestRowsAreAddedAndTakenAway(t *testing.T) {
	b := visit(t, 1440, "form")
	const names = `[...document.querySelectorAll('[data-rows="settings.symbols"] [data-rows-list] [name$=".symbol"]')].map((x) => x.name).join()`
	b.wants(names, "settings.symbols[0].symbol,settings.symbols[1].symbol")
	b.click(`[data-rows="settings.symbols"] > .add [data-row-add]`)
	b.wants(names, "settings.symbols[0].symbol,settings.symbols[1].symbol,settings.symbols[2].symbol")
	b.wants(`document.activeElement.id`, "f-settings-symbols-2-symbol")
	b.wants(`document.querySelector("label[for=f-settings-symbols-2-symbol]").control === document.activeElement`, "true")
	b.click(`[name="_remove"][value="settings.symbols[1]"]`)
	b.wants(names, "settings.symbols[0].symbol,settings.symbols[2].symbol")
	b.click(`[data-rows="settings.headers"] [data-row-add]`)
	b.wants(`document.activeElement.name`, "settings.headers[5].key")
	b.wants(`document.querySelectorAll('[name*="[new]"]').length`, "0")
}

func TestTicksAreOrderedByTheirButtons(t *testing.T) {
	b := visit(t, 1440, "form")
	const order = `[...document.querySelectorAll("[name=reply]")].map((x) => x.value).join()`
	b.wants(order, "title,summary,image,link")
	b.click(`[data-order-down][value="reply=title"]`)
	b.wants(order, "summary,title,image,link")
	b.until(`document.getElementById("live").textContent === "Moved to place 2 of 4."`)
	b.click(`[data-order-up][value="reply=title"]`)
	b.wants(order, "title,summary,image,link")
	b.wants(`document.activeElement.matches('[data-order-down][value="reply=title"]')`, "true")
}

func TestTicksAreOrderedByDragging(t *testing.T) {
	b := visit(t, 1440, "form")
	b.eval(`(() => {
		const item = document.querySelector("[data-order-item]"), grip = item.querySelector(".grip");
		grip.scrollIntoView({block: "center"});
		grip.setPointerCapture = () => {}; grip.hasPointerCapture = () => true;
		const at = (y) => ({bubbles: true, clientX: 5, clientY: y, button: 0, pointerId: 1});
		grip.dispatchEvent(new PointerEvent("pointerdown", at(item.getBoundingClientRect().top + 5)));
		document.dispatchEvent(new PointerEvent("pointermove", at(item.nextElementSibling.getBoundingClientRect().bottom - 2)));
		document.dispatchEvent(new PointerEvent("pointerup", at(0)));
		document.dispatchEvent(new PointerEvent("pointermove", at(5000)));
	})()`)
	b.wants(`[...document.querySelectorAll("[name=reply]")].map((x) => x.value).join()`, "summary,title,image,link")
}

func TestAListIsNarrowed(t *testing.T) {
	b := visit(t, 1440, "form?l=fr")
	b.eval(`(() => { const box = document.querySelector("[data-filter]"); box.value = "FRANC"; box.dispatchEvent(new Event("input", {bubbles: true})); })()`)
	b.wants(`[...document.querySelectorAll("#languages > li")].filter((x) => x.checkVisibility()).map((x) => x.textContent).join()`, "français")
}

func TestAQuestionIsAskedBeforeSomethingIsDone(t *testing.T) {
	b := visit(t, 1440, "form")
	b.eval(`document.querySelector("form.form").addEventListener("submit", (e) => { if (e.defaultPrevented) return; window.sent = (window.sent ?? 0) + 1; e.preventDefault(); })`)
	b.click(`.form-foot [data-confirm]`)
	b.wants(`document.getElementById("confirm").open`, "true")
	b.wants(`document.getElementById("confirm-text").textContent`, "Delete the source “news”? Two keywords use it.")
	b.wants(`document.activeElement.value`, "no")
	b.picture("dialog-1440.png")
	b.key("\x1b")
	b.until(`!document.getElementById("confirm").open`)
	b.wants(`window.sent`, "undefined")
	b.click(`.form-foot [data-confirm]`)
	b.click(`#confirm-yes`)
	b.until(`window.sent === 1`)
}

func TestTheSummaryOfProblemsLeadsToTheFields(t *testing.T) {
	b := visit(t, 390, "wrong")
	b.wants(`document.activeElement.id`, "summary")
	b.wants(`[...document.querySelectorAll(".summary a")].filter((a) => !document.getElementById(a.hash.slice(1))).length`, "0")
	b.eval(`document.querySelector("details.fold:has(#f-settings-deadline)").open = false`)
	b.click(`.summary a[href="#f-settings-deadline"]`)
	b.wants(`document.activeElement.id`, "f-settings-deadline")
	b.click(`.summary a[href="#f-settings-phrases"]`)
	b.wants(`document.activeElement.name`, "settings.phrases.en")
}

func TestEnterSavesAndRemovesNothing(t *testing.T) {
	b := visit(t, 1440, "form")
	b.eval(`document.querySelector("form.form").addEventListener("submit", (e) => { e.preventDefault(); window.by = e.submitter?.name; })`)
	b.eval(`document.getElementById("f-settings-symbols-0-symbol").focus()`)
	b.key("\r")
	b.until(`window.by === ""`)
	b.wants(`document.querySelectorAll('[data-rows="settings.symbols"] [data-rows-list] > *').length`, "2")
}

func TestALineOfATableLeadsWhereItsLinkLeads(t *testing.T) {
	b := visit(t, 1440, "list")
	b.click(`.table tbody tr td:nth-child(4)`)
	b.until(`location.hash === "#row"`)
}

func TestTheTextIsCopied(t *testing.T) {
	b := visit(t, 1440, "parts")
	b.eval(`Object.defineProperty(navigator, "clipboard", {value: {writeText: async (x) => { window.copied = x; }}})`)
	b.click(`[data-copy]`)
	b.until(`window.copied === "https://pull.example.org/hook/lecker/telegram" && document.getElementById("live").textContent === "Copied."`)
}

func TestAChangedFormIsNotLeftUnsaid(t *testing.T) {
	b := visit(t, 1440, "form")
	const leave = `(() => { const e = new Event("beforeunload", {cancelable: true}); dispatchEvent(e); return e.defaultPrevented; })()`
	b.wants(leave, "false")
	b.eval(`document.getElementById("f-settings-title").dispatchEvent(new Event("input", {bubbles: true}))`)
	b.wants(leave, "true")
	b.eval(`document.querySelector("form.form").addEventListener("submit", () => {})`)
	b.eval(`document.querySelector("form.form").dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true}))`)
	b.wants(leave, "false")
}

func TestFingersHitWhatTheyAimAt(t *testing.T) {
	server, b := gallery(t), newBrowser(t)
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	for _, page := range []string{"parts", "list", "form", "bare"} {
		b.open(server.URL + "/" + page)
		b.wants(`matchMedia("(pointer: coarse)").matches`, "true")
		if small := b.eval(`[...document.querySelectorAll(".button, .input, .nav a, .bottom a, summary, .choice, .switch, a.chip, .tabs a, .menu-item")]
			.filter((x) => x.checkVisibility() && x.getBoundingClientRect().height < 43.9)
			.map((x) => x.outerHTML.slice(0, 80) + " " + x.getBoundingClientRect().height).join("\n")`); small != "" {
			t.Errorf("%s: lower than 44 px:\n%s", page, small)
		}
		if got := b.eval(overflow); got != "" {
			t.Errorf("%s overflows on a phone: %s", page, got)
		}
		b.picture("touch-" + page + ".png")
	}
}
