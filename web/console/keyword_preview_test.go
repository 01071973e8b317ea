package console_test

import (
	"maps"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

func answer(text string) pull.Resolved {
	return pull.Resolved{
		Reply: &pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}},
			Buttons: []pull.Button{{Label: "More", Send: "c:more"}}},
		Trace: journal.Trace{Outcome: journal.Answered},
	}
}

func TestAPreviewShowsTheReplyOnEveryChannelByTheRealPath(t *testing.T) {
	d := newDesk(t)
	d.trials.outcome = answer("Fish & chips: 3 €, ça va")
	out := d.must(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(doc{"argument": "optional"}), "text": "berlin", "reader": "77"}))
	var kinds []string
	previews, _ := out["previews"].([]any)
	for i := range previews {
		kind, _ := at(t, previews, i, "kind").(string)
		kinds = append(kinds, kind)
	}
	if strings.Join(kinds, " ") != "telegram webchat sms" || out["outcome"] != "answered" {
		t.Fatalf("%v", out)
	}
	tg := previews[0]
	if at(t, tg, "channel") != "tg" || at(t, tg, "title") != "Telegram" ||
		at(t, tg, "messages", 0, "text") != "Fish &amp; chips: 3 €, ça va" || at(t, tg, "messages", 0, "wire", "chat_id") == nil {
		t.Errorf("%v", tg)
	}
	if at(t, previews[1], "messages", 0, "wire", "buttons", 0, "label") != "More" {
		t.Errorf("%v", previews[1])
	}
	sms := previews[2]
	if at(t, sms, "segments") != float64(1) || at(t, sms, "encoding") != messengers.UCS2 || sms.(doc)["channel"] != nil {
		t.Errorf("%v", sms)
	}
	a := d.trials.ask
	if a.Text != "match berlin" || a.Language != "en" || !a.At.Equal(noon()) || a.Publisher != "lecker" || d.trials.keyword.ID != "match" {
		t.Errorf("%+v of %+v", a, d.trials.keyword)
	}
	if len(d.acts.all) != 0 {
		t.Error("a preview changes nothing and is not written down")
	}
}

func TestAPreviewAsksAsAReaderOfThatLanguageWould(t *testing.T) {
	d := newDesk(t)
	phrases := doc{"en": []string{"match", "game"}, "fr": []string{"partie"}, "pt": []string{"jogo"}}
	for _, tt := range []struct {
		in   doc
		want string
	}{
		{doc{"language": "fr"}, "partie"},
		{doc{"language": "es"}, "match"},
		{doc{"text": "x"}, "match"}, // it takes no argument
		{doc{"language": "pt", "at": "2026-12-01T06:00:00Z"}, "jogo"},
	} {
		in := doc{"keyword": wordDoc(doc{"phrases": phrases})}
		maps.Copy(in, tt.in)
		d.must(t, people.Editor, "keyword.preview", of(in))
		if d.trials.ask.Text != tt.want {
			t.Errorf("%v: asked %q, want %q", tt.in, d.trials.ask.Text, tt.want)
		}
	}
	if d.trials.ask.At.Month() != 12 {
		t.Errorf("asked at %s", d.trials.ask.At)
	}
}

func TestAPreviewUsesTheOpenedChannelAndIsSilentWithTheReply(t *testing.T) {
	d := newDesk(t)
	d.channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "tg", "telegram", narrow{telegram.Preview()})})
	d.trials.outcome = answer(strings.Repeat("word ", 40))
	out := d.must(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(nil)}))
	messages, _ := at(t, out, "previews", 0, "messages").([]any)
	if len(messages) < 2 {
		t.Errorf("%d messages of at most 100 characters", len(messages))
	}
	d.trials.outcome = pull.Resolved{Trace: journal.Trace{Outcome: journal.Silent}}
	out = d.must(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(nil)}))
	if previews, ok := out["previews"].([]any); !ok || len(previews) != 0 || out["reply"] != nil || out["outcome"] != "silent" {
		t.Errorf("%v", out)
	}
}

// narrow is a bot of a platform with little room.
type narrow struct{ *telegram.Bot }

func (narrow) Limits() messengers.Limits {
	return messengers.Limits{Text: 100, Unit: messengers.Runes}
}

func TestAPreviewRefusesWhatCannotAnswer(t *testing.T) {
	d := newDesk(t)
	_, err := d.try(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(doc{"source": "none", "template": "{{ x }}"})}))
	refusedFields(t, err, "keyword.source", "keyword.template")
	// What only keeps it from being saved beside others is no hindrance.
	d.trials.outcome = answer("x")
	d.must(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(doc{"id": "news", "phrases": doc{"en": []string{"cake"}}})}))
	d.trials.err = &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("the source is not open")}
	_, err = d.try(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(nil)}))
	foreignPages(t, err, pull.Unavailable, "not open")
}

func TestAPreviewLeavesChannelsOutThatNobodyCanOpen(t *testing.T) {
	p := lecker()
	p.Channels = append(p.Channels, catalogue.Channel{ID: "fax", Kind: "fax"})
	d := newDesk(t, p)
	d.trials.outcome = answer("x")
	out := d.must(t, people.Editor, "keyword.preview", of(doc{"keyword": wordDoc(nil)}))
	if previews, _ := out["previews"].([]any); len(previews) != 3 {
		t.Errorf("a channel that nobody can open is shown: %v", previews)
	}
}
