package messengers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// wide returns a channel that carries nearly everything.
func wide() messengers.Limits {
	return messengers.Limits{
		Text: 4096, Unit: messengers.UTF16, Markup: messengers.HTML,
		Buttons: 10, LabelRunes: 12, Media: pictures, Caption: 1024,
	}
}

func plain(text int) messengers.Limits {
	return messengers.Limits{Text: text, Unit: messengers.Runes}
}

func paragraph(text string) pull.Block { return pull.Block{Kind: pull.Paragraph, Text: text} }

func recipe() pull.Reply {
	return pull.Reply{
		Language: "en",
		Blocks: []pull.Block{
			{Kind: pull.Title, Text: "Tiramisu <quick> & good"},
			{Kind: pull.FactLines, Tight: true, Facts: []pull.LabelledFact{{Label: "Time", Value: "40 min"}, {Label: "Serves", Value: "4"}}},
			{Kind: pull.Bullets, Lines: []string{"250 g mascarpone", "2 eggs"}},
			{Kind: pull.Steps, Text: "How to:", Lines: []string{"Beat the eggs.", "Fold them in."}},
			{Kind: pull.Link, Text: "The whole recipe", URL: "https://example.org/t?a=1&b=2"},
			{Kind: pull.Stamp, Text: "as of 14:02"},
		},
		Media:   []what.Media{{Type: what.Image, URL: "https://example.org/t.jpg", Alt: "A bowl"}},
		Buttons: []pull.Button{{Label: "More", Send: "c:more"}, {Label: "A very long label", Send: "k:news"}},
	}
}

func TestShapeSetsABlockPerKind(t *testing.T) {
	tests := map[string]struct {
		limits messengers.Limits
		want   []messengers.Message
	}{
		"HTML escapes text, sets title and stamp, links the label and cuts long button labels": {
			limits: wide(),
			want: []messengers.Message{{
				Text: "<b>Tiramisu &lt;quick&gt; &amp; good</b>\nTime: 40 min\nServes: 4\n\n" +
					"• 250 g mascarpone\n• 2 eggs\n\nHow to:\n1. Beat the eggs.\n2. Fold them in.\n\n" +
					`<a href="https://example.org/t?a=1&amp;b=2">The whole recipe</a>` + "\n\n<i>as of 14:02</i>",
				Media:   []what.Media{{Type: what.Image, URL: "https://example.org/t.jpg", Alt: "A bowl"}},
				Buttons: []pull.Button{{Label: "More", Send: "c:more"}, {Label: "A very long…", Send: "k:news"}},
			}},
		},
		"a plain channel without pictures and buttons gets links and lines of words": {
			limits: plain(4096),
			want: []messengers.Message{{
				Text: "Tiramisu <quick> & good\nTime: 40 min\nServes: 4\n\n" +
					"• 250 g mascarpone\n• 2 eggs\n\nHow to:\n1. Beat the eggs.\n2. Fold them in.\n\n" +
					"A bowl: https://example.org/t.jpg\n\n" +
					"The whole recipe: https://example.org/t?a=1&b=2\n\nas of 14:02\n\n• More\n• A very long label",
			}},
		},
		"an SMS drops the picture, shortens the link and words the offers": {
			limits: messengers.SMSLimits(),
			want: []messengers.Message{{
				Text: "Tiramisu <quick> & good\nTime: 40 min\nServes: 4\n\n" +
					"- 250 g mascarpone\n- 2 eggs\n\nHow to:\n1. Beat the eggs.\n2. Fold them in.\n\n" +
					"https://example.org/t?a=1&b=2\n\nas of 14:02\n\nReply: More, A very long label",
			}},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, messengers.Shape(recipe(), tc.limits)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShapeSplitsWhereAReaderWouldPause(t *testing.T) {
	tests := map[string]struct {
		text  string
		limit int
		want  []string
	}{
		"at a paragraph's end":                          {"One two three.\n\nFour five six seven.", 22, []string{"One two three.", "Four five six seven."}},
		"at a paragraph's end that just fits":           {"One two.\n\nThree four.\n\nFive.", 21, []string{"One two.\n\nThree four.", "Five."}},
		"at a sentence's end":                           {"One two three. Four five six.", 22, []string{"One two three.", "Four five six."}},
		"at a word's end":                               {"one two three four five six", 15, []string{"one two three", "four five six"}},
		"between graphemes":                             {"👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 15, []string{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"}},
		"never inside a URL that fits the next message": {"Read this now: https://example.org/a/b", 25, []string{"Read this now:", "https://example.org/a/b"}},
		"not after the stop of a date":                  {"Am 3. Oktober und danach bleibt zu", 24, []string{"Am 3. Oktober und danach", "bleibt zu"}},
		"at a full-width stop":                          {"今日は晴れです。明日は雨です。", 10, []string{"今日は晴れです。", "明日は雨です。"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := texts(messengers.Shape(pull.Reply{Blocks: []pull.Block{paragraph(tc.text)}}, plain(tc.limit)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShapeCutsAtASentenceEndAndKeepsLinkAndStamp(t *testing.T) {
	limits := plain(80)
	limits.Messages = 1
	reply := pull.Reply{Blocks: []pull.Block{
		paragraph("The first sentence says it all. The second one adds to it. A third one nobody needs."),
		{Kind: pull.Link, URL: "https://example.org/a"},
		{Kind: pull.Stamp, Tight: true, Text: "as of 14:02"},
	}}
	want := []string{"The first sentence says it all. …\n\nhttps://example.org/a\nas of 14:02"}
	if diff := cmp.Diff(want, texts(messengers.Shape(reply, limits))); diff != "" {
		t.Error(diff)
	}
}

func TestShapeEndsTheTextWithAnEllipsisWhereNoSentenceEnds(t *testing.T) {
	limits := plain(20)
	limits.Messages = 1
	reply := pull.Reply{Blocks: []pull.Block{paragraph("words without any end in sight at all")}}
	want := []string{"words without any…"}
	if diff := cmp.Diff(want, texts(messengers.Shape(reply, limits))); diff != "" {
		t.Error(diff)
	}
}

func TestShapePrefersWordsToAPictureThatWouldCutThem(t *testing.T) {
	limits := messengers.Limits{Text: 100, Messages: 1, Media: pictures, Caption: 20}
	reply := pull.Reply{
		Blocks: []pull.Block{paragraph("This text is longer than a caption may be.")},
		Media:  []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}},
	}
	got := messengers.Shape(reply, limits)
	if len(got) != 1 || len(got[0].Media) != 0 || !strings.HasSuffix(got[0].Text, "may be.") {
		t.Errorf("got %+v", got)
	}
}

func TestShapeSendsAPictureAloneWhereCaptionsAreUnknown(t *testing.T) {
	limits := messengers.Limits{Text: 100, Media: pictures}
	reply := pull.Reply{
		Blocks: []pull.Block{paragraph("Text.")},
		Media:  []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}},
	}
	got := messengers.Shape(reply, limits)
	if len(got) != 2 || got[0].Text != "" || len(got[0].Media) != 1 || got[1].Text != "Text." {
		t.Errorf("got %+v", got)
	}
}

func TestShapeSaysNothingForAReplyWithoutContent(t *testing.T) {
	empty := map[string]pull.Reply{
		"no blocks":                  {},
		"blank blocks":               {Blocks: []pull.Block{paragraph(" \n\t"), {Kind: pull.Bullets, Lines: []string{""}}}},
		"a link that is no address":  {Blocks: []pull.Block{{Kind: pull.Link, URL: "javascript:alert(1)"}}},
		"buttons that lead nowhere":  {Buttons: []pull.Button{{Label: "x"}}},
		"a picture without http URL": {Media: []what.Media{{Type: what.Image, URL: "data:image/png;base64,AA"}}},
	}
	for name, reply := range empty {
		t.Run(name, func(t *testing.T) {
			if got := messengers.Shape(reply, wide()); len(got) != 0 {
				t.Errorf("got %+v, want no message", got)
			}
		})
	}
}

func TestShapeGivesButtonsWithoutTextWordsOfTheirOwn(t *testing.T) {
	got := messengers.Shape(pull.Reply{Buttons: []pull.Button{{Label: "News", Send: "k:news"}}}, wide())
	if len(got) != 1 || got[0].Text != "• News" || len(got[0].Buttons) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestShapeTellsALinkInTheTextWhereNoButtonCanOpenIt(t *testing.T) {
	limits := plain(100)
	limits.Buttons, limits.LabelRunes, limits.LinksInText = 1, 20, true
	news := pull.Button{Label: "News", Send: "k:news"}
	reply := pull.Reply{Blocks: []pull.Block{paragraph("Sunny")}, Buttons: []pull.Button{{Label: "Map", URL: "https://example.org/map"}, news}}
	want := []messengers.Message{{Text: "Sunny\n\nMap: https://example.org/map", Buttons: []pull.Button{news}}}
	if diff := cmp.Diff(want, messengers.Shape(reply, limits)); diff != "" {
		t.Error(diff)
	}
}

func TestShapeGivesALinkAButtonWhereItIsTheOnlyOne(t *testing.T) {
	limits := plain(100)
	limits.Buttons, limits.LabelRunes, limits.LinksInText, limits.LinkAlone = 3, 20, true, true
	site := pull.Button{Label: "Map", URL: "https://example.org/map"}
	reply := pull.Reply{Blocks: []pull.Block{paragraph("Sunny")}, Buttons: []pull.Button{site}}
	want := []messengers.Message{{Text: "Sunny", Buttons: []pull.Button{site}}}
	if diff := cmp.Diff(want, messengers.Shape(reply, limits)); diff != "" {
		t.Error(diff)
	}
}

func TestShapeWritesButtonsOutWhereTheTextLeavesThemNoPlace(t *testing.T) {
	limits := plain(100)
	limits.Buttons, limits.LabelRunes, limits.Rows, limits.RowRunes, limits.ButtonText = 3, 20, 10, 24, 10
	news := pull.Button{Label: "News", Send: "k:news"}
	for text, want := range map[string]messengers.Message{
		"Sunny day.":  {Text: "Sunny day.", Buttons: []pull.Button{news}},
		"Sunny days.": {Text: "Sunny days.\n\n• News"},
	} {
		got := messengers.Shape(pull.Reply{Blocks: []pull.Block{paragraph(text)}, Buttons: []pull.Button{news}}, limits)
		if diff := cmp.Diff([]messengers.Message{want}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestShapeNumbersTheOptionsOfAQuestion(t *testing.T) {
	reply := pull.Reply{Buttons: []pull.Button{{Label: "Berlin", Send: "o:1:x9"}, {Label: "Bern", Send: "o:2:x9"}, {Label: "Menu", Send: "c:menu"}, {Label: "Rome", Send: "o:0:.city.Um9tZQ"}}}
	for want, limits := range map[string]messengers.Limits{
		"1 Berlin\n2 Bern\n• Menu\n• Rome":    plain(100),
		"Reply: 1 Berlin, 2 Bern, Menu, Rome": messengers.SMSLimits(),
	} {
		if got := texts(messengers.Shape(reply, limits)); len(got) != 1 || got[0] != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestShapeRemovesWhatCouldHarmAChannel(t *testing.T) {
	got := texts(messengers.Shape(pull.Reply{Blocks: []pull.Block{paragraph("a\x00b\u202ec\r\nd\xff\n\n\n\ne")}}, plain(100)))
	if diff := cmp.Diff([]string{"abc\nd\uFFFD\n\ne"}, got); diff != "" {
		t.Error(diff)
	}
}

func texts(messages []messengers.Message) []string {
	out := make([]string, 0, len(messages))
	for _, m := range messages {
		out = append(out, m.Text)
	}
	return out
}

func BenchmarkShape(b *testing.B) {
	reply, limits := recipe(), wide()
	b.ReportAllocs()
	for b.Loop() {
		messengers.Shape(reply, limits)
	}
}

func TestChoicesThatBeginAlikeStayApart(t *testing.T) {
	l := messengers.Limits{Text: 1000, Buttons: 3, LabelRunes: 20, Rows: 10, RowRunes: 24, DetailRunes: 72}
	long := "Lasagne alla bolognese della nonna, "
	ask := func(labels ...string) messengers.Message {
		r := pull.Reply{Language: "en", Blocks: []pull.Block{paragraph("Which?")}}
		for i, label := range labels {
			r.Buttons = append(r.Buttons, pull.Button{Label: label, Send: fmt.Sprintf("o:%d:t", i+1)})
		}
		return messengers.Shape(r, l)[0]
	}
	if m := ask(long+"quick", "Pasta"); len(m.Buttons) != 2 {
		t.Errorf("what differs is not two buttons: %+v", m)
	}
	if m := ask(long+"quick", long+"slow"); len(m.Rows) != 2 || m.Rows[0].Detail != long+"quick" || m.Rows[1].Detail != long+"slow" {
		t.Errorf("got %+v", m)
	}
	further := long + strings.Repeat("so good ", 5)
	if m := ask(further+"quick", further+"slow"); len(m.Rows)+len(m.Buttons) != 0 || m.Text != "Which?\n\n1 "+further+"quick\n2 "+further+"slow" {
		t.Errorf("got %+v", m)
	}
	l.Rows = 0
	if m := ask(long+"quick", long+"slow"); m.Text != "Which?\n\n1 "+long+"quick\n2 "+long+"slow" {
		t.Errorf("got %+v", m)
	}
}

func TestAnAddressInATextEndsWhereItsReaderWouldSay(t *testing.T) {
	starred := messengers.Limits{Text: 400, Markup: messengers.Markup{Address: func(url string) string { return "{" + url + "}" }}}
	for text, want := range map[string]string{
		"See https://a.example/x.":                       "See {https://a.example/x}.",
		"(https://a.example/x_(y))":                      "({https://a.example/x_(y)})",
		"https://a.example/x_(y) here":                   "{https://a.example/x_(y)} here",
		"\"https://a.example/x\"":                        "\"{https://a.example/x}\"",
		"<https://a.example/x>, and":                     "<{https://a.example/x}>, and",
		"*https://a.example/x*":                          "*{https://a.example/x}*",
		"https://a.example/x_ is odd":                    "{https://a.example/x_} is odd",
		"詳細はhttps://a.example/日本。次":                      "詳細は{https://a.example/日本}。次",
		"https://a.example/?q=1&copy=2, https://b.ex/;!": "{https://a.example/?q=1&copy=2}, {https://b.ex/};!",
		"https:// alone":                                 "https:// alone",
	} {
		if got := messengers.Shape(pull.Reply{Blocks: []pull.Block{paragraph(text)}}, starred)[0].Text; got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestAnAddressIsNeverDividedAndHasNoSignsOfStyleAround(t *testing.T) {
	l := messengers.Limits{Text: 40, Unit: messengers.Runes, Markup: messengers.Markup{Italic: [2]string{"_", "_"}}}
	long := "https://a.example/" + strings.Repeat("long", 12)
	messages, left := messengers.Shaped(pull.Reply{Blocks: []pull.Block{
		{Kind: pull.Note, Text: "Of the whole (https://a.example/x): more."}, paragraph("Then " + long + " ends."), {Kind: pull.Link, Text: "All", URL: long},
	}}, l)
	want := []string{"_Of the whole_ (https://a.example/x):", "_more._\n\nThen … ends.\n\nAll"}
	if diff := cmp.Diff(want, texts(messages)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{long, long}, left); diff != "" {
		t.Error(diff)
	}
}

func TestNamesAndCommandsOfOthersAreNoTaps(t *testing.T) {
	l := messengers.Limits{Text: 400, Taps: "@/"}
	own := paragraph("/start brings me back.")
	own.Own = true
	r := pull.Reply{Blocks: []pull.Block{own, paragraph("@name, (/stop) and/or a@b.example, 1/2, t.example/@x, https://m.example/@x/stop")}}
	want := "/start brings me back.\n\n@\u2060name, (/\u2060stop) and/or a@b.example, 1/2, t.example/@x, https://m.example/@x/stop"
	if got := messengers.Shape(r, l)[0].Text; got != want {
		t.Errorf("got %q", got)
	}
}

func TestAFoldedAddressLeadsWhereItLed(t *testing.T) {
	l := messengers.SMSLimits()
	l.Folded = true
	r := pull.Reply{Blocks: []pull.Block{paragraph("Déjà vu: https://a.example/déjà?x=`ç"), {Kind: pull.Link, URL: "https://a.example/’"}}}
	want := "Déjà vu: https://a.example/déjà?x=%60%C3%A7\n\nhttps://a.example/%E2%80%99"
	if got := messengers.Shape(r, l)[0].Text; got != want {
		t.Errorf("got %q", got)
	}
}

// The code of an answer stands behind its age, on channels that show codes alone.
func TestShapeShowsTheCodeBehindTheAge(t *testing.T) {
	r := pull.Reply{Language: "en", Proof: "7F3K92XQ8M4", Blocks: []pull.Block{
		{Kind: pull.Paragraph, Text: "WIPRO 512.30"}, {Kind: pull.Stamp, Text: "as of 14:02"}, {Kind: pull.Note, Text: "small print"},
	}}
	plain := messengers.Limits{Text: 1000}
	shows := plain
	shows.Codes = true
	if got := messengers.Shape(r, shows)[0].Text; got != "WIPRO 512.30\n\nas of 14:02 · 7F3K9-2XQ8M-4\n\nsmall print" {
		t.Errorf("shown is %q", got)
	}
	if got := messengers.Shape(r, plain)[0].Text; strings.Contains(got, "7F3K9") {
		t.Errorf("a channel without codes shows %q", got)
	}
	if r.Blocks[1].Text != "as of 14:02" {
		t.Error("the reply was changed")
	}
	r.Blocks = r.Blocks[:1]
	if got := messengers.Shape(r, shows)[0].Text; got != "WIPRO 512.30" {
		t.Errorf("without an age it shows %q", got)
	}
}
