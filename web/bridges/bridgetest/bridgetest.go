// Package bridgetest proves that a kind of bridge keeps the promises of desk.Bridge.
package bridgetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// T is what the suite needs of a test.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Context() context.Context
}

// Case is a kind with a stand-in for its platform.
type Case struct {
	Kind     desk.Kind
	Settings map[string]any
	// Open opens an empty platform.
	Open func(t T) Platform
}

// Platform is where people sit.
type Platform struct {
	Env desk.BridgeEnv
	// Posts returns the texts that stand in a thread, the oldest first, as people read them.
	Posts func(thread string) []string
	// Files returns what people find of files in a thread: the bytes of each, or where it lies.
	Files func(thread string) []string
	// Down has the platform fail from now on, or work again.
	Down func(down bool)
	// Answer has a person answer a post in its thread, and returns what the bridge tells of it;
	// Stranger has somebody else do so who may not. What is delivered has that id.
	Answer, Stranger func(b desk.Bridge, p desk.Post, id, text string) []desk.Heard
	// Attach has a person answer with a file alone, of that name.
	Attach func(b desk.Bridge, p desk.Post, id, name string) []desk.Heard
}

// Now is the moment at which it all happens.
func Now() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }

// Run holds a kind to the contract.
func Run(t *testing.T, c Case) {
	t.Helper()
	for _, one := range promises() {
		t.Run(one.name, func(t *testing.T) { one.holds(t, c) })
	}
}

// promise is a part of the contract.
type promise struct {
	name  string
	holds func(t T, c Case)
}

func promises() []promise {
	return []promise{
		{"the first post opens a thread, and others follow in it", follow},
		{"what is carried stands there as it was", carryWhole},
		{"what fails is told, and carried again it stands there once", failAndMend},
		{"an answer is told with its words and whose it is", answered},
		{"files are in the thread, or where they lie", carryFiles},
		{"a file is told by what it is fetched by", attached},
		{"who may not answer is not believed", strangers},
		{"what takes too long ends", ends},
	}
}

// Check holds a kind to the contract, and returns nothing but by t.
func Check(t T, c Case) {
	for _, one := range promises() {
		one.holds(t, c)
	}
}

// openCase opens the bridge and its platform.
func openCase(t T, c Case) (desk.Bridge, Platform) {
	t.Helper()
	p := c.Open(t)
	filled := c.Kind.New()
	if err := settings.Fill(filled, c.Settings); err != nil {
		t.Errorf("the settings: %v", err)
		return nil, p
	}
	b, err := filled.Open(p.Env)
	if err != nil {
		t.Errorf("open: %v", err)
		return nil, p
	}
	if s, knows := b.(desk.Standing); knows && s.Stands() != nil {
		t.Errorf("it can't work: %v", s.Stands())
	}
	return b, p
}

// post returns a post of the n-th conversation.
func post(conversation, n int, text string) desk.Post {
	const letters = "abc"
	token := strings.Repeat(letters[conversation:conversation+1], 26)
	return desk.Post{Token: token, Key: fmt.Sprint(messengers.StaffKey, token, "-a", n), Title: fmt.Sprint("A reader ", conversation), Text: text, Language: "en"}
}

// carried carries a post, and returns it as it stands there.
func carried(t T, b desk.Bridge, p desk.Post) desk.Post {
	t.Helper()
	thread, err := b.Carry(t.Context(), p)
	switch {
	case err != nil:
		t.Errorf("Carry of %q: %v", p.Text, err)
	case p.Thread == "" && thread == "":
		t.Errorf("Carry opened no thread for %q", p.Text)
	case p.Thread != "" && thread != "" && thread != p.Thread:
		t.Errorf("Carry calls the thread %q, which it called %q", thread, p.Thread)
	}
	if thread != "" {
		p.Thread = thread
	}
	return p
}

// holds reports in which of some texts a word stands.
func holds(texts []string, word string) (at []int) {
	for i, text := range texts {
		if strings.Contains(text, word) {
			at = append(at, i)
		}
	}
	return at
}

func follow(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	first, other := carried(t, b, post(0, 1, "first-word")), carried(t, b, post(1, 2, "other-word"))
	if first.Thread == other.Thread {
		t.Errorf("two conversations stand in the thread %q", first.Thread)
	}
	next := post(0, 3, "second-word")
	next.Thread = first.Thread
	carried(t, b, next)
	texts := platform.Posts(first.Thread)
	one, two := holds(texts, "first-word"), holds(texts, "second-word")
	if len(one) != 1 || len(two) != 1 || one[0] >= two[0] || len(holds(texts, "other-word")) != 0 {
		t.Errorf("the thread holds %q", texts)
	}
}

func carryWhole(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	text := "Reader: a <b>bold</b> word & *stars*, 5 > 4\nIn a second line: Käse, 新聞, «ça».\n\nAnd in a paragraph of its own"
	at := carried(t, b, post(0, 1, text))
	all := strings.Join(strings.Fields(strings.Join(platform.Posts(at.Thread), " ")), " ")
	if want := strings.Join(strings.Fields(text), " "); !strings.Contains(all, want) {
		t.Errorf("people read %q, carried was %q", all, want)
	}
}

func failAndMend(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	at := carried(t, b, post(0, 1, "first-word"))
	next := post(0, 2, "second-word")
	next.Thread = at.Thread
	platform.Down(true)
	for range 2 {
		if _, err := b.Carry(t.Context(), next); err == nil {
			t.Errorf("Carry says nothing while the platform fails")
		}
	}
	platform.Down(false)
	carried(t, b, next)
	if texts := platform.Posts(at.Thread); len(holds(texts, "second-word")) != 1 {
		t.Errorf("the thread holds %q", texts)
	}
}

func answered(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	first, other := carried(t, b, post(0, 1, "first-word")), carried(t, b, post(1, 2, "other-word"))
	seen := map[string]string{}
	for i, text := range []string{"Good morning.", "Two lines:\nKäse & 新聞, 5 > 4", "release"} {
		id := fmt.Sprint("100.", i)
		all := platform.Answer(b, first, id, text)
		if len(all) != 1 {
			t.Errorf("%q was heard %d times", text, len(all))
			continue
		}
		h := all[0]
		if h.Text != text || !h.Allowed || h.By == "" || h.Key == "" {
			t.Errorf("of %q it tells %+v", text, h)
		}
		if !slices.Contains(h.Tokens, first.Token) && !slices.Contains(h.Threads, first.Thread) || slices.Contains(h.Tokens, other.Token) || slices.Contains(h.Threads, other.Thread) {
			t.Errorf("it names the conversation by the tokens %q and threads %q: the token is %q, the thread %q", h.Tokens, h.Threads, first.Token, first.Thread)
		}
		if before, twice := seen[h.Key]; twice {
			t.Errorf("%q and %q have the key %q", before, text, h.Key)
		}
		seen[h.Key] = text
		if again := platform.Answer(b, first, id, text); len(again) != 1 || again[0].Key != h.Key {
			t.Errorf("delivered again it is told as %+v, with another key than %q", again, h.Key)
		}
	}
}

// fileOf returns a file of a post.
func fileOf(name string, body []byte, err error) desk.File {
	return desk.File{
		File: talk.File{Name: name, Type: what.Image, Mime: "image/png", Bytes: int64(len(body))}, Link: "https://keypull.example/file/p/token/" + name,
		Read: func(context.Context) ([]byte, error) { return body, err },
	}
}

func carryFiles(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	first := post(0, 1, "first-word")
	first.Files = []desk.File{fileOf("wet.png", []byte("bytes-of-wet"), nil), fileOf("torn.png", []byte("bytes-of-torn"), nil)}
	at := carried(t, b, first)
	found := strings.Join(platform.Files(at.Thread), "\n")
	for _, f := range first.Files {
		name, _, _ := strings.Cut(f.Name, ".")
		if strings.Count(found, "bytes-of-"+name)+strings.Count(found, f.Link) != 1 {
			t.Errorf("of the file %s people find %q", f.Name, found)
		}
	}
	next := post(0, 2, "second-word")
	next.Thread, next.Files = at.Thread, []desk.File{fileOf("gone.png", []byte("x"), &pull.Error{Kind: pull.Unknown})}
	carried(t, b, next)
	if texts := platform.Posts(at.Thread); len(holds(texts, "second-word")) != 1 {
		t.Errorf("a file that has been erased keeps its line: %q", texts)
	}
}

func attached(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	at := carried(t, b, post(0, 1, "first-word"))
	all := platform.Attach(b, at, "300.1", "map.png")
	if len(all) != 1 || len(all[0].Files) != 1 || all[0].Text != "" {
		t.Errorf("of an answer that is a file it tells %+v", all)
		return
	}
	if f := all[0].Files[0]; f.Ref == "" && f.URL == "" && f.Data == "" || f.Name != "map.png" && f.Alt != "map.png" || f.Type == "" {
		t.Errorf("nobody can fetch the file that it tells of: %+v", f)
	}
}

func strangers(t T, c Case) {
	b, platform := openCase(t, c)
	if b == nil {
		return
	}
	at := carried(t, b, post(0, 1, "first-word"))
	for _, h := range platform.Stranger(b, at, "200.1", "Let me in") {
		if h.Allowed {
			t.Errorf("somebody may answer whom the publisher does not know: %+v", h)
		}
	}
}

func ends(t T, c Case) {
	b, _ := openCase(t, c)
	if b == nil {
		return
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Carry(ctx, post(0, 1, "first-word")); err == nil {
		t.Errorf("Carry goes on after its context has ended")
	}
}
