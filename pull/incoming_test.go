package pull_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
)

func TestAnAskThatAnEarlierVersionKeptIsStillRead(t *testing.T) {
	kept := `{"id":7,"platform":"12/3","publisher":"lecker","channel":"tg","reader":"lecker.abc","address":"-5/9","group":true,"text":"news",` +
		`"tap":"k:news","language":"fr","consent":"given","start":true,"from":9,"in_band":true,"at":"2026-11-20T09:00:00Z"}`
	want := pull.Ask{
		ID: 7, Publisher: "lecker", Channel: "tg", Reader: "lecker.abc", From: 9, At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Incoming: pull.Incoming{
			ID: "12/3", Address: "-5/9", Group: true, Text: "news", Tap: "k:news", Language: "fr", Consent: "given", Start: true, InBand: true,
		},
	}
	var got pull.Ask
	if err := json.Unmarshal([]byte(kept), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var fields, before map[string]any
	if json.Unmarshal(again, &fields) != nil || json.Unmarshal([]byte(kept), &before) != nil || !cmp.Equal(fields, before) {
		t.Errorf("it is kept as %s, and was as %s", again, kept)
	}
}

func TestWhoWroteAndFromWhereIsNeverKept(t *testing.T) {
	kept, err := json.Marshal(pull.Ask{Incoming: pull.Incoming{
		ID: "1", Reader: "ann", Also: []string{"bob"}, From: "192.0.2.1", Address: "x", Overheard: true, Edit: true,
	}})
	want := `{"id":0,"publisher":"","channel":"","reader":"","at":"0001-01-01T00:00:00Z","platform":"1","address":"x","text":""}`
	if err != nil || string(kept) != want {
		t.Errorf("%s, %v", kept, err)
	}
}

func TestAnAttachmentWithoutWordsIsAnsweredHonestly(t *testing.T) {
	for media, want := range map[what.MediaType]string{
		what.Image: "I can't look at pictures.", what.Sound: "I can't listen to recordings.", what.Video: "I can't watch videos.",
		what.Document: "I can't open files.", what.Sticker: "I can't read stickers.", what.Contact: "I can't make use of contacts.", "hologram": "Please send a word.",
	} {
		k := newTalk(t)
		if got := k.send(pull.Ask{Incoming: pull.Incoming{Attachments: []what.Media{{Type: media}}}}); !strings.HasPrefix(got, want) || !strings.Contains(got, "MENU shows") {
			t.Errorf("%s: %s", media, got)
		}
	}
	k := newTalk(t)
	for _, name := range []string{"", "Marienplatz 1, München"} {
		place := &pull.Location{Latitude: 48.85, Longitude: 2.35, Name: name}
		for _, text := range []string{"", name} {
			if got := k.send(pull.Ask{Incoming: pull.Incoming{Location: place, Text: text}}); !strings.HasPrefix(got, "None of my answers goes by a place.") || k.last.Trace.What.Unknown != "" {
				t.Errorf("%q, %q: %s, %+v", name, text, got, k.last.Trace.What)
			}
		}
	}
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: "wipro", Attachments: []what.Media{{Type: what.Image}}}}); !strings.HasPrefix(got, "WIPRO") {
		t.Errorf("a caption is answered: %s", got)
	}
}

func TestEachThingHasALineOfItsOwnInEachLanguage(t *testing.T) {
	for _, language := range words.Readers() {
		told := map[string]what.MediaType{}
		for _, media := range []what.MediaType{"", what.Image, what.Sound, what.Video, what.Document, what.Sticker, what.Contact} {
			k := newTalk(t)
			p := publisher()
			p.Languages = words.Readers()
			var err error
			if k.edition, err = k.edit(p); err != nil {
				t.Fatal(err)
			}
			k.reader.Language = language
			got := k.send(pull.Ask{Incoming: pull.Incoming{Attachments: []what.Media{{Type: media}}}})
			if other, twice := told[got]; twice || got == "" {
				t.Errorf("%s: %q is told of %q and of %q", language, got, media, other)
			}
			told[got] = media
		}
	}
}
