package main

import (
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

// undoer writes and undoes as an admin's program does.
type undoer struct {
	*service
	caller
	// withdrawn is the id of what is withdrawn from the beginning.
	withdrawn string
}

// room is a publisher with everything: a source that is asked and one that is
// not, keywords, a web chat and a bot with secrets, people's programs.
func newUndoer(t *testing.T) *undoer {
	t.Helper()
	s := serveConsole(t)
	u := &undoer{service: s, caller: s.admin()}
	u.outlet("lecker")
	u.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	u.add("lecker", "source", textDoc("spare", "Nothing to see."))
	u.add("lecker", "keyword", wordDoc("hours", "hours"))
	u.add("lecker", "keyword", wordDoc("times", "hours"))
	u.add("lecker", "channel", botDoc("tg", newBotAPI(t), nil))
	s.program("lecker", "editor")
	asks(t, s.URL, "lecker", "hours", "Open from 9")
	u.withdrawn = u.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"text": "Nothing to see.", "say": "It was nothing."}).text("id")
	return u
}

// state returns all that GET gives of all publishers, but for versions and when a
// token was used.
func (u *undoer) state() object {
	u.caller.t.Helper()
	all := object{}
	look := func(path string) reply {
		r := u.get(path)
		all[path] = plain(r.object)
		return r
	}
	for _, p := range look("/publishers").entries("publishers") {
		at := "/publishers/" + textOf(p, "id")
		look(at)
		look(at + "/people")
		look(at + "/tokens")
		look(at + "/items/withdrawn")
		for _, resource := range []string{"source", "keyword", "channel"} {
			for _, e := range look(at + "/" + resource + "s").entries(resource + "s") {
				id := textOf(e, "id")
				if inner := tableOf(e, resource); inner != nil {
					id = textOf(inner, "id")
				}
				look(at + "/" + resource + "s/" + id)
			}
		}
	}
	return all
}

// plain returns a value without what may differ.
func plain(v any) any {
	switch v := v.(type) {
	case object:
		out := maps.Clone(v)
		delete(out, "version")
		delete(out, "used")
		delete(out, "heard")
		for k := range out {
			out[k] = plain(out[k])
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	}
	return v
}

// same compares two states, and says where they differ.
func (u *undoer) same(when string, got, want object) {
	u.caller.t.Helper()
	for path := range want {
		if !reflect.DeepEqual(got[path], want[path]) {
			u.caller.t.Errorf("%s: %s is\n%s, was\n%s", when, path, asJSON(u.caller.t, got[path]), asJSON(u.caller.t, want[path]))
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			u.caller.t.Errorf("%s: %s is there, and was not", when, path)
		}
	}
}

// undo follows the header that an answer had.
func (u *undoer) undo(r reply) reply {
	u.caller.t.Helper()
	at := r.header.Get("Undo")
	if at == "" {
		u.caller.t.Fatalf("it has no header Undo: %d %s", r.status, r.body)
	}
	return u.want(http.StatusOK, http.MethodPost, strings.TrimPrefix(at, "/api/v1"), nil)
}

// delivered returns how the bot's hook answers a delivery with a secret.
func (u *undoer) delivered(secret string) int {
	u.caller.t.Helper()
	got, err := tryRequest(http.MethodPost, u.URL+"/hook/lecker/tg", `{"update_id": 1}`,
		map[string]string{"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret})
	if err != nil {
		u.caller.t.Fatal(err)
	}
	return got.status
}

// putting replaces fields of a thing.
func putting(path, resource string, fields object) func(*undoer) reply {
	return func(u *undoer) reply {
		return u.put(path, resource, func(doc object) { maps.Copy(doc, fields) })
	}
}

func posting(path string, body object) func(*undoer) reply {
	return func(u *undoer) reply { return u.send(http.MethodPost, path, body) }
}

func renaming(path, to string) func(*undoer) reply {
	return func(u *undoer) reply {
		return u.send(http.MethodPost, path+"/rename", object{"to": to}, "If-Match", "*")
	}
}

func deleting(path string) func(*undoer) reply {
	return func(u *undoer) reply { return u.send(http.MethodDelete, path, nil, "If-Match", "*") }
}

// settingsOf replaces settings of the bot.
func settingsOf(fields object) func(*undoer) reply {
	return func(u *undoer) reply {
		return u.put("/publishers/lecker/channels/tg", "channel", func(doc object) { maps.Copy(tableOf(doc, "settings"), fields) })
	}
}

func TestEveryWriteIsUndoneAndDoneAgain(t *testing.T) {
	const lecker = "/publishers/lecker"
	u := newUndoer(t)
	for name, write := range map[string]func(*undoer) reply{
		"publisher.create":           posting("/publishers", object{"publisher": object{"id": "neu", "name": "Neu", "languages": []string{"de"}}}),
		"publisher.update":           putting(lecker, "publisher", object{"name": "Lecker & Co", "contact": "ann@example.org"}),
		"publisher.update languages": putting(lecker, "publisher", object{"languages": []string{"fr", "en"}, "time_zone": "UTC"}),
		"publisher.delete":           deleting(lecker),
		"source.create":              posting(lecker+"/sources", object{"source": textDoc("more", "More.")}),
		"source.create without id":   posting(lecker+"/sources", object{"source": object{"kind": "text", "settings": textDoc("x", "Some.")["settings"]}}),
		"source.update settings":     putting(lecker+"/sources/hours", "source", object{"settings": textDoc("x", "Closed.")["settings"]}),
		"source.update freshness":    putting(lecker+"/sources/hours", "source", object{"max_age": "90s", "new_keys": 7}),
		"source.delete":              deleting(lecker + "/sources/spare"),
		"source.adopt": posting(lecker+"/discover/adopt", object{
			"sources": []object{textDoc("more", "More."), textDoc("most", "Most.")}, "keywords": []object{wordDoc("more", "more"), wordDoc("often", "spare")},
		}),
		"starter.adopt":           posting(lecker+"/starters/office", object{"answers": []object{{"entry": "invoice", "language": "en", "text": "Ask Ann."}}}),
		"keyword.create":          posting(lecker+"/keywords", object{"keyword": wordDoc("spare", "spare")}),
		"keyword.update phrases":  putting(lecker+"/keywords/hours", "keyword", object{"phrases": object{"en": []string{"opening"}}}),
		"keyword.update source":   putting(lecker+"/keywords/hours", "keyword", object{"source": "spare"}),
		"keyword.update template": putting(lecker+"/keywords/times", "keyword", object{"template": "{{ item.title }}!", "count": 3}),
		"keyword.update closing":  putting(lecker+"/keywords/times", "keyword", object{"until": "2026-01-01T00:00:00Z", "hours": []string{"mon-fri 09:00-17:00"}}),
		"keyword.delete":          deleting(lecker + "/keywords/times"),
		"keyword.rename":          renaming(lecker+"/keywords/hours", "opening"),
		"source.rename":           renaming(lecker+"/sources/hours", "opening"),
		"keyword.bulk": posting(lecker+"/bulk/keywords", object{"rows": []object{
			{"do": "create", "keyword": wordDoc("spare", "spare")}, {"do": "merge", "id": "times", "version": "*", "keyword": object{"count": 3}}, {"do": "delete", "id": "hours", "version": "*"},
		}}),
		"keyword.import": posting(lecker+"/csv/keywords", object{"csv": "id,source,phrases.en,count\nspare,spare,spare,2\ntimes,hours,times,4\n"}),
		"demand.adopt":   posting(lecker+"/demand/adopt", object{"keyword": "hours", "text": "when open"}),
		"item.withdraw":  posting(lecker+"/items/withdraw", object{"text": "Open from 9 to 17.", "say": "Closed.", "until": "2100-01-01T00:00:00Z"}),
		"item.correct":   posting(lecker+"/items/correct", object{"text": "Open from 9 to 17.", "say": "Until 18."}),
		"item.restore": func(u *undoer) reply {
			return u.send(http.MethodPost, lecker+"/items/restore", object{"withdrawal": u.withdrawn})
		},
		"channel.create":              posting(lecker+"/channels", object{"channel": object{"id": "second", "kind": "webchat", "settings": object{"title": "Second"}}}),
		"channel.update":              putting(lecker+"/channels/web", "channel", object{"settings": object{"title": "Another"}}),
		"channel.update its secret":   settingsOf(object{"secret_token": "another-secret-of-the-hook"}),
		"channel.update its token":    settingsOf(object{"token": "654321:another-token-of-the-bot"}),
		"channel.delete":              deleting(lecker + "/channels/tg"),
		"channel.delete the web chat": deleting(lecker + "/channels/web"),
	} {
		t.Run(name, func(t *testing.T) {
			u := &undoer{service: u.service, caller: u.caller, withdrawn: u.withdrawn}
			u.caller.t = t
			before := u.state()
			done := write(u)
			if done.status >= http.StatusBadRequest {
				t.Fatalf("it was answered %d %s", done.status, done.body)
			}
			after := u.state()
			if reflect.DeepEqual(before, after) && !strings.Contains(name, "its ") {
				t.Error("it changed nothing")
			}
			redo := u.undo(done)
			u.same("undone", u.state(), before)
			if status := u.delivered(hookSecret); status != http.StatusOK {
				t.Errorf("with the secret that was, the hook answers %d", status)
			}
			back := u.undo(redo)
			u.same("done again", u.state(), after)
			u.undo(back)
			u.same("undone again", u.state(), before)
		})
	}
}

func TestUndoAsksWhoAndWhen(t *testing.T) {
	const at = "/publishers/lecker/keywords/hours"
	u := newUndoer(t)
	path := func(r reply) string { return strings.TrimPrefix(r.header.Get("Undo"), "/api/v1") }
	count := func(n int) reply {
		return u.put(at, "keyword", func(doc object) { doc["count"] = n })
	}
	first, second := count(2), count(3)
	if r := u.want(http.StatusConflict, http.MethodPost, path(first), nil); !strings.Contains(r.body, "has changed the keyword") {
		t.Errorf("undoing what is not the latest: %s", r.body)
	}
	viewer, other := u.program("lecker", "viewer"), u.program("lecker", "editor")
	u.outlet("quark")
	stranger := u.program("quark", "owner")
	viewer.want(http.StatusForbidden, http.MethodPost, path(second), nil)
	stranger.want(http.StatusNotFound, http.MethodPost, path(second), nil)
	stranger.want(http.StatusNotFound, http.MethodPost, strings.Replace(path(second), "lecker", "quark", 1), nil)
	own := u.put("/publishers/lecker", "publisher", func(doc object) { doc["name"] = "Other" })
	other.want(http.StatusForbidden, http.MethodPost, path(own), nil)
	other.want(http.StatusOK, http.MethodPost, path(second), nil)
	if r := other.want(http.StatusConflict, http.MethodPost, path(second), nil); !strings.Contains(r.body, "already") {
		t.Errorf("undoing twice: %s", r.body)
	}
	u.want(http.StatusNotFound, http.MethodPost, "/publishers/lecker/changes/nothing/undo", nil)
	u.want(http.StatusNotFound, http.MethodGet, "/publishers/nobody/changes", nil)

	u.clock.advance(10*time.Minute + time.Second)
	gone := u.send(http.MethodDelete, at, nil, "If-Match", "*")
	u.clock.advance(10*time.Minute + time.Second)
	late := u.want(http.StatusConflict, http.MethodPost, path(gone), nil)
	if !strings.Contains(late.body, "Bring it back") {
		t.Errorf("too late: %s", late.body)
	}
	change := strings.TrimSuffix(path(gone), "/undo")
	shown := other.get(change)
	restored := other.want(http.StatusOK, http.MethodPost, change+"/restore", nil, "If-Match", shown.header.Get("Etag"))
	if restored.header.Get("Undo") == "" {
		t.Error("bringing back can't be undone")
	}
	u.get(at)
	other.want(http.StatusPreconditionFailed, http.MethodPost, change+"/restore", nil, "If-Match", shown.header.Get("Etag"))
	if same := u.put(at, "keyword", func(object) {}); same.header.Get("Undo") != "" {
		t.Error("what changed nothing can be undone")
	}
	u.clock.advance(30 * 24 * time.Hour)
	u.want(http.StatusNotFound, http.MethodPost, change+"/restore", nil, "If-Match", "*")
}

func TestUndoBreaksNothingElse(t *testing.T) {
	const lecker = "/publishers/lecker"
	u := newUndoer(t)
	path := func(r reply) string { return strings.TrimPrefix(r.header.Get("Undo"), "/api/v1") }
	for name, c := range map[string]struct {
		first, then func(*undoer) reply
		says        string
	}{
		"a source that a keyword uses by now": {posting(lecker+"/sources", object{"source": textDoc("used", "x")}),
			posting(lecker+"/keywords", object{"keyword": wordDoc("used", "used")}), "Keywords use this source"},
		"a keyword whose source is gone": {deleting(lecker + "/keywords/times"), func(u *undoer) reply {
			u.put(lecker+"/keywords/hours", "keyword", func(doc object) { doc["source"] = "spare" })
			return deleting(lecker + "/sources/hours")(u)
		}, "needs the source"},
		"a publisher that has more by now": {posting("/publishers", object{"publisher": object{"id": "neu", "name": "Neu", "languages": []string{"en"}}}),
			posting("/publishers/neu/sources", object{"source": textDoc("own", "x")}), "has got more since"},
	} {
		t.Run(name, func(t *testing.T) {
			u := &undoer{service: u.service, caller: u.caller, withdrawn: u.withdrawn}
			u.caller.t = t
			first := c.first(u)
			if then := c.then(u); then.status >= http.StatusBadRequest {
				t.Fatalf("%d %s", then.status, then.body)
			}
			if r := u.want(http.StatusConflict, http.MethodPost, path(first), nil); !strings.Contains(r.body, c.says) {
				t.Errorf("it says %s", r.body)
			}
		})
	}
}
