package sourcetest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/sourcetest"
)

// listKind is a kind that reads the lines of a file: it has no network, tells
// readers by their city, and may be pushed to.
var listKind = sources.Kind{Name: "list", Title: "Lines", Help: "The lines of a file.",
	New: func() sources.Opener { return &listSettings{} }}

type listSettings struct {
	File            string `name:"file" label:"File" help:"The file." check:"required" example:"list.txt" local:"true"`
	sources.Inbound `settings:"inline"`
}

func (s *listSettings) Open(env sources.Env) (pull.Source, error) {
	path, err := env.Local("file", s.File)
	return &list{id: env.ID, path: path, inbound: s.Inbound, clock: env.Clock}, err
}

type list struct {
	id      string
	path    string
	inbound sources.Inbound
	clock   func() time.Time
}

// Note has nothing to tell.
func (l *list) Note(_ []what.Item, v pull.Voice) string {
	switch {
	case lies("a note that is told in English alone") && v.Language == "en":
		return "late"
	case lies("a note that is not filled in"):
		return "{n} min late"
	}
	return ""
}

// TermsPage brings the lines two at a time.
func (l *list) TermsPage(ctx context.Context, from string) (pull.TermsPage, error) {
	s, err := l.Fetch(ctx, "lines", nil)
	if err != nil {
		return pull.TermsPage{}, err
	}
	n := 0
	_, _ = fmt.Sscan(from, &n)
	p := sources.Page(s.Items, pull.Query{Count: 2, Offset: n})
	var page pull.TermsPage
	for _, it := range p.Items {
		if lies("a page with entries that nobody can ask for") {
			it.ID = ""
		}
		page.Terms = append(page.Terms, what.Term{Value: it.ID})
	}
	if lies("a page without its last entry") {
		page.Terms = page.Terms[:max(1, len(page.Terms)-1)]
	}
	if p.More || lies("pages without end") {
		page.Next = fmt.Sprint(n + 2)
	}
	if lies("the same page again") {
		page.Next = "2"
	}
	return page, nil
}

func (*list) TimeOfFact() bool { return lies("a time of the fact that nobody tells") }

func (*list) SharesSnapshots() bool {
	return lies("a key of its own is shared") || lies("items of its own are shared")
}

func (*list) Wants() []string { return []string{"city"} }

func (l *list) Key(q pull.Query) (string, error) {
	city := q.Reader["city"]
	switch {
	case lies("a key of its own is shared"):
		return "lines of " + l.id, nil
	case city == "" || lies("one answer for all readers"):
		return "lines", nil
	case lies("a reader's key told to all"):
		return city, nil
	}
	return pull.PrivateKey(city), nil
}

func (l *list) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Hint: words.Text{Key: "source.given_up"}, Err: err}
	}
	text, err := os.ReadFile(l.path)
	switch {
	case err != nil && lies("the last for the new when down") && last != nil:
		s := *last
		s.Fetched = l.clock()
		return s, nil
	case err != nil && lies("nothing at all when down"):
		return pull.Snapshot{Fetched: l.clock()}, nil
	case err != nil:
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("the file cannot be read; check that it is there"), Err: err}
	}
	s := pull.Snapshot{Fetched: l.clock()}
	for line := range strings.Lines(string(text)) {
		s.Items = append(s.Items, what.Item{ID: strings.TrimSpace(line), Title: strings.TrimSpace(line)})
	}
	if lies("items of its own are shared") {
		s.Items = append(s.Items, what.Item{ID: l.id, Title: l.id})
	}
	if city, ok := strings.CutPrefix(key, pull.PrivateKey("")); ok {
		s.Items = append(s.Items, what.Item{ID: "of your city", Title: city})
		if lies("a reader in a warning") {
			s.Warnings = []words.Text{words.Verbatim("nothing of " + city)}
		}
	}
	return s, nil
}

func (*list) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	search := sources.NewSearch(q.Argument)
	var found []what.Item
	for _, it := range s.Items {
		if it.ID == q.Argument && !lies("a choice that asks again") {
			return sources.Page([]what.Item{it}, q), nil
		}
		if search.Finds(it.Title) {
			found = append(found, it)
		}
	}
	if len(found) > q.Count && !search.Empty() && !lies("one of several chosen") {
		var choices []what.Term
		for i, it := range found {
			if lies("choices that are the same") {
				it = found[0]
			}
			names := []string{fmt.Sprint(it.Title, " ", i)}
			switch {
			case lies("choices of one name"):
				names = []string{"a day"}
			case lies("choices without a name"):
				names = nil
			}
			choices = append(choices, what.Term{Value: it.ID, Names: names})
		}
		return pull.Selection{Choices: choices}, nil
	}
	page := sources.Page(found, q)
	switch {
	case lies("MORE without end"):
		page.More = true
	case lies("MORE that repeats"):
		q.Offset = 0
		page.Items = sources.Page(found, q).Items
	case lies("MORE that ends too soon"):
		page.More = false
	case lies("more items than wanted"):
		page.Items = found
	}
	return page, nil
}

func (l *list) Receive(_ context.Context, p pull.Push, last func(string) *pull.Snapshot) (pull.Pushed, error) {
	switch {
	case lies("a push of anybody"):
		return pull.Pushed{ID: "1", Refresh: []string{"lines"}}, nil
	case lies("a push of long ago") && len(p.Header["Webhook-Timestamp"]) == 1:
		var seconds int64
		_, _ = fmt.Sscan(p.Header["Webhook-Timestamp"][0], &seconds)
		p.At = time.Unix(seconds, 0)
	case lies("a push whose body nobody signed"):
		p.Body = []byte(strings.TrimSpace(string(p.Body)))
	case lies("a panic at a push") && len(p.Body) > 1000:
		panic("too deep")
	}
	pushed := l.inbound.Receive(p, "", "lines")
	switch taken := len(pushed.Withdrawn) > 0; {
	case lies("a push without an id"):
		pushed.ID = ""
	case lies("one id for all pushes") && taken:
		pushed.ID = "1"
	case lies("a push that withdraws nothing") && taken:
		pushed.Withdrawn = []string{"nothing of ours"}
	case lies("a push that renews another key") && taken:
		pushed.Withdrawn, pushed.Refresh = nil, []string{"other lines"}
	case lies("a pushed snapshot of no time") && taken:
		pushed.Withdrawn, pushed.Snapshots = nil, map[string]pull.Snapshot{"lines": {}}
	}
	return pushed, nil
}

// signed returns a push that carries the signature of its settings' secret.
func signed(settings map[string]any) pull.Push {
	at := time.Now()
	id, stamp, body := fmt.Sprint("msg_", at.UnixNano()), fmt.Sprint(at.Unix()), `{"withdraw": ["one day"]}`
	sum := hmac.New(sha256.New, []byte(settings["push_secret"].(string)))
	_, _ = sum.Write([]byte(id + "." + stamp + "." + body))
	return pull.Push{Method: "POST", At: at, Body: []byte(body), Header: map[string][]string{
		"Webhook-Id": {id}, "Webhook-Timestamp": {stamp},
		"Webhook-Signature": {"v1a,AAAA v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))},
	}}
}

// listCase returns the case of the kind of lines.
func listCase(t *testing.T) sourcetest.Case {
	t.Helper()
	base := t.TempDir()
	if err := os.WriteFile(filepath.Join(base, "list.txt"), []byte("one day\nanother day\na night\na third day\na last night\none day later\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return sourcetest.Case{
		Kind: listKind, Base: base,
		Settings: func(string) map[string]any {
			return map[string]any{"file": "list.txt", "push_secret": "a-secret-that-nobody-sees"}
		},
		Query: pull.Query{Argument: "one day", Count: 1}, Other: "a night", Several: "day", Names: 6,
		Bad: []sourcetest.Bad{{Name: "no file", Settings: map[string]any{}, Field: "file"}},
		Down: func(t *testing.T, env sources.Env, _ map[string]any) {
			t.Helper()
			if err := os.Remove(filepath.Join(env.Base, "list.txt")); err != nil {
				t.Fatal(err)
			}
		},
		Push: signed,
	}
}
