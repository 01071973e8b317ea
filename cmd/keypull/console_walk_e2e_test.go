package main

import (
	"flag"
	"testing"

	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/api/apitest"
)

// walkRounds is how many requests are made for each operation; the flag
// -rapid.checks raises it.
const walkRounds = "25"

// TestTheServerKeepsToTheDescriptionOfItsAPI walks through the whole server, as
// somebody who may everything and as somebody who may look.
func TestTheServerKeepsToTheDescriptionOfItsAPI(t *testing.T) {
	for _, role := range []string{"admin", "viewer"} {
		t.Run(role, func(t *testing.T) {
			s := serveConsole(t)
			c := s.admin()
			person := s.walkable(t, c)
			walker := c
			if role == "viewer" {
				walker = s.program("lecker", role)
			}
			rounds(t, walkRounds)
			last := func(operation string) bool { return operation == "publisher.delete" }
			s.walk(t, walker, person, last)
			s.walk(t, walker, person, func(operation string) bool { return !last(operation) })
		})
	}
}

// rounds sets how many requests are made for each operation.
func rounds(t *testing.T, n string) {
	t.Helper()
	for name, value := range map[string]string{"rapid.checks": n, "rapid.nofailfile": "true"} {
		f := flag.Lookup(name)
		before := f.Value.String()
		if before != f.DefValue {
			continue
		}
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Value.Set(before) })
	}
}

// walkable sets up what a walk may come across, and returns the id of somebody.
func (s *service) walkable(t *testing.T, c caller) string {
	t.Helper()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "source", feedDoc("news", newNewsSite(t).feed("feed.xml", "First edition").url()))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	c.add("lecker", "keyword", wordDoc("news", "news"))
	c.add("lecker", "channel", botDoc("tg", newBotAPI(t), nil))
	s.says("session-of-a-reader", "hours")
	invited := atSocket[accounts.PersonInvite, accounts.Invitation](s, "person.invite",
		accounts.PersonInvite{Of: console.Of{Publisher: "lecker"}, Email: "ann@lecker.example", Name: "Ann", Role: "owner"})
	return s.settledPerson(invited.Link, "Ann", "ann@lecker.example")
}

func (s *service) walk(t *testing.T, c caller, person string, skip func(string) bool) {
	t.Helper()
	apitest.Walk(t, apitest.Options{
		URL: s.URL, Token: c.token, Client: e2eClient, Skip: skip,
		Values: map[string][]string{
			"publisher": {"lecker"}, "source": {"hours", "news"}, "keyword": {"hours", "news"}, "channel": {"web", "tg"},
			"person": {person}, "reader": {"session-of-a-reader"},
			"If-Match": {`*`, `"1", "2"`, `W/"1"`, `"*"`}, "language": {"en", "fr"}, "state": {"open", "all"},
		},
	})
}
