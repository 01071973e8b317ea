package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"keypull/web/console"
)

// TestReadersWhoMayBeChildren are kept nothing of from the moment that an editor says so, what
// is there from before included.
func TestReadersWhoMayBeChildren(t *testing.T) {
	s := askedHouse(t)
	c := s.admin()
	c.put("/publishers/lecker/channels/web", "channel", func(doc object) { tableOf(doc, "settings")["consent"] = "May we remember?" })
	s.agrees(askingSession, "save hours")
	if shown := s.shownReader(t, askingSession); len(shown.Held.Saved) != 1 || shown.Held.Consent == nil {
		t.Fatalf("%+v", shown)
	}
	before := s.demandOf("lecker").Demand
	c.put("/publishers/lecker", "publisher", func(doc object) { maps.Copy(doc, object{"under_age": true}) })

	if got := request(t, http.MethodGet, s.URL+"/chat/lecker/web/config.json", "", nil); strings.Contains(got.body, "May we remember?") {
		t.Errorf("the page asks for consent: %s", got.body)
	}
	for text, want := range map[string]string{"save hours": "Open from 9 to 17.", "my": "keeps nothing of its readers", "mydata": "Nothing is kept of you"} {
		if got := s.agrees(askingSession, text); !strings.Contains(got, want) || strings.Contains(got, "May we remember?") {
			t.Errorf("%s got %s", text, got)
		}
	}
	s.agrees(askingSession, "zanzibar")
	s.settled()
	if shown := s.shownReader(t, askingSession); len(shown.Held.Saved)+len(shown.Held.Recent) > 0 || shown.Held.Consent != nil || !shown.Held.First.IsZero() || shown.Held.Address != "" || shown.Held.Language != "" {
		t.Errorf("%+v", shown.Held)
	}
	c.want(http.StatusConflict, http.MethodPost, "/publishers/lecker/channels/web/readers/"+askingSession+"/change", object{"language": "fr"})
	now := s.demandOf("lecker").Demand
	if now.Bare != before.Bare+1 || now.Asks <= before.Asks {
		t.Errorf("demand went from %+v to %+v", before, now)
	}
}

// agrees has a reader of the web chat write something together with a consent.
func (s *service) agrees(session, text string) string {
	s.t.Helper()
	s.knownReader("web", session)
	got := request(s.t, http.MethodPost, s.URL+"/chat/lecker/web/messages", asJSON(s.t, object{"text": text, "session": session, "consent": true}), jsonHeader)
	if got.status != http.StatusOK {
		s.t.Fatalf("%s was answered %d %s", text, got.status, got.body)
	}
	s.settled()
	return got.body
}

func (s *service) shownReader(t *testing.T, session string) (shown console.ReaderShown) {
	t.Helper()
	printed := s.printed(t, "reader show --json"+rightsOf+session)
	if err := json.Unmarshal([]byte(printed), &shown); err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	return shown
}
