package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/demo"
)

// The pictures of docs/console.md are what this test saw: make screenshot
// writes them anew.
var pictures = flag.String("pictures", "", "write the pictures of the tour into this `folder`")

// tourBegins returns the moment at which the tour begins, so that its pictures tell
// the same time whenever they are taken.
func tourBegins(t *testing.T) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, time.November, 20, 7, 4, 0, 0, zone)
}

// tour is a journalist's first day with the console.
type tour struct {
	*seat
	t     *testing.T
	s     *service
	world *demo.World
	taken []string
	// readers counts who has asked.
	readers int
}

// newTour starts a server on which nobody has been, and the world that it
// shall ask.
func newTour(t *testing.T) *tour {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(consoleHead), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &service{t: t, path: file, clock: &testClock{}, log: newLogBook(t)}
	s.clock.advance(time.Until(tourBegins(t)))
	s.start()
	t.Cleanup(s.stop)
	s.log.keepOut(path.Base(s.Welcome), personPassword)
	world, err := demo.Start(t.Context(), demo.Options{Clock: s.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &tour{seat: newSeat(t), t: t, s: s, world: world}
	if _, err := chromedp.Call(r.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Paris"}); err != nil {
		t.Fatal(err)
	}
	return r
}

// picture takes what the window shows, once all of it is there and what a toast
// says has been read.
func (r *tour) picture(name string) {
	r.t.Helper()
	r.eval(`document.querySelectorAll("[data-dismiss]").forEach((x) => x.click())`)
	r.shoot(r.seat, name)
}

func (r *tour) shoot(s *seat, name string) {
	r.t.Helper()
	if _, err := chromedp.Call(s.ctx, page.BringToFront, cdp.Empty{}); err != nil {
		r.t.Fatal(err)
	}
	s.promise(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`)
	s.until(calm + ` && [...document.images].filter((x) => { const b = x.getBoundingClientRect(); return b.top < innerHeight && b.bottom > 0; }).every((x) => x.complete && x.naturalWidth > 0)`)
	shot, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		r.t.Fatal(err)
	}
	r.taken = append(r.taken, name)
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), shot, 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// onAPhone takes a second picture of the page, as a phone shows it.
func (r *tour) onAPhone(name, element string) {
	r.t.Helper()
	r.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	if element == "" {
		r.eval(`scrollTo({ top: 0, behavior: "instant" })`)
	} else {
		r.eval(element + `.scrollIntoView({ block: "start", behavior: "instant" })`)
	}
	r.picture(name)
	r.do(chromedp.EmulateReset())
	r.look(1440, "light")
	r.eval(`scrollTo({ top: 0, behavior: "instant" })`)
}

func TestTheTour(t *testing.T) {
	r := newTour(t)
	r.signedIn()
	r.firstSource()
	r.firstKeyword()
	r.asksIt()
	r.moreOfIt()
	r.aDay()
	want := []string{"welcome", "source-try", "keyword-preview", "keyword-preview-phone", "phone", "keywords-list", "channels", "channel-web", "today", "today-phone", "demand"}
	if !slices.Equal(r.taken, want) {
		t.Errorf("the pictures are %q", r.taken)
	}
	for _, name := range want {
		if *pictures == "" {
			break
		}
		if info, err := os.Stat(filepath.Join(*pictures, name+".png")); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func (r *tour) signedIn() {
	r.open(r.s.Welcome)
	r.fill("Your name", "Ann Ouray")
	r.fill("E-mail", "ann@lecker.example")
	r.fill("Password", personPassword)
	r.fill("Name", "Lecker")
	r.press("French")
	r.press("German")
	r.eval(`scrollTo({ top: 0, behavior: "instant" })`)
	r.picture("welcome")
	r.follow("Begin")
	r.reads("Paste an address")
}

func (r *tour) firstSource() {
	r.follow("Recipes")
	r.fill("Sitemap", r.world.URL()+"/recipes/sitemap.xml")
	r.press("Try it")
	r.until(`document.querySelectorAll("#trial .bubble").length > 2`)
	r.reads("Names that readers may ask for")
	r.eval(`scrollTo({ top: 0, behavior: "instant" })`)
	r.picture("source-try")
	r.follow("Save")
}

func (r *tour) firstKeyword() {
	r.reads("Which word shall readers send?")
	r.fill("Phrases: English", "recipe\nwhat’s cooking")
	r.fill("Phrases: French", "recette")
	r.fill("Phrases: German", "rezept")
	r.press("What readers may write beside it")
	r.press("Yes, if there are any")
	r.fill("Words beside the keyword", "tiramisu")
	r.until(`document.querySelectorAll("#preview .preview").length > 1 && document.querySelector("#preview").textContent.includes("mascarpone")`)
	r.eval(`scrollTo({ top: 0, behavior: "instant" })`)
	r.picture("keyword-preview")
	r.onAPhone("keyword-preview-phone", `document.querySelector("#preview-title")`)
	r.follow("Save")
	r.reads("It is live")
}

func (r *tour) asksIt() {
	chat := r.pressNew("Ask it in the web chat")
	chat.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	chat.until(`(window.root = document.querySelector("#chat")?.firstElementChild?.shadowRoot)?.querySelector("form textarea")`)
	chat.asks("recipe tiramisu", "mascarpone")
	chat.until(`[...root.querySelectorAll("img")].every((x) => x.complete)`)
	// The reader's own words stand above the picture of the dish.
	chat.eval(`root.querySelector(".log").scrollTop = 0`)
	r.shoot(chat, "phone")
}

// moreOfIt adds what else such an outlet has, as its own programs would.
func (r *tour) moreOfIt() {
	c := r.s.admin()
	news := r.world.URL() + "/news/"
	for language, file := range map[string]string{"en": "feed.xml", "fr": "fr.xml", "de": "de.xml"} {
		c.add("lecker", "source", object{"id": "news-" + language, "kind": "feed", "max_age": "1m", "stale_if_error": "6h", "settings": object{"url": news + file}})
	}
	c.add("lecker", "source", object{"id": "shares", "kind": "quote", "max_age": "1s", "stale_if_error": "10m", "settings": object{
		"url": r.world.URL() + "/exchange/quote?symbol={symbol}", "price": "price", "change": "change_percent", "currency": "currency", "as_of": "time",
		"symbols": []object{{"symbol": "WIPRO", "name": "Wipro"}, {"symbol": "LVMH", "name": "LVMH"}, {"symbol": "SAP", "name": "SAP"}}}})
	c.add("lecker", "source", textDoc("opening", "Our shop is open Tuesday to Saturday, 10 to 18:30."))
	c.add("lecker", "source", textDoc("subscribe", "Twelve issues for 48 euros: lecker.example/subscribe"))
	words := func(id, source string, more object, en, fr, de []string) {
		c.add("lecker", "keyword", wordDoc(id, source, object{"phrases": object{"en": en, "fr": fr, "de": de}}, more))
	}
	words("news", "news-en", object{"count": 3}, []string{"news", "headlines", "top 3"}, nil, nil)
	words("actus", "news-fr", object{"count": 3}, nil, []string{"actus", "les titres"}, nil)
	words("schlagzeilen", "news-de", object{"count": 3}, nil, nil, []string{"nachrichten", "schlagzeilen"})
	words("dish", "recipe", object{"bare": true}, []string{"dish of the day"}, []string{"plat du jour"}, []string{"tagesgericht"})
	words("shares", "shares", object{"argument": "optional", "bare": true, "query": "LVMH", "stamp": "always", "hours": []string{"mon-fri 09:00-17:35"}},
		[]string{"share price", "stock"}, []string{"bourse"}, []string{"aktie", "kurs"})
	words("opening", "opening", nil, []string{"opening hours", "open"}, []string{"horaires"}, []string{"öffnungszeiten"})
	words("subscribe", "subscribe", nil, []string{"subscribe"}, []string{"abonnement"}, []string{"abo"})
	words("advent", "recipe", object{"query": "scones", "from": "2026-12-01T06:00:00+01:00", "until": "2026-12-24T18:00:00+01:00"},
		[]string{"advent"}, []string{"avent"}, []string{"adventskalender"})
	c.add("lecker", "channel", botDoc("telegram", newBotAPI(r.t), nil))
	r.open(config.BrowserURL(r.s.URL) + "/console/p/lecker/keywords")
	r.picture("keywords-list")
}

// aDay lets readers ask, hour by hour, and shows what an editor sees of it in
// the afternoon.
func (r *tour) aDay() {
	asked := []string{"recipe tiramisu", "news", "recette", "share price", "dish of the day", "recipe falafel", "opening hours", "WIPRO", "rezept", "actus"}
	missed := []string{"parking at the market", "parking at the market", "vegan", "gluten free bread", "vegan", "parking at the market"}
	for hour, asks := range []int{2, 5, 7, 4, 9, 14, 8, 5, 3} {
		for i := range asks {
			r.reader(asked[(3*hour+i)%len(asked)])
		}
		if hour%2 == 1 {
			// Words are shown once five readers wrote them.
			for range 3 {
				r.reader(missed[hour/2])
			}
			r.reader(missed[len(missed)-1-hour/2])
		}
		r.s.clock.advance(time.Hour)
	}
	r.s.clock.advance(-35 * time.Minute)
	r.reader("recipe tiramisu")
	r.message(newChat(), "news")
	r.open(config.BrowserURL(r.s.URL) + "/console/p/lecker/channels")
	r.picture("channels")
	r.follow("web")
	r.picture("channel-web")
	r.open(config.BrowserURL(r.s.URL) + "/console/p/lecker/today")
	r.reads("parking at the market")
	r.picture("today")
	r.onAPhone("today-phone", "")
	r.demand()
}

// demand lets more readers ask for what is not there, and shows what they want.
func (r *tour) demand() {
	for range 6 {
		r.reader("lost property")
		r.reader("parking at the market")
		r.reader("fondu")
	}
	for range 2 {
		r.reader("pharmacy on duty")
	}
	r.open(config.BrowserURL(r.s.URL) + "/console/p/lecker/demand")
	r.reads("lost property")
	r.picture("demand")
}

// reader asks the web chat; some come back in the course of the day.
func (r *tour) reader(words string) {
	r.t.Helper()
	r.readers++
	const regulars = 23
	session := fmt.Sprintf("reader-%04d", r.readers*r.readers%regulars)
	r.s.knownReader("web", session)
	body := asJSON(r.t, object{"text": words, "session": session})
	got := request(r.t, http.MethodPost, r.s.URL+"/chat/lecker/web/messages", body, jsonHeader)
	if got.status != http.StatusOK {
		r.t.Fatalf("the chat answered %d %s", got.status, got.body)
	}
}

// message comes by the other channel.
func (r *tour) message(chat int64, words string) {
	r.t.Helper()
	got := request(r.t, http.MethodPost, r.s.URL+"/hook/lecker/telegram", messageUpdate(newUpdate(), chat, words), telegramHeader())
	if got.status != http.StatusOK {
		r.t.Fatal(fmt.Errorf("the webhook answered %d %s", got.status, got.body))
	}
	r.s.settled()
}

var (
	boldWord  = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	imageFile = regexp.MustCompile(`img/([a-z-]+)\.png`)
)

// TestTheGuideSpeaksAsThePagesDo: what stands in bold in docs/console.md stands
// on a page, word for word.
func TestTheGuideSpeaksAsThePagesDo(t *testing.T) {
	root := filepath.Join("..", "..")
	guide, err := os.ReadFile(filepath.Join(root, "docs", "console.md")) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, pattern := range []string{"pull/words/en/*.json", "pull/catalogue/*.go", "pull/catalogue/words/en/*.json", "sources/*/*.go", "sources/*/words/en/*.json", "web/messengers/*/*.go", "web/messengers/*/words/en/*.json"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range found {
			text, err := os.ReadFile(name) //nolint:gosec // files of this repository
			if err != nil {
				t.Fatal(err)
			}
			said.Write(text)
		}
	}
	bold := boldWord.FindAllStringSubmatch(string(guide), -1)
	for _, m := range bold {
		word := strings.Join(strings.Fields(m[1]), " ")
		if word != "bold" && !strings.Contains(said.String(), `"`+word+`"`) {
			t.Errorf("no page says %q", word)
		}
	}
	if len(bold) < 50 {
		t.Errorf("the guide names %d words of the pages", len(bold))
	}
	for _, m := range imageFile.FindAllStringSubmatch(string(guide), -1) {
		if _, err := os.Stat(filepath.Join(root, "docs", "img", m[1]+".png")); err != nil {
			t.Error(err)
		}
	}
}
