package settings_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/settings"
	"keypull/pull/words"
)

func TestFillTakesEveryType(t *testing.T) {
	from := time.Date(2026, 12, 1, 6, 0, 0, 0, time.FixedZone("", 3600))
	s := newSample()
	err := settings.Fill(s, map[string]any{
		"id": "news", "url": "https://example.org/feed", "names": []any{"a", "b"}, "items": json.Number("7"),
		"small": float64(255), "deep": true, "mode": "slow", "token": "t", "since": "2026-12-01T06:00:00+01:00",
		"headers": map[string]any{"X": "y"}, "phrases": map[string]any{"en": []any{"news"}},
		"template": "hi", "extra": map[string]any{"n": int64(1)}, "max_age": "1h30m", "deadline": "5s",
		"answers": []map[string]any{{"text": "a", "from": from}, {"text": "b", "tags": []string{"c"}, "count": int64(2)}},
		"server":  map[string]any{"listen": ":81"}, "zone": "Europe/Paris", "nets": []any{"10.0.0.0/8"},
	})
	if err != nil {
		t.Fatal(err)
	}
	age := 90 * time.Minute
	want := newSample()
	want.ID, want.URL, want.Names, want.Items, want.Small = "news", "https://example.org/feed", []string{"a", "b"}, 7, 255
	want.Deep, want.Mode, want.Token, want.Since = true, "slow", "t", from
	want.Headers, want.Phrases = map[string]string{"X": "y"}, map[string][]string{"en": {"news"}}
	want.Template, want.Extra = localised{"": "hi"}, map[string]any{"n": int64(1)}
	want.MaxAge, want.Deadline = &age, 5*time.Second
	want.Answers = []answer{{Text: "a", From: &from, Count: 1}, {Text: "b", Tags: []string{"c"}, Count: 2}}
	want.Server, want.Zone, want.Nets = indexPath{Listen: ":81"}, "Europe/Paris", []string{"10.0.0.0/8"}
	if diff := cmp.Diff(want, s, cmp.AllowUnexported(sample{})); diff != "" {
		t.Error(diff)
	}
}

func TestFillSaysWhatIsWrong(t *testing.T) {
	long := strings.Repeat("x", 21)
	tests := []struct {
		name   string
		values map[string]any
		want   []string
	}{
		{"an unknown name with its nearest", map[string]any{"id": "a", "urll": "x"}, []string{`urll: There is no such setting; did you mean “url”?`}},
		{"a name of another table", map[string]any{"id": "a", "listen": ":81"}, []string{`listen: There is no such setting; did you mean “server.listen”?`}},
		{"a required text that is missing", map[string]any{}, []string{"id: Fill this in: it is required."}},
		{"a required text that is empty", map[string]any{"id": ""}, []string{"id: Fill this in: it is required."}},
		{"a null that counts as not given", map[string]any{"id": nil}, []string{"id: Fill this in: it is required."}},
		{"a number for a text", map[string]any{"id": int64(1)}, []string{"id: Write a text, such as \"abc\", not a number."}},
		{"an id of wrong shape", map[string]any{"id": "-A"}, []string{`id: Write 1 to 32 small letters, digits or hyphens, the first no hyphen, not "-A".`}},
		{"a text with a zero byte", map[string]any{"id": "a\x00"}, []string{"id: Write plain text: this holds bytes that are not UTF-8, or a zero byte."}},
		{"an address without host", map[string]any{"id": "a", "url": "https:///x"}, []string{"url: Write a whole address that begins with http:// or https:// and names a host."}},
		{"an address of another scheme", map[string]any{"id": "a", "url": "ftp://h/x"}, []string{"url: Write a whole address that begins with http:// or https:// and names a host."}},
		{"a text for lines", map[string]any{"id": "a", "names": "x"}, []string{`names: Write a list of texts, such as ["one", "two"], not a text.`}},
		{"a number within lines", map[string]any{"id": "a", "names": []any{"x", 1}}, []string{"names[1]: Write a text, such as \"abc\", not a number."}},
		{"too long a text", map[string]any{"id": "a", "template": strings.Repeat("é", 61)}, []string{"template: Write at most 60 characters; this has 61."}},
		{"too long a text in one language", map[string]any{"id": "a", "template": map[string]any{"en": "{Title}", "fr": strings.Repeat("é", 61)}}, []string{"template: Write at most 60 characters; this has 61."}},
		{"too many lines", map[string]any{"id": "a", "names": []any{"1", "2", "3", "4"}}, []string{"names: Give at most 3 entries; here are 4."}},
		{"a text for a number", map[string]any{"id": "a", "items": "many"}, []string{`items: Write a whole number, such as 3, not "many".`}},
		{"a null within lists", map[string]any{"id": "a", "names": []any{nil}, "answers": []any{nil}}, []string{`names[0]: Write a text, such as "abc", not nothing.`, "answers[0]: Give names with values, not nothing."}},
		{"what has no name", map[string]any{"id": "a", "fields": map[string]any{"": "x"}, "phrases": map[string]any{"": []any{"x"}}}, []string{"fields: Give every entry a name.", "phrases: Give every entry a name."}},
		{"a fraction", map[string]any{"id": "a", "items": 1.5}, []string{"items: Write a whole number, such as 3, not 1.5."}},
		{"a number that is too large", map[string]any{"id": "a", "items": int64(11)}, []string{"items: Write 10 or less."}},
		{"a zero below the least", map[string]any{"id": "a", "items": int64(0)}, []string{"items: Write 1 or more."}},
		{"a number that does not fit its type", map[string]any{"id": "a", "small": int64(256)}, []string{"small: Write a smaller number: at most 255 fits here, and at least 0."}},
		{"a text for a toggle", map[string]any{"id": "a", "deep": "yes"}, []string{`deep: Write true or false, not "yes".`}},
		{"a choice near to one", map[string]any{"id": "a", "mode": "fats"}, []string{`mode: Write one of "fast", "slow"; did you mean “fast”?`}},
		{"a choice far from all", map[string]any{"id": "a", "mode": "purple"}, []string{`mode: Write one of "fast", "slow", not "purple".`}},
		{"a duration without unit", map[string]any{"id": "a", "deadline": int64(60)}, []string{`deadline: Write the unit too: "60s" for seconds, "60m" for minutes.`}},
		{"a duration that is none", map[string]any{"id": "a", "max_age": "soon"}, []string{`max_age: Write a duration with its unit, such as "60s", "5m", "1h30m" or "7d", not "soon".`}},
		{"a duration out of bounds", map[string]any{"id": "a", "deadline": "2m"}, []string{"deadline: Write 60s or less."}},
		{"a moment without zone", map[string]any{"id": "a", "since": "2026-12-01"}, []string{`since: Write a moment with its zone, such as "2026-12-24T18:00:00+01:00", not "2026-12-01".`}},
		{"a number within pairs", map[string]any{"id": "a", "fields": map[string]any{"p": 1}}, []string{"fields.p: Write a text, such as \"abc\", not a number."}},
		{"a text within lists", map[string]any{"id": "a", "phrases": map[string]any{"en": "x"}}, []string{`phrases.en: Write a list of texts, such as ["one", "two"], not a text.`}},
		{"a name that is no language", map[string]any{"id": "a", "phrases": map[string]any{"english": []any{"x"}}}, []string{`phrases.english: Write a language by its tag, such as en or pt-BR, not "english".`}},
		{"a list for a localised text", map[string]any{"id": "a", "template": []any{}}, []string{`template: Write one text, or one per language under its tag, such as en or fr, not a list.`}},
		{"a zone of this machine", map[string]any{"id": "a", "zone": "Local"}, []string{`zone: Choose a time zone by its city, such as Europe/Paris, not "Local".`}},
		{"a network without length", map[string]any{"id": "a", "nets": []any{"10.0.0.0/8", "10.0.0.1"}}, []string{`nets[1]: Write a network with its length, such as 10.0.0.0/8 or 127.0.0.1/32, not "10.0.0.1".`}},
		{"a table for rows", map[string]any{"id": "a", "answers": map[string]any{}}, []string{"answers: Give a list of entries, each with names and values, not a table."}},
		{"an empty required text of a section", map[string]any{"id": "a", "server": map[string]any{"listen": ""}}, []string{"server.listen: Fill this in: it is required."}},
		{"everything in rows at once", map[string]any{"id": "a", "answers": []any{
			map[string]any{"text": long}, "x", map[string]any{"txt": "a", "link": "b", "count": int64(0)},
		}}, []string{
			"answers[0].text: Write at most 20 characters; this has 21.",
			"answers[1]: Give names with values, not a text.",
			`answers[2].txt: There is no such setting; did you mean “text”?`,
			"answers[2].text: Fill this in: it is required.",
			"answers[2].link: Write a whole address that begins with http:// or https:// and names a host.",
			"answers[2].count: Write 1 or more.",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSample()
			err := settings.Fill(s, tt.values)
			var problems settings.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got error %v, want Problems", err)
			}
			if diff := cmp.Diff(tt.want, strings.Split(problems.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(newSample(), s, cmp.AllowUnexported(sample{})); diff != "" {
				t.Errorf("the struct changed in spite of problems:\n%s", diff)
			}
		})
	}
}

func TestFillNeverRepeatsASecret(t *testing.T) {
	type hidden struct {
		Token settings.Secret   `name:"token" check:"id,max=3"`
		DSN   string            `name:"dsn" check:"zone" secret:"true"`
		Pairs map[string]string `name:"pairs" check:"language" secret:"true"`
	}
	err := settings.Fill(&hidden{}, map[string]any{
		"token": "hunter2!", "dsn": "hunter2!", "pairs": map[string]any{"a": "hunter2!"},
	})
	if err == nil || strings.Contains(err.Error(), "hunter") {
		t.Errorf("got %v, want problems without the secret", err)
	}
}

func TestFillWithAsksTheGivenChecks(t *testing.T) {
	checks := settings.Checks{"cron": func(s string) error { return errors.New("not " + s) }}
	err := settings.FillWith(newSample(), map[string]any{"id": "a", "refresh": "x"}, checks)
	if got, want := err.Error(), `refresh: Write a cron line of five fields, such as */5 6-22 * * *, or @every 5m, not "x": “not x”.`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	err = settings.FillWith(newSample(), map[string]any{"id": "a"}, settings.Checks{})
	if err == nil || errors.As(err, &settings.Problems{}) {
		t.Errorf("got %v, want an error about a check that nobody knows", err)
	}
}

func TestDraftKeepsWhatIsGood(t *testing.T) {
	s := newSample()
	err := settings.Draft(s, map[string]any{
		"id": "Bad", "names": []any{"a", 1}, "answers": []any{"x", map[string]any{"text": "b", "count": "x"}},
	}, nil)
	if err == nil {
		t.Fatal("got no problems")
	}
	want := []answer{{Count: 1}, {Text: "b", Count: 1}}
	if diff := cmp.Diff(want, s.Answers); diff != "" {
		t.Error(diff)
	}
	if s.Names[0] != "a" {
		t.Errorf("got names %q, want the good one kept", s.Names)
	}
}

// either needs one of two fields.
type either struct {
	URL  string `name:"url"`
	File string `name:"file"`
}

func (e *either) Check() settings.Problems {
	if e.URL == "" && e.File == "" {
		return settings.Problems{settings.Wrong("url", words.Verbatim("Give a url or a file."))}
	}
	return nil
}

func TestFillAsksTheStructAboutFieldsThatDependOnEachOther(t *testing.T) {
	err := settings.Fill(&either{}, nil)
	if err == nil || err.Error() != "url: Give a url or a file." {
		t.Errorf("got %v", err)
	}
	err = settings.Fill(&either{}, map[string]any{"url": 1, "fil": "a"})
	want := "fil: There is no such setting; did you mean “file”?\nurl: Write a text, such as \"abc\", not a number."
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want one problem of each field", err)
	}
	if err := settings.Fill(&either{}, map[string]any{"file": "a"}); err != nil {
		t.Errorf("got %v, want none", err)
	}
}
