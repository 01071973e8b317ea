package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"keypull/cmd/keypull/cli"
)

// terminal starts the server of an empty folder and returns the link that it
// prints, as whoever installs it sees it.
func (f *emptyFolder) terminal() (p *process, link string) {
	f.t.Helper()
	p = &process{t: f.t, done: make(chan error, 1), cmd: f.command("serve")}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	serving, printed := make(chan string, 1), make(chan string, 1)
	go func() {
		defer close(printed)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if found := welcomeLink.FindString(lines.Text()); found != "" {
				printed <- found
				break
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
	}()
	go func() {
		readLog(stderr, f.book, serving)
		<-printed
		p.done <- p.cmd.Wait()
	}()
	f.t.Cleanup(p.kill)
	if p.url = <-serving; p.url == "" {
		f.t.Fatalf("the server does not start:\n%s", f.book)
	}
	select {
	case link = <-printed:
	case <-time.After(patience):
	}
	if link == "" {
		f.t.Fatal("the server printed no link")
	}
	return p, link
}

// beginner is somebody who has never seen keypull and counts the steps.
type beginner struct {
	*seat
	t     *testing.T
	steps []string
}

func (b *beginner) step(what string, act func()) {
	b.t.Helper()
	b.steps = append(b.steps, what)
	act()
	if b.t.Failed() {
		b.t.Fatalf("step %d failed: %s", len(b.steps), what)
	}
}

// edition returns a feed whose one item changes; it says itself that it is fresh for
// no time at all, as many do.
func edition(t *testing.T) *newsFeed {
	t.Helper()
	f := newNewsSite(t).feed("feed.xml", "Night trains return in December")
	f.raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=0")
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		_, _ = fmt.Fprint(w, rssFeed(rssItem(f.title, f.link, time.Now())))
	}
	front := f.site.feed("", "")
	front.raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, `<!doctype html><html><head><title>The Daily Pull</title><link rel="alternate" type="application/rss+xml" href="feed.xml"></head><body>Welcome</body></html>`)
	}
	return f
}

func TestAnEditorIsLiveInSixSteps(t *testing.T) {
	f := &emptyFolder{t: t, dir: t.TempDir(), book: newLogBook(t)}
	p, link := f.terminal()
	f.book.keepOut(link, personPassword)
	feed := edition(t)
	b := &beginner{seat: newSeat(t), t: t}
	b.firstForm(link, true)
	b.ownFeed(feed)
	b.firstKeyword(func() {})
	var chat *seat
	b.step("press the button that opens the web chat", func() {
		chat = b.pressNew("Ask it in the web chat")
		chat.until(`(window.root = document.querySelector("#chat")?.firstElementChild?.shadowRoot)?.querySelector("form textarea")`)
	})
	b.step("ask", func() { chat.asks("night trains", "Night trains return in December", "news.example") })
	if len(b.steps) != 6 || b.opened != 1 {
		t.Errorf("it took %d steps and %d typed addresses:\n%s", len(b.steps), b.opened, strings.Join(b.steps, "\n"))
	}

	feed.change(func(f *newsFeed) { f.title = "Snow closes the pass" })
	b.fill("Phrases: English", "sleeper")
	b.follow("Save")
	b.reads("Ask it in the web chat", "whoever sends one of its words is answered")
	chat.front()
	chat.asks("sleeper", "Snow closes the pass")
	chat.asks("night trains", "I don't know “night trains”")
	chat.leaves() // else they complain that the server has gone
	b.leaves()
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}
}

// TestAnEditorNeedsNoScripts goes the same way where JavaScript is off, up to
// the web chat, which is a script itself.
func TestAnEditorNeedsNoScripts(t *testing.T) {
	f := &emptyFolder{t: t, dir: t.TempDir(), book: newLogBook(t)}
	p, link := f.terminal()
	f.book.keepOut(link, personPassword)
	feed := edition(t)
	b := &beginner{seat: newSeat(t), t: t}
	b.withoutScripts()
	b.firstForm(link, false)
	b.firstSource(feed, func() { b.follow("Try it") })
	b.firstKeyword(func() { b.follow("Show the preview") })
	if got := b.eval(`pressable("Ask it in the web chat").href`); got != p.url+"/chat/the-daily-pull/web" {
		t.Errorf("the button leads to %q", got)
	}
	asks(t, p.url, "the-daily-pull", "night trains", "Night trains return in December")
	if len(b.steps) != 4 || b.opened != 1 {
		t.Errorf("it took %d steps and %d typed addresses", len(b.steps), b.opened)
	}
	feed.change(func(f *newsFeed) { f.title = "Snow closes the pass" })
	b.fill("Phrases: English", "sleeper")
	b.follow("Save")
	asks(t, p.url, "the-daily-pull", "sleeper", "Snow closes the pass")
}

func (b *beginner) firstForm(link string, scripts bool) {
	b.t.Helper()
	b.step("open the link from the terminal and fill in the one form", func() {
		b.open(link)
		b.fill("Your name", "Ann Ouray")
		b.fill("E-mail", "ann@example.org")
		b.fill("Password", personPassword)
		b.fill("Name", "The Daily Pull")
		if !scripts {
			b.fill("Time zone", "Europe/Paris")
		}
		b.follow("Begin")
		b.reads("New source", "Paste an address")
	})
}

// ownFeed begins with the front page of the outlet's site, which names its feed.
func (b *beginner) ownFeed(feed *newsFeed) {
	b.t.Helper()
	b.step("paste the address of the front page, and look", func() {
		b.fill("Paste an address", feed.site.URL)
		b.press("Look")
		b.until(`main().includes("Found: 1 source")`)
		b.reads("Night trains return in December")
	})
	b.step("use its feed", func() {
		b.follow("Use its feed")
		b.reads("Which word shall readers send?")
		b.wants(`document.querySelector("#f-phrases-en").value`, "news")
		b.until(`document.querySelector("#preview").textContent.includes("Night trains return in December")`)
	})
}

func (b *beginner) firstSource(feed *newsFeed, try func()) {
	b.t.Helper()
	b.step("choose feed, paste the address, try it", func() {
		b.follow("News feed")
		b.fill("Address", feed.url())
		try()
		b.until(`main().includes("It works: 1 item shown")`)
		b.reads("Night trains return in December")
	})
	b.step("save it", func() {
		b.follow("Save")
		b.reads("Which word shall readers send?")
		b.wants(`document.querySelector("#f-source").value`, b.eval(`new URLSearchParams(location.search).get("source")`))
	})
}

func (b *beginner) firstKeyword(preview func()) {
	b.t.Helper()
	b.step("type the word, see what readers get, save it", func() {
		b.fill("Phrases: English", "night trains")
		preview()
		b.until(`document.querySelector("#preview").textContent.includes("Night trains return in December")`)
		b.follow("Save")
		b.reads("It is live")
	})
}

// asks asks the web chat of this tab and looks for what must stand in the
// answer.
func (s *seat) asks(words string, want ...string) {
	s.t.Helper()
	// A link shows where it leads as words.
	const heard = `[...root.querySelectorAll(".them .bubble")].map((x) =>
		[x.textContent, ...[...x.querySelectorAll("a")].map((a) => a.href)].join(" "))`
	before := s.eval(heard + `.length`)
	s.eval(`root.querySelector("form textarea").focus()`)
	s.do(chromedp.KeyEvent(words + "\r"))
	s.until(heard + `.length > ` + before)
	got := s.eval(heard + `.at(-1)`)
	for _, w := range want {
		if !strings.Contains(got, w) {
			s.t.Errorf("%q was answered %q, want %q in it", words, got, w)
		}
	}
}

// TestAClickOnAValueNamesItsField points at values of an answer: each goes into
// the field of its name, within the item, and the next name is chosen.
func TestAClickOnAValueNamesItsField(t *testing.T) {
	site := newNewsSite(t)
	feed := site.feed("stalls.json", "")
	feed.raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"page":{"town":"Orsk"},"stalls":[{"no":7,"what":{"says":"Plum jam"},"cost":"4.20"},{"no":8,"what":{"says":"Rye bread"},"cost":"3.10"}]}`)
	}
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	for name, scripts := range map[string]bool{"with scripts": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			b := newSeat(t)
			if !scripts {
				b.withoutScripts()
			}
			b.signIn(s.URL, "ann@example.org")
			b.open(s.URL + "/console/p/lecker/sources/new?kind=json")
			b.fill("Address", feed.url())
			b.fill("Items", "stalls")
			click := func(press string, then string) {
				t.Helper()
				b.point(press)
				b.until(calm + ` && !document.querySelector(".htmx-settling, .htmx-added") && ` + then)
			}
			click(`pressable("Try it")`, `document.querySelector("#answer")`)
			value := func(name string) string {
				return fmt.Sprintf(`[...document.querySelectorAll("#answer button")].find((x) => x.value.endsWith("\t%s"))`, name)
			}
			const pairs = `JSON.stringify([...document.querySelectorAll('[name^="settings.fields["]')].map((x) => x.value))`
			filled := func(want string) string { return pairs + ` === ` + fmt.Sprintf("%q", want) }
			b.press("Title")
			click(value("what.says"), filled(`["title","what.says"]`))
			b.wants(`document.querySelector("#answer [name=_spot]:checked").value`, "settings.fields:summary")
			b.reads("Plum jam")
			b.press("Price")
			click(value("cost"), filled(`["price","cost","title","what.says"]`))
			b.press("Title")
			click(value("no"), filled(`["price","cost","title","no"]`))
			b.wants(`location.pathname.endsWith("/try")`, fmt.Sprint(!scripts))
			b.wants(`field("Items").value`, "stalls")
		})
	}
}
