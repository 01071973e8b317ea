package withdrawal_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull/what"
	"keypull/pull/withdrawal"
)

// TestAnArticleIsWithdrawnWhereverItsLinkIsTold has an article in a feed and on a page that lists
// it; rows of a table share the link of their page, which names none of them.
func TestAnArticleIsWithdrawnWhereverItsLinkIsTold(t *testing.T) {
	told := map[string][]what.Item{
		"feed":  {{ID: "guid-7", Title: "Bakery Huber closes", Link: "https://courier.example/bakery"}, {ID: "guid-8", Title: "Ski lift opens", Link: "https://courier.example/lift"}},
		"page":  {{ID: "p7", Title: "Huber closes", Link: "http://www.courier.example/bakery/?utm_source=list#top"}, {ID: "guid-7", Title: "Something else", Link: "https://courier.example/else"}},
		"table": {{ID: "adults", Title: "Adults", Link: "https://courier.example/prices"}, {ID: "children", Title: "Children", Link: "https://courier.example/prices"}},
	}
	for name, c := range map[string]struct {
		rule withdrawal.Rule
		gone string
	}{
		"by its link":                    {withdrawal.Rule{Link: "courier.example/bakery"}, ""},
		"by its whole link":              {withdrawal.Rule{Link: "http://courier.example/bakery/"}, "feed guid-7, page p7"},
		"by its id at the feed":          {withdrawal.Rule{Item: "guid-7", Source: "feed"}, "feed guid-7, page p7"},
		"by its id at the page":          {withdrawal.Rule{Item: "p7", Source: "page"}, "feed guid-7, page p7"},
		"by its link, of one source":     {withdrawal.Rule{Link: "https://courier.example/bakery", Source: "page"}, "page p7"},
		"by its title, of one source":    {withdrawal.Rule{Text: "Bakery Huber closes", Source: "feed"}, "feed guid-7"},
		"a row whose link all rows have": {withdrawal.Rule{Item: "adults", Source: "table"}, "table adults"},
	} {
		t.Run(name, func(t *testing.T) {
			rule := c.rule
			for range 2 {
				for _, source := range []string{"table", "page", "feed"} {
					rule.Meet(source, told[source])
				}
			}
			set := withdrawal.New([]withdrawal.Rule{rule}, time.Now())
			var gone []string
			for _, source := range []string{"feed", "page", "table"} {
				for i := range told[source] {
					if set.Gone(source, &told[source][i]) {
						gone = append(gone, source+" "+told[source][i].ID)
					}
				}
			}
			if got := strings.Join(gone, ", "); got != c.gone {
				t.Errorf("gone is %q, want %q", got, c.gone)
			}
		})
	}
}

func TestARuleRemembersOfAnItemWhatItSays(t *testing.T) {
	for want, it := range map[string]what.Item{
		"Closed.": {ID: "a", Body: "Closed.", Link: "https://example.org/a"},
		"b":       {ID: "b", Link: "https://example.org/b"},
		"Bridge":  {ID: "c", Title: "Bridge", Body: "Closed."},
	} {
		rule := withdrawal.Rule{ID: "r", Item: it.ID}
		rule.Meet("s", []what.Item{it})
		if len(rule.Found) != 1 || rule.Found[0].ShownName() != want || it.Body == "" && rule.Found[0].Heading != "" {
			t.Errorf("of %+v it remembers %+v", it, rule.Found)
		}
	}
}
