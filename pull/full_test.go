package pull_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// fullReader returns a reader who keeps as much as one may.
func fullReader(tb testing.TB, at time.Time) who.Reader {
	tb.Helper()
	r := who.Reader{First: at, Greeted: true, Address: "4711", Language: "en"}
	keep := func(s who.Saved) {
		s.At, s.Mark, s.Pulled = at, "AbCdEfGh", at
		var did who.Keeping
		if r, did = r.Keep(s); did != who.Kept {
			tb.Fatalf("%+v: %v", s, did)
		}
	}
	for i := range who.MaxSaved {
		keep(who.Saved{Keyword: "quote", Argument: fmt.Sprintf("SYMBOL%d", i)})
	}
	for _, list := range []string{"stocks", "recipes", "teams"} {
		for i := range 5 {
			keep(who.Saved{Keyword: "quote", Argument: fmt.Sprintf("LISTED%d", i), List: list})
		}
	}
	for i := range 5 {
		r.Laters = append(r.Laters, who.Later{Entry: uint64(1000 + i), Due: at.Add(time.Hour)})
	}
	for i := range who.MaxPreferences {
		r, _ = r.Prefer(fmt.Sprintf("preference%d", i), "a value of some length", at)
	}
	q := &who.Question{Token: "1", Expires: at.Add(10 * time.Minute)}
	for i := range 10 {
		q.Options = append(q.Options, who.Option{Keyword: "quote", Argument: fmt.Sprintf("OPTION%d", i), Label: fmt.Sprintf("Option number %d", i)})
	}
	r.Question = q
	return r
}

// Whatever a reader keeps has its place in the document, and comes back.
func TestAFullDocumentFits(t *testing.T) {
	t.Parallel()
	r := fullReader(t, monday)
	b, err := r.Encode()
	if err != nil || len(b) > who.MaxBytes {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	t.Logf("%d bytes", len(b))
	back, err := who.Decode(b)
	if err != nil || len(back.Saved) != 35 || back.Question == nil {
		t.Errorf("%+v, %v", back, err)
	}
}

// BenchmarkAskOfAReader answers an ask with the document read before it and written behind it.
func BenchmarkAskOfAReader(b *testing.B) {
	k := newTalk(b)
	for name, r := range map[string]who.Reader{"empty": {First: monday}, "full": fullReader(b, monday)} {
		kept, err := r.Encode()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reader, _ := who.Decode(kept)
				o := k.resolver.Resolve(b.Context(), pull.Request{Edition: k.edition, Reader: reader, Ask: pull.Ask{ID: 7, Publisher: "p", Channel: "web", At: monday, Incoming: pull.Incoming{Text: "quote WIPRO"}}})
				_, _ = o.Reader.Encode()
			}
			b.ReportMetric(float64(len(kept)), "B/document")
		})
	}
}

// What would have no place in the document is refused in a sentence before it is confirmed,
// and nothing of it is kept.
func TestWhatHasNoPlaceInTheDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"save weather", "my stocks = wipro, sap", "quote INFY tomorrow at 9:00", "my city Lyon"} {
		k, _, _ := newSavingTalk(t)
		k.reader = fillDocument(who.Reader{First: monday, Greeted: true})
		got := k.say(text)
		if !strings.Contains(got, "no room") || len(k.reader.Saved) > 0 || len(k.reader.Laters) > 0 || len(k.reader.Preferences) > 0 || len(k.last.Orders) > 0 {
			t.Errorf("%s: %s", text, got)
		}
		if _, err := k.reader.Encode(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// fillDocument has a document take as much as it may.
func fillDocument(r who.Reader) who.Reader {
	for _, long := range []int{64, 2} {
		for n := 0; r.Fits(); n++ {
			r.Names = append(r.Names, who.Name{Key: who.Key(fmt.Sprintf("%0*d.", long, n)), At: monday})
		}
		r.Names = r.Names[:len(r.Names)-1]
	}
	return r
}
