package messengertest

import (
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// The parts of the suite that a platform may have nothing for; see Case.Lacks.
const (
	// Threads: no answer is sent into a thread, or as a quote.
	Threads = "threads"
	// Times: the platform does not tell when a message was written.
	Times = "times"
	// Stops: who writes STOP is told so by the platform itself, and no more of it comes.
	Stops = "stops"
	// Secrets: no request shows a secret of the settings as it stands.
	Secrets = "secrets"
	// Others: nobody else sees what is said in the response.
	Others = "others"
	// Repeats: whoever presses the same button twice at once means it once.
	Repeats = "repeats"
)

// lacks tells whether a case says why it shows nothing of a part, and fails where
// it says neither.
func (c Case) lacks(t T, part, shown, otherwise string) bool {
	t.Helper()
	switch reason, said := c.Lacks[part]; {
	case said && shown != "":
		t.Errorf("the case lacks %s, and shows %s", part, shown)
	case said && len(strings.Fields(reason)) < 3:
		t.Errorf("the case lacks %s: say in a sentence why, instead of %q", part, reason)
	case said:
		return true
	case shown == "":
		t.Errorf("%s, or by Lacks[messengertest.%s%s] why there is nothing of the kind", otherwise, strings.ToUpper(part[:1]), part[1:])
		return true
	}
	return false
}

// numbers count what is new each time.
var numbers atomic.Int64 //nolint:gochecknoglobals // cases of many kinds draw from it

// Fresh returns a number that no other call returns: each press of a button has one of
// its own.
func Fresh() string { return fmt.Sprint(700000 + numbers.Add(1)) }

// presses: two presses of one reader are two asks.
func (c Case) presses(t T, m messengers.Messenger) {
	if c.Press == nil {
		return
	}
	seen := map[string]string{}
	all := []string{"k:news", "c:more", "k:news"}
	if c.Lacks[Repeats] != "" {
		all = all[:2]
	}
	for _, sends := range all {
		for _, in := range c.receive(t, m, c.Press(sends)).Asks {
			if other, twice := seen[in.ID]; twice {
				t.Errorf("the presses of %q and of %q by one reader have the same id %q: only one would be answered. "+
					"Each call of Press is a press of its own, by messengertest.Fresh, and a press is told from another by more than its message", other, sends, in.ID)
			}
			seen[in.ID] = sends
		}
	}
}

// shows: each request that carries a message shows whose it is, as the platform
// asks for it, and nowhere else.
func (c sends) shows(t T, logs *record) {
	if c.Bridge != nil || len(c.secrets()) == 0 {
		return
	}
	if c.lacks(t, Secrets, c.Shows, `a case says by Shows how a request shows whose it is, as "Authorization: Bearer {token}"`) {
		return
	}
	want := c.shown()
	var mu sync.Mutex
	var got []*http.Request
	api := c.stand(t, c.before(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r)
		_, _ = io.WriteString(w, c.Success)
	}))
	c.send(t, c.open(t, api, nil, logs), c.hello("1-1"))
	mu.Lock()
	defer mu.Unlock()
	for _, r := range got {
		name, value, header := strings.Cut(want, ": ")
		where := r.URL.String()
		if header {
			if all := r.Header.Values(name); !slices.Equal(all, []string{value}) {
				t.Errorf("a request shows itself by %s: %q, want %q", name, all, value)
			}
			// Where the platform is to call back, it learns the hook's own secret.
			for text := range strings.FieldsFuncSeq(where, func(r rune) bool { return strings.ContainsRune("?&", r) }) {
				if !strings.Contains(text, url.QueryEscape(hook)) {
					c.silent(t, text)
				}
			}
		} else if !strings.Contains(where, want) {
			t.Errorf("a request goes to %s, and shows itself nowhere by %s", where, want)
		}
	}
}

// shown is Shows with the settings filled in.
func (c Case) shown() string {
	all := c.Shows
	for name, value := range c.Settings {
		all = strings.ReplaceAll(all, "{"+name+"}", fmt.Sprint(value))
	}
	if scheme, login, basic := strings.Cut(all, ": Basic "); basic && strings.Contains(login, ":") {
		return scheme + ": Basic " + base64.StdEncoding.EncodeToString([]byte(login))
	}
	return all
}

// echoed: a platform may say back all that it was shown; nothing of it gets into
// an error.
func (c sends) echoed(t T, logs *record) {
	if c.Bridge != nil {
		return
	}
	echo := func(r *http.Request) string {
		all := []string{r.URL.String()}
		for _, values := range r.Header {
			all = append(all, values...)
		}
		return strings.ReplaceAll(strings.Join(all, " "), `"`, "")
	}
	answers := map[string]http.HandlerFunc{
		"in a status that is none": func(w http.ResponseWriter, r *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 "+strings.ReplaceAll(echo(r), " ", "_")+"\r\n\r\n")
				_ = conn.Close()
			}
		},
		"where it leads on": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:9/"+url.PathEscape(echo(r)), http.StatusTemporaryRedirect)
		},
	}
	for _, status := range []int{200, 400, 401, 403, 429, 500} {
		answers[fmt.Sprint("with status ", status)] = func(w http.ResponseWriter, r *http.Request) {
			body := c.Success
			if c.Refusal != nil && status != http.StatusOK {
				body = c.Refusal(status, retrySeconds)
			}
			for no := range c.Rejected {
				if status == http.StatusOK {
					body = no
				}
			}
			said := everyText("", parsed([]byte(body)), func(_, _ string) string { return echo(r) })
			w.WriteHeader(status)
			_, _ = w.Write(marshalled(said))
		}
	}
	for what, answer := range answers {
		t.Run(what, func(t T) {
			m := c.open(t, c.stand(t, c.before(answer)), nil, logs)
			ctx := outside.Record(background(t), func(e outside.Exchange) { c.silent(t, e.URL+" "+e.Err) })
			if _, err := m.Send(ctx, c.hello("1-1")); err != nil {
				c.silent(t, fmt.Sprintf("%v %+v %s", err, err, words.Said(err)))
			}
		})
	}
}

var address = regexp.MustCompile(`https?://[^\s"'<>|\\\])]+`)

// leads fails where what the platform gets leads to a host that the message does
// not, or a button to another page.
func (c sends) leads(t T, got []string, api string, m messengers.Message) {
	t.Helper()
	hosts := func(texts ...string) (all []string) {
		for _, text := range texts {
			for _, found := range address.FindAllString(html.UnescapeString(text), -1) {
				if u, err := url.Parse(found); err == nil {
					all = append(all, u.Host)
				}
			}
		}
		return all
	}
	texts := append([]string{m.Text, m.Voice, m.Subject, hook, api}, c.Leads...)
	for _, b := range m.Buttons {
		texts = append(texts, b.URL, b.Label)
	}
	for _, media := range m.Media {
		texts = append(texts, media.URL)
	}
	ours := hosts(texts...)
	for _, host := range hosts(got...) {
		if !slices.Contains(ours, host) {
			t.Errorf("the platform gets a link to %s, which is not in the message", host)
		}
	}
}

// threaded: what a message says of where its answer belongs goes out with it, and
// not without.
func (c sends) threaded(t T, logs *record) {
	a := c.serve(t, http.StatusOK, c.Success)
	m := c.open(t, a.url, nil, logs)
	naming := func(s messengers.Sending, text string) int {
		if _, err := m.Send(background(t), s); err != nil {
			return -1
		}
		n := 0
		for _, leaf := range a.taken() {
			n += strings.Count(leaf, text)
		}
		return n
	}
	shown := ""
	for _, one := range c.genuineOnes() {
		for _, in := range answered(c.receive(t, m, copied(one.delivery))) {
			s := c.hello("1-1")
			placed := s
			placed.Quote, placed.Thread = in.Quote, in.Thread
			for _, at := range []string{in.Quote, in.Thread} {
				if shown += at; at != "" && naming(placed, at) <= naming(s, at) {
					t.Errorf("an answer to %s, which quotes %q and stands in %q, goes out without that", one.what, in.Quote, in.Thread)
				}
			}
		}
	}
	c.lacks(t, Threads, shown, "a case has a delivery whose Incoming has a Thread or a Quote, which Send tells the platform")
}
