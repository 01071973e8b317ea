package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTheSameRequestManyTimesIsCarriedOutOnce(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	const words = "/publishers/lecker/keywords"
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	body := object{"keyword": object{"source": "hours", "phrases": object{"en": []string{"opening hours"}}}}
	got := make([]reply, 20)
	inParallel(len(got), func(i int) {
		// Who is told that the first is under way asks again, as a program does.
		for got[i].status == 0 || got[i].status == http.StatusConflict {
			got[i] = c.send(http.MethodPost, words, body, "Idempotency-Key", "once-and-for-all")
		}
	})
	replayed := 0
	for _, r := range got {
		if r.status != http.StatusCreated || r.body != got[0].body || r.header.Get("Etag") != got[0].header.Get("Etag") {
			t.Errorf("one was answered %d %s, another %d %s", r.status, r.body, got[0].status, got[0].body)
		}
		if r.header.Get("Idempotency-Replayed") == "true" {
			replayed++
		}
	}
	if list := c.get(words); replayed != 19 || list.object["total"] != 1.0 {
		t.Errorf("%d were repetitions, and there are %v keywords", replayed, list.object["total"])
	}
	s.restart()
	again := c.want(http.StatusCreated, http.MethodPost, words, body, "Idempotency-Key", "once-and-for-all")
	if again.body != got[0].body || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("after a restart it was answered %s %v", again.body, again.header)
	}
	c.want(http.StatusUnprocessableEntity, http.MethodPost, words, object{"keyword": wordDoc("other", "hours")}, "Idempotency-Key", "once-and-for-all")
	// The same key of somebody else is another key.
	other := s.program("lecker", "editor")
	fresh := other.want(http.StatusCreated, http.MethodPost, words, object{"keyword": wordDoc("other", "hours")}, "Idempotency-Key", "once-and-for-all")
	if fresh.header.Get("Idempotency-Replayed") != "" {
		t.Error("somebody else's answer was repeated")
	}
}

func TestAVersionSavesBothSidesWork(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	made := c.add("lecker", "keyword", wordDoc("hours", "hours"))
	const one = "/publishers/lecker/keywords/hours"
	tag := made.header.Get("Etag")
	if same := c.send(http.MethodGet, one, nil, "If-None-Match", tag); same.status != http.StatusNotModified || same.body != "" || same.header.Get("Etag") != tag {
		t.Errorf("what is known already was answered %d %s", same.status, same.body)
	}
	// Of many who change what they read, one does and the others are told.
	var done atomic.Int32
	inParallel(20, func(i int) {
		r := c.send(http.MethodPut, one, object{"keyword": wordDoc("hours", "hours", object{"phrases": object{"en": []string{fmt.Sprint("open ", i)}}})}, "If-Match", tag)
		switch r.status {
		case http.StatusOK:
			done.Add(1)
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("it was answered %d %s", r.status, r.body)
		}
	})
	if done.Load() != 1 {
		t.Errorf("%d of 20 replaced the same version", done.Load())
	}
	if now := c.send(http.MethodGet, one, nil, "If-None-Match", tag); now.status != http.StatusOK || now.header.Get("Etag") == tag {
		t.Errorf("the old version was answered %d %s", now.status, now.header.Get("Etag"))
	}
}

// pagedKeywords is how many keywords are there before the walk begins.
const pagedKeywords = 1005

func TestAWalkThroughAListSeesEverythingOnce(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	const words = "/publishers/lecker/keywords"
	add := func(id string) {
		c.want(http.StatusCreated, http.MethodPost, words, object{"keyword": wordDoc(id, "hours", object{"phrases": object{"en": []string{spelled(id)}}})})
	}
	for i := range pagedKeywords {
		add(fmt.Sprintf("w%06d", i*7))
	}
	var (
		others sync.WaitGroup
		over   = make(chan struct{})
		added  atomic.Int32
	)
	others.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-over:
				return
			default:
				// Before, between and behind those that were there.
				add(fmt.Sprintf("w%06d", (i*5003)%(pagedKeywords*7)/7*7+1+i%6))
				added.Add(1)
			}
		}
	})
	seen := map[string]int{}
	for cursor, first := "", true; first || cursor != ""; first = false {
		page := c.get(words + "?limit=13&cursor=" + cursor)
		for _, e := range page.entries("keywords") {
			seen[textOf(tableOf(e, "keyword"), "id")]++
		}
		cursor = page.text("next")
		if link := page.header.Get("Link"); (cursor != "") != strings.Contains(link, "cursor="+cursor+"&limit=13>") {
			t.Fatalf("the next page is %q, and Link says %s", cursor, link)
		}
	}
	close(over)
	others.Wait()
	if added.Load() == 0 {
		t.Fatal("nobody added anything meanwhile")
	}
	for i := range pagedKeywords {
		if n := seen[fmt.Sprintf("w%06d", i*7)]; n != 1 {
			t.Errorf("keyword %d was seen %d times", i, n)
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was seen %d times", id, n)
		}
	}
	t.Logf("%d were added meanwhile, %d seen in all", added.Load(), len(seen))
}

// spelled returns a phrase that differs from every other in more than one sign, so
// that no two look like each other's typing errors.
func spelled(id string) string {
	var b strings.Builder
	for _, digit := range strings.TrimPrefix(id, "w") {
		b.WriteString([]string{"ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu"}[digit-'0'])
	}
	return b.String()
}

func TestTheDescriptionIsForEverybodyAndKeepsItsTag(t *testing.T) {
	s := serveConsole(t)
	first := request(t, http.MethodGet, s.URL+"/api/v1/openapi.json", "", nil)
	if first.status != http.StatusOK || !json.Valid([]byte(first.body)) {
		t.Fatalf("the description was answered %d", first.status)
	}
	again := request(t, http.MethodGet, s.URL+"/api/v1/openapi.json", "", map[string]string{"If-None-Match": first.header.Get("Etag")})
	if again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("a second look was answered %d", again.status)
	}
}
