package site_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/web/console"
)

const (
	readersAt    = "/console/p/lecker/readers"
	askingReader = "session-of-somebody"
)

// heldReaders are readers of whom something is held, by their keys.
type heldReaders map[who.Key]who.Reader

func (h heldReaders) Reader(_ context.Context, key who.Key) (who.Reader, uint64, error) {
	r, ok := h[key]
	if !ok {
		return who.Reader{}, 0, nil
	}
	return r, 1, nil
}

func (heldReaders) ReadersNamed(context.Context, string, string, int) ([]who.Key, error) {
	return nil, nil
}

func (h heldReaders) Records(_ context.Context, key who.Key, f func(pipeline.Record, pipeline.Fate) error) error {
	return f(pipeline.Record{Reader: key, Trace: journal.Trace{Ask: 7, At: h[key].First, What: journal.What{Unknown: "gazpacho"}}}, pipeline.Sent)
}

func (heldReaders) OfReader(context.Context, string, who.Key, func(pipeline.DeadLetter, pull.Ask) error) error {
	return nil
}

func (heldReaders) Waiting(context.Context, who.Key) ([]pull.Entry, error) { return nil, nil }

func readerKey(publisher, channel, reader string) who.Key {
	return who.Key(publisher + "." + channel + "-" + reader)
}

// holds has something held of a reader of lecker's web chat.
func (r *rig) holds(id string, reader who.Reader) { r.readers[readerKey("lecker", "web", id)] = reader }

func (r *rig) rights() console.ReaderRights {
	r.readers = heldReaders{}
	return console.ReaderRights{
		Catalogue: r.memory, Channels: r.channels, Held: r.readers, Pseudonym: readerKey, Clock: r.clock,
		Forget: func(_ context.Context, _ string, key who.Key) error {
			if _, ok := r.readers[key]; !ok {
				return &pull.Error{Kind: pull.Unknown}
			}
			delete(r.readers, key)
			return nil
		},
		Change: func(_ context.Context, key who.Key, f func(who.Reader) who.Reader) error {
			if held, ok := r.readers[key]; ok {
				r.readers[key] = f(held)
			}
			return nil
		},
	}
}

// TestAnOwnerPutsRightWhatIsHeld presses each button that removes something, and sets the
// language.
func TestAnOwnerPutsRightWhatIsHeld(t *testing.T) {
	r := newRig(t)
	r.holds(askingReader, who.Reader{
		TimeZone: "Europe/Paris", First: r.clock(), Preferences: map[string]string{"city": hostile}, Saved: []who.Saved{{Keyword: "news", List: "mine"}, {Keyword: "news", Argument: "sport"}},
		Laters: []who.Later{{Entry: 17, Keyword: "news", Argument: "later", Due: r.clock()}},
	})
	owner := r.as("lecker owner")
	owner.post(readersAt, "channel", "web", "id", askingReader).wants(t, 200, "city: &lt;", "mine: ", "news sport", "Europe/Paris", "news later").lacks(t, hostile)
	for _, c := range []struct {
		part  []string
		lacks string
	}{
		{[]string{"part", "time_zone"}, "<bdi>Europe/Paris"},
		{[]string{"part", "preferences", "name", "city"}, "<bdi>city: "},
		{[]string{"part", "saved", "keyword", "news", "argument", "", "list", "mine"}, "mine: "},
		{[]string{"part", "saved", "keyword", "news", "argument", "sport", "list", ""}, "news sport"},
		{[]string{"part", "laters", "entry", "17"}, "news later"},
	} {
		sent := append([]string{"channel", "web", "id", askingReader}, c.part...)
		owner.post(readersAt+"/change", sent...).wants(t, 200, "It is changed.").lacks(t, c.lacks)
		if c.part[1] != "time_zone" {
			owner.post(readersAt+"/change", sent...).wants(t, 404, "not held of this reader")
		}
	}
	owner.post(readersAt+"/change", "channel", "web", "id", askingReader, "part", "language", "language", "fr").wants(t, 200, `value="fr" selected`)
	if held := r.readers[readerKey("lecker", "web", askingReader)]; held.Language != "fr" || len(held.Preferences)+len(held.Saved)+len(held.Laters) > 0 {
		t.Errorf("held is %+v", held)
	}
	owner.get("/console/p/lecker/audit").wants(t, 200, "put right what is held of").lacks(t, "sport").lacks(t, askingReader)
}

func TestAnOwnerSeesExportsAndForgetsAReader(t *testing.T) {
	r := newRig(t)
	r.holds(askingReader, who.Reader{Language: "fr", First: r.clock(), State: who.Stopped, Recent: []who.Pull{{Keyword: "news", Argument: hostile}}})
	owner := r.as("lecker owner")
	named := []string{"channel", "web", "id", " " + askingReader + " "}
	owner.get(readersAt).wants(t, 200, `name="id"`).lacks(t, `id="held"`)
	owner.post(readersAt, named...).wants(t, 200, "Said STOP", "1 record of an ask", "news &lt;/span&gt;").lacks(t, hostile)
	got := owner.post(readersAt+"/export", named...).wants(t, 200)
	var all console.ReaderExport
	if err := json.Unmarshal([]byte(got.body), &all); err != nil || len(all.Records) != 1 || all.Records[0].Fate != pipeline.Sent || all.Held.Language != "fr" ||
		!strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%v, %v, %s", err, got.header, got.body)
	}
	for id, first := range map[string]time.Time{"new": r.clock(), "group": {}} {
		r.holds(id, who.Reader{First: first, Language: "fr"})
		got := owner.post(readersAt, "channel", "web", "id", id).wants(t, 200, "<dd>Answered</dd>")
		if strings.Contains(got.body, "/take") == first.IsZero() || strings.Contains(got.body, "First contact") == first.IsZero() {
			t.Errorf("of %s is shown %s", id, got.body)
		}
		delete(r.readers, readerKey("lecker", "web", id))
	}
	owner.post(readersAt+"/forget", named...).wants(t, 200, "be undone", readersAt+"/erase")
	if len(r.readers) != 1 {
		t.Fatal("forgotten before anybody said yes")
	}
	owner.post(readersAt+"/erase", named...).leads(t, readersAt+"?done=reader_forgotten")
	for _, path := range []string{"", "/export", "/erase"} {
		owner.post(readersAt+path, named...).wants(t, 404, "Nothing is held of such a reader")
	}
	owner.post(readersAt, "channel", "web", "id", strings.Repeat("x", 201)).wants(t, 422, "at most 200")
	if strings.Contains(r.log.String(), askingReader) {
		t.Errorf("the log names the reader: %s", r.log)
	}
	for _, page := range []string{"/console/p/lecker/audit"} {
		owner.get(page).wants(t, 200, "erased", "looked at what is held of", "reader ").lacks(t, askingReader)
	}
}

func TestOnlyOwnersComeToTheReaders(t *testing.T) {
	r := newRig(t)
	r.holds(askingReader, who.Reader{First: r.clock()})
	for _, role := range []string{"lecker editor", "lecker viewer"} {
		v := r.as(role)
		v.get(readersAt).wants(t, 403)
		for _, path := range []string{"", "/export", "/change", "/forget", "/erase"} {
			v.post(readersAt+path, "channel", "web", "id", askingReader).wants(t, 403)
		}
		v.get("/console/p/lecker/today").wants(t, 200).lacks(t, readersAt)
	}
	r.as("kiosk owner").get(readersAt).wants(t, 404)
	if len(r.readers) != 1 {
		t.Error("somebody else forgot the reader")
	}
}
