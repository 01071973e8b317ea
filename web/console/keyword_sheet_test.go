package console_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
)

func TestATableThatIsExportedChangesNothingWhenItIsImported(t *testing.T) {
	d := newDesk(t)
	d.must(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{
		"phrases": doc{"en": []string{"match", "a | b"}, "fr": []string{"jeu"}}, "argument": "optional", "query": "=1+1", "bare": true,
		"stand_in": doc{"text": doc{"en": "Closed, for now.", "fr": "Fermé."}, "before": true, "until": noon().Add(time.Hour).Format(time.RFC3339)},
		"hours":    []string{"mon-fri 09:15-15:30"}, "from": "2026-12-01T06:00:00+01:00", "max_age": "90s",
		"template": doc{"": "{{ item.title }}\n{{ item.link }}", "fr": "{{ item.title }}"}})}))
	d.must(t, people.Editor, "keyword.update", of(doc{"id": "cake", "version": "*", "keyword": doc{"source": "news", "phrases": doc{"en": []string{"cake"}}, "reply": []any{doc{"show": "title", "label": doc{"fr": "Titre"}}}}}))
	d.must(t, people.Editor, "keyword.rename", of(doc{"id": "sap", "version": "*", "to": "share"}))
	table, _ := d.must(t, people.Viewer, "keyword.export", of(nil))["csv"].(string)
	if !strings.Contains(table, "match | a \\| b") || !strings.Contains(table, "'=1+1") || !strings.Contains(table, "Closed, for now.") {
		t.Errorf("%s", table)
	}
	for _, data := range []string{table, bySemicolons(t, table)} {
		out := d.must(t, people.Editor, "keyword.import", of(doc{"csv": data}))
		if out["unchanged"] != 4.0 || out["updated"] != 0.0 || out["created"] != 0.0 {
			t.Errorf("%v", out)
		}
	}
}

// bySemicolons returns a table as a spreadsheet saves it where the comma parts decimals.
func bySemicolons(t *testing.T, table string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestATableAddsAndChangesWhatItHasColumnsFor(t *testing.T) {
	d := newDesk(t)
	const data = "id;phrases.en;phrases.fr;source;count\r\nnews;news;actus;news;4\r\n;match;;news;\r\n"
	out := d.must(t, people.Editor, "keyword.import", of(doc{"csv": data}))
	news, _ := d.Publisher("lecker").Keyword("news")
	if out["updated"] != 1.0 || out["created"] != 1.0 || at(t, out, "rows", 1, "line") != 3.0 || at(t, out, "rows", 1, "id") != "match" {
		t.Errorf("%v", out)
	}
	if len(news.Phrases["en"]) != 1 || news.Phrases["fr"][0] != "actus" || news.Count != 4 {
		t.Errorf("%+v", news)
	}
	_, err := d.try(t, people.Editor, "keyword.import", of(doc{"csv": "id,source\nnews,\n"}))
	foreignPages(t, err, pull.Invalid, "Line 2, column source")
}

func TestWhatIsWrongWithATableIsToldByLineAndColumn(t *testing.T) {
	d := newDesk(t)
	const data = "id,phrases.en,source,count\nnews,news | headlines,news,4\nnew,cake,nwes,1\n,\"two\nlines\",news,many\nlast,last,news,2,surplus\n"
	dry := d.must(t, people.Editor, "keyword.import", of(doc{"csv": data, "dry_run": true}))
	var told []string
	problems, _ := dry["problems"].([]any)
	for i := range problems {
		column, _ := at(t, problems, i, "column").(string)
		told = append(told, strings.TrimSpace(fmt.Sprint(at(t, problems, i, "line"))+" "+column))
	}
	if got := strings.Join(told, ", "); got != "6, 3 source, 3 phrases.en, 4 count" {
		t.Errorf("%q in %v", got, problems)
	}
	_, err := d.try(t, people.Editor, "keyword.import", of(doc{"csv": data}))
	if len(refusedFields(t, err, "csv", "csv", "csv", "csv")) != 4 || !strings.Contains(err.Error(), "Line 3, column source: There is no source “nwes”; did you mean “news”?") {
		t.Error(err)
	}
	if len(d.Publisher("lecker").Keywords) != 3 {
		t.Fatal("something was carried out")
	}
	out := d.must(t, people.Editor, "keyword.import", of(doc{"csv": data, "partial": true}))
	if out["updated"] != 1.0 || out["created"] != 0.0 || out["wrong"] != 3.0 {
		t.Errorf("%v", out)
	}
	if k, _ := d.Publisher("lecker").Keyword("news"); k.Count != 4 {
		t.Error("a row that is right was not carried out")
	}
}

// TestASecondRowAboutAKeywordNamesTheLineOfTheFirst as the table has it, whose first line has the names.
func TestASecondRowAboutAKeywordNamesTheLineOfTheFirst(t *testing.T) {
	d := newDesk(t)
	dry := d.must(t, people.Editor, "keyword.import", of(doc{"csv": "id,source\nnews,news\nsap,news\nnews,news\n", "dry_run": true}))
	if got := fmt.Sprint(at(t, dry, "problems", 0, "line"), " ", at(t, dry, "problems", 0, "message")); got != "4 Line 2 is about “news” already; leave one of them out." {
		t.Error(got)
	}
	if len(d.acts.all) > 0 {
		t.Errorf("a look is an act: %+v", d.acts.all)
	}
}

func TestATableMayHaveTheLabelsOfTheConsoleAtItsHeads(t *testing.T) {
	for _, tt := range []struct{ name, head, phrase string }{
		{"as forms call them", "Short name;Which word shall readers send? (English);Source;How many items", "en"},
		{"as the list calls them", "Keyword;Source;Count", "en"},
		{"without a language", "Phrases;Source;Count", "en"},
		{"German, with the name of a language", "Kennung;Wörter (Französisch);Quelle;Anzahl", "fr"},
		{"French, in capitals", "IDENTIFIANT;EXPRESSIONS FR;SOURCE;NOMBRE", "fr"},
		{"Spanish, with a point", "Identificador;Expresiones.fr;Fuente;Cantidad", "fr"},
		{"beside names of fields", "id;Wörter – Englisch;source;Anzahl", "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			row := "tram;tram | tramway;news;3"
			if strings.Count(tt.head, ";") == 2 {
				row = "tram | tramway;news;3"
			}
			d.must(t, people.Editor, "keyword.import", of(doc{"csv": tt.head + "\n" + row + "\n"}))
			k, ok := d.Publisher("lecker").Keyword("tram")
			if !ok || k.Source != "news" || k.Count != 3 || len(k.Phrases[tt.phrase]) != 2 {
				t.Errorf("%+v", k)
			}
		})
	}
}

func TestAProblemNamesTheColumnAsItsHeadDoes(t *testing.T) {
	d := newDesk(t)
	_, err := d.try(t, people.Editor, "keyword.import", of(doc{"csv": "Wörter (Englisch);Quelle\ntram;nwes\n"}))
	foreignPages(t, err, pull.Invalid, "Line 2, column Quelle")
	_, err = d.try(t, people.Editor, "keyword.import", of(doc{"csv": "phrases.en;Wörter (Englisch);Quelle\na;b;news\n"}))
	foreignPages(t, err, pull.Invalid, "column “Wörter (Englisch)” is there twice")
	_, err = d.try(t, people.Editor, "keyword.import", of(doc{"csv": "Wörter (Klingonisch);Quelle\na;news\n"}))
	foreignPages(t, err, pull.Invalid, "no column “Wörter (Klingonisch)”")
}
