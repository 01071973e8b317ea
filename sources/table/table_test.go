package table_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/sourcetest"
	"keypull/sources/table"
)

type values = map[string]any

const lamps = "\xEF\xBB\xBFArtikel;Preis;Bestand;Link;auch\r\n" +
	"Blaue Lampe|Lampe blau;19,90 €;4;https://shop.example.org/a-1;Nachtlicht\r\n" +
	"Rote Lampe;24,00 €;0;https://shop.example.org/a-2;\r\n" +
	"\"Stuhl; aus Holz\";1.089,50 €;12;https://shop.example.org/b-7;Sitz | Sessel\r\n"

func served(body, contentType string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, body)
	})
}

func TestTableByAddress(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("a row of products has no date", sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:  table.Kind,
		Settings: func(upstream string) values {
			return values{"url": upstream + "/lamps.csv", "key": "Artikel", "aliases": "auch", "shape": "product", "bearer": "token-of-the-shop"}
		},
		Upstream: served(lamps, "text/csv"),
		Query:    pull.Query{Argument: "Stuhl; aus Holz", Count: 1}, Other: "Nachtlicht", Several: "Lampe",
		Hostile: map[string]string{
			"markup":           "name,link,image\n<script>alert(1)</script>,javascript:alert(1),data:text/html;x\n\"<img src=x onerror=alert(1)>\",file:///etc/passwd,//\n",
			"controls":         "name,text\n\u202Eevil,\x07bell\n",
			"an open quote":    "name,text\n\"never closed, 1\n2\n3",
			"many columns":     strings.Repeat("a,", 100_000) + "\n" + strings.Repeat("1,", 100_000),
			"nothing but rows": strings.Repeat("\n", 100_000),
			"half a workbook":  "PK\x03\x04 and no more",
			"an old workbook":  "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
			"a page":           "<!doctype html><html><body>Sign in</body></html>",
			"NUL":              "name\n\x00\x00\n",
		},
		Bad: []sourcetest.Bad{
			{Name: "nothing", Settings: values{}, Field: "url"},
			{Name: "two places", Settings: values{"url": "https://example.org/x.csv", "rows": "a,b\n1,2"}, Field: "rows"},
			{Name: "no address", Settings: values{"url": "ftp://example.org/x.csv"}, Field: "url"},
			{Name: "no such encoding", Settings: values{"url": "https://example.org/x.csv", "encoding": "klingon"}, Field: "encoding"},
			{Name: "no such delimiter", Settings: values{"url": "https://example.org/x.csv", "delimiter": "star"}, Field: "delimiter"},
			{Name: "a header of the client's", Settings: values{"url": "https://example.org/x.csv", "headers": values{"Host": "x"}}, Field: "headers"},
			{Name: "a row too wide", Settings: values{"rows": "name,price\nlamp,1,2"}, Field: "rows"},
			{Name: "a key twice", Settings: values{"rows": "name,price\nlamp,1\nlamp,2", "key": "name"}, Field: "rows"},
			{Name: "a key that is no column", Settings: values{"rows": "name,price\nlamp,1", "key": "sku"}, Field: "rows"},
			{Name: "a file where none may be read", Settings: values{"file": "/etc/passwd"}, Field: "file"},
		},
		Discovered: []sourcetest.Discovered{
			{
				Name: "tables of a page, one of which lays it out", Document: page(`<table><tr><td><h2>Kurse</h2><table><tr><th>Kürzel<th>Firma<th>Kurs<tr><td>WIPRO<td>Wipro Ltd<td>254,30<tr><td>TCS<td>Tata<td>4.123,55</table></td></tr></table>`),
				Settings: values{"url": "https://example.org/p", "key": "Kürzel", "columns": values{"Firma": "title"}},
			},
			{Name: "rows of days that are over, called by what was then", Document: page(`<h2>Results</h2><table><tr><th>Date<th>Match<th>Score<tr><td>Sat 11 April 2026<td>Vale - Rovers<td>3-1<tr><td>Sat 4 April 2026<td>Dunmore - Vale<td>0-0</table>`), Settings: values{"url": "https://example.org/p", "key": "Match"}},
			{Name: "rates, since a day and until another to come", Document: page(`<h2>Rates</h2><table><tr><th>Bank<th>Rate<th>Since<th>Next decision<tr><td>Nordlach<td>3.50%<td>5 March 2026<td>17 June 2126<tr><td>Mill Lane<td>3.25–3.50%<td>11 June 2025<td>17 June 2126<tr><td>Ferry<td>2.00%<td>28 April 2026<td>9 June 2126</table>`), Settings: values{"url": "https://example.org/p", "key": "Bank"}},
			{Name: "results of companies on days to come", Document: page(`<h2>Results</h2><table><tr><th>Date<th>Company<th>Event<th>Time<tr><td>1 December 2126<td>Caldera<td>Half-year<td>07:00<tr><td>2 December 2126<td>Sable<td>Q3<td>07:00<tr><td>4 December 2126<td>Kestrel<td>Traffic<td>08:00</table>`)},
			{Name: "names of columns in bold, one with a figure", Document: page(`<table><tr><td><b>City</b><td><b>Petrol</b><td><b>Gas 14.2 kg</b><tr><td>Pune<td>104.14<td>856.00<tr><td>Delhi<td>94.77<td>853.00</table>`), Settings: values{"url": "https://example.org/p", "key": "City"}},
			{Name: "rows without names of columns", Document: page(`<h1>Tarifs</h1><table><tr><td>Plein tarif<td>9 €<tr><td>Réduit<td>6 €</table>`), Settings: values{"url": "https://example.org/p", "key": "name"}},
			{Name: "a page with a table of numbers alone", Document: page(`<table><tr><th>a<th>b<tr><td>1<td>2<tr><td>3<td>4</table>`)},
			{
				Name:     "a list of prices",
				Document: page(`<h2>Prices</h2><ul><li>Haircut – 25 €</li><li><b>Colour</b> – from 60 €</li><li>Beard trim 12 €</li><li>Children: free</li></ul>`), Settings: values{"url": "https://example.org/p", "key": "name"},
			},
			{
				Name:     "terms with their prices",
				Document: page(`<h1>Tarifs</h1><dl><dt>Plein tarif</dt><dd>26 €</dd><dt>Moins de 12 ans</dt><dd>8 €</dd><dt>Membres</dt><dd>gratuit</dd><div><dt>Groupe de 10</dt><dd>€ 15,50</dd></div></dl>`), Settings: values{"url": "https://example.org/p", "key": "name"},
			},
			{
				Name:     "boxes with prices",
				Document: page(`<h1>Prices</h1><div class="row"><div>Adults</div><div>£12</div></div><div class="row"><div>Under 16s</div><div>£3</div></div><div class="row"><div>Carers</div><div>free</div></div><div class="row"><div>Programme</div><div>£2.50</div></div><p>Pay at the gate.</p>`), Settings: values{"url": "https://example.org/p", "key": "name"},
			},
			{Name: "boxes of words", Document: page(`<h1>Team</h1><div><b>Ada</b><i>Editor</i></div><div><b>Ben</b><i>Photos</i></div><div><b>Cem</b><i>Sport</i></div>`)},
			{Name: "hours of school days beside those of holidays", Document: page(`<h1>Pool</h1><h2>Opening hours</h2><table><tr><td><td>Term<td>Holidays<tr><td>Monday<td>12:00 – 14:00<td>12:00 – 18:00<tr><td>Saturday<td>14:00 – 18:00<td>14:00 – 18:00</table>`), Settings: values{"url": "https://example.org/p", "key": "name"}},
			{Name: "hours, which are no table", Document: page(`<h1>Hours</h1><table><tr><td>Monday to Friday<td>9:00 – 17:00<tr><td>Saturday<td>10:00 – 14:00</table>`)},
			{
				Name:     "hours of something else",
				Document: page(`<h1>Lane times</h1><table><tr><td>Monday to Friday<td>9:00 – 17:00<tr><td>Saturday<td>10:00 – 14:00</table>`), Settings: values{"url": "https://example.org/p", "key": "name"},
			},
			{
				Name:     "paragraphs with prices, between others",
				Document: page(`<h2>Eintritt</h2><p>Willkommen.</p><p>Tageskarte: 12,50 €</p><p>Monatskarte: 48 €</p><p>Saisonkarte: 120 Euro</p><p>Bitte passend zahlen.</p>`), Settings: values{"url": "https://example.org/p", "key": "name"},
			},
			{
				Name:     "a table and a list behind it",
				Document: page(`<ul><li>A 1 €</li><li>B 2 €</li><li>C 3 €</li></ul><table><tr><th>Name<th>Ort<tr><td>Anna<td>Wien<tr><td>Ben<td>Graz</table>`), Settings: values{"url": "https://example.org/p", "key": "Name"},
			},
			{Name: "steps with numbers", Document: page(`<ol><li>Wash for 2 minutes</li><li>Pay 20 €, and wait for 5 minutes</li><li>Rinse at 30 degrees</li></ol>`)},
			{Name: "links with prices, which the page lists as products", Document: page(`<ul><li><a href="/a">Lamp 20 €</a></li><li><a href="/b">Chair 30 €</a></li><li><a href="/c">Table 90 €</a></li></ul>`)},
			{Name: "prices among other lines", Document: page(`<ul><li>Lamp 20 €</li><li>Chair 30 €</li><li>Table 90 €</li><li>Call us</li><li>Find us</li></ul>`)},
			{Name: "news with sums", Document: page(`<p>The council has bought new buses for the whole of the town for 200 000 €</p><p>It was all paid for by the people who live there at 3 000 €</p><p>Nobody knows what became of the sum of the first year, 20 €</p>`)},
			{Name: "a page without a table", Document: page(`<p>name,price</p>`)},
			{
				Name:     "a file",
				Document: sources.Document{Address: "https://example.org/lamps.csv", URL: "https://example.org/lamps.csv", Type: "text/csv", Body: []byte(lamps)},
				Settings: values{"url": "https://example.org/lamps.csv", "key": "Artikel"},
			},
			{
				Name: "a workbook", Document: sources.Document{Address: "https://example.org/book", URL: "https://example.org/book", Type: "application/octet-stream", Body: xlsx(nil)},
				Settings: values{"url": "https://example.org/book", "key": "Name"},
			},
			{
				Name:     "the page of a sheet",
				Document: sources.Document{Address: "https://docs.google.com/spreadsheets/d/1a2b3c4d5e6f7g8h9i0jklmnop/edit?usp=sharing#gid=77", Type: "text/html", Body: []byte("<html></html>")},
				Leads:    []string{"https://docs.google.com/spreadsheets/d/1a2b3c4d5e6f7g8h9i0jklmnop/export?format=csv&gid=77"},
			},
		},
	})
}

func TestTableByFile(t *testing.T) {
	base := t.TempDir()
	if err := os.WriteFile(filepath.Join(base, "book.ods"), ods(), 0o600); err != nil {
		t.Fatal(err)
	}
	sourcetest.Run(t, sourcetest.Case{
		Kind: table.Kind, Base: base,
		Settings: func(string) values { return values{"file": "book.ods", "key": "Name"} },
		Query:    pull.Query{Argument: "Market", Count: 1}, Other: "Bridge",
		Bad: []sourcetest.Bad{{Name: "no file", Settings: values{"file": "other.ods"}, Field: "file"}},
	})
}

func TestTableByRows(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind:     table.Kind,
		Settings: func(string) values { return values{"rows": "name\tprice\nlamp\t19.90\nchair\t89\n"} },
		Query:    pull.Query{Argument: "chair", Count: 1}, Other: "lamp",
	})
}

// told returns a line for each item: its title, and its facts.
func told(t *testing.T, env sources.Env, v values) (lines, warnings []string, err error) {
	t.Helper()
	source := sourcetest.Open(t, table.Kind, env, v)
	s, err := source.Fetch(t.Context(), "table", nil)
	if err != nil {
		return nil, nil, err
	}
	for _, it := range s.Items {
		text := it.Title
		for _, f := range it.Facts {
			if f.Text == it.Title {
				continue
			}
			text += " " + f.Name + "=" + f.Text + strings.Join(f.List, "+")
		}
		if !it.Published.IsZero() {
			text += " " + it.Published.UTC().Format(time.RFC3339)
		}
		lines = append(lines, text)
	}
	for _, w := range s.Warnings {
		warnings = append(warnings, w.String())
	}
	return lines, warnings, nil
}

func TestTextsAreReadAsProgramsWriteThem(t *testing.T) {
	for _, c := range []struct {
		name, body string
		settings   values
		want       []string
	}{
		{"commas", "name,price\nlamp,19.90\n", nil, []string{"lamp price=19.90"}},
		{"semicolons and decimal commas", "name;price\nlamp;19,90\nchair;1.089,50\n", nil, []string{"lamp price=19.90", "chair price=1089.50"}},
		{"tabs", "name\tprice\nlamp, blue\t19.90\n", nil, []string{"lamp, blue price=19.90"}},
		{"bars", "name|price\nlamp|1\nchair|2\n", nil, []string{"lamp price=1", "chair price=2"}},
		{"a single column", "name\nlamp\nchair\n", nil, []string{"lamp", "chair"}},
		{"Excel's own line", "sep=;\r\nname;price\r\nlamp;1\r\n", nil, []string{"lamp price=1"}},
		{"quotes", "name,note\n\"lamp, \"\"blue\"\"\",\"two\nlines\"\n", nil, []string{`lamp, "blue" note=two lines`}},
		{"a lone quote", "name,note\n5\" pipe,x\n", nil, []string{`5" pipe note=x`}},
		{"old line ends", "name,price\rlamp,1\rchair,2\r", nil, []string{"lamp price=1", "chair price=2"}},
		{"two bytes a letter", "\xFF\xFEn\x00a\x00m\x00e\x00\n\x00\xE9\x00t\x00\xE9\x00\n\x00", nil, []string{"été"}},
		{"what Windows writes", "name;note\nCaf\xE9;\x80 5\n", nil, []string{"Café note=€ 5"}},
		{"what the settings say", "name,note\n\xF1\xF2\xEE\xEB,x\n", values{"encoding": "windows-1251"}, []string{"стол note=x"}},
		{"a title above", "Our lamps\n\nname,price,stock\nlamp,1,2\n", nil, []string{"lamp price=1 stock=2"}},
		{"columns by the settings", "Was,Kostet,intern\nLampe,5,x\n", values{"columns": values{"was": "title", "Kostet": "price", "intern": "-"}, "shape": "product"}, []string{"Lampe price=5"}},
		{"articles with dates", "title,published,link\nOne,2026-03-01T10:00:00Z,https://example.org/1\n", values{"shape": "article"}, []string{"One 2026-03-01T10:00:00Z"}},
		{"events by their day", "title;Datum;Ort\nFest;24.12.2026;Rathaus\n", values{"shape": "event"}, []string{"Fest start=2026-12-24 place=Rathaus Datum=24.12.2026 Ort=Rathaus"}},
		{"a number that is none", "name,zip,phone\nLibrary,01067,+49 351 1\n", nil, []string{"Library zip=01067 phone=+49 351 1"}},
		{"a column without a name, and one twice", "name,,note,note\nlamp,x,y,z\n", nil, []string{"lamp note=y"}},
		{"a semicolon by the settings", "name;note,more\nlamp;a,b\n", values{"delimiter": "semicolon"}, []string{"lamp note_more=a,b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := t.TempDir()
			if err := os.WriteFile(filepath.Join(base, "t.csv"), []byte(c.body), 0o600); err != nil {
				t.Fatal(err)
			}
			v := values{"file": "t.csv"}
			maps.Copy(v, c.settings)
			got, _, err := told(t, sourcetest.Env(t, base), v)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestErrorsAreToldByRow(t *testing.T) {
	base := t.TempDir()
	body := "name,price,link,Price,price\nlamp,19.90,https://example.org/1\n\nchair,cheap,https://example.org/2\ntable,5,nowhere\nbench,1,,what,else,,and\n"
	if err := os.WriteFile(filepath.Join(base, "t.csv"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	_, warnings, err := told(t, sourcetest.Env(t, base), values{"file": "t.csv", "shape": "product", "columns": values{"Kostet": "price"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range []string{"the column “Price” is there twice", "there is no column “Kostet”", "row 4, price: cheap", "row 5, link: nowhere", "row 6: it has 7 cells, and the table 5 columns"} {
		if i >= len(warnings) || !strings.Contains(warnings[i], part) {
			t.Errorf("the warnings are %q; want %q", warnings, part)
		}
	}
}

func TestARowIsAskedForByAnyOfItsNames(t *testing.T) {
	source := sourcetest.Open(t, table.Kind, sourcetest.Env(t, ""), values{"rows": lamps[3:], "key": "Artikel", "aliases": "auch", "shape": "product"})
	s, err := source.Fetch(t.Context(), "table", nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string]string{"blaue lampe": "Blaue Lampe", "LAMPE BLAU": "Blaue Lampe", "Nachtlicht": "Blaue Lampe", "sessel": "Stuhl; aus Holz", "rote": "Rote Lampe"} {
		found, err := source.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1})
		if err != nil || len(found.Items) != 1 || found.Items[0].Title != want {
			t.Errorf("%q finds %v, %v; want %q", argument, found, err, want)
		}
	}
	terms := source.(pull.Vocabulary).Terms(&s)
	if len(terms) != 3 || !slices.Equal(terms[0].Names, []string{"Blaue Lampe", "Lampe blau", "Nachtlicht"}) {
		t.Errorf("the vocabulary is %v", terms)
	}
	if reply := source.(pull.Speaker).Say(s.Items[:1], pull.Voice{Language: "de"}); strings.Contains(fmt.Sprint(reply), "Nachtlicht") {
		t.Errorf("the other names are told: %v", reply)
	}
}

// TestTheFirstRowOfAPagesTableIsARow holds for tables that name no columns; what was set up by a cell
// of that row goes on as it was.
func TestTheFirstRowOfAPagesTableIsARow(t *testing.T) {
	for body, want := range map[string]string{
		`<h1>Tarifs</h1><table><tr><td>Plein tarif<td>9 €<tr><td>Réduit<td>6 €</table>`:               "Plein tarif 9 €, Réduit 6 €",
		`<h1>Zeiten</h1><table><tr><th>Mo<td>9–12<td>14–16<tr><th>Di<td>9–18</table>`:                 "Mo 9–12 14–16, Di 9–18",
		`<table><tr><th>name<th>2026<tr><td>Jam<td>3</table>`:                                         "Jam 3",
		`<table><thead><tr><td>name<td>Week 48</thead><tr><td>Pool<td>7</table>`:                      "Pool 7",
		`<table><tr><td><td><b>Adults</b><tr><td>Pool<td>7<tr><td>Sauna<td>9</table>`:                 "Pool 7, Sauna 9",
		`<table><tr><td>name<td>Opens<tr><td>Pool<td>7</table>`:                                       "Pool 7",
		`<table><tr><th>Lundi<td>fermée<tr><th>Mardi<td>9 h – 12 h</table>`:                           "Lundi fermée, Mardi 9 h – 12 h",
		`<table><thead><tr><th>name<td>Length</thead><tr><th>Cod<td>long<tr><th>Sole<td>flat</table>`: "Cod long, Sole flat",
		`<table><tr><th scope=col>name<td>Length<tr><th>Cod<td>long<tr><th>Sole<td>flat</table>`:      "Cod long, Sole flat",
		// a cell that is as high as several rows stands in each, and heads below heads name the columns
		`<table><tr><th>town<th>name<th>E10<tr><td rowspan=2>Ham<td>Ampol<td>180<tr><td>Shell<td>182<tr><td>Ely<td>BP<td>179</table>`:                  "Ampol Ham 180, Shell Ham 182, BP Ely 179",
		`<h1>Division</h1><table><tr><th>name<th>P<tr><th colspan=2>One<tr><td>Ham<td>7<tr><td>Ely<td>6<tr><th colspan=2>Two<tr><td>Bury<td>5</table>`: "Ham 7 One, Ely 6 One, Bury 5 Two",
		`<table><thead><tr><th rowspan=2>name<th colspan=2>Days<tr><th>From<th>Until</thead><tr><td>Pool<td>Mon<td>Sat</table>`:                        "Pool Mon Sat",
	} {
		server := httptest.NewServer(served("<!doctype html><html><body>"+body, "text/html; charset=utf-8"))
		source := sourcetest.Open(t, table.Kind, sourcetest.Env(t, ""), values{"url": server.URL, "key": "name"})
		s, err := source.Fetch(t.Context(), "table", nil)
		server.Close()
		var got []string
		for _, it := range s.Items {
			row := it.Title
			for _, f := range it.Facts {
				if f.Text != it.Title {
					row += " " + f.Text
				}
			}
			got = append(got, row)
		}
		if all := strings.Join(got, ", "); err != nil || all != want {
			t.Errorf("%s: %s, %v; want %s", body, all, err, want)
		}
	}
	body := "<!doctype html><html><body><h1>Programme</h1><table><tr><th>9:00<td>News<tr><th>10:00<td>Film<tr><th>11:30<td>Quiz</table>"
	if found := (&table.Settings{}).Discover(page(body)); len(found) != 1 {
		t.Errorf("found %+v", found)
	} else if _, s := fetchFound(t, found[0], body); len(s.Items) != 3 {
		t.Errorf("by names behind their times: %v", s.Items)
	}
	server := httptest.NewServer(served(`<!doctype html><html><body><table><tr><td>Plein tarif<td>9 €<tr><td>Réduit<td>6 €</table>`, "text/html; charset=utf-8"))
	defer server.Close()
	s, err := sourcetest.Open(t, table.Kind, sourcetest.Env(t, ""), values{"url": server.URL, "key": "Plein tarif"}).Fetch(t.Context(), "table", nil)
	if err != nil || len(s.Items) != 1 || s.Items[0].Title != "Réduit" {
		t.Errorf("by a cell of the first row: %v, %v", s.Items, err)
	}
}

// TestPricesOfAListAreToldAsPrices: their label is the word of the language, and none of the page.
func TestPricesOfAListAreToldAsPrices(t *testing.T) {
	server := httptest.NewServer(served(`<!doctype html><html><body><h1>Commodities</h1><ul><li>Gold – $4,105.20<li>Copper – $10,820<li>Wheat – $5.62</ul>`, "text/html; charset=utf-8"))
	defer server.Close()
	source := sourcetest.Open(t, table.Kind, sourcetest.Env(t, ""), values{"url": server.URL, "key": "name"})
	s, err := source.Fetch(t.Context(), "table", nil)
	if err != nil {
		t.Fatal(err)
	}
	if reply := fmt.Sprint(source.(pull.Speaker).Say(s.Items[:1], pull.Voice{Language: "de"})); !strings.Contains(reply, "Preis $4,105.20") || strings.Contains(reply, "Commodities") {
		t.Errorf("it is told as %s", reply)
	}
}

// TestRowsOfDaysAreAskedForByDay holds for a table of days and figures, whose columns are told in their order.
func TestRowsOfDaysAreAskedForByDay(t *testing.T) {
	at := time.Now().UTC()
	day := func(n int) string { return at.AddDate(0, 0, n).Format("02/01") }
	body := `<h1>Marés</h1><table><tr><th>Data<th>1.ª preia-mar<th>Altura<th>1.ª baixa-mar<th>Altura` +
		`<tr><td>` + day(0) + `<td>04:12<td>3,1 m<td>10:25<td>0,9 m<tr><td>` + day(1) + `<td>05:01<td>3,2 m<td>11:15<td>0,8 m<tr><td>` + day(13) + `<td>05:52<td>3,3 m<td>—<td>—</table>`
	d := page(body)
	d.Fetched = at
	found := (&table.Settings{}).Discover(d)
	if len(found) != 1 || found[0].Settings["shape"] != "event" {
		t.Fatalf("found %+v", found)
	}
	source, s := fetchFound(t, found[0], string(d.Body))
	selected, err := source.Select(t.Context(), s, pull.Query{Argument: "tomorrow", At: at, Count: 3, Language: "en"})
	if err != nil || len(selected.Items) != 1 {
		t.Fatalf("tomorrow is %v, %v", selected.Items, err)
	}
	const want = "1 ª preia mar 05:01 Altura 3,2 m 1 ª baixa mar 11:15 Altura 1 ª baixa mar 0,8 m"
	if reply := fmt.Sprint(source.(pull.Speaker).Say(selected.Items, pull.Voice{Language: "en", At: at})); !strings.Contains(strings.NewReplacer("{", "", "}", "").Replace(reply), want) {
		t.Errorf("told as %s", reply)
	}
}

// TestRowsOfOneDayAreToldTogether holds for a table in which each day has several rows.
func TestRowsOfOneDayAreToldTogether(t *testing.T) {
	at := time.Now().UTC()
	day := func(n int) string { return at.AddDate(0, 0, n).Format("Monday 2 January") }
	d := page(`<h1>Tides</h1><table><tr><th>Day<th>Tide<th>Time<th>Height<tr><td rowspan=2>` + day(0) + `<td>Low<td>2.41am<td>0.3 m<tr><td>High<td>8.55am<td>1.7 m` +
		`<tr><td rowspan=2>` + day(1) + `<td>Low<td>3.22am<td>0.4 m<tr><td>High<td>9.41am<td>1.8 m</table>`)
	d.Fetched = at
	found := (&table.Settings{}).Discover(d)
	if len(found) != 1 || found[0].Count != 2 || fmt.Sprint(found[0].Settings["columns"]) != "map[Day:start Tide:title Time:time]" {
		t.Errorf("found %+v", found)
	}
}

// TestWhatEachDayOfTheWeekHasIsAskedForByDay holds for the menus of a canteen, whose days name no month.
func TestWhatEachDayOfTheWeekHasIsAskedForByDay(t *testing.T) {
	at := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	for language, days := range map[string][3]string{"fr": {"Lundi 30", "Mardi 1er", "Jeudi 3"}, "en": {"Monday", "Tuesday", "Thursday"}, "de": {"Mo.", "Di.", "Do."}} {
		d := page(fmt.Sprintf(`<h2>Week 49</h2><table><tr><th>Day<th>Starter<th>Dish<tr><td>%s<td>Carrots<td>Dumplings<tr><td>%s<td>Soup<td>Omelette<tr><td>%s<td>Beetroot<td>Chicken</table>`, days[0], days[1], days[2]))
		d.Body = bytes.Replace(d.Body, []byte("<html>"), []byte("<html lang="+language+">"), 1)
		d.Fetched = at
		found := (&table.Settings{}).Discover(d)
		if len(found) != 1 || found[0].Settings["shape"] != "event" {
			t.Fatalf("%s: found %+v", days[0], found)
		}
		server := httptest.NewServer(served(string(d.Body), d.Type))
		found[0].Settings["url"] = server.URL
		env := sourcetest.EnvAt(t, "", func() time.Time { return at })
		env.Languages = []string{language}
		source := sourcetest.Open(t, table.Kind, env, found[0].Settings)
		s, err := source.Fetch(t.Context(), "table", nil)
		server.Close()
		if err != nil {
			t.Fatal(err)
		}
		selected, err := source.Select(t.Context(), s, pull.Query{Argument: "tuesday", At: at, Count: 3, Language: "en"})
		if err != nil || len(selected.Items) != 1 || !strings.Contains(fmt.Sprint(selected.Items[0]), "Omelette") {
			t.Errorf("%s: tuesday is %v, %v", days[1], selected.Items, err)
		}
	}
}

// TestListsOfNamesAreRows holds for what stands below each other in lines or boxes of one kind; its rows are called by
// what is written in bold, else by the first part that each has to itself.
func TestListsOfNamesAreRows(t *testing.T) {
	for body, want := range map[string]string{
		`<ul><li><span>Ibovespa</span> <span>158.442</span><li><span>Nasdaq</span> <span>23.366</span><li><span>S&amp;P 500</span> <span>6.849</span></ul>`:   "Ibovespa",
		`<div><i>Pets</i> <b>Kelpie pups</b> $450<br>Three boys</div><div><i>Jobs</i> <b>Deckhand</b> $34</div><div><i>Boats</i> <b>Tinny</b> $7,900</div>`:   "Kelpie pups",
		`<div><i>Closed</i> <i>Coach Road</i> Landslip</div><div><i>Closed</i> <i>Mill Lane</i> Works</div><div><i>Open</i> <i>High Street</i> 40 km/h</div>`: "Coach Road",
		`<ul><li><i>Weir</i> <i>-0.2</i><li><i>Dam</i> – <i>+1.3</i><li><i>Lake</i> <i>0</i></ul>`:                                                            "Weir",
		`<ul><li>Editor: Lorraine<li>Sport: Theo<li>Letters: Jan</ul>`:                                                                                        "Editor",
		`<h2>Mill</h2><ul><li>Where: Ham<li>Opens: 9<li>Costs: 5</ul><h2>Fort</h2><ul><li>Where: Ely<li>Opens: 8<li>Costs: 7</ul>`:                            "", // labels
		// no names: teasers that lead elsewhere, times, a menu, and sentences
		`<div><a href="/a">Bridge opens</a> <i>today</i></div><div><a href="/b">Mill closes</a> <i>now</i></div><div><a href="/c">Rain</a> <i>soon</i></div>`: "",
		`<ul><li><i>6.00pm</i> <i>Field 1</i><li><i>6.50pm</i> <i>Field 1</i><li><i>7.40pm</i> <i>Field 1</i></ul>`:                                           "",
		`<nav><ul><li><i>News</i> <i>12</i><li><i>Sport</i> <i>3</i><li><i>Jobs</i> <i>7</i></ul></nav>`:                                                      "",
		`<p>The <b>bridge</b> opens. <i>Soon.</i></p><p>The <b>mill</b> closes. <i>Now.</i></p><p>It <b>rains</b>. <i>Still.</i></p>`:                         "",
	} {
		got := ""
		if found := (&table.Settings{}).Discover(page("<main><h1>Around town</h1>" + body + "</main>")); len(found) > 0 {
			got = found[0].Argument
		}
		if got != want {
			t.Errorf("%s: called %q, want %q", body, got, want)
		}
	}
}

// TestWhatAListTellsOfANameIsToldWhole holds for signs of numbers, and for several rows, each of which is a line.
func TestWhatAListTellsOfANameIsToldWhole(t *testing.T) {
	for list, want := range map[string]string{
		`<li><i>Weir</i> <i>-0.2</i> <i>Depth: 9 m</i><li><i>Dam</i> – <i>+1.3</i> <i>Depth: 7 m</i><li><i>Lake:</i> <i>full</i> <i>Depth: 2 m</i>, <i>open</i>`: "Weir · -0.2 · 9 m, Dam · +1.3 · 7 m, Lake · full, open · 2 m",
		// what all begin with may turn round what is told
		`<li><b>Mill Road</b> No parking<li><b>High Street</b> No through road<li><b>Quay</b> No dogs`: "Mill Road · No parking, High Street · No through road, Quay · No dogs",
	} {
		body := "<!doctype html><html><body><h1>Around town</h1><ul>" + list + "</ul>"
		found := (&table.Settings{}).Discover(page(body))
		source, s := fetchFound(t, found[0], body)
		var got []string
		for _, b := range source.(pull.Speaker).Say(s.Items, pull.Voice{Language: "en"}).Blocks {
			got = append(got, b.Text)
		}
		if all := strings.Join(got, ", "); all != want {
			t.Errorf("%s: %q, want %q", list, all, want)
		}
	}
}

// fetchFound opens what was found of a page, and fetches it from a server that tells that.
func fetchFound(t *testing.T, f sources.Found, body string) (pull.Source, pull.Snapshot) {
	t.Helper()
	server := httptest.NewServer(served(body, "text/html; charset=utf-8"))
	defer server.Close()
	f.Settings["url"] = server.URL
	source := sourcetest.Open(t, table.Kind, sourcetest.Env(t, ""), f.Settings)
	s, err := source.Fetch(t.Context(), "table", nil)
	if err != nil {
		t.Fatal(err)
	}
	return source, s
}

// page is a web page.
func page(body string) sources.Document {
	return sources.Document{Address: "https://example.org/p", URL: "https://example.org/p", Type: "text/html; charset=utf-8", Body: []byte("<!doctype html><html><body>" + body)}
}

// TestRowsAreFoundByWhatTheyAreCalled holds which column of a page's table names its rows.
func TestRowsAreFoundByWhatTheyAreCalled(t *testing.T) {
	for body, want := range map[string]string{
		// of days, hours and lessons it is the lessons, though one comes twice
		`<table><tr><th>Day<th>At<th>Lesson<tr><td>Mon<td>9:00<td>Yoga<tr><td>Mon<td>11:00<td>Spinning<tr><td>Sat<td>8:00<td>Spinning<tr><td>Sat<td>9:00<td>Zumba</table>`: "Lesson",
		`<table><tr><th>Lesson<th>From<tr><td>1st lesson<td>8:30<tr><td>2nd lesson<td>9:20</table>`:                                                                        "Lesson",
		// the parts of a line in boxes of their own are a name and its price
		`<h1>Gym</h1><ul><li><div><span>Day</span><span>9 €</span></div><li><div><span>Month</span><span>50 €</span></div><li><div><span>Year</span><span>400 €</span></div></ul>`: "name",
	} {
		found := (&table.Settings{}).Discover(page(body))
		if len(found) != 1 || found[0].Settings["key"] != want {
			t.Errorf("%s: %+v; want rows called by %q", body, found, want)
		}
	}
}
