package text_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/sourcetest"
	"keypull/sources/text"
)

type values = map[string]any

func TestText(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: text.Kind,
		Settings: func(string) map[string]any {
			return values{"answers": []any{
				values{"title": "Opening hours", "text": "We are open from 9 to 17.\n\nClosed on Sunday.", "link": "https://example.org/hours"},
				values{"text": "Nothing else."},
			}}
		},
		Query: pull.Query{Argument: "opening", Count: 1},
		Bad: []sourcetest.Bad{
			{Name: "no answers", Settings: values{}, Field: "answers"},
			{Name: "an empty list", Settings: values{"answers": []any{}}, Field: "answers"},
			{Name: "an answer without text", Settings: values{"answers": []any{values{"title": "x"}}}, Field: "answers[0].text"},
			{Name: "a link that is none", Settings: values{"answers": []any{values{"text": "x", "link": "javascript:1"}}}, Field: "answers[0].link"},
			{Name: "an end before the beginning", Settings: values{"answers": []any{values{"text": "x", "from": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}}}, Field: "answers[0].until"},
		},
	})
}

func TestWhichAnswerIsGiven(t *testing.T) {
	answer := func(word string, more ...string) values {
		v := values{"text": word, "title": "T " + word}
		for i := 0; i+1 < len(more); i += 2 {
			v[more[i]] = more[i+1]
		}
		return v
	}
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		answers  []any
		argument string
		at       time.Time
		want     string
	}{
		"the only one":                        {answers: []any{answer("a")}, at: at, want: "a"},
		"one that ended is left out":          {answers: []any{answer("a", "until", "2026-03-02T11:59:59Z"), answer("b")}, at: at, want: "b"},
		"it holds to its very end":            {answers: []any{answer("a", "until", "2026-03-02T12:00:00Z"), answer("b")}, at: at, want: "a"},
		"and from its very beginning":         {answers: []any{answer("a", "from", "2026-03-02T12:00:00Z"), answer("b")}, at: at, want: "a"},
		"one that has not begun is left out":  {answers: []any{answer("a", "from", "2026-03-02T13:00:00+01:00", "until", "2026-03-02T12:30:00Z"), answer("b")}, at: at.Add(-time.Second), want: "b"},
		"with none there is none":             {answers: []any{answer("a", "until", "2026-03-01T00:00:00Z")}, at: at, want: ""},
		"variants take turns by the minute 1": {answers: []any{answer("a"), answer("b"), answer("c")}, at: time.Unix(3*60, 0), want: "a"},
		"variants take turns by the minute 2": {answers: []any{answer("a"), answer("b"), answer("c")}, at: time.Unix(4*60+59, 0), want: "b"},
		"variants take turns by the minute 3": {answers: []any{answer("a"), answer("b"), answer("c")}, at: time.Unix(5*60, 0), want: "c"},
		"words choose":                        {answers: []any{answer("a"), answer("b")}, argument: "T B", at: at, want: "b"},
		"words that fit nothing":              {answers: []any{answer("a")}, argument: "zebra", at: at, want: ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			source := sourcetest.Open(t, text.Kind, sourcetest.Env(t, ""), values{"answers": c.answers})
			s, err := source.Fetch(t.Context(), "text", nil)
			if err != nil {
				t.Fatal(err)
			}
			found, err := source.Select(t.Context(), s, pull.Query{Argument: c.argument, Count: 1, At: c.at})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(found.Items) > 0 {
				got = found.Items[0].Body
			}
			if got != c.want {
				t.Errorf("the answer is %q; want %q", got, c.want)
			}
		})
	}
}
