package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// quotation is what somebody else has said, or a thing by its own name: it is
// told as it is in every language.
var quotation = regexp.MustCompile(`“[^”]*”|„[^“]*“|«[^»]*»|"[^"]*"|\{\{.*?\}\}|\{%.*?%\}|\{.*?\}|https?://\S+|\[[a-z_]+\]|[-/.\w]*[-/_.][-/.\w]*\w`)

// english are words that no sentence in French, German or Spanish has.
var english = strings.Fields(`the is are this that with there and of it not to have write choose must which be only cannot can
	does you your but what who than where when again nothing something here known give take from by`)

// inEnglish returns the English that stands in a text of another language.
func inEnglish(text string) (found []string) {
	for _, w := range strings.Fields(quotation.ReplaceAllString(text, " ")) {
		if w = strings.ToLower(strings.Trim(w, ".,;:!?()…")); slices.Contains(english, w) {
			found = append(found, w)
		}
	}
	return found
}

// phrase is something that is refused, found or failed, and who says it in a language.
type phrase struct {
	name string
	said func(language string) []string
}

func TestNobodyIsRefusedInEnglishWhoReadsAnother(t *testing.T) {
	r := openRefusing(t)
	phrases := slices.Concat(r.formPhrases(), r.templatePhrases(), r.sourcePhrases(), r.channelPhrases(), r.doorPhrases(), r.commandPhrases())
	missed := 0
	for _, p := range phrases {
		in := map[string][]string{}
		for _, language := range []string{"en", "fr", "de", "es"} {
			in[language] = p.said(language)
			if len(in[language]) == 0 {
				t.Errorf("%s: nothing is said in %s", p.name, language)
			}
		}
		for _, language := range []string{"fr", "de", "es"} {
			for i, said := range in[language] {
				found := inEnglish(said)
				same := i < len(in["en"]) && said == in["en"][i] && strings.Contains(strings.TrimSpace(quotation.ReplaceAllString(said, "")), " ")
				if len(found) > 0 || same {
					missed++
					t.Errorf("%s, in %s: %q has %q", p.name, language, said, found)
				}
			}
		}
		// What is looked for is found.
		if said := strings.Join(in["en"], " "); len(inEnglish(said)) == 0 {
			t.Logf("%s: no English is seen in %q", p.name, said)
		}
	}
	if len(phrases) < 50 {
		t.Errorf("only %d phrases", len(phrases))
	}
	t.Logf("%d phrases in three languages, %d of them with English", len(phrases), missed)
}

// told returns all texts of a problem.
func (r reply) told() (all []string) {
	for _, name := range []string{"title", "detail"} {
		if s := r.text(name); s != "" {
			all = append(all, s)
		}
	}
	faults := r.faults()
	for _, field := range slices.Sorted(maps.Keys(faults)) {
		all = append(all, faults[field])
	}
	return all
}

// formPhrases returns what the API refuses.
func (r *refusing) formPhrases() (all []phrase) {
	acts := r.refusals()
	post := func(name, resource string, doc object) {
		acts = append(acts, refusedAct{name: name, method: http.MethodPost, path: "/publishers/lecker/" + resource + "s", body: object{resource: doc}})
	}
	for name, more := range map[string]object{
		"a cron line": {"refresh": "61 * * * *"}, "a cron line of a day that never comes": {"refresh": "0 0 31 2 *"}, "a duration": {"max_age": "soon"},
		"a duration without its unit": {"max_age": 5}, "a list in place of a text": {"kind": []int{1}},
	} {
		doc := textDoc("odd", "x")
		maps.Copy(doc, more)
		post(name, "source", doc)
	}
	for name, more := range map[string]object{
		"hours": {"hours": []string{"someday 09:00-10:00"}}, "hours at no time": {"hours": []string{"mon 9-10"}}, "an id": {"id": "Not An Id"},
		"no phrases": {"phrases": object{}}, "STOP": {"phrases": object{"en": []string{"stop"}}},
		"a moment": {"from": "tomorrow"}, "too many": {"count": 4711},
	} {
		post(name, "keyword", wordDoc("second", "news", more))
	}
	for name, settings := range map[string]object{
		"a token": {"token": "no token"}, "no token": {}, "an unknown setting": {"token": botToken, "tokken": "x"}, "an address": {"token": botToken, "api_base": "telegram"},
	} {
		post(name, "channel", object{"id": "second", "kind": "telegram", "settings": settings})
	}
	acts = append(acts,
		refusedAct{name: "a place that is not there", method: http.MethodGet, path: "/nowhere"},
		refusedAct{name: "another method", method: http.MethodPatch, path: "/publishers"},
		refusedAct{name: "no JSON", method: http.MethodPost, path: "/publishers", body: "{"},
		refusedAct{name: "a list as the body", method: http.MethodPost, path: "/publishers", body: "[]"},
		refusedAct{name: "an odd limit", method: http.MethodGet, path: "/publishers?limit=many"},
		refusedAct{name: "an odd cursor", method: http.MethodGet, path: "/publishers?cursor=%21"},
		refusedAct{name: "a publisher that is not there", method: http.MethodGet, path: "/publishers/nobody"},
		refusedAct{name: "a keyword that is not there", method: http.MethodGet, path: "/publishers/lecker/keywords/nothing"},
		refusedAct{name: "a zone", method: http.MethodPost, path: "/publishers", body: object{"publisher": object{"id": "p", "name": "P", "languages": []string{"en"}, "time_zone": "Mars/Base"}}},
		refusedAct{name: "a person", method: http.MethodPost, path: "/people", body: object{"email": "nobody", "roles": object{"lecker": "king"}}},
		refusedAct{name: "an unknown token", method: http.MethodGet, path: "/publishers", header: []string{"Authorization", "Bearer kp_aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}},
		refusedAct{name: "two tokens in one", method: http.MethodGet, path: "/publishers", header: []string{"Authorization", "Basic x"}},
	)
	for _, a := range acts {
		all = append(all, phrase{a.name, func(language string) []string {
			return r.c.send(a.method, a.path, a.body, append(slices.Clone(a.header), "Accept-Language", language)...).told()
		}})
	}
	return all
}

// templatePhrases are mistakes in templates.
func (r *refusing) templatePhrases() (all []phrase) {
	for _, text := range []string{
		"{{ item.titel }}", "{{ itm.title }}", "{{ item.title", "{% if item.title %}x", "{% endif %}", "{% include 'x' %}", "{{ item.title | upcaze }}",
		"{{ item.title | truncate: 1, 2, 3, 4 }}", "{% for i in (1..10) %}{% endfor %}", "{{ 'x }}", "{% else %}", "{{ }}", "{% break %}", "{{ item.title | }}",
		"{% assign x %}", "{{ 99999999999999999999 }}", strings.Repeat("{% if true %}", 40), "{{ item.title item.link }}",
	} {
		all = append(all, phrase{"the template " + text[:min(30, len(text))], func(language string) []string {
			body := object{"keyword": wordDoc("second", "news", object{"template": text})}
			return r.c.send(http.MethodPost, "/publishers/lecker/keywords", body, "Accept-Language", language).told()
		}})
	}
	return all
}

// asked returns the "error" of an operation's answer, or its refusal, at the socket.
func (r *refusing) asked(language, name string, in object) []string {
	client := r.operator()
	client.Language = language
	b, err := client.Do(context.Background(), name, []byte(asJSON(r.t, in)))
	if err != nil {
		return []string{err.Error()[strings.LastIndex(err.Error(), "\n")+1:]}
	}
	var out struct {
		Error    string
		Warnings []string
	}
	if err := json.Unmarshal(b, &out); err != nil {
		r.t.Error(err)
	}
	return append(out.Warnings, out.Error)
}

// sourcePhrases are sources that fail.
func (r *refusing) sourcePhrases() (all []phrase) {
	answers := map[string]http.HandlerFunc{
		"nothing there": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		"gone":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		"no entry":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"forbidden":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"a teapot":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"too often":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"a fault":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"unchanged":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"pointless":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) },
		"in circles":    func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, req.URL.Path, http.StatusFound) },
		"to a file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		},
		"a page": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, "<html><title>Welcome home</title><p>Hello")
		},
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"garbage": func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"a": [1, 2`) },
		"no feed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = fmt.Fprint(w, "Nothing to see")
		},
		"no items": func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, rssFeed("")) },
		"half a feed": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, `<?xml version="1.0"?><rss><channel><item><title>x`)
		},
		"too much":   func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, strings.Repeat("x", 12<<20)) },
		"broken off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		answers[strings.ReplaceAll(strings.Trim(req.URL.Path, "/"), "-", " ")](w, req)
	}))
	r.t.Cleanup(upstream.Close)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	r.t.Cleanup(secure.Close)
	docs := map[string]object{
		"nobody there": feedDoc("s", deadURL(r.t)), "a certificate": feedDoc("s", secure.URL), "no host": feedDoc("s", "http://nobody.invalid/feed"),
		"a page without a recipe": {"id": "s", "kind": "recipe", "settings": object{"urls": []string{upstream.URL + "/a-page"}}},
		"a recipe that is gone":   {"id": "s", "kind": "recipe", "settings": object{"urls": []string{upstream.URL + "/gone"}}},
		"a price that is none":    {"id": "s", "kind": "quote", "settings": object{"url": upstream.URL + "/garbage", "format": "json", "fields": object{"price": "$.price"}, "symbols": []object{{"symbol": "ACME", "name": "Acme"}}}},
		"no row of the symbol":    {"id": "s", "kind": "quote", "settings": object{"url": upstream.URL + "/no-feed", "format": "csv", "fields": object{"price": "price"}, "symbols": []object{{"symbol": "ACME", "name": "Acme"}}}},
	}
	for name := range answers {
		docs["a feed: "+name] = feedDoc("s", upstream.URL+"/"+strings.ReplaceAll(name, " ", "-"))
	}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		all = append(all, phrase{name, func(language string) []string {
			return r.asked(language, "source.try", object{"publisher": "lecker", "source": docs[name], "argument": "ACME"})
		}})
	}
	return all
}

// channelPhrases are channels whose platform refuses.
func (r *refusing) channelPhrases() (all []phrase) {
	for name, refusal := range map[string]func(w http.ResponseWriter){
		"an unknown account": func(w http.ResponseWriter) { botRefusal(w, 401, "Unauthorized", "") },
		"a reader who left":  func(w http.ResponseWriter) { botRefusal(w, 403, "Forbidden: bot was blocked by the user", "") },
		"a bad message":      func(w http.ResponseWriter) { botRefusal(w, 400, "Bad Request: message is too long", "") },
		"no chat":            func(w http.ResponseWriter) { botRefusal(w, 400, "Bad Request: chat not found", "") },
		"too often": func(w http.ResponseWriter) {
			botRefusal(w, 429, "Too Many Requests: retry after 9", `{"retry_after":9}`)
		},
		"its own fault": func(w http.ResponseWriter) { botRefusal(w, 500, "Internal Server Error", "") },
		"a page":        func(w http.ResponseWriter) { _, _ = fmt.Fprint(w, "<html>Gateway") },
		"broken off":    func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		api := newBotAPI(r.t)
		id := "bot-" + fmt.Sprint(len(all))
		r.c.add("lecker", "channel", botDoc(id, api, object{"updates": "poll"}))
		r.c.t.Helper()
		api.answer(func(_ botCall, w http.ResponseWriter) bool { refusal(w); return true })
		all = append(all,
			phrase{"a channel: " + name, func(language string) []string {
				return r.asked(language, "channel.test", object{"publisher": "lecker", "id": id, "address": "4711"})
			}},
			phrase{"a channel that is checked: " + name, func(language string) []string {
				return r.asked(language, "channel.check", object{"publisher": "lecker", "channel": botDoc("other", api, nil)})
			}})
	}
	return all
}

// doorPhrases are refused at the addresses for platforms and pages.
func (r *refusing) doorPhrases() (all []phrase) {
	const chat = "/chat/lecker/web/messages"
	for _, d := range []struct{ name, method, path, body, kind string }{
		{"no channel", http.MethodPost, "/hook/lecker/nothing", "{}", ""}, {"no app", http.MethodPost, "/hook/app/nothing", "{}", ""},
		{"no source", http.MethodPost, "/in/lecker/nothing", "{}", ""}, {"nothing there", http.MethodGet, "/nothing", "", ""},
		{"no chat", http.MethodPost, "/chat/lecker/nothing/messages", "{}", ""}, {"no web chat", http.MethodPost, "/chat/lecker/bot-0/messages", "{}", ""},
		{"another method", http.MethodGet, chat, "", ""}, {"no object", http.MethodPost, chat, "[]", ""}, {"no text", http.MethodPost, chat, "{}", ""},
		{"no JSON", http.MethodPost, chat, "x", "text/plain"}, {"a long text", http.MethodPost, chat, `{"text":"` + strings.Repeat("x", 5000) + `"}`, ""},
		{"a long body", http.MethodPost, chat, `{"text":"` + strings.Repeat("x", 70_000) + `"}`, ""},
		{"a strange session", http.MethodPost, chat, `{"text":"x","session":"aaaaaaaaaaaa"}`, ""}, {"a consent", http.MethodPost, chat, `{"text":"x","consent":7}`, ""},
		{"a language", http.MethodPost, chat, `{"text":"x","language":"?"}`, ""}, {"a long id", http.MethodPost, chat, `{"text":"x","id":"` + strings.Repeat("x", 99) + `"}`, ""},
		{"events of nobody", http.MethodGet, "/chat/lecker/web/events", "", ""}, {"events by an address", http.MethodGet, "/chat/lecker/web/events?session=x", "", ""},
		{"an old ticket", http.MethodGet, "/chat/lecker/web/events?ticket=x", "", ""}, {"events after none", http.MethodGet, "/chat/lecker/web/events?last=x", "", ""},
		{"a ticket of a stranger", http.MethodPost, "/chat/lecker/web/tickets", `{"session":"x"}`, ""},
	} {
		if d.kind == "" {
			d.kind = "application/json"
		}
		all = append(all, phrase{"at the door: " + d.name, func(language string) []string {
			got := request(r.t, d.method, r.URL+d.path, d.body, map[string]string{"Content-Type": d.kind, "Accept-Language": language})
			var p object
			if err := json.Unmarshal([]byte(got.body), &p); err != nil {
				return []string{got.body}
			}
			return reply{object: p}.told()
		}})
	}
	return all
}

// commandPhrases returns what commands refuse and find.
func (r *refusing) commandPhrases() (all []phrase) {
	r.c.t.Helper()
	folder := r.t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // that others may read it is told
			r.t.Fatal(err)
		}
		return path
	}
	head := strings.Replace(serviceHead, "127.0.0.1:0", "127.0.0.1:8080", 1)
	said := sourceBlock("s", "text", "", `answers = [{ text = "x" }]`)
	check := func(name, text string) string { return "check --offline -c " + write(name+".toml", text) }
	lines := []string{
		"check -c " + filepath.Join(folder, "none.toml"), check("syntax", "[server\n"), check("env", head+sourceBlock("s", "text", "", `answers = [{ text = "${KEYPULL_NOT_SET}" }]`)),
		check("kind", head+sourceBlock("s", "fed", "", "")), check("twice", head+said+said), check("source", head+said+keywordBlock("k", "t")),
		check("hours", head+said+keywordBlock("k", "s", `hours = ["never"]`)), check("template", head+said+keywordBlock("k", "s", `template = "{{ x }}"`)),
		check("cron", head+sourceBlock("s", "text", `refresh = "x y"`, `answers = [{ text = "x" }]`)), check("word", head+said+keywordBlock("stop", "s")),
		check("near", head+said+keywordBlock("tiramisu", "s")+keywordBlock("tiramisx", "s")), check("same", head+said+keywordBlock("news", "s")+keywordBlock("latest", "s", ``)),
		check("app", head+said+"\n[[publisher.channel]]\nid = \"c\"\nkind = \"telegram\"\napp = \"x\"\n[publisher.channel.settings]\ntoken = \"1:x\"\n"),
		check("exposed", head+said+telegramBlock("https://api.telegram.org")), check("greeting", head+said+keywordBlock("hello", "s")), check("command", head+said+keywordBlock("help", "s")), check("short", head+said+keywordBlock("x", "s")),
		check("proxy", "[server]\nlisten = \"127.0.0.1:8080\"\npublic_url = \"https://pull.example.org\"\n"),
		"check --frobnicate", "frobnicate", "demand --days 4711 -c " + r.path, "demand --publisher nobody -c " + r.path, "user invite eve@x.example -c " + r.path,
		"user invite eve@x.example --publisher lecker --role king -c " + r.path, "user reset nobody@x.example -c " + r.path, "token create x --expires soon -c " + r.path,
		"channel resend x -c " + r.path, "channel resend -c " + r.path, "channel resend --all -c " + r.path, "channel resend 4711 -c " + r.path,
		"reader show --publisher lecker --channel web --id nobody -c " + r.path, "reader show --publisher lecker -c " + r.path, "do nothing -c " + r.path,
		"do keyword.get {} -c " + r.path, "backup " + r.config.StorePath() + " -c " + r.path, "ask --at soon x -c " + r.path, "ask x --publisher nobody -c " + r.path,
		"demand -c " + r.path, "backup /nowhere/at/all -c " + r.path,
	}
	for _, line := range lines {
		all = append(all, phrase{"keypull " + line, func(language string) []string {
			r.t.Setenv("LC_ALL", map[string]string{"en": "C.UTF-8", "fr": "fr_CA.UTF-8", "de": "de_DE", "es": "es_MX@x"}[language])
			_, stdout, stderr := command(context.Background(), strings.Fields(line)...)
			return strings.Split(strings.TrimSpace(stderr+stdout), "\n")
		}})
	}
	return all
}
