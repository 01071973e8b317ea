package site_test

import (
	"net/http"
	"net/url"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// TestTwoPeopleChangeTwoFields has two forms opened of one thing and both sent: each
// changes what its editor has changed, and nothing else.
func TestTwoPeopleChangeTwoFields(t *testing.T) {
	for _, tt := range []struct {
		path         string
		mine, theirs [2]string
	}{
		{"sources/news", [2]string{"max_age", "7m"}, [2]string{"title", "Wire"}},
		{"sources/news", [2]string{"settings.url", "WORLD/feed.xml?a"}, [2]string{"deadline", "3s"}},
		{"keywords/news", [2]string{"phrases.en", "news\nmorning"}, [2]string{"phrases.fr", "actus"}},
		{"keywords/news", [2]string{"count", "3"}, [2]string{"argument", "optional"}},
		{"channels/web", [2]string{"settings.title", "Mine"}, [2]string{"settings.consent", "May we?"}},
	} {
		t.Run(tt.path+" "+tt.mine[0], func(t *testing.T) {
			r, ann, world := atWork(t)
			if tt.mine[1] == "WORLD/feed.xml?a" {
				tt.mine[1] = world + "/feed.xml?a"
			}
			bob := r.visit(r.person("bob@example.org", "lecker editor"))
			form := ann.changed(room+tt.path, tt.mine[0], tt.mine[1])
			bob.submit(room+tt.path, bob.changed(room+tt.path, tt.theirs[0], tt.theirs[1])).wants(t, http.StatusSeeOther)
			ann.submit(room+tt.path, form).leads(t, room+tt.path+"?done=saved_along")
			now := ann.get(room + tt.path).page(t).form("thing")
			for _, want := range [][2]string{tt.mine, tt.theirs} {
				if got := now.Get(want[0]); got != want[1] {
					t.Errorf("%s is %q, want %q", want[0], got, want[1])
				}
			}
		})
	}
}

// TestASecretThatMayHaveChangedIsAClash: nobody sees whether somebody else has typed
// another one.
func TestASecretThatMayHaveChangedIsAClash(t *testing.T) {
	r := newRig(t, withChannel(telegramDoc()))
	ann, bob := r.visit(r.person("ann@example.org", "lecker owner")), r.visit(r.person("bob@example.org", "lecker owner"))
	form := ann.changed(room+"channels/tg", "settings.token", "222:mine")
	bob.submit(room+"channels/tg", bob.changed(room+"channels/tg", "settings.token", "333:theirs")).wants(t, http.StatusSeeOther)
	ann.submit(room+"channels/tg", form).wants(t, http.StatusConflict, "Somebody else was faster")
}

func telegramDoc() catalogue.Channel {
	return catalogue.Channel{ID: "tg", Kind: "telegram", Settings: map[string]any{"token": "111:first", "secret_token": "a-secret-token"}}
}

func withChannel(c catalogue.Channel) catalogue.Publisher {
	p := lecker()
	p.Channels = append(p.Channels, c)
	return p
}

// TestAnUntouchedFormChangesNothing saves every form as it was opened, and what its form
// does not show stays.
func TestAnUntouchedFormChangesNothing(t *testing.T) {
	r, ann, _ := atWork(t)
	for _, path := range []string{"sources/news", "sources/prices", "keywords/news", "keywords/sap", "channels/web"} {
		before := version(t, ann, path)
		ann.submit(room+path, ann.changed(room+path)).wants(t, http.StatusSeeOther)
		if after := version(t, ann, path); after != before {
			t.Errorf("%s has another version after a save that changed nothing: %s, was %s", path, after, before)
		}
	}
	ann.submit(room+"keywords/news", ann.changed(room+"keywords/news", "until", "2027-12-24T18:00:30")).wants(t, http.StatusSeeOther)
	ann.submit(room+"keywords/news", ann.changed(room+"keywords/news", "count", "2")).wants(t, http.StatusSeeOther)
	if k, _ := r.Publisher("lecker").Keyword("news"); k.Count != 2 || k.Until == nil || k.Until.Second() != 30 {
		t.Errorf("saved %+v", k)
	}
}

func version(t *testing.T, v *visitor, path string) string {
	t.Helper()
	return v.get(room+path).wants(t, http.StatusOK).page(t).form("thing").Get("version")
}

// TestWhatAColleagueDeletesIsMadeAnew: a form that is sent after its thing was deleted
// comes back with everything typed, and saves it as a new one under its id.
func TestWhatAColleagueDeletesIsMadeAnew(t *testing.T) {
	r, ann, _ := atWork(t)
	bob := r.visit(r.person("bob@example.org", "lecker editor"))
	form := ann.changed(room+"keywords/news", "phrases.en", "news\nnight trains", "count", "3")
	bob.post(room+"keywords/news/delete", "version", "*").wants(t, http.StatusSeeOther)
	for _, path := range []string{"check", "preview", "reply"} {
		ann.submit(room+"keywords/"+path, form).wants(t, http.StatusOK, "night trains")
	}
	back := ann.submit(room+"keywords/news", form).wants(t, http.StatusConflict, "Somebody has deleted “news” meanwhile", "night trains")
	anew := back.page(t).form("thing")
	if action := formAction(back.page(t), "thing"); action != room+"keywords" {
		t.Fatalf("the form goes to %s", action)
	}
	ann.submit(room+"keywords", anew).wants(t, http.StatusSeeOther)
	if k, ok := r.Publisher("lecker").Keyword("news"); !ok || k.Count != 3 || k.Phrases["en"][1] != "night trains" {
		t.Errorf("made anew as %+v", k)
	}
}

// TestASecretOfADeletedChannelIsAskedForAgain: its mask stands for nothing any more.
func TestASecretOfADeletedChannelIsAskedForAgain(t *testing.T) {
	r := newRig(t, withChannel(telegramDoc()))
	ann := r.visit(r.person("ann@example.org", "lecker owner"))
	form := ann.changed(room+"channels/tg", "settings.token", settings.Mask)
	ann.post(room+"channels/tg/delete", "version", "*").wants(t, http.StatusSeeOther)
	back := ann.submit(room+"channels/tg", form).wants(t, http.StatusConflict, "have to be typed again").page(t).form("thing")
	if got := (url.Values{"token": back["settings.token"]}).Get("token"); got != "" {
		t.Errorf("the token of a channel that is gone is %q", got)
	}
}

func formAction(p page, id string) string {
	action, _ := attribute(p.by(id), "action")
	return action
}
