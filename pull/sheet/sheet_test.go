package sheet_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"keypull/pull/settings"
	"keypull/pull/sheet"
)

type part struct {
	Show string `name:"show" label:"Show" help:"What." example:"title"`
}

type thing struct {
	ID      string              `name:"id" label:"Id" help:"Its id." example:"a"`
	Phrases map[string][]string `name:"phrases" label:"Phrases" help:"Its words." check:"required" example:"{ en = [\"a\"] }"`
	Text    map[string]string   `name:"text" label:"Text" help:"What it says." settings:"localised" example:"x"`
	Count   int                 `name:"count" label:"Count" help:"How many."`
	Tie     bool                `name:"tie" label:"Tie" help:"Whether."`
	Hours   []string            `name:"hours" label:"Hours" help:"When." example:"mon"`
	Reply   []part              `name:"reply" label:"Reply" help:"How." example:"[]"`
}

func fields(t testing.TB) []settings.Field {
	t.Helper()
	all, err := settings.Fields(&thing{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatIsWrittenIsReadAsItWas(t *testing.T) {
	f := fields(t)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same table on every run
	odd := []string{"=1+1", "'=x", "''-y", "-", "@home", "+1", "a|b", `a\b`, "a;b", `say "x"`, "x, y", "ä ö 新聞", "\ttab", "＝z", "'", `\`, "|", "two\nlines", "true", "1"}
	pick := func() string { return odd[r.IntN(len(odd))] }
	word := func() string { return "w" + strings.ReplaceAll(pick(), "\n", " ") + "w" }
	for range 300 {
		var docs []map[string]any
		for range 1 + r.IntN(4) {
			docs = append(docs, map[string]any{
				"id": pick(), "count": int64(r.IntN(9) + 1), "tie": r.IntN(2) == 0,
				"phrases": map[string]any{"en": []any{word(), word()}, "de": []any{word()}},
				"text":    map[string]any{"": pick(), "fr": pick()},
				"hours":   []any{word()}, "reply": []any{map[string]any{"show": pick()}},
			})
		}
		out, err := sheet.Write(f, docs, []string{"en", "fr"})
		if err != nil {
			t.Fatal(err)
		}
		read := sheet.Read(string(out), f, 10, nil)
		if len(read.Problems) > 0 || len(read.Rows) != len(docs) {
			t.Fatalf("%+v in %s", read, out)
		}
		for i, row := range read.Rows {
			// A language that the row lacks is an empty cell.
			delete(row.Values["phrases"].(map[string]any), "fr")
			if !reflect.DeepEqual(row.Values, docs[i]) {
				t.Fatalf("%#v\nis not\n%#v\nin %s", row.Values, docs[i], out)
			}
		}
		for _, line := range strings.Split(string(out), "\r\n")[1:] {
			if line != "" && strings.ContainsAny(line[:1], "=+-@") {
				t.Fatalf("a spreadsheet would calculate %q", line)
			}
		}
	}
}

func TestTablesOfSpreadsheetsAreRead(t *testing.T) {
	for name, data := range map[string]string{
		"commas":              "id,phrases.en,count\na,news | headlines,2\n",
		"semicolons, CR LF":   "\uFEFFid;phrases.en;count\r\na;\"news | headlines\";2\r\n",
		"tabs":                "id\tphrases.en\tcount\na\tnews|headlines\t2\n",
		"lines within a cell": "id,phrases.en,count\na,\"news\nheadlines\",2",
		"empty lines":         "id,phrases.en,count,\n,,,\na,news | headlines,2,\n\n,,\n",
	} {
		got := sheet.Read(data, fields(t), 10, nil)
		want := map[string]any{"id": "a", "count": int64(2), "phrases": map[string]any{"en": []any{"news", "headlines"}}}
		if len(got.Problems) > 0 || len(got.Rows) != 1 || !reflect.DeepEqual(got.Rows[0].Values, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatIsWrongWithATableIsToldWithItsPlace(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"nothing", "", "1  sheet.empty"},
		{"another encoding", "id\n\xff\n", "1  sheet.not_text"},
		{"an unknown column", "id,cuont\na,1\n", "1 cuont sheet.unknown_near"},
		{"a table without a name", "id,phrases\n", "1 phrases sheet.unknown_near"},
		{"a column twice", "id,id\n", "1 id sheet.twice"},
		{"quotes that do not end", "id,count\na,1\n\"b,2\n", "3  sheet.quotes"},
		{"a cell too many", "id,count\na,1,x\n", "2  sheet.no_head"},
		{"too many rows", "id\na\nb\nc\n", "4  sheet.too_many"},
	} {
		got := sheet.Read(tt.data, fields(t), 2, nil)
		var told []string
		for _, p := range got.Problems {
			told = append(told, fmt.Sprint(p.Line, " ", p.Column, " ", p.Said.Key))
		}
		if strings.Join(told, ", ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, told, tt.want)
		}
	}
}

func TestAColumnIsNamedAsItIsWritten(t *testing.T) {
	for head, want := range map[string]string{
		"id,phrases":  "did you mean “phrases.en”?",
		"id,phrase":   "did you mean “phrases”?",
		"id,cuont":    "did you mean “count”?",
		"id,count.en": "did you mean “count”?",
	} {
		got := sheet.Read(head+"\n", fields(t), 2, nil)
		if len(got.Problems) != 1 || !strings.Contains(got.Problems[0].Said.In("en"), want) {
			t.Errorf("%s: %+v, want %s", head, got.Problems, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("id;phrases.en\r\na;\"b | c\"\r\n")
	f.Add("\uFEFFid,text,text.fr\n'=x,\\|,\"a\nb\"\n")
	all := fields(f)
	f.Fuzz(func(t *testing.T, data string) {
		read := sheet.Read(data, all, 50, nil)
		if len(read.Problems) > 0 {
			return
		}
		var docs []map[string]any
		for _, row := range read.Rows {
			docs = append(docs, row.Values)
		}
		out, err := sheet.Write(all, docs, nil)
		if err != nil {
			t.Fatal(err)
		}
		if again := sheet.Read(string(out), all, 50, nil); len(again.Problems) > 0 {
			t.Errorf("%q was read, and written cannot be: %+v", data, again.Problems)
		}
	})
}
