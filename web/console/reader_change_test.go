package console_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/web/console"
	"keypull/web/console/consoletest"
)

// changing is a reader of whom something of each kind is held.
func changing() who.Reader {
	return who.Reader{
		Language: "en", TimeZone: "Europe/Paris", Preferences: map[string]string{"city": "Lyon", "length": "short"}, Heeded: map[string]time.Time{"city": noon()},
		Saved:  []who.Saved{{Keyword: "stock", Argument: "WIPRO"}, {Keyword: "stock", Argument: "WIPRO", List: "mine"}, {Keyword: "news"}},
		Laters: []who.Later{{Entry: 17, Keyword: "news", Due: noon()}, {Entry: 18, Keyword: "stock", Due: noon()}},
	}
}

func TestWhatIsHeldOfAReaderIsPutRight(t *testing.T) {
	for name, c := range map[string]struct {
		in   object
		want func(r *who.Reader)
	}{
		"nothing":           {object{}, func(*who.Reader) {}},
		"a language":        {object{"language": "fr"}, func(r *who.Reader) { r.Language = "fr" }},
		"language and zone": {object{"language": "", "time_zone": ""}, func(r *who.Reader) { r.Language, r.TimeZone = "", "" }},
		"a preference":      {object{"remove": object{"preferences": []string{"city"}}}, func(r *who.Reader) { delete(r.Preferences, "city"); delete(r.Heeded, "city") }},
		"a saved word":      {object{"remove": object{"saved": []object{{"keyword": "stock", "argument": "WIPRO"}}}}, func(r *who.Reader) { r.Saved = r.Saved[1:] }},
		"of a list":         {object{"remove": object{"saved": []object{{"keyword": "stock", "argument": "WIPRO", "list": "mine"}}}}, func(r *who.Reader) { r.Saved = []who.Saved{r.Saved[0], r.Saved[2]} }},
		"an order":          {object{"remove": object{"laters": []int{17}}}, func(r *who.Reader) { r.Laters = r.Laters[1:] }},
	} {
		t.Run(name, func(t *testing.T) {
			con, held, _, acts := holding(t)
			held.reader = changing()
			shown, err := change(t, con, c.in)
			want := changing()
			if c.want(&want); err != nil || !cmp.Equal(want, held.reader) || shown.Held.Language != want.Language {
				t.Fatal(err, cmp.Diff(want, held.reader))
			}
			act := (*acts)[len(*acts)-1]
			if b, err := json.Marshal(act); err != nil || strings.Contains(string(b), "WIPRO") || strings.Contains(string(b), "Lyon") || !strings.HasPrefix(act.Target, "reader ") {
				t.Errorf("the act is %s, %v", b, err)
			}
		})
	}
}

// What is refused changes nothing.
func TestAChangeOfAReaderIsMadeWholeOrNotAtAll(t *testing.T) {
	gone, unkept := changing(), changing()
	gone.Leaves, unkept.Consent.Refused = noon(), true
	for name, c := range map[string]struct {
		in   object
		of   who.Reader
		want pull.ErrorKind
	}{
		"no language of the publisher": {object{"language": "xx"}, changing(), pull.Invalid},
		"no zone":                      {object{"time_zone": "Local"}, changing(), pull.Invalid},
		"not held":                     {object{"language": "fr", "remove": object{"preferences": []string{"shoes"}}}, changing(), pull.Unknown},
		"a word not held":              {object{"remove": object{"preferences": []string{"city"}, "saved": []object{{"keyword": "stock"}}}}, changing(), pull.Unknown},
		"an order not held":            {object{"remove": object{"laters": []int{17, 17}}}, changing(), pull.Unknown},
		"who agreed to nothing":        {object{"language": "fr"}, unkept, pull.Conflict},
		"who leaves":                   {object{"language": ""}, gone, pull.Unknown},
	} {
		con, held, _, _ := holding(t)
		held.reader = c.of
		if _, err := change(t, con, c.in); console.KindOf(err) != c.want || !cmp.Equal(held.reader, c.of) {
			t.Errorf("%s: %v; %s", name, err, cmp.Diff(c.of, held.reader))
		}
	}
	con, held, _, _ := holding(t)
	held.key = ""
	if _, err := change(t, con, object{"language": ""}); console.KindOf(err) != pull.Unknown {
		t.Errorf("of nobody: %v", err)
	}
}

func change(t *testing.T, c *console.Console, in object) (console.ReaderShown, error) {
	t.Helper()
	in["publisher"], in["channel"], in["id"] = "lecker", "web", "123"
	return consoletest.Call[object, console.ReaderShown](console.WithCaller(t.Context(), console.Operator()), c, "reader.change", in)
}
