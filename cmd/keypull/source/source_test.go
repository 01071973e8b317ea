package source_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/source"
	"keypull/pull/outside"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/quote"
	"keypull/sources/recipe"
	"keypull/sources/sqldb"
	"keypull/sources/text"
)

// ran returns what a command prints.
func ran(t *testing.T, args ...string) (string, error) {
	t.Helper()
	w := source.World{
		Kinds: []sources.Kind{feed.Kind, recipe.Kind, quote.Kind, sqldb.Kind, text.Kind}, Checks: config.Checks(), Clock: time.Now,
		Config: func(*cobra.Command, *string) {},
		Outside: func(*cobra.Command, string) (outside.Options, error) {
			return outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, nil
		},
	}
	root := &cobra.Command{Use: "source", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(w.Commands()...)
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	return out.String(), err
}

// result is what a line of JSON tells.
type newTried struct {
	File     string
	Items    []struct{ Title, Link string }
	Warnings []string
	Error    string
	Field    string
	Exit     int
	Requests []struct{ Status int }
}

// lines returns the results that a command prints as JSON.
func lines(t *testing.T, out string) (all []newTried) {
	t.Helper()
	for line := range strings.Lines(out) {
		var r newTried
		d := json.NewDecoder(strings.NewReader(line))
		if err := d.Decode(&r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if r.Items == nil || r.Warnings == nil || r.Requests == nil {
			t.Errorf("a list is null in %s", line)
		}
		all = append(all, r)
	}
	return all
}

func saved(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const soup = `<html><head>%s</head><body><script type="application/ld+json">
{"@type":"Recipe","name":"Soup %d","recipeIngredient":["1 leek"],"recipeInstructions":"Boil it."}</script></body></html>`

func TestSavedDocumentsAreReadInPlaceOfTheNetwork(t *testing.T) {
	for name, c := range map[string]struct {
		kind, file, body, title, link string
		args                          []string
	}{
		"a page that names itself": {"recipe", "a.html", fmt.Sprintf(soup, `<link href="https://kitchen.example/soup?a=1&amp;b=2" rel="canonical">`, 1), "Soup 1", "https://kitchen.example/soup?a=1&b=2", nil},
		"a page for sharing":       {"recipe", "a.html", fmt.Sprintf(soup, `<meta content='https://kitchen.example/og' property='og:url'>`, 1), "Soup 1", "https://kitchen.example/og", nil},
		"a page without a name":    {"recipe", "a b.html", fmt.Sprintf(soup, "", 1), "Soup 1", "https://saved.example/a%20b.html", nil},
		"an address that is given": {"recipe", "a.html", fmt.Sprintf(soup, `<link rel=canonical href=https://kitchen.example/soup>`, 1), "Soup 1", "https://other.example/x", []string{"--set", "urls=https://other.example/x"}},
		"a feed of relative links": {"feed", "f.xml", `<rss version="2.0"><channel><title>N</title><link>https://n.example/</link><item><title>One</title><link>/one</link></item></channel></rss>`, "One", "https://n.example/one", nil},
		"an Atom feed":             {"feed", "f", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://n.example/atom"/><title>N</title><entry><id>1</id><title>Two</title><link href="two"/></entry></feed>`, "Two", "https://n.example/two", nil},
		"a quote": {"quote", "q.json", `{"last": "1.5"}`, "ACME", "",
			[]string{"--set", "price=last", "--set", `symbols=[{"symbol":"ACME"}]`, "--arg", "ACME"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"try", "--json", "--kind", c.kind, "--file", saved(t, c.file, c.body)}, c.args...)
			out, err := ran(t, args...)
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			got := lines(t, out)
			if len(got) != 1 || len(got[0].Items) != 1 || got[0].Items[0].Title != c.title || got[0].Items[0].Link != c.link || len(got[0].Requests) == 0 {
				t.Errorf("got %s", out)
			}
		})
	}
}

func TestManyDocumentsComeInTheirOrderAndFailAlone(t *testing.T) {
	args := []string{"try", "--json", "--kind", "recipe", "--file"}
	for i := range 60 {
		body := fmt.Sprintf(soup, "", i)
		if i == 7 {
			body = "<html><body>nothing to eat</body></html>"
		}
		args = append(args, saved(t, fmt.Sprintf("%d.html", i), body))
	}
	out, err := ran(t, append(args, filepath.Join(t.TempDir(), "none.html"))...)
	if err == nil {
		t.Error("that some bring nothing is told by no exit code")
	}
	got := lines(t, out)
	if len(got) != 61 {
		t.Fatalf("%d lines", len(got))
	}
	for i, r := range got {
		if i == 7 || i == 60 {
			if r.Error == "" || len(r.Items) != 0 {
				t.Errorf("%d says nothing of its failure: %+v", i, r)
			}
			continue
		}
		if r.Error != "" || len(r.Items) != 1 || r.Items[0].Title != fmt.Sprintf("Soup %d", i) || r.File != args[i+5] {
			t.Errorf("%d is %+v", i, r)
		}
	}
}

func TestTryFetchesWithoutAConfiguration(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>N</title><item><title>One</title></item><item><title>Two</title></item></channel></rss>`)
	}))
	defer server.Close()
	out, err := ran(t, "try", "--kind", "feed", "--set", "url="+server.URL, "--count", "1", "--json")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := lines(t, out); len(got) != 1 || len(got[0].Items) != 1 || got[0].Requests[0].Status != http.StatusOK || got[0].File != "" {
		t.Errorf("got %s", out)
	}
	if out, err = ran(t, "try", "--kind", "feed", "--set", "url="+server.URL); err != nil || !strings.Contains(out, "- One\n") {
		t.Errorf("people read %s, %v", out, err)
	}
}

func TestTrySaysWhatIsWrongWithSettings(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"a setting that is missing": {[]string{"--kind", "feed"}, "url"},
		"one that nobody knows":     {[]string{"--kind", "feed", "--set", "url=https://a.example", "--set", "itmes=3"}, "items"},
		"no setting at all":         {[]string{"--kind", "feed", "--set", "url"}, "name=value"},
		"a list that is none":       {[]string{"--kind", "quote", "--set", "url=https://a.example/{symbol}", "--set", "price=p", "--set", "symbols=A"}, "symbols"},
		"files without the flag":    {[]string{"--kind", "feed", "a.xml"}, "--file"},
		"a kind that is none":       {[]string{"--kind", "fed", "--file", "a.xml"}, "feed"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := ran(t, append([]string{"try"}, c.args...)...)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it said %v %s", err, out)
			}
		})
	}
}

func TestADocumentStandsInForNoDatabase(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var dialled atomic.Int64
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			dialled.Add(1)
			_ = conn.Close()
		}
	}()
	path := saved(t, "rows.json", "[]")
	for _, args := range [][]string{
		{"--kind", "sql", "--set", "dsn=postgres://u:p@" + ln.Addr().String() + "/shop?sslmode=disable", "--set", "query=select 1", "--file", path},
		{"--kind", "sql", "--set", "dsn=mysql://u:p@" + ln.Addr().String() + "/shop", "--set", "query=select 1", "--file", path},
		{"--kind", "text", "--file", path},
	} {
		out, err := ran(t, append([]string{"try"}, args...)...)
		if err == nil || !strings.Contains(err.Error(), "reads no documents") {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
	if err := ln.Close(); err != nil || dialled.Load() > 0 {
		t.Errorf("the database was dialled %d times, %v", dialled.Load(), err)
	}
}

// TestARefusedSettingIsALineOfJSON: programs read one stream, whatever fails.
func TestARefusedSettingIsALineOfJSON(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		field string
		says  string
	}{
		"a setting that is missing":    {[]string{"--kind", "feed"}, "url", "url"},
		"a setting that is wrong":      {[]string{"--kind", "quote", "--set", "url=https://api.example/{symbol}", "--set", "price=$.[["}, "price", "path"},
		"two of them":                  {[]string{"--kind", "quote", "--set", "url=https://api.example/{symbol}", "--set", "price=$.[[", "--set", "currency=$.[["}, "price", "currency"},
		"a header that nobody may set": {[]string{"--kind", "feed", "--set", "url=https://api.example/x.xml", "--set", `headers={"Host":"a"}`}, "headers", "Host"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := ran(t, append([]string{"try", "--json"}, c.args...)...)
			var end *cli.Exit
			got := lines(t, out)
			if !errors.As(err, &end) || !end.Silent || len(got) != 1 {
				t.Fatalf("%v, %s", err, out)
			}
			if r := got[0]; r.Field != c.field || !strings.Contains(r.Error, c.says) || r.Exit != end.Code || r.Exit == 0 || r.Items == nil {
				t.Errorf("the line is %s, the command ends with %d", out, end.Code)
			}
			if out, err := ran(t, append([]string{"try"}, c.args...)...); err == nil || out != "" {
				t.Errorf("people read %q, %v", out, err)
			}
		})
	}
}
