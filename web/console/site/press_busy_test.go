package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestSaveShowsThatItWorksOnASlowLine: the button that was pressed turns, it is said, and what
// is pressed again meanwhile is sent no second time.
func TestSaveShowsThatItWorksOnASlowLine(t *testing.T) {
	r := newRig(t)
	arrives, posts, seen := make(chan struct{}), atomic.Int32{}, make(chan url.Values, 1)
	arrive := sync.OnceFunc(func() { close(arrives) })
	t.Cleanup(arrive)
	next := r.server.Config.Handler
	r.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch {
		case q.URL.Path == "/seen":
			seen <- q.URL.Query()
		case q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/keywords/news"):
			posts.Add(1)
			<-arrives
		}
		next.ServeHTTP(w, q)
	})
	b := newBrowser(t)
	b.signIn(r.as("lecker owner"))
	b.Open(r.server.URL + room + "keywords/news")
	b.fill("[name=note]", "Call the desk")
	b.Eval(`(() => {
		const button = document.querySelector("form:has([name=note]) .button.primary");
		setTimeout(() => button.click());
		const look = setInterval(() => {
			if (!button.matches(".works[aria-disabled=true]")) return;
			clearInterval(look);
			button.click();
			button.click();
			fetch("/seen?" + new URLSearchParams({turns: getComputedStyle(button, "::after").animationName, said: document.getElementById("live").textContent}));
		}, 20);
	})()`)
	select {
	case got := <-seen:
		if got.Get("turns") != "turn" || got.Get("said") == "" {
			t.Errorf("meanwhile the page shows %v", got)
		}
	case <-b.Ctx.Done():
		t.Fatal("the button never showed that it works")
	}
	arrive()
	b.Until(`location.search.includes("done=") && document.readyState === "complete"`)
	if got := posts.Load(); got != 1 {
		t.Errorf("it was sent %d times", got)
	}
	if k, _ := r.Publisher("lecker").Keyword("news"); k.Note != "Call the desk" {
		t.Errorf("kept is %q", k.Note)
	}
}

// TestWhatATrialBringsStaysInView: beside the form where there is room for both, and above the
// bar at the foot of a phone.
func TestWhatATrialBringsStaysInView(t *testing.T) {
	r := newRig(t)
	b := newBrowser(t)
	b.signIn(r.as("lecker owner"))
	for _, width := range []int64{1300, 390} {
		b.Look(width, "light")
		b.Open(r.server.URL + room + "sources/news")
		for _, at := range []string{"0", "document.documentElement.scrollHeight / 3"} {
			b.Eval(`scrollTo(0, ` + at + `)`)
			const seen = `(() => { const x = document.querySelector(".try").getBoundingClientRect();
				return x.top >= 0 && x.top < innerHeight && Math.min(x.bottom, innerHeight) - x.top >= Math.min(x.height, 40) ? "" : [x.top, x.bottom, innerHeight].join(); })()`
			if got := strings.Trim(b.Eval(seen), `"`); got != "" {
				t.Errorf("at %d points, moved by %s, the trial stands at %s", width, at, got)
			}
		}
	}
}

// TestWhatFailsAtAPressSaysSoInItsPlace: a script that is refused, or that nobody answers, shows why.
func TestWhatFailsAtAPressSaysSoInItsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		want   string
	}{
		"the server broke down": {func(w http.ResponseWriter) { http.Error(w, "Something went wrong on our side.", 500) }, "Something went wrong on our side."},
		"a page of an error": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(429)
			_, _ = w.Write([]byte(`<html><title>x</title><nav><p>Sources</p></nav><div data-failure><h1>Too much at once</h1><p>Wait a moment.</p></div>`))
		}, "Too much at once. Wait a moment."},
		"nobody is there": {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, "The server does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			next := r.server.Config.Handler
			r.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				if strings.HasSuffix(q.URL.Path, "/sources/try") {
					c.answer(w)
					return
				}
				next.ServeHTTP(w, q)
			})
			b := newBrowser(t)
			b.signIn(r.as("lecker owner"))
			b.Open(r.server.URL + room + "sources/new?kind=feed")
			b.Eval(`(() => { document.querySelector("[hx-post$='/sources/try']").click(); })()`)
			b.Until(`document.querySelector("#trial .finding[data-level=error]")?.textContent.includes("` + c.want + `")`)
			if said := b.Eval(`document.getElementById("trial").textContent`); strings.Contains(said, "Sources") {
				t.Errorf("all of the page is shown: %q", said)
			}
		})
	}
}
