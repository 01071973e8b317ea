package messengertest

import (
	"fmt"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
)

// replies returns the shapes that answers come in.
func replies() []pull.Reply {
	long := strings.Repeat("A sentence of some length, with <signs> & “quotes”. ", 400)
	picture := []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A", Bytes: 1000}}
	all := append([]what.Media{
		{Type: what.Sound, URL: "https://example.org/a.mp3", Alt: "B", Bytes: 1000}, {Type: what.Document, URL: "https://example.org/a.pdf", Alt: "C", Bytes: 1 << 40},
	}, picture...)
	say := func(text string) []pull.Block { return []pull.Block{{Kind: pull.Paragraph, Text: text}} }
	var many []pull.Button
	for i := range 7 {
		many = append(many, pull.Button{Label: fmt.Sprintf("The choice of number %d, in words", i), Send: fmt.Sprintf("o:%d:tok", i)})
	}
	return []pull.Reply{
		{Blocks: say("Hello")},
		{Blocks: []pull.Block{{Kind: pull.Title, Text: "<b>& *_~`|[x](y)"}, {Kind: pull.Link, Text: `"x"`, URL: "https://example.org/?a=1&b=2"}}},
		{Blocks: []pull.Block{{Kind: pull.Title, Text: "One"}, {Kind: pull.Bullets, Lines: []string{"two", "three"}}, {Kind: pull.Note, Text: "four"}}},
		{Blocks: say(long), Media: picture},
		{Media: picture},
		{Blocks: say("Listen"), Media: all},
		{Blocks: say("Which?"), Buttons: many},
		{Blocks: say("👩‍👩‍👧‍👦 привет 今日は"), Buttons: []pull.Button{
			{Label: strings.Repeat("label ", 20), Send: "k:news"}, {Label: "Site", URL: "https://example.org"},
		}},
		{Blocks: say("Near"), Buttons: []pull.Button{{Label: "Near", URL: "http://localhost/x"}}},
		{Language: "de", Blocks: say("Grüße aus Köln, für 5 €"), Buttons: []pull.Button{{Label: "Mehr", Send: "c:more"}}},
	}
}
