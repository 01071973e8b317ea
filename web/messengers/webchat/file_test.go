package webchat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// pixels is what a picture begins with.
const pixels = "\x89PNG\r\n\x1a\n and a wet paper on it"

// fileOf is a file that is posted in a session.
func fileOf(session, name, body string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPost, Path: "files", Body: []byte(body), At: messengertest.Now(), Query: map[string][]string{"id": {"1"}, "name": {name}, "language": {"de"}, "consent": {"true"}},
		Header: map[string][]string{"Content-Type": {"application/octet-stream"}, "Authorization": {"Bearer " + session}},
	}
}

// What a file is its bytes say, whatever it is called; what is not taken is told in the reader's
// language.
func TestFilesOfReadersAreTakenByTheirBytes(t *testing.T) {
	c := open(t, nil)
	ours := c.Session("an id that nobody can guess")
	picture := what.Media{Type: what.Image, Name: "wet.png", Bytes: int64(len(pixels)), Data: pixels}
	for name, tc := range map[string]struct {
		delivery messengers.Delivery
		want     what.Media
		status   int
		says     string
	}{
		"a picture":                       {fileOf(ours, "wet.png", pixels), picture, 202, ""},
		"a picture that is called a page": {fileOf(ours, `C:\wet.html`, pixels), picture, 202, ""},
		"a text":                          {fileOf(ours, "list.txt", "milk"), what.Media{Type: what.Document, Name: "list.txt", Bytes: 4, Data: "milk"}, 202, ""},
		"a page that is called a picture": {fileOf(ours, "wet.png", "<html><script>"), what.Media{}, 415, "keines davon"},
		"nothing":                         {fileOf(ours, "wet.png", ""), what.Media{}, 415, "keines davon"},
		"one byte too much":               {fileOf(ours, "wet.png", pixels+strings.Repeat("x", talk.MaxFile+1-len(pixels))), what.Media{}, 413, "bis 10 MB"},
		"no session":                      {fileOf("", "wet.png", pixels), what.Media{}, 400, "session"},
		"a session of somebody's own":     {fileOf("../../x", "wet.png", pixels), what.Media{}, 400, "session"},
	} {
		r := receive(t, c, tc.delivery)
		if r.Status != tc.status || !strings.Contains(string(r.Body), tc.says) || (len(r.Asks) == 1) != (tc.status == 202) {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
			continue
		}
		for _, in := range r.Asks {
			want := messengers.Incoming{ID: ours + "/1", Reader: ours, Address: ours, Language: "de", Consent: "given", Greeted: true, Attachments: []what.Media{tc.want}}
			if diff := cmp.Diff(want, in); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
	for i := range 30 {
		d := fileOf(ours, "wet.png", pixels)
		d.Query["id"] = []string{fmt.Sprint(i)}
		if r := receive(t, c, d); r.Status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("a session may send files at any pace")
}

// Room is there for those who prove themselves before a body is read.
func TestLargeBodiesAreForSessionsOfOurs(t *testing.T) {
	c := open(t, nil)
	ours := c.Session("an id that nobody can guess")
	for _, tc := range []struct {
		path, shown string
		want        bool
	}{
		{"files", "Bearer " + ours, true}, {"messages", "Bearer " + ours, false}, {"files", "Bearer " + session, false}, {"files", ours, false}, {"files", "", false},
		{"files", "Bearer " + open(t, nil).Session("x") + "A", false},
	} {
		if got := c.Room(tc.path, tc.shown); (got > talk.MaxFile) != tc.want {
			t.Errorf("%s with %q: %d", tc.path, tc.shown, got)
		}
	}
}

// A reader picks a file, or pastes one: it is sent, and what is refused is said.
func TestReadersAttachFiles(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.wants(`$(".clip").hidden`, "true")
	b.say("tiramisu")
	b.hears("250 g mascarpone")
	b.until(`!$(".clip").hidden`)
	b.text(`(() => { const d = new DataTransfer(); d.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0])], "wet.png")); $("input[type=file]").files = d.files; return $("input[type=file]").dispatchEvent(new Event("change")); })()`)
	b.until(`$$(".me .bubble").some((x) => x.textContent.includes("wet.png"))`)
	b.text(`(() => { const d = new DataTransfer(); d.items.add(new File(["<html>"], "page.png")); return $("textarea").dispatchEvent(new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true })); })()`)
	b.until(`$(".status").textContent.includes("none of them")`)
	b.text(`(() => { const d = new DataTransfer(); d.items.add(new File([new Uint8Array(10 * 2 ** 20 + 1)], "film.mp4")); $("input[type=file]").files = d.files; return $("input[type=file]").dispatchEvent(new Event("change")); })()`)
	b.until(`$(".status").textContent.includes("10 MB")`)
	b.say("tiramisu")
	b.until(`$(".status").hidden`)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.filed) != 1 || s.filed[0].Name != "wet.png" || s.filed[0].Type != what.Image {
		t.Errorf("%+v arrived", s.filed)
	}
}
