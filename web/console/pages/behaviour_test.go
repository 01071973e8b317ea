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
	b.Look(width, "light")
	b.Open(server.URL + "/" + page)
	t.Cleanup(func() {
		for _, said := range b.Complaints() {
			t.Errorf("the browser complains: %s", said)
		}
	})
	return b
}

func (b *browser) click(selector string) {
	b.T.Helper()
	b.Eval(`document.querySelector(` + "`" + selector + "`" + `).click()`)
}

func (b *browser) key(keys string) {
	b.T.Helper()
	b.Do(chromedp.KeyEvent(keys))
}

const shown = `getComputedStyle(document.querySelector(".more > .panel")).display !== "none" && document.querySelector(".more > .panel").checkVisibility()`

func TestThePhonesMenuOpensWithoutScript(t *testing.T) {
	server, b := gallery(t), newBrowser(t)
	b.Look(390, "light")
	b.Do(chromedp.Navigate(server.URL + "/parts"))
	if _, err := chromedp.Call(b.Ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.Navigate(server.URL + "/parts"))
	b.Wants(`document.documentElement.classList.contains("js")`, "false")
	b.Wants(shown, "false")
	b.Wants(`[...document.querySelectorAll(".needs-js")].some((x) => x.checkVisibility())`, "false")
	b.Do(chromedp.Click(".more > summary"))
	b.Wants(shown, "true")
	b.Wants(`document.querySelectorAll(".more .nav a").length`, "7")
	b.picture("menu-390.png")
}

func TestTheMenuClosesByEscapeAndByAClickElsewhere(t *testing.T) {
	b := visit(t, 390, "parts")
	b.click(".more > summary")
	b.Until(shown)
	b.key("\x1b")
	b.Until(`!document.querySelector(".more").open && document.activeElement.matches(".more > summary")`)
	b.click(".more > summary")
	b.Until(shown)
	b.click("h1")
	b.Until(`!document.querySelector(".more").open`)
}

func TestTheChosenThemeStays(t *testing.T) {
	b := visit(t, 1440, "list")
	b.Wants(`document.documentElement.dataset.theme`, "undefined")
	b.click("[data-theme-switch]")
	b.Wants(`document.documentElement.dataset.theme`, "dark")
	b.Wants(`getComputedStyle(document.body).backgroundColor`, "rgb(15, 22, 27)")
	b.Eval(`location.reload()`)
	b.Until(`document.readyState === "complete" && document.documentElement.dataset.theme === "dark"`)
	b.Until(`document.documentElement.classList.contains("js")`)
	b.click("[data-theme-switch]")
	b.Wants(`localStorage.getItem("theme")`, "null")
}

func TestToastsAreDismissed(t *testing.T) {
	b := visit(t, 1440, "list")
	b.Wants(`document.querySelectorAll(".toast").length`, "2")
	b.click(`.toast [data-dismiss]`)
	b.Wants(`document.querySelectorAll(".toast").length`, "1")
	b.Wants(`document.querySelector(".toast form").getAttribute("action")`, "/undo")
}

func TestRowsAreAddedAndTakenAway(t *testing.T) {
	b := visit(t, 1440, "form")
	const names = `[...document.querySelectorAll('[data-rows="settings.symbols"] [data-rows-list] [name$=".symbol"]')].map((x) => x.name).join()`
	b.Wants(names, "settings.symbols[0].symbol,settings.symbols[1].symbol")
	b.click(`[data-rows="settings.symbols"] > .add [data-row-add]`)
	b.Wants(names, "settings.symbols[0].symbol,settings.symbols[1].symbol,settings.symbols[2].symbol")
	b.Wants(`document.activeElement.id`, "f-settings-symbols-2-symbol")
	b.Wants(`document.querySelector("label[for=f-settings-symbols-2-symbol]").control === document.activeElement`, "true")
	b.click(`[name="_remove"][value="settings.symbols[1]"]`)
	b.Wants(names, "settings.symbols[0].symbol,settings.symbols[2].symbol")
	b.click(`[data-rows="settings.headers"] [data-row-add]`)
	b.Wants(`document.activeElement.name`, "settings.headers[5].key")
	b.Wants(`document.querySelectorAll('[name*="[new]"]').length`, "0")
	b.editsATable()
}

// editsATable goes on in the form: a text of rows is shown as a table, typed and
// pasted into, and sent as a text.
func (b *browser) editsATable() {
	b.T.Helper()
	const cells = `[...document.querySelectorAll(".cells tr")].map((row) => [...row.querySelectorAll("input")].map((x) => x.value).join("|")).join(" / ")`
	const text = `document.querySelector("textarea[data-grid]").value.replaceAll("\t", "|").replaceAll("\n", " / ")`
	b.Wants(cells, "name|price / lamp, blue|19.90 / chair|cheap")
	b.Wants(`document.querySelector("textarea[data-grid]").checkVisibility()`, "false")
	b.Wants(`document.querySelector('.cells [data-at="1,1"]').getAttribute("aria-label")`, "price, row 2")
	b.Eval(`document.querySelector('.cells [data-at="2,1"]').select()`)
	b.Eval(`document.querySelector('.cells [data-at="2,1"]').focus()`)
	b.key("89")
	b.Wants(text, "name|price / lamp, blue|19.90 / chair|89")
	b.key("\r")
	b.Wants(`document.activeElement.dataset.at`, "3,1")
	b.Eval(`(() => { const data = new DataTransfer(); data.setData("text/plain", "bench\t5\tred\n\"two\nlines\"\t6\n");
		const cell = document.querySelector('.cells [data-at="3,0"]'); cell.focus();
		cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); })()`)
	b.Wants(text, `name|price / lamp, blue|19.90 / chair|89 / bench|5|red / "two / lines"|6`)
	b.click(`.cells [data-grid-remove="1"]`)
	b.Wants(text, `name|price / chair|89 / bench|5|red / "two / lines"|6`)
	b.click(`.cells [data-grid-text]`)
	b.Wants(`document.querySelector("textarea[data-grid]").checkVisibility()`, "true")
}

func TestTicksAreOrderedByTheirButtons(t *testing.T) {
	b := visit(t, 1440, "form")
	const order = `[...document.querySelectorAll("[name=reply]")].map((x) => x.value).join()`
	b.Wants(order, "title,summary,image,link")
	b.click(`[data-order-down][value="reply=title"]`)
	b.Wants(order, "summary,title,image,link")
	b.Until(`document.getElementById("live").textContent === "Moved to place 2 of 4."`)
	b.click(`[data-order-up][value="reply=title"]`)
	b.Wants(order, "title,summary,image,link")
	b.Wants(`document.activeElement.matches('[data-order-down][value="reply=title"]')`, "true")
}

func TestTicksAreOrderedByDragging(t *testing.T) {
	b := visit(t, 1440, "form")
	b.Eval(`(() => {
		const item = document.querySelector("[data-order-item]"), grip = item.querySelector(".grip");
		grip.scrollIntoView({block: "center"});
		grip.setPointerCapture = () => {}; grip.hasPointerCapture = () => true;
		const at = (y) => ({bubbles: true, clientX: 5, clientY: y, button: 0, pointerId: 1});
		grip.dispatchEvent(new PointerEvent("pointerdown", at(item.getBoundingClientRect().top + 5)));
		document.dispatchEvent(new PointerEvent("pointermove", at(item.nextElementSibling.getBoundingClientRect().bottom - 2)));
		document.dispatchEvent(new PointerEvent("pointerup", at(0)));
		document.dispatchEvent(new PointerEvent("pointermove", at(5000)));
	})()`)
	b.Wants(`[...document.querySelectorAll("[name=reply]")].map((x) => x.value).join()`, "summary,title,image,link")
}

func TestAListIsNarrowed(t *testing.T) {
	b := visit(t, 1440, "form?l=fr")
	b.Eval(`(() => { const box = document.querySelector("[data-filter]"); box.value = "FRANC"; box.dispatchEvent(new Event("input", {bubbles: true})); })()`)
	b.Wants(`[...document.querySelectorAll("#languages > li")].filter((x) => x.checkVisibility()).map((x) => x.textContent).join()`, "français")
}

func TestAQuestionIsAskedBeforeSomethingIsDone(t *testing.T) {
	b := visit(t, 1440, "form")
	b.Eval(`document.querySelector("form.form").addEventListener("submit", (e) => { if (e.defaultPrevented) return; window.sent = (window.sent ?? 0) + 1; e.preventDefault(); })`)
	b.click(`.form-foot [data-confirm]`)
	b.Until(`document.getElementById("confirm").open`)
	b.Wants(`document.getElementById("confirm-text").textContent`, "Delete the source “news”? Two keywords use it.")
	b.Wants(`document.activeElement.value`, "no")
	b.picture("dialog-1440.png")
	b.key("\x1b")
	b.Until(`!document.getElementById("confirm").open`)
	b.Wants(`window.sent`, "undefined")
	b.click(`.form-foot [data-confirm]`)
	b.Until(`document.getElementById("confirm").open`)
	b.click(`#confirm-yes`)
	b.Until(`window.sent === 1`)
}

// TestAQuestionThatIsAskedAgainAtOnceIsAnswered: the dialog is open for the second
// question before it tells that it was closed after the first.
func TestAQuestionThatIsAskedAgainAtOnceIsAnswered(t *testing.T) {
	b := visit(t, 1440, "form")
	b.Eval(`document.querySelector("form.form").addEventListener("submit", (e) => { if (e.defaultPrevented) return; window.sent = (window.sent ?? 0) + 1; e.preventDefault(); })`)
	b.Eval(`(() => { const ask = document.querySelector(".form-foot [data-confirm]"); ask.click(); document.getElementById("confirm").close(); ask.click(); })()`)
	b.Until(`document.getElementById("confirm").open`)
	b.click(`#confirm-yes`)
	b.Until(`window.sent === 1`)
}

func TestTheSummaryOfProblemsLeadsToTheFields(t *testing.T) {
	b := visit(t, 390, "wrong")
	b.Wants(`document.activeElement.id`, "summary")
	b.Wants(`[...document.querySelectorAll(".summary a")].filter((a) => !document.getElementById(a.hash.slice(1))).length`, "0")
	b.Eval(`document.querySelector("details.fold:has(#f-settings-deadline)").open = false`)
	b.click(`.summary a[href="#f-settings-deadline"]`)
	b.Wants(`document.activeElement.id`, "f-settings-deadline")
	b.click(`.summary a[href="#f-settings-phrases"]`)
	b.Wants(`document.activeElement.name`, "settings.phrases.en")
}

func TestEnterSavesAndRemovesNothing(t *testing.T) {
	b := visit(t, 1440, "form")
	b.Eval(`document.querySelector("form.form").addEventListener("submit", (e) => { e.preventDefault(); window.by = e.submitter?.name; })`)
	b.Eval(`document.getElementById("f-settings-symbols-0-symbol").focus()`)
	b.key("\r")
	b.Until(`window.by === ""`)
	b.Wants(`document.querySelectorAll('[data-rows="settings.symbols"] [data-rows-list] > *').length`, "2")
}

func TestALineOfATableLeadsWhereItsLinkLeads(t *testing.T) {
	b := visit(t, 1440, "list")
	b.click(`.table tbody tr td:nth-child(4)`)
	b.Until(`location.hash === "#row"`)
}

func TestTheTextIsCopied(t *testing.T) {
	b := visit(t, 1440, "parts")
	b.Eval(`Object.defineProperty(navigator, "clipboard", {value: {writeText: async (x) => { window.copied = x; }}})`)
	b.click(`[data-copy]`)
	b.Until(`window.copied === "https://pull.example.org/hook/lecker/telegram" && document.getElementById("live").textContent === "Copied."`)
}

func TestAChangedFormIsNotLeftUnsaid(t *testing.T) {
	b := visit(t, 1440, "form")
	const leave = `(() => { const e = new Event("beforeunload", {cancelable: true}); dispatchEvent(e); return e.defaultPrevented; })()`
	b.Wants(leave, "false")
	b.Eval(`document.getElementById("f-settings-title").dispatchEvent(new Event("input", {bubbles: true}))`)
	b.Wants(leave, "true")
	b.Eval(`addEventListener("submit", (e) => e.preventDefault())`)
	b.Eval(`document.querySelector("form.form").requestSubmit()`)
	b.Until(leave + " === false")
}

func TestFingersHitWhatTheyAimAt(t *testing.T) {
	server, b := gallery(t), newBrowser(t)
	b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	for _, page := range []string{"parts", "list", "form", "bare"} {
		b.Open(server.URL + "/" + page)
		b.Wants(`matchMedia("(pointer: coarse)").matches`, "true")
		if small := b.Eval(`[...document.querySelectorAll(".button, .input, .nav a, .bottom a, summary, .choice, .switch, a.chip, .tabs a, .menu-item")]
			.filter((x) => x.checkVisibility() && x.getBoundingClientRect().height < 43.9)
			.map((x) => x.outerHTML.slice(0, 80) + " " + x.getBoundingClientRect().height).join("\n")`); small != "" {
			t.Errorf("%s: lower than 44 px:\n%s", page, small)
		}
		if got := b.Eval(overflow); got != "" {
			t.Errorf("%s overflows on a phone: %s", page, got)
		}
		b.picture("touch-" + page + ".png")
	}
}
