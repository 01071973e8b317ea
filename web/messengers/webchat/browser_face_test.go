package webchat_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// device has the browser prefer a scheme.
func (b *browser) device(scheme string) {
	b.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.t.Fatal(err)
	}
}

// colour is that of a part of the widget.
func colour(selector, property string) string {
	return `getComputedStyle($("` + selector + `"))["` + property + `"]`
}

// looks is all of the widget that a page's own style could reach: what a box measures and
// what is written in it, of every part that is shown.
const looks = `$$("*").filter((x) => x.getClientRects().length).map((x) => { const s = getComputedStyle(x), r = x.getBoundingClientRect();
	return [x.tagName, Math.round(r.width), Math.round(r.height), s.fontSize, s.color, s.backgroundColor, s.visibility, s.opacity, s.letterSpacing, s.textTransform, s.direction, s.pointerEvents, s.filter].join(" "); }).join("\n")`

func TestAHostileStyleSheetOfThePageDoesNotReachTheChat(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	seen := map[string]string{}
	for _, css := range []string{"none", "hostile"} {
		b.open(s.URL + "/article?lang=en&mode=bubble&css=" + css)
		seen[css] = b.text(looks)
		b.press(kb.Tab)
		b.press(kb.Enter)
		b.until(`root.activeElement === $("textarea")`)
		b.press("tiramisu")
		b.press(kb.Enter)
		b.hears("mascarpone")
		b.until(`$(".them img")?.naturalWidth > 0`)
		seen[css] += b.text(looks)
		b.wants(`[getComputedStyle(root.host).display, getComputedStyle(root.host).visibility, getComputedStyle(root.host).zoom].join()`, "block,visible,1")
		b.text(`sessionStorage.clear()`)
	}
	plain, hostile := strings.Split(seen["none"], "\n"), strings.Split(seen["hostile"], "\n")
	if len(plain) < 20 || len(plain) != len(hostile) {
		t.Fatalf("%d parts are shown, %d beside a hostile style sheet", len(plain), len(hostile))
	}
	for i := range plain {
		if plain[i] != hostile[i] {
			t.Errorf("a part is\n%s\nbeside a hostile style sheet\n%s", plain[i], hostile[i])
		}
	}
}

func TestTheChatIsInTheSchemeOfThePage(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	for _, tt := range []struct{ css, device, want string }{
		{"none", "light", "light"}, {"none", "dark", "dark"},
		{"light", "dark", "light"}, {"dark", "light", "dark"},
		{"both", "light", "light"}, {"both", "dark", "dark"},
	} {
		b.device(tt.device)
		b.open(s.URL + "/article?lang=en&mode=inline&target=%23here&css=" + tt.css)
		b.until(`$(".chat").dataset.scheme`)
		if got := b.text(`$(".chat").dataset.scheme`); got != tt.want {
			t.Errorf("on a page of the scheme %s and a device that prefers %s the chat is %s", tt.css, tt.device, got)
		}
	}
	b.text(`document.documentElement.style.colorScheme = "only light"`)
	b.until(`$(".chat").dataset.scheme === "light"`)
	b.device("light")
	b.text(`document.documentElement.style.colorScheme = "normal"`)
	b.device("dark")
	b.until(`$(".chat").dataset.scheme === "dark"`)
}

func TestTheOutletsFaceIsShown(t *testing.T) {
	s := newSite(t, map[string]any{"colour": "#ffd500", "logo": "https://www.lecker.example/logo.svg", "avatar": "https://www.lecker.example/avatar.png",
		"welcome": map[string]any{"": "Hello there.", "de": "Guten Tag."}})
	b := newBrowser(t)
	for _, tt := range []struct{ scheme, on, accent string }{
		{"light", "rgb(0, 0, 0)", "rgb(128, 107, 0)"}, {"dark", "rgb(0, 0, 0)", "rgb(255, 213, 0)"},
	} {
		b.device(tt.scheme)
		b.open(s.URL + "/article?lang=de-AT&mode=inline&target=%23here")
		b.until(`$(".chat").dataset.scheme === "` + tt.scheme + `"`)
		b.wants(colour(".go", "backgroundColor"), "rgb(255, 213, 0)")
		b.wants(colour(".go", "color"), tt.on)
		b.wants(colour(".choice", "color"), tt.accent)
	}
	b.wants(`$(".hello p").textContent`, "Guten Tag.")
	b.wants(`$$(".hello button").length`, "3")
	// Pictures that nobody has go without a trace.
	b.until(`!$(".logo") && !$(".face")`)
	b.open(s.URL + "/article?lang=fr&mode=inline&target=%23here")
	b.wants(`$(".hello p").textContent`, "Hello there.")
}

func TestPicturesOfTheOutletStandWhereTheyBelong(t *testing.T) {
	pictures := newSite(t, nil)
	s := newSite(t, map[string]any{"logo": pictures.URL + "/picture.png", "avatar": pictures.URL + "/picture.png", "picture": pictures.URL + "/picture.png", "picture_alt": map[string]any{"en": "The kitchen by the harbour"}})
	b := newBrowser(t)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	b.until(`["header .logo", ".hello .face", ".hello .bubble > img", ".them .face"].every((x) => $(x)?.naturalWidth > 0)`)
	b.wants(`$$(".me img").length`, "0")
	b.wants(`$$("img").map((x) => x.alt).filter((alt) => alt).join()`, "The kitchen by the harbour")
	b.wants(`$(".them .face").getBoundingClientRect().right < $(".them .bubble").getBoundingClientRect().left`, "true")
}

func TestPiecesOfAListAreCardsWithTheirPictures(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("list")
	b.hears("as of 14:02")
	b.until(`$(".them .card img")?.naturalWidth > 0 && $$(".them .card img").length === 1`)
	b.wants(`$$(".them a").map((x) => x.className + x.textContent + "=" + x.href).join("|")`,
		"cardA bridge is closed=https://lecker.example/1|Rain until Sunday=https://lecker.example/2|cardThe mayor steps down=https://lecker.example/3")
	b.wants(`$(".them .bubble").textContent`, "A bridge is closedRain until SundayThe mayor steps downas of 14:02")
	before := b.text(turns)
	b.run(chromedp.Reload())
	b.until(`$$(".them .card").length === 2`)
	b.wants(turns, before)
}

func TestTheSideIsThatOfThePageOrOfTheReadersLanguage(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	for _, tt := range []struct {
		page string
		left bool
	}{{"lang=en", false}, {"lang=ar", true}, {"lang=he", true}, {"lang=en&dir=rtl", true}, {"lang=fa&dir=rtl", true}, {"lang=de&dir=ltr", false}} {
		b.open(s.URL + "/article?mode=bubble&" + tt.page)
		b.wants(`$(".launcher").getBoundingClientRect().left < innerWidth / 2`, map[bool]string{true: "true", false: "false"}[tt.left])
		b.text(`$(".launcher").click()`)
		b.until(`!$(".panel").hidden`)
		b.wants(`$(".panel").getBoundingClientRect().left < innerWidth / 2`, map[bool]string{true: "true", false: "false"}[tt.left])
		b.say("one")
		b.hears("You said one")
		b.wants(`$(".me .bubble").getBoundingClientRect().left < $(".them .bubble").getBoundingClientRect().left`, map[bool]string{true: "true", false: "false"}[tt.left])
		b.text(`sessionStorage.clear()`)
	}
}

func TestWhatIsUnreadIsSaid(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + "/article?lang=en&mode=bubble")
	b.text(`$(".launcher").click()`)
	b.say("one")
	b.hears("You said one")
	b.wants(`[$(".count").hidden, $("[role=status].quiet").textContent].join("|")`, "true|")
	b.press(kb.Escape)
	b.until(`$(".panel").hidden`)
	for n, text := range []string{"It is known now", "And more"} {
		send(t, s.chat, s.asks()[0].Address, text, text)
		b.until(`$(".count").textContent === "` + string(rune('1'+n)) + `"`)
	}
	b.wants(`$("[role=status].quiet").textContent`, "New messages: 2")
	b.wants(`$(".launcher").getAttribute("aria-label")`, "Open the chat. New messages: 2")
	b.press(kb.Enter)
	b.until(`!$(".panel").hidden`)
	b.wants(`[$(".count").hidden, $("[role=status].quiet").textContent, $(".launcher").getAttribute("aria-label")].join("|")`, "true||Close the chat")
}
