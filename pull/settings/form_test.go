package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"keypull/pull/settings"
)

func sampleForm(t testing.TB, zone string) settings.Form {
	t.Helper()
	fields, err := settings.Fields(newSample())
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return settings.Form{Fields: fields, Prefix: "settings", Zone: loc}
}

func posted(pairs ...string) map[string][]string {
	form := map[string][]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form["settings."+pairs[i]] = append(form["settings."+pairs[i]], pairs[i+1])
	}
	return form
}

func TestAFormIsReadIntoValues(t *testing.T) {
	tests := []struct {
		name   string
		posted map[string][]string
		want   map[string]any
	}{
		{"nothing of an empty form", posted(), map[string]any{}},
		{"nothing of empty inputs", posted("id", "", "url", " ", "items", "", "names", "\r\n \n", "token", "", "since", "", "phrases.en", "\n",
			"template.all", "", "fields[0].key", "", "fields[0].value", "", "mode", ""), map[string]any{}},
		{"nothing of inputs that no field has", map[string][]string{"csrf": {"x"}, "id": {"x"}, "settings.other": {"x"}, "settings.idx": {"x"}}, map[string]any{}},
		{"texts as they are, with the line ends of here", posted("id", " a\r\nb "), map[string]any{"id": " a\nb "}},
		{"single words without spaces around", posted("url", " https://example.org ", "mode", " slow", "deadline", "5s ", "token", " t\r\n"),
			map[string]any{"url": "https://example.org", "mode": "slow", "deadline": "5s", "token": "t"}},
		{"numbers, and what is none as it was typed", posted("items", " 7 ", "small", "a lot"), map[string]any{"items": int64(7), "small": "a lot"}},
		{"a checked box", posted("deep", "on", "deep.present", "on"), map[string]any{"deep": true}},
		{"an unchecked box", posted("deep.present", "on"), map[string]any{"deep": false}},
		{"a box with a word of its own", posted("deep", "yes"), map[string]any{"deep": "yes"}},
		{"lines, one each", posted("names", " a\r\n\r\nb b \n"), map[string]any{"names": []any{"a", "b b"}}},
		{"lines of several inputs", posted("names", "a", "names", "b"), map[string]any{"names": []any{"a", "b"}}},
		{"pairs with gaps, the later of one name", posted("fields[7].key", " p ", "fields[7].value", "new", "fields[2].key", "p", "fields[2].value", "old",
			"fields[3].key", "q", "fields[4].value", "nameless"), map[string]any{"fields": map[string]any{"p": "new", "q": "", "": "nameless"}}},
		{"lists by name and by rows", posted("phrases.en", "news\nheadlines", "phrases.pt-BR", "novas", "phrases[0].key", "en", "phrases[0].value", "more", "phrases[1].key", "fr"),
			map[string]any{"phrases": map[string]any{"en": []any{"news", "headlines", "more"}, "pt-BR": []any{"novas"}, "fr": []any{}}}},
		{"a text per language and one for all", posted("template.all", "hi", "template.fr", "salut\r\n", "template.de", ""),
			map[string]any{"template": map[string]any{"": "hi", "fr": "salut\n"}}},
		{"rows in the order of their numbers", posted("answers[10].text", "b", "answers[2].text", "a", "answers[2].tags", "x\ny"),
			map[string]any{"answers": []any{map[string]any{"text": "a", "tags": []any{"x", "y"}}, map[string]any{"text": "b"}}}},
		{"no rows in which nothing was written", posted("answers[0].text", "", "answers[0].count", "1", "answers[1].text", "a", "answers[1].count", "1"),
			map[string]any{"answers": []any{map[string]any{"text": "a", "count": int64(1)}}}},
		{"no rows with odd numbers", posted("answers[x].text", "a", "answers[-1].text", "a", "answers[01].text", "a", "answers[99999999].text", "a",
			"answers[99999999999999999999].text", "a", "answers[].text", "a", "answers[1.text", "a", "answers.text", "a", "answers[1]", "a"), map[string]any{}},
		{"a section", posted("server.listen", ":81"), map[string]any{"server": map[string]any{"listen": ":81"}}},
		{"a moment of the zone", posted("since", "2026-12-24T18:00"), map[string]any{"since": "2026-12-24T18:00:00+01:00"}},
		{"a moment with seconds in summer", posted("since", "2026-07-24T18:00:05.5"), map[string]any{"since": "2026-07-24T18:00:05.5+02:00"}},
		{"a moment with its own zone", posted("since", "2026-12-24T18:00:00Z"), map[string]any{"since": "2026-12-24T18:00:00Z"}},
		{"a moment of a zone by the sun", posted("since", "1900-01-01T00:00"), map[string]any{"since": "1899-12-31T23:50:39Z"}},
		{"a moment that is none", posted("since", "soon"), map[string]any{"since": "soon"}},
		{"nothing for another form", posted("extra", "x", "extra.a", "x"), map[string]any{}},
	}
	form := sampleForm(t, "Europe/Paris")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, form.Values(tt.posted)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAChoiceOfNothingIsAChoiceWhereItIsOne(t *testing.T) {
	form := settings.Form{Fields: []settings.Field{{Name: "a", Type: settings.Choice, Choices: []string{"", "x"}}}}
	got := form.Values(map[string][]string{"a": {""}})
	if diff := cmp.Diff(map[string]any{"a": ""}, got); diff != "" {
		t.Error(diff)
	}
	if got := form.Values(nil); len(got) != 0 {
		t.Errorf("of a form without it, got %v", got)
	}
}

func TestAFormShowsValues(t *testing.T) {
	got := sampleForm(t, "Europe/Paris").Posted(map[string]any{
		"id": "a", "items": json.Number("7"), "small": "a lot", "deep": true, "token": "hunter2", "dsn": settings.Secret("hunter2"),
		"since": "2026-12-24T17:00:00Z", "headers": map[string]any{"B": "hunter2", "A": ""}, "fields": "no table",
		"phrases": map[string]any{"en": []any{"a", "b"}}, "template": "hi", "extra": map[string]any{"a": 1},
		"answers": []any{map[string]any{"text": "x", "from": "2026-12-24T17:00:05.25Z", "count": 2.0}, "no row"},
	})
	want := posted("id", "a", "items", "7", "small", "a lot", "deep", "on", "deep.present", "on", "mode", "fast", "token", "••••", "dsn", "••••",
		"since", "2026-12-24T18:00", "headers[0].key", "A", "headers[0].value", "", "headers[1].key", "B", "headers[1].value", "••••",
		"phrases.en", "a\nb", "template.all", "hi", "answers[0].text", "x", "answers[0].from", "2026-12-24T18:00:05.250", "answers[0].count", "2",
		"answers[1].count", "1", "server.listen", ":80", "deadline", "4s")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFormHandsBackASecretOnlyToWhoTypedIt(t *testing.T) {
	form := sampleForm(t, "UTC")
	form.Typed = true
	got := form.Posted(map[string]any{"token": "typed", "dsn": settings.Secret("stored")})
	if a, b := got["settings.token"][0], got["settings.dsn"][0]; a != "typed" || b != settings.Mask {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestProblemsCountTheRowsOfTheFormShownAnew(t *testing.T) {
	form := sampleForm(t, "UTC")
	values := form.Values(posted("id", "a", "answers[4].text", "fine", "answers[7].text", "", "answers[9].link", "nowhere"))
	var problems settings.Problems
	if err := settings.Fill(newSample(), values); !errors.As(err, &problems) || problems[1].Field != "answers[1].link" {
		t.Fatalf("got %v", err)
	}
	again := form.Posted(values)
	if got := again["settings."+problems[1].Field]; len(got) != 1 || got[0] != "nowhere" {
		t.Errorf("the form shows %q at the problem's field", got)
	}
}

func TestAFormRefusesMoreRowsThanItTakes(t *testing.T) {
	pairs := []string{"id", "a"}
	for i := range 1002 {
		pairs = append(pairs, fmt.Sprintf("answers[%d].text", i), "x", fmt.Sprintf("fields[%d].key", i), fmt.Sprint(i),
			fmt.Sprintf("phrases[%d].key", i), "en")
	}
	values := sampleForm(t, "UTC").Values(posted(pairs...))
	rows, ok := values["answers"].([]any)
	if !ok || len(rows) != 1001 {
		t.Errorf("got %d rows", len(rows))
	}
	var problems settings.Problems
	if err := settings.Fill(newSample(), values); !errors.As(err, &problems) {
		t.Fatalf("got %v, want Problems", err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Field)
	}
	if diff := cmp.Diff([]string{"fields.…", "phrases.…", "answers[1000]"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAFormShowsComesBackTheSame(t *testing.T) {
	word := rapid.StringMatching(`[a-zé "<]{1,9}[a-z]`)
	line := rapid.StringMatching(`[a-zé"<]([a-z .\[]*[a-z.\]])?`)
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "ms")).UTC()
	})
	rapid.Check(t, func(rt *rapid.T) {
		s := newSample()
		s.ID, s.URL = "a", rapid.SampledFrom([]string{"", "https://example.org/ü?a=b#c"}).Draw(rt, "url")
		s.Items, s.Small = rapid.IntRange(1, 10).Draw(rt, "items"), rapid.Uint8().Draw(rt, "small")
		s.Names, s.Deep = rapid.SliceOfN(line, 0, 3).Draw(rt, "names"), rapid.Bool().Draw(rt, "deep")
		s.Mode, s.Token = rapid.SampledFrom([]string{"fast", "slow"}).Draw(rt, "mode"), settings.Secret(word.Draw(rt, "token"))
		s.DSN, s.Headers = word.Draw(rt, "dsn"), rapid.MapOfN(line, word, 0, 3).Draw(rt, "headers")
		s.Fields = rapid.MapOfN(line, rapid.String().Filter(isStorable), 0, 3).Draw(rt, "fields")
		s.Phrases = rapid.MapOfN(rapid.SampledFrom([]string{"en", "pt-BR", "de"}), rapid.SliceOfN(line, 1, 3), 0, 3).Draw(rt, "phrases")
		s.Template = rapid.MapOfN(rapid.SampledFrom([]string{"", "fr", "de"}), word, 0, 3).Draw(rt, "template")
		s.Since, s.Server.Listen = moment.Draw(rt, "since"), word.Draw(rt, "listen")
		for range rapid.IntRange(0, 12).Draw(rt, "rows") {
			from, age := moment.Draw(rt, "from"), time.Duration(rapid.Int64Range(0, 1e15).Draw(rt, "age"))
			s.Answers = append(s.Answers, answer{Text: word.Draw(rt, "text"), From: &from, Tags: rapid.SliceOfN(line, 0, 2).Draw(rt, "tags"),
				Pin: settings.Secret(word.Draw(rt, "pin")), Count: rapid.IntRange(1, 9).Draw(rt, "count")})
			s.MaxAge = &age
		}
		comesBack(t, rt, s)
	})
}

func isStorable(s string) bool {
	for _, c := range s {
		if c < ' ' || c == '\u00a0' {
			return false
		}
	}
	return true
}

func comesBack(t *testing.T, rt *rapid.T, s *sample) {
	t.Helper()
	old, err := settings.Values(s)
	if err != nil {
		rt.Fatal(err)
	}
	form := sampleForm(t, rapid.SampledFrom([]string{"UTC", "Asia/Kolkata"}).Draw(rt, "zone"))
	values, err := settings.KeepSecrets(newSample(), form.Values(form.Posted(old)), old)
	if err != nil {
		rt.Fatal(err)
	}
	again := newSample()
	if err := settings.Fill(again, values); err != nil {
		rt.Fatal(err)
	}
	if diff := cmp.Diff(s, again, cmp.AllowUnexported(sample{}), cmpopts.EquateEmpty()); diff != "" {
		rt.Error(diff)
	}
}

func FuzzFormValues(f *testing.F) {
	f.Add("settings.id=a&settings.items=x&settings.deep.present=on&settings.names=a%0D%0Ab&settings.since=2026-12-24T18:00")
	f.Add("settings.answers[3].text=a&settings.answers[3].from=x&settings.answers[1].pin=p&settings.fields[0].key=&settings.fields[0].value=v")
	f.Add("settings.phrases.en=a&settings.phrases.=b&settings.phrases[0].key=c&settings.template.all=x&settings.template.=y&settings.server.listen=%ff")
	f.Add("settings.since=9999-12-31T23:59:59-23:00&settings.answers[0].from=0000-01-01T00:00:00%2B23:00&settings.items=9999999999999999999")
	form := sampleForm(f, "Europe/Paris")
	form.Typed = true
	f.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		values := form.Values(query)
		if _, err := json.Marshal(values); err != nil {
			t.Errorf("values that are no JSON: %v", err)
		}
		err = settings.Fill(newSample(), values)
		if problems := (settings.Problems{}); err != nil && !errors.As(err, &problems) {
			t.Errorf("got %v, want Problems", err)
		}
		once := form.Values(form.Posted(values))
		if diff := cmp.Diff(once, form.Values(form.Posted(once))); diff != "" {
			t.Errorf("the form changes each time it is shown:\n%s", diff)
		}
	})
}
