package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// refusedAct is something that must not be done, and how it is refused.
type refusedAct struct {
	name, method, path string
	body               any
	header             []string
	status             int
	// operation is what the audit log calls it; "" if it never came so far.
	operation string
	// field is the one that the problem names, words what it says of it.
	field string
	words []string
}

// refusing is an installation on which nothing may change.
type refusing struct {
	*service
	t     *testing.T
	c     caller
	site  *newsSite
	stale string
}

// urlSecret stands in addresses that are refused; nobody is told it.
const urlSecret = "hunter2-in-a-refused-address"

func openRefusing(t *testing.T) *refusing {
	t.Helper()
	s := serveConsole(t, "\n[[publisher]]\nid = \"fixed\"\nname = \"Fixed\"\nlanguages = [\"en\"]\ntime_zone = \"UTC\"\n",
		sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), chatBlock())
	r := &refusing{service: s, t: t, c: s.admin(), site: newNewsSite(t)}
	s.log.keepOut(urlSecret)
	r.site.feed("feed.xml", "First edition")
	r.site.feed("page.xml", "").raw = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html><head><title>Home</title></head><body><p>Welcome</p></body></html>"))
	}
	r.c.outlet("lecker")
	r.c.add("lecker", "source", feedDoc("news", r.site.URL+"/feed.xml"))
	r.c.add("lecker", "keyword", wordDoc("news", "news"))
	r.stale = r.c.get("/publishers/lecker/keywords/news").header.Get("Etag")
	r.c.put("/publishers/lecker/keywords/news", "keyword", func(doc object) { doc["phrases"] = object{"en": []string{"news", "latest"}} })
	return r
}

// acts are all that is refused.
func (r *refusing) refusals() []refusedAct {
	all := r.sourceRefusals()
	const words, one = "/publishers/lecker/keywords", "/publishers/lecker/keywords/news"
	keyword := func(more object) object { return object{"keyword": wordDoc("second", "news", more)} }
	add := func(name, field string, body any, says ...string) {
		all = append(all, refusedAct{name, http.MethodPost, words, body, nil, 422, "keyword.create", field, says})
	}
	add("a phrase that is taken", "keyword.phrases.en[0]", keyword(object{"phrases": object{"en": []string{"Latest!"}}}), "news")
	add("a variable that is not there", "keyword.template", keyword(object{"template": "{{ item.title }}\n{{ item.titel }}"}), "line 2", "title")
	add("a field of 1 MB", "keyword.template", keyword(object{"template": strings.Repeat("x", 1_000_000)}), "64 KiB", "1000000")
	add("a field that is not there", "keyword.phrase", keyword(object{"phrase": "second"}), "phrases")
	add("an id that is taken", "keyword.id", keyword(object{"id": "news"}), "news")
	add("a source that is not there", "keyword.source", keyword(object{"source": "newz"}), "news")
	same := object{"keyword": wordDoc("news", "news")}
	all = append(all,
		refusedAct{"a stale version", http.MethodPut, one, same, []string{"If-Match", r.stale}, 412, "keyword.update", "", nil},
		refusedAct{"no version", http.MethodPut, one, same, nil, 428, "keyword.update", "", nil},
		refusedAct{"removing a stale version", http.MethodDelete, one, nil, []string{"If-Match", r.stale}, 412, "keyword.delete", "", nil},
		refusedAct{"removing a source that is used", http.MethodDelete, "/publishers/lecker/sources/news", nil, []string{"If-Match", "*"}, 409, "source.delete", "", []string{"news"}},
		refusedAct{"a body of 5 MB", http.MethodPost, words, keyword(object{"template": strings.Repeat("x", 5_000_000)}), nil, 413, "", "", []string{"4,194,304"}},
	)
	return append(all, fixedRefusals()...)
}

func (r *refusing) sourceRefusals() (all []refusedAct) {
	at := func(place string) string {
		return strings.Replace(place, "http://", "http://editor:"+urlSecret+"@", 1) + "?key=" + urlSecret
	}
	for _, tt := range []struct {
		name, url string
		words     []string
	}{
		{"a host that refuses connections", at(deadURL(r.t)), []string{"no connection to the host", "Nothing was saved"}},
		{"an address that is not there", at(r.site.URL + "/none.xml"), []string{"404"}},
		{"a page in place of a feed", at(r.site.URL + "/page.xml"), nil},
		{"another scheme", "ftp://editor:" + urlSecret + "@news.example/feed.xml", []string{"http"}},
		{"a file", "file:///etc/passwd", []string{"http"}},
		{"a private address", "http://10.0.0.1/feed.xml", nil},
		{"the address of a cloud's own data", "http://169.254.169.254/latest/meta-data/", nil},
		{"this machine by another name", "http://[::1]:80/feed.xml", nil},
	} {
		all = append(all,
			refusedAct{tt.name, http.MethodPost, "/publishers/lecker/sources", object{"source": feedDoc("second", tt.url)}, nil, 422,
				"source.create", "source.settings.url", tt.words},
			refusedAct{tt.name + " in place of a good one", http.MethodPut, "/publishers/lecker/sources/news",
				object{"source": feedDoc("news", tt.url)}, []string{"If-Match", "*"}, 422, "source.update", "source.settings.url", tt.words})
	}
	return append(all, refusedAct{"a kind that is not there", http.MethodPost, "/publishers/lecker/sources",
		object{"source": object{"id": "second", "kind": "feeed", "settings": object{}}}, nil, 422, "source.create", "source.kind", []string{"feed"}})
}

// fixedRefusals concern a publisher of the configuration file.
func fixedRefusals() (all []refusedAct) {
	const one = "/publishers/fixed"
	whichever := []string{"If-Match", "*"}
	for _, a := range []refusedAct{
		{"a source", http.MethodPost, one + "/sources", object{"source": textDoc("second", "x")}, nil, 403, "source.create", "", nil},
		{"a keyword", http.MethodPost, one + "/keywords", object{"keyword": wordDoc("second", "hours")}, nil, 403, "keyword.create", "", nil},
		{"a keyword of it", http.MethodPut, one + "/keywords/hours", object{"keyword": wordDoc("hours", "hours")}, whichever, 403, "keyword.update", "", nil},
		{"a channel", http.MethodDelete, one + "/channels/web", nil, whichever, 403, "channel.delete", "", nil},
		{"its own fields", http.MethodPut, one, object{"publisher": object{"id": "fixed", "name": "New"}}, whichever, 403, "publisher.update", "", nil},
		{"all of it", http.MethodDelete, one, nil, whichever, 403, "publisher.delete", "", nil},
	} {
		a.name, a.words = "in the configuration file: "+a.name, []string{"config.toml", "change it there"}
		all = append(all, a)
	}
	return all
}

// state returns all that is there, byte for byte, but for the audit log.
func (r *refusing) state() string {
	var all strings.Builder
	for _, place := range []string{
		"/publishers", "/publishers/lecker", "/publishers/lecker/sources", "/publishers/lecker/sources/news",
		"/publishers/lecker/keywords", "/publishers/lecker/keywords/news", "/publishers/lecker/channels",
		"/publishers/fixed", "/publishers/fixed/sources", "/publishers/fixed/keywords", "/publishers/fixed/channels",
	} {
		got := r.c.get(place)
		fmt.Fprintf(&all, "%s %s %s\n", place, got.header.Get("Etag"), got.body)
	}
	return all.String()
}

func TestWhatIsRefusedLeavesNothingBehind(t *testing.T) {
	r := openRefusing(t)
	before := r.state()
	for _, a := range r.refusals() {
		t.Run(a.name, func(t *testing.T) {
			acts := r.c.acts()
			got := r.c.want(a.status, a.method, a.path, a.body, a.header...)
			r.refusedWell(t, a, got)
			if after := r.state(); after != before {
				t.Errorf("it left something behind:\n%s\nbefore:\n%s", after, before)
			}
			r.writtenDown(t, a, acts)
		})
	}
	asks(t, r.URL, "lecker", "latest", "First edition")
	// Who knows better saves all the same.
	r.c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/sources", object{"untried": true, "source": feedDoc("later", deadURL(t))})
	if got := r.c.get("/publishers/lecker/sources/later"); got.table("source")["kind"] != "feed" {
		t.Errorf("what was saved untried is %s", got.body)
	}
}

func (r *refusing) refusedWell(t *testing.T, a refusedAct, got reply) {
	t.Helper()
	said := got.text("detail")
	if a.field != "" {
		said = ""
		for field, message := range got.faults() {
			// A text for everybody and one of a language have other paths.
			if field == a.field || strings.HasPrefix(field, a.field+".") {
				said = message
			}
		}
		if said == "" {
			t.Fatalf("the problem does not name %s: %s", a.field, got.body)
		}
	}
	for _, w := range a.words {
		if !strings.Contains(said, w) {
			t.Errorf("it was refused with %q, want %q in it", said, w)
		}
	}
	if strings.Contains(got.body, urlSecret) {
		t.Errorf("the refusal tells the secret: %s", got.body)
	}
	if a.status != http.StatusPreconditionFailed {
		return
	}
	current := r.c.get("/publishers/lecker/keywords/news")
	if asJSON(t, got.table("current")) != asJSON(t, current.object) || got.header.Get("Etag") != current.header.Get("Etag") {
		t.Errorf("what is there now was told as %s, and is %s", got.body, current.body)
	}
}

// writtenDown looks for the refused act on top of the audit log.
func (r *refusing) writtenDown(t *testing.T, a refusedAct, before []object) {
	t.Helper()
	acts := r.c.acts()
	if a.operation == "" {
		if len(acts) != len(before) {
			t.Errorf("what never came to the operation was written down: %v", acts[0])
		}
		return
	}
	if len(acts) != len(before)+1 {
		t.Fatalf("%d acts were written down, want one", len(acts)-len(before))
	}
	top := acts[0]
	if textOf(top, "operation") != a.operation || textOf(top, "outcome") == "done" || textOf(top, "outcome") == "" || top["after"] != nil {
		t.Errorf("the audit log has %v", top)
	}
	if text := asJSON(t, top); strings.Contains(text, urlSecret) {
		t.Errorf("the audit log tells the secret: %s", text)
	}
}
