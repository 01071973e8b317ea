package console_test

import (
	"strings"
	"testing"

	"keypull/pull/people"
)

func TestThingsAreFoundByResourceHoweverTheyAreTyped(t *testing.T) {
	d := newDesk(t, lecker())
	for q, want := range map[string]string{
		"news": "keyword news, source news", "nesw": "keyword news, source news", "CAKE": "keyword cake", "caek": "keyword cake",
		"telegrm": "channel tg", "feed": "source news", "zebra": "", " ": "", strings.Repeat("zebra ", 500): "",
	} {
		out := d.must(t, people.Viewer, "thing.find", of(doc{"q": q, "limit": 3}))
		var got []string
		things, _ := at(t, out, "things").([]any)
		for i := range things {
			resource, _ := at(t, out, "things", i, "noun").(string)
			id, _ := at(t, out, "things", i, "id").(string)
			got = append(got, resource+" "+id)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q finds %q, not %q", q, got, want)
		}
	}
}
