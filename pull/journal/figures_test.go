package journal

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// someFigures are those of a few asks.
func someFigures() (DayFigures, NamedFigures) {
	var day DayFigures
	rows := NamedFigures{}
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	for range 300 { // more than fit a byte
		rows.AddKeywords(&Trace{At: at, Outcome: Answered, What: What{Keyword: "often"}, When: When{Fetched: at.Add(-time.Minute)}, Took: Took{Total: 20}})
	}
	for n, o := range []Outcome{Answered, Answered, Refused, Offered, Missed, Ordered, Silent, Told} {
		t := Trace{
			At: at.Add(time.Duration(n) * time.Hour), Channel: "tg", Outcome: o, Who: Who{Language: "fr", First: n == 0},
			What: What{Keyword: "news", Offered: []string{"cake"}}, When: When{Source: "feed", Stale: n == 1, Fetched: at.Add(-time.Minute)}, Took: Took{Total: Millis(n * n)},
		}
		if o == Told {
			t.Thumb, t.Rated = 1, "news"
		}
		day.AddAsk(&t)
		rows.AddKeywords(&t)
	}
	return day, rows
}

// What this version writes is read by all that come, and as it was.
func TestFiguresAreReadAsTheyWereWritten(t *testing.T) {
	day, rows := someFigures()
	for name, written := range map[string][]byte{"figures_day": day.EncodeDay(), "figures_names": rows.EncodeNames()} {
		path := filepath.Join("testdata", name+".hex")
		text, err := os.ReadFile(path) //nolint:gosec // of this package
		if err != nil {
			t.Fatalf("%v; it is %x", err, written)
		}
		kept, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, written) {
			t.Errorf("%s is written as %x", name, written)
		}
		if name == "figures_day" {
			again, err := DecodeDay(kept)
			if err != nil || again.Hours[10].Stale != 1 || again.Channels["tg"].Asks != 7 || again.Languages["fr"].Up != 1 {
				t.Errorf("%+v, %v", again, err)
			}
			continue
		}
		again := NamedFigures{}
		if err := again.AddNames(kept, nil); err != nil {
			t.Fatal(err)
		}
		for id, s := range rows {
			if got := again[id]; got == nil || got.Counts != s.Counts || got.Stale != s.Stale || got.Up != s.Up || got.Took.Spread() != s.Took.Spread() || got.Age.Spread() != s.Age.Spread() {
				t.Errorf("%s is %+v, was %+v", id, got, s)
			}
		}
	}
}

// Whatever stands in the store is read or refused, and a sum stays one.
func FuzzFigures(f *testing.F) {
	day, rows := someFigures()
	f.Add(day.EncodeDay())
	f.Add(rows.EncodeNames())
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := DecodeDay(b); err == nil {
			again, err := DecodeDay(got.EncodeDay())
			if err != nil || len(again.Hours) != len(got.Hours) {
				t.Errorf("%+v is read as %+v, %v", got, again, err)
			}
		}
		sum := NamedFigures{}
		if sum.AddNames(b, nil) != nil {
			return
		}
		for id := range sum {
			if !utf8.ValidString(id) {
				return // no id is, and it would be written as another one
			}
		}
		again := NamedFigures{}
		if err := again.AddNames(sum.EncodeNames(), nil); err != nil {
			t.Fatal(err)
		}
		for id, s := range sum {
			if s.Took.Spread() != again[id].Took.Spread() || !reflect.DeepEqual(s.Counts, again[id].Counts) {
				t.Errorf("%q is %+v, was %+v", id, again[id], s)
			}
		}
	})
}

// A quarter of a year in which 5,000 keywords a day are asked is added up.
func BenchmarkAddNames(b *testing.B) {
	day := NamedFigures{}
	for n := range 5000 {
		for i := range 3 {
			day.AddKeywords(&Trace{At: time.Unix(0, 0), Outcome: Answered, What: What{Keyword: fmt.Sprint("keyword-", n)}, When: When{Fetched: time.Unix(-int64(n*i), 0)}, Took: Took{Total: Millis(n % (i + 17))}})
		}
	}
	written := day.EncodeNames()
	for name, only := range map[string]func(string) bool{"all": nil, "one": func(id string) bool { return id == "keyword-77" }} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				sum := NamedFigures{}
				for range 90 {
					if err := sum.AddNames(written, only); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
