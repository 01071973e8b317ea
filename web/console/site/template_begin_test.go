package site_test

import (
	"net/http"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/template"
	"keypull/pull/what"
	"keypull/web/console"
)

// TestATemplateBeginsWithTheSourcesOwnReply: its values are names, and no figure of this
// moment stays in it.
func TestATemplateBeginsWithTheSourcesOwnReply(t *testing.T) {
	for name, tt := range map[string]struct {
		reply pull.Reply
		item  what.Item
		count string
		want  string
	}{
		"an article": {
			pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Bridge opens"}, {Kind: pull.Paragraph, Text: "After nine years."}, {Kind: pull.Link, URL: "https://example.org/b"}}},
			what.Item{ID: "b", Title: "Bridge opens", Summary: "After nine years.", Link: "https://example.org/b"}, "1",
			"{{ item.title }}\n\n{{ item.summary }}\n\n{{ item.link }}",
		},
		"several": {
			pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Bridge opens"}, {Kind: pull.Link, URL: "https://example.org/b", Tight: true}}},
			what.Item{ID: "b", Title: "Bridge opens", Link: "https://example.org/b"}, "3",
			"{% for item in items %}{{ item.title }}\n{{ item.link }}\n\n{% endfor %}",
		},
		"a price in German": {
			pull.Reply{Language: "de", Blocks: []pull.Block{{Kind: pull.Title, Text: "SAP 1.234,50 EUR (+2,10, +0,4 %)"}, {Kind: pull.Paragraph, Text: "SAP SE", Tight: true},
				{Kind: pull.Note, Text: "Börse zu seit 17:30"}, {Kind: pull.Stamp, Text: "Stand 17:30"}}},
			what.Item{ID: "SAP", Title: "SAP SE", Facts: what.Facts{{Name: "price", Text: "1234.50"}, {Name: "change", Text: "2.10"}, {Name: "change_percent", Text: "0.4"}, {Name: "currency", Text: "EUR"}}}, "1",
			"{{ item.id }} {{ item.price | number: reader.language }} {{ item.currency }} ({{ item.change | number: reader.language }}, {{ item.change_percent | number: reader.language }} %)\n{{ item.title }}\n\n{{ stamp }}",
		},
		"a list with its heading": {
			pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "Soup"}, {Kind: pull.Paragraph, Text: "Ingredients"}, {Kind: pull.Bullets, Lines: []string{"2 leeks", "salt"}}}},
			what.Item{ID: "s", Title: "Soup", Facts: what.Facts{{Name: "ingredients", Kind: what.List, List: []string{"2 leeks", "salt"}}}}, "1",
			"{{ item.title }}\n\nIngredients\n{% for line in item.ingredients %}• {{ line }}\n{% endfor %}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, ann, _ := atWork(t)
			r.trials.keyword = func(catalogue.Keyword, pull.Ask) (pull.Resolved, error) { return pull.Resolved{Reply: &tt.reply}, nil }
			r.trials.source = func(catalogue.Source, pull.Query) console.Trial { return console.Trial{Items: []what.Item{tt.item}} }
			form := ann.changed(room+"keywords/news", "reply_mode", "template", "count", tt.count)
			begun := ann.submit(room+"keywords/reply", form).wants(t, http.StatusOK).page(t).form("thing")
			got := strings.ReplaceAll(begun.Get("template.all"), "\r\n", "\n")
			if got != strings.TrimSpace(tt.want) {
				t.Fatalf("it begins with\n%s\nwant\n%s", got, tt.want)
			}
			if _, err := template.Parse(got, nil); err != nil {
				t.Errorf("it is no template: %v", err)
			}
			// What somebody has written is left alone.
			begun.Set("template.all", "Mine")
			if again := ann.submit(room+"keywords/reply", begun).page(t).form("thing").Get("template.all"); again != "Mine" {
				t.Errorf("another text became %q", again)
			}
		})
	}
}
