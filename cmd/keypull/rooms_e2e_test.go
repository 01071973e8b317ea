package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"keypull/web/console"
	"keypull/web/console/corrections"
)

func TestWhatAWithdrawalWouldHitIsToldByTheRulesThatWithdraw(t *testing.T) {
	s, admin := correctedHouse(t, sawSoon)
	find := func(q url.Values) corrections.ItemsFound {
		t.Helper()
		return atSocket[corrections.ItemFind, corrections.ItemsFound](s, "item.find", corrections.ItemFind{
			Of: console.Of{Publisher: "lecker"}, Text: q.Get("text"), ID: q.Get("id"), Source: q.Get("source"),
		})
	}
	hit := find(url.Values{"text": {"Open from 9 to 17."}})
	if len(hit.Items) != 1 || hit.Items[0].Source != "hours" || strings.Join(hit.Keywords, " ") != "hours" {
		t.Fatalf("%+v", hit)
	}
	if other := find(url.Values{"text": {"Open from 9 to 17."}, "source": {"parking"}}); len(other.Items) != 0 {
		t.Errorf("of another source %+v", other)
	}
	if got := s.says(sawSoon, "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("looking has withdrawn it: %s", got)
	}
	if acts := admin.acts(); strings.HasPrefix(textOf(acts[0], "operation"), "item.") {
		t.Errorf("looking stands in the log: %v", acts[0])
	}
	done := admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"id": hit.Items[0].ID, "source": "hours"})
	if items := done.entries("items"); len(items) != 1 || textOf(items[0], "id") != hit.Items[0].ID {
		t.Errorf("%v was withdrawn, not %+v", items, hit.Items)
	}
	admin.want(http.StatusNotFound, http.MethodPost, "/publishers/lecker/items/withdraw", object{"id": "1", "source": "none"})
}

func TestTheOutletsOwnSiteAnswersWhatReadersAskedInVain(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	s.crowd("lecker", "veranstaltungen", 6)
	s.crowd("lecker", "gazpacho", 6)
	looked := c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/demand/look", object{"address": siteOf(t, "town") + "/"})
	found := looked.entries("found")
	if len(found) != 1 || textOf(found[0], "text") != "veranstaltungen" || !strings.Contains(textOf(found[0], "answer"), "Brunnenfest") {
		t.Fatalf("the site has %v", looked)
	}
	c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/discover/adopt", object{"sources": []any{found[0]["source"]}, "keywords": []any{found[0]["keyword"]}})
	asks(t, s.URL, "lecker", "veranstaltungen", "Brunnenfest")
	for _, u := range s.demandOf("lecker").Demand.Unmet {
		if u.Text == "veranstaltungen" {
			t.Errorf("it is still asked in vain: %+v", u)
		}
	}
	if left := c.want(http.StatusOK, http.MethodGet, "/publishers/lecker/demand/look", nil).entries("found"); len(left) != 0 {
		t.Errorf("it is still proposed: %v", left)
	}
}

func TestADrillTellsWhatReadersAreToldWhenTheSourceIsDown(t *testing.T) {
	feed := newNewsSite(t).feed("feed.xml", "")
	feed.each = func(request int) string { return fmt.Sprintf("Edition %d", request) }
	s := serveConfig(t, feedBlock("news", feed.url(), "max_age = \"30s\"\nstale_if_error = \"2h\""), keywordBlock("news", "news"), chatBlock())
	if got := s.chat(`{"text":"news"}`).text(); !strings.Contains(got, "Edition 1") {
		t.Fatal(got)
	}
	drilled := atSocket[console.SourceGet, console.SourceDrilled](s, "source.drill", console.SourceGet{Of: console.Of{Publisher: "lecker"}, ID: "news"})
	if !drilled.Upstream || len(drilled.Keywords) != 1 || len(drilled.Keywords[0].Moments) != 3 {
		t.Fatalf("%+v", drilled)
	}
	for i, told := range []bool{true, true, false} {
		m := drilled.Keywords[0].Moments[i]
		if len(m.Previews) == 0 || len(m.Previews[0].Messages) == 0 {
			t.Fatalf("after %d s nothing is shown: %+v", m.Seconds, m)
		}
		if text := m.Previews[0].Messages[0].Text; m.Told != told || strings.Contains(text, "Edition 1") != told {
			t.Errorf("after %d s readers are told %q", m.Seconds, text)
		}
	}
	if feed.count() != 1 {
		t.Errorf("the drill asked the source: %d requests", feed.count())
	}
	if got := s.chat(`{"text":"news"}`).text(); !strings.Contains(got, "Edition 1") || strings.Contains(got, "not current") {
		t.Errorf("readers are told otherwise since: %s", got)
	}
}

// TestASiteIsTriedWithoutAnAccountWithinItsBounds has a site of many pages tried by
// somebody who sits at the machine of an installation that nobody owns.
func TestASiteIsTriedWithoutAnAccountWithinItsBounds(t *testing.T) {
	var requests atomic.Int64
	town := siteOf(t, "town")
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.URL.Path == "/" {
			for i := range 1000 {
				_, _ = fmt.Fprintf(w, `<a href="/feed-%d.xml">Feed %[1]d</a>`, i)
			}
		}
		answer := request(t, http.MethodGet, town+r.URL.Path, "", nil)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(answer.status)
		_, _ = w.Write([]byte(strings.ReplaceAll(answer.body, town, "http://"+r.Host)))
	}))
	t.Cleanup(site.Close)
	s := serveConsole(t)
	form := url.Values{"address": {site.URL + "/"}}.Encode()
	own := map[string]string{"Origin": s.URL, "Content-Type": "application/x-www-form-urlencoded"}
	tried := request(t, http.MethodPost, s.URL+"/console/try", form, own)
	if tried.status != http.StatusOK || strings.Count(tried.body, `class="bubble mine"`) != 3 || !strings.Contains(tried.body, "Brunnenfest") {
		t.Errorf("the phone answered %d %s", tried.status, tried.body)
	}
	if n := requests.Load(); n > 200 {
		t.Errorf("it took %d requests", n)
	}
	foreign := map[string]string{"Origin": "https://elsewhere.example", "Content-Type": "application/x-www-form-urlencoded"}
	if got := request(t, http.MethodPost, s.URL+"/console/try", form, foreign); got.status != http.StatusForbidden {
		t.Errorf("a page of another site may try one: %d", got.status)
	}
	s.admin()
	s.person("ann@example.org", "Ann", "en", "admin")
	if got := request(t, http.MethodPost, s.URL+"/console/try", form, own); got.status != http.StatusForbidden {
		t.Errorf("with an owner it is answered %d", got.status)
	}
}
