package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/web/messengers"
)

// get fetches what lies behind a link.
func (r *room) get(t *testing.T, method, link string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r.FileHandler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, strings.TrimPrefix(link, "https://keypull.example"), nil))
	return w
}

// files returns the files of the last post in a thread.
func (o *office) files(thread string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	posts := o.threads[thread]
	var all []string
	for _, f := range posts[len(posts)-1].Files {
		all = append(all, f.Link)
	}
	return all
}

// What readers send is in the thread, or why it is not: by what it is, not by what it is said to be.
func TestFilesReachTheThreadOrItSaysWhyNot(t *testing.T) {
	r := openRoom(t)
	r.talker.files["large"] = bytes.Repeat([]byte("x"), talk.MaxFile+1)
	r.talker.files["empty"] = nil
	for i, one := range []struct {
		what string
		m    what.Media
		want string
		kept bool
	}{
		{"a picture", what.Media{Type: what.Image, Ref: "png"}, "[Picture: image.png]", true},
		{"one with a name that leads elsewhere", what.Media{Type: what.Image, Ref: "png", Name: `..\..\etc/pass"wd.exe`}, "[Picture: passwd.png]", true},
		{"a picture that is said to be a document", what.Media{Type: what.Document, Ref: "png", Name: "bill.pdf"}, "[Picture: bill.png]", true},
		{"a text", what.Media{Type: what.Document, Ref: "note", Name: "note.txt"}, "[File: note.txt]", true},
		{"a page that is said to be a picture", what.Media{Type: what.Image, Ref: "page", Name: "a.png"}, "[Picture: files of this kind are not passed on.]", false},
		{"a script that is plain text", what.Media{Type: what.Document, Ref: "note", Name: "run.bat"}, "[File: files of this kind are not passed on.]", false},
		{"one that is too large", what.Media{Type: what.Video, Ref: "large"}, "[Video: it is larger than 10 MB.]", false},
		{"one that is said to be too large", what.Media{Type: what.Video, Ref: "png", Bytes: talk.MaxFile + 1}, "[Video: it is larger than 10 MB.]", false},
		{"one of no bytes", what.Media{Type: what.Document, Ref: "empty"}, "[File: it is empty.]", false},
		{"one that is gone", what.Media{Type: what.Sound, Ref: "nowhere"}, "[Recording: it can’t be fetched from the platform.]", false},
		{"a contact", what.Media{Type: what.Contact, Ref: "png"}, "[Contact: it stays on the platform, and nobody has looked at it.]", false},
		{"one that the messenger can't fetch", what.Media{Type: what.Sticker}, "[Sticker: it stays on the platform, and nobody has looked at it.]", false},
	} {
		if err := r.hand(t, "p.ann", uint64(i+1), "see", one.m); err != nil {
			t.Fatal(err)
		}
		r.carry(t)
		texts := r.office.texts("C1/1")
		if got := texts[len(texts)-1]; got != "Reader: see\n"+one.want || len(texts) != i+1 {
			t.Errorf("of %s the thread tells %q", one.what, got)
		}
		if links := r.office.files("C1/1"); (len(links) == 1) != one.kept {
			t.Errorf("of %s there are %q", one.what, links)
		}
	}
}

func TestALinkLeadsToItsFileAloneAndForgetEndsIt(t *testing.T) {
	r := openRoom(t)
	key := who.Key("p.quetzalmark")
	if err := r.hand(t, key, 1, "wet", what.Media{Type: what.Image, Ref: "png", Name: "näss.png"}); err != nil {
		t.Fatal(err)
	}
	r.carry(t)
	link := r.office.files("C1/1")[0]
	if strings.Contains(link, "quetzalmark") {
		t.Errorf("%s tells who the reader is", link)
	}
	got := r.get(t, http.MethodGet, link)
	if got.Code != http.StatusOK || got.Body.String() != picture {
		t.Fatalf("%d %q", got.Code, got.Body)
	}
	for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox", "X-Robots-Tag": "noindex"} {
		if is := got.Header().Get(name); is != want {
			t.Errorf("%s: %q", name, is)
		}
	}
	parts := strings.Split(link, "/")
	token := parts[len(parts)-2]
	for _, other := range []string{
		strings.Replace(link, token, strings.Repeat("a", 26), 1), strings.Replace(link, token, strings.ToUpper(token), 1), strings.Replace(link, token, token[:25], 1),
		strings.Replace(link, token, talk.Fingerprint(token), 1), strings.Replace(link, "/p/", "/q/", 1), "https://keypull.example/file/", "https://keypull.example/file/p/", "https://keypull.example/file/p//x",
	} {
		if got := r.get(t, http.MethodGet, other); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", other, got.Code)
		}
	}
	if got := r.get(t, http.MethodPost, link); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("%d", got.Code)
	}
	r.Forget(key)
	r.kept.erase(key)
	if got := r.get(t, http.MethodGet, link); got.Code != http.StatusNotFound {
		t.Errorf("after FORGET ME it is there: %d", got.Code)
	}
}

// A file that can't be had now holds up what follows it, and no longer than half an hour.
func TestWhatFollowsAFileWaitsForIt(t *testing.T) {
	r := openRoom(t)
	r.talker.fails = errors.New("the platform is down")
	if err := r.hand(t, "p.ann", 1, "first", what.Media{Type: what.Image, Ref: "png"}); err != nil {
		t.Fatal(err)
	}
	r.tell(t, "p.ann", 2, "second")
	for range 3 {
		r.carry(t)
	}
	if len(r.office.threads) != 0 {
		t.Fatalf("%q was carried before its file", r.office.texts("C1/1"))
	}
	r.talker.fails = nil
	r.carry(t)
	if got := fmt.Sprintf("%q", r.office.texts("C1/1")); got != `["Reader: first\n[Picture: image.png]" "Reader: second"]` {
		t.Errorf("%s", got)
	}
	r.talker.fails = errors.New("the platform is down")
	if err := r.hand(t, "p.ann", 3, "third", what.Media{Type: what.Image, Ref: "png"}); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		r.carry(t)
	}
	if got := r.office.texts("C1/1"); len(got) != 3 || !strings.Contains(got[2], "can’t be fetched") {
		t.Errorf("%q", got)
	}
}

func TestFilesOfPeopleReachTheReader(t *testing.T) {
	r := openRoom(t)
	r.tell(t, "p.ann", 1, "where is it?")
	r.carry(t)
	send := func(id, text string, all ...what.Media) {
		t.Helper()
		in := &messengers.Incoming{ID: id, Attachments: all, Posted: &pull.Posted{Below: r.office.tokens, By: "ann", Proven: true, Whole: text}}
		for range 2 { // a delivery may come twice
			if _, err := r.Hear(t.Context(), r.channel, in); err != nil {
				t.Fatal(err)
			}
		}
		r.carry(t)
	}
	send("m1", "Here:", what.Media{Type: what.Image, Name: "map.png", Data: picture}, what.Media{Type: what.Image, Name: "more.png", Data: picture})
	send("m2", "", what.Media{Type: what.Document, Data: "%PDF-1.7 and so on", Name: "bill.pdf"})
	send("m3", "And this.", what.Media{Type: what.Document, Data: "MZ\x90\x00", Name: "run.exe"})
	if len(r.queue.order) != 3 {
		t.Fatalf("%q", r.queue.order)
	}
	for i, want := range []string{"Here:\nmore.png<image https://keypull.example/file/p/", "<document https://keypull.example/file/p/", "And this."} {
		if !strings.HasPrefix(r.queue.order[i], want) {
			t.Errorf("%q, want %q", r.queue.order[i], want)
		}
	}
	_, link, _ := strings.Cut(strings.TrimSuffix(r.queue.order[1], ">"), " ")
	if got := r.get(t, http.MethodGet, link); got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%s: %d", link, got.Code)
	}
	texts := r.office.texts("C1/1")
	if got := texts[len(texts)-1]; !strings.Contains(got, "run.exe was not passed on: files of this kind") {
		t.Errorf("%q", texts)
	}
	if kept := len(r.kept.files["p.ann"]); kept != 3 {
		t.Errorf("%d files are kept: what came with a letter is kept once", kept)
	}
}

// What is kept is bounded: the oldest file makes room, and its link ends. What belongs to no
// conversation goes after a day.
func TestFilesAreBounded(t *testing.T) {
	r := openRoom(t)
	r.talker.files["big"] = append([]byte(picture), make([]byte, talk.MaxFile-len(picture))...)
	var first string
	for i := range 5 {
		if err := r.hand(t, "p.ann", uint64(i+1), "see", what.Media{Type: what.Image, Ref: "big"}); err != nil {
			t.Fatal(err)
		}
		if r.carry(t); i == 0 {
			first = r.office.files("C1/1")[0]
		}
	}
	if got := r.get(t, http.MethodGet, first); got.Code != http.StatusNotFound || len(r.kept.files["p.ann"]) != 4 {
		t.Errorf("%d, and %d files are kept", got.Code, len(r.kept.files["p.ann"]))
	}
	if err := r.Hold(t.Context(), "p.nobody", []what.Media{{Type: what.Image, Data: picture}}); err != nil {
		t.Fatal(err)
	}
	if len(r.kept.files["p.nobody"]) != 1 {
		t.Error("nothing is held until the message is settled")
	}
	r.now = shelved.Add(25 * time.Hour)
	r.carry(t)
	if len(r.kept.files["p.nobody"]) != 0 || len(r.kept.files["p.ann"]) != 4 {
		t.Errorf("%d and %d files are kept", len(r.kept.files["p.nobody"]), len(r.kept.files["p.ann"]))
	}
}
