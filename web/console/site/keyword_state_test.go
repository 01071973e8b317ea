package site_test

import (
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// TestAPageNeverSaysOfAKeywordThatItAnswersWhileItCanNot has a keyword be saved whose
// source fails, or of which something is found, and looks at all that tells of it.
func TestAPageNeverSaysOfAKeywordThatItAnswersWhileItCanNot(t *testing.T) {
	for _, tt := range []struct {
		name  string
		about catalogue.About
		fails string
		// said stands on the keyword's page once it is saved, badge in its head and in the
		// list, state is what the list finds it by.
		said, badge, state string
	}{
		{"all is well", catalogue.About{}, "", "It is live", "Answers now", "open"},
		{"no argument", catalogue.About{NoArgument: true}, "", "No message is answered by it yet", "Can’t answer", "unanswerable"},
		{"a field that nothing fills", catalogue.About{Filled: func() []string { return []string{"title"} }}, "", "Not all that it was set up for is answered", "Answers in part", "partly"},
		{"a source that fails", catalogue.About{}, "the site answers 503", "Its source fails, so that readers get no new answer: the site answers 503", "Its source fails", "failing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, ann, _ := atWork(t)
			r.Publisher("lecker").Linter.Know("news", tt.about)
			if tt.fails != "" {
				r.health.all = []pull.Health{{Publisher: "lecker", Source: "news", Bad: r.clock(), Error: words.Verbatim(tt.fails)}}
			}
			form := ann.changed(room+"keywords/new?source=news&phrase=night+train", "reply_mode", "template", "template.all", "{{ item.summary }}")
			ann.submit(room+"keywords", form).leads(t, room+"keywords/night-train?done=keyword_saved")
			for path, want := range map[string]string{
				"keywords/night-train?done=keyword_saved": tt.said, "keywords/night-train": tt.badge,
				"keywords?q=night": tt.badge, "keywords?state=" + tt.state: "keywords/night-train",
			} {
				page := ann.get(room+path).wants(t, 200, want)
				if tt.state == "open" {
					continue
				}
				for _, never := range []string{"It is live", "answered from now on", "answered by it from now on", "Nothing speaks against it."} {
					page.lacks(t, never)
				}
				// The list can be narrowed to those that answer now: its choices say so.
				if !strings.HasPrefix(path, "keywords?") {
					page.lacks(t, "Answers now")
				}
			}
			if tt.state != "open" {
				ann.get(room+"keywords?state=open").wants(t, 200).lacks(t, "keywords/night-train")
				ann.submit(room+"keywords/check", ann.get(room+"keywords/night-train").page(t).form("thing")).lacks(t, "Nothing speaks against it.")
			}
		})
	}
}
