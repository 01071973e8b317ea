package messengers_test

import (
	"strings"
	"testing"

	"keypull/pull"
	"keypull/web/messengers"
)

// An editor may have letters lose their marks: each would make a segment 70
// characters long.
func TestLettersLoseTheirMarksWhereAnEditorSaysSo(t *testing.T) {
	limits := messengers.SMSLimits()
	limits.Folded = true
	reply := pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Prăjitură cu brânză"}, {Kind: pull.Bullets, Lines: []string{"500 g brânză", "făină"}},
		{Kind: pull.FactLines, Facts: []pull.LabelledFact{{Label: "Porții", Value: "opt"}}}}}
	got := texts(messengers.Shape(reply, limits))
	if want := "Prajitura cu branza"; len(got) != 1 || !strings.HasPrefix(got[0], want) || !strings.Contains(got[0], "Portii: opt") {
		t.Errorf("got %q", got)
	}
	if _, encoding := messengers.Segments(got[0]); encoding != messengers.GSM7 {
		t.Errorf("got %q in %s", got[0], encoding)
	}
	if kept := texts(messengers.Shape(reply, messengers.SMSLimits())); !strings.HasPrefix(kept[0], "Prăjitură") || reply.Blocks[1].Lines[0] != "500 g brânză" {
		t.Errorf("got %q", kept)
	}
	cyrillic := pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Последние новости"}}}
	if got := texts(messengers.Shape(cyrillic, limits)); got[0] != "Последние новости" {
		t.Errorf("another script became %q", got)
	}
}

func TestSegmentsAreCountedAsOperatorsBillThem(t *testing.T) {
	tests := map[string]struct {
		text     string
		segments int
		encoding string
	}{
		"nothing costs nothing":                               {"", 0, messengers.GSM7},
		"160 letters fit one segment":                         {strings.Repeat("a", 160), 1, messengers.GSM7},
		"161 letters need two":                                {strings.Repeat("a", 161), 2, messengers.GSM7},
		"306 letters fill two":                                {strings.Repeat("a", 306), 2, messengers.GSM7},
		"307 letters need three":                              {strings.Repeat("a", 307), 3, messengers.GSM7},
		"a euro sign takes two septets":                       {strings.Repeat("€", 80), 1, messengers.GSM7},
		"81 euro signs need two segments":                     {strings.Repeat("€", 81), 2, messengers.GSM7},
		"an escape is not divided between segments":           {strings.Repeat("€", 153), 3, messengers.GSM7},
		"umlauts and accents of the alphabet stay GSM":        {"Käse, très bon, Århus, ñ", 1, messengers.GSM7},
		"a circumflex vowel makes it UCS-2":                   {"fenêtre", 1, messengers.UCS2},
		"a backtick is not in the alphabet":                   {"`", 1, messengers.UCS2},
		"70 Cyrillic letters fit one segment":                 {strings.Repeat("я", 70), 1, messengers.UCS2},
		"71 Cyrillic letters need two":                        {strings.Repeat("я", 71), 2, messengers.UCS2},
		"135 Cyrillic letters need three":                     {strings.Repeat("я", 135), 3, messengers.UCS2},
		"an emoji counts two units":                           {strings.Repeat("😀", 35), 1, messengers.UCS2},
		"a surrogate pair is not divided between segments":    {strings.Repeat("😀", 67), 3, messengers.UCS2},
		"line feeds and the extension table are of the table": {"a\nb [c] {d} ~ ^ | \\", 1, messengers.GSM7},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			segments, encoding := messengers.Segments(tc.text)
			if segments != tc.segments || encoding != tc.encoding {
				t.Errorf("got %d %s, want %d %s", segments, encoding, tc.segments, tc.encoding)
			}
		})
	}
}

func TestAnSMSIsTypewrittenWhereThatSavesASegment(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"long text loses its typographic quotes": {
			"“It’s late” – " + strings.Repeat("a", 80) + "… ok",
			`"It's late" - ` + strings.Repeat("a", 80) + "... ok",
		},
		"short text keeps them, since it costs the same": {"“It’s late”", "“It’s late”"},
		"text that stays UCS-2 anyway keeps them":        {"“" + strings.Repeat("я", 80) + "”", "“" + strings.Repeat("я", 80) + "”"},
		"decomposed accents are composed": {
			strings.Repeat("e\u0301", 75), strings.Repeat("é", 75),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := texts(messengers.Shape(pull.Reply{Blocks: []pull.Block{paragraph(tc.text)}}, messengers.SMSLimits()))
			if len(got) != 1 || got[0] != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSMSOffersAreWordedInTheReadersLanguage(t *testing.T) {
	for language, want := range map[string]string{"de": "Antworten: News, Mehr", "fr-CA": "Envoyez : News, Mehr", "it": "Risponda: News, Mehr", "sv": "Reply: News, Mehr"} {
		reply := pull.Reply{Language: language, Buttons: []pull.Button{{Label: "News", Send: "k:news"}, {Label: "Mehr", Send: "c:more"}}}
		if got := texts(messengers.Shape(reply, messengers.SMSLimits())); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}
