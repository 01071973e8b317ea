package shape_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/shape"
)

var (
	fetched = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	berlin  = func() *time.Location { z, _ := time.LoadLocation("Europe/Berlin"); return z }()
)

// record reads an object of JSON in the order in which it is written.
func record(t testing.TB, text string) shape.Record {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var r shape.Record
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		v := shape.Value{Name: name.(string)}
		if err := d.Decode(&v.V); err != nil {
			t.Fatal(err)
		}
		r = append(r, v)
	}
	return r
}

func made(t testing.TB, o shape.Options, records ...string) shape.Batch {
	t.Helper()
	var all []shape.Record
	for _, text := range records {
		all = append(all, record(t, text))
	}
	return shape.New(o).Make(all, fetched, nil)
}

func TestValuesFillTheirParts(t *testing.T) {
	for name, c := range map[string]struct {
		options shape.Options
		record  string
		want    what.Item
	}{
		"an article": {
			shape.Options{Shape: shape.Article, Base: "https://paper.example/news/"},
			`{"id":7,"title":"Bridge &amp; tunnel","excerpt":"<p>Closed.</p>","content":"One.\n\nTwo.","url":"a-b","image":{"source_url":"/i.jpg","alt_text":"A bridge"},"date":"2026-05-03T10:00:00+02:00","lang":"de_DE","author":"Kim"}`,
			what.Item{
				ID: "7", Title: "Bridge & tunnel", Language: "de-DE", Summary: "Closed.", Body: "One.\n\nTwo.", Link: "https://paper.example/news/a-b",
				Media: []what.Media{{Type: what.Image, URL: "https://paper.example/i.jpg", Alt: "A bridge"}}, Published: time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC),
				Facts: what.Facts{{Name: "excerpt", Text: "Closed."}, {Name: "url", Text: "a-b"}, {Name: "date", Text: "2026-05-03T10:00:00+02:00"}, {Name: "lang", Text: "de_DE"}, {Name: "author", Text: "Kim"}},
			},
		},
		"a recipe": {
			shape.Options{Shape: shape.Recipe},
			`{"title":"Soup","ingredients":["1 leek","2 potatoes"],"steps":"Cut.\nBoil.","prep_minutes":"PT15M","cook_minutes":25,"yield":4,"rating":4.5}`,
			what.Item{ID: "a9d7e9b1eb0c5a6f", Title: "Soup", Facts: what.Facts{
				{Name: "ingredients", Kind: what.List, List: []string{"1 leek", "2 potatoes"}}, {Name: "steps", Kind: what.List, List: []string{"Cut.", "Boil."}},
				{Name: "prep_minutes", Kind: what.Integer, Text: "15"}, {Name: "cook_minutes", Kind: what.Integer, Text: "25"}, {Name: "yield", Kind: what.Integer, Text: "4"},
				{Name: "rating", Kind: what.Decimal, Text: "4.5"},
			}},
		},
		"a quote": {
			shape.Options{Shape: shape.Quote},
			`{"symbol":"AB","name":"Alpha Beta","price":512.30,"change":"-0.4%","currency":"INR","as_of":"2026-05-04T11:59:00Z"}`,
			what.Item{ID: "AB", Title: "Alpha Beta", AsOf: time.Date(2026, 5, 4, 11, 59, 0, 0, time.UTC), Facts: what.Facts{
				{Name: "price", Kind: what.Decimal, Text: "512.30"}, {Name: "change", Kind: what.Decimal, Text: "-0.4"}, {Name: "change_unit", Text: "%"},
				{Name: "currency", Text: "INR"}, {Name: "symbol", Text: "AB"}, {Name: "name", Text: "Alpha Beta"},
			}},
		},
		"a product": {
			shape.Options{Shape: shape.Product, Language: "de"},
			`{"title":"Boot","price":"1.299,00 €","stock":12345678901234567890,"sku":"00712","size":"42"}`,
			what.Item{ID: "00712", Title: "Boot", Facts: what.Facts{
				{Name: "price", Kind: what.Decimal, Text: "1299.00"}, {Name: "currency", Text: "€"}, {Name: "stock", Kind: what.Integer, Text: "12345678901234567890"},
				{Name: "sku", Text: "00712"}, {Name: "size", Text: "42"},
			}},
		},
		"an event": {
			shape.Options{Shape: shape.Event, Zone: berlin},
			`{"id":"e","name":"Fair","startDate":"2026-07-01 18:00","end":"2026-07-02","location":{"name":"Market"}}`,
			what.Item{ID: "e", Title: "Fair", Facts: what.Facts{
				{Name: "start", Text: "2026-07-01T18:00:00+02:00"}, {Name: "end", Text: "2026-07-02"}, {Name: "place", Text: "Market"},
				{Name: "name", Text: "Fair"}, {Name: "startDate", Text: "2026-07-01 18:00"}, {Name: "location", Text: "Market"},
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := made(t, c.options, c.record)
			if len(b.Items) != 1 || len(b.Problems) > 0 {
				t.Fatalf("%d items, problems %v", len(b.Items), b.Warnings())
			}
			if name == "a recipe" {
				c.want.ID = b.Items[0].ID // a sum
			}
			if diff := cmp.Diff(c.want, b.Items[0]); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestPricesAreReadAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct{ language, written, price, currency string }{
		{"en", `"1,234"`, "1234", ""}, {"de", `"1,234"`, "1.234", ""}, {"de", `"1.234"`, "1234", ""}, {"en", `"1.234"`, "1.234", ""}, {"fr", `"1 234,50 €"`, "1234.50", "€"},
		{"en", `"EUR 12.50"`, "12.50", "EUR"}, {"de", `"12,50 EUR"`, "12.50", "EUR"}, {"de", `"12.50"`, "12.50", ""}, {"en", `"£1,234.50"`, "1234.50", "£"}, {"de", `"CHF 1'234.50"`, "1234.50", "CHF"},
		{"de", `"CHF 12.—"`, "12", "CHF"}, {"de", `"12,- €"`, "12", "€"}, {"en", `"(3.20)"`, "-3.20", ""}, {"en", `"−3.20"`, "-3.20", ""}, {"en", `0.10000000000000000001`, "0.10000000000000000001", ""},
		{"de", `1.234`, "1.234", ""}, {"en", `1e3`, "1000", ""}, {"ar", `"١٢٫٥"`, "12.5", ""}, {"hi", `"12,34,567.50"`, "1234567.50", ""}, {"en", `"0.125"`, "0.125", ""}, {"de", `"0.125"`, "0.125", ""},
		{"it", `"3,99 € al mese"`, "3.99", "€ al mese"}, {"it", `"39 €/anno"`, "39", "€/anno"}, {"en", `"$9.99/month"`, "9.99", "$/month"}, {"pl", `"99 zł miesięcznie"`, "99", "zł miesięcznie"},
		{"de", `"12,50 € pro Monat"`, "12.50", "€ pro Monat"}, {"en", `"£25 a month"`, "25", "£ a month"}, {"de", `"CHF 15.– pro Monat"`, "15", "CHF pro Monat"}, {"de", `"1.234 € / Jahr"`, "1234", "€/Jahr"},
		{"cs", `"499 Kč ročně"`, "499", "Kč ročně"}, {"no", `"kr 99 per måned"`, "99", "kr per måned"}, {"fr", `"9,90 EUR mensuels"`, "9.90", "EUR mensuels"}, {"it", `"€ 39 all'anno"`, "39", "€ all'anno"},
	} {
		b := made(t, shape.Options{Shape: shape.Product, Language: c.language}, `{"title":"x","price":`+c.written+`}`)
		facts := b.Items[0].Facts
		if got := [2]string{facts.Text("price"), facts.Text("currency")}; got != [2]string{c.price, c.currency} {
			t.Errorf("%s in %s became %q; want %s %s", c.written, c.language, got, c.price, c.currency)
		}
	}
	for _, written := range []string{`"free"`, `"12 kg"`, `"5%"`, `"1-2"`, `"1.2.3,4,5"`, `"--5"`, `"12+"`, `"5+ €"`, `"2,20 € / 2,80 €"`, `"12 kg al mese"`, `true`, `1e999`, `"` + strings.Repeat("9", 100) + `"`} {
		b := made(t, shape.Options{Shape: shape.Product, Language: "en"}, `{"title":"x","price":`+written+`}`)
		if _, there := b.Items[0].Facts.Find("price"); there || len(b.Problems) != 1 || b.Problems[0].Field != "price" {
			t.Errorf("%s became %v with %v", written, b.Items[0].Facts, b.Warnings())
		}
	}
	// What one price shows holds for all of its name.
	b := made(t, shape.Options{Shape: shape.Product, Language: "de"}, `{"title":"x","price":"1.500"}`, `{"title":"y","price":"12.50"}`)
	if got := b.Items[0].Facts.Text("price"); got != "1.500" {
		t.Errorf("beside 12.50, 1.500 became %s", got)
	}
}

func TestWhatIsWrongIsToldByRecordAndField(t *testing.T) {
	b := made(t, shape.Options{Shape: shape.Quote, Language: "en"},
		`{"symbol":"A","price":1}`, `{"symbol":"B"}`, `{"symbol":"C","price":"soon"}`, `{"symbol":"D","price":2,"as_of":"yesterday"}`, `{"symbol":"E","price":2,"link":"javascript:alert(1)"}`)
	var got []string
	for _, p := range b.Problems {
		got = append(got, p.Text().String())
	}
	want := []string{
		"entry 2, price: there is no price; check which value is the price", "entry 3, price: soon is not a number",
		"entry 4, as_of: yesterday is no time that can be known; write it with its zone, such as 2026-05-01T18:00:00+02:00", "entry 5, link: javascript:alert(1) is no web address",
	}
	if diff := cmp.Diff(want, got); diff != "" || len(b.Items) != 3 {
		t.Errorf("%d items; want -, got +:\n%s", len(b.Items), diff)
	}
	if lost := made(t, shape.Options{Shape: shape.Quote}, `{"price":null}`).Lost(); !strings.Contains(lost.String(), "no price") {
		t.Errorf("nothing was made, and it is said: %q", lost)
	}
}

func TestTextsOfAFileAreNumbersWhereTheyLookLikeThem(t *testing.T) {
	b := made(t, shape.Options{Untyped: true, Language: "de"}, `{"name":"x","rooms":"3","weight":"1,5","zip":"01099","phone":"030123","code":"7","when":"2026-05-01","Price per m²":"4,20","points":"2.985","+/-":"-0,42"}`)
	want := what.Facts{
		{Name: "name", Text: "x"}, {Name: "rooms", Kind: what.Integer, Text: "3"}, {Name: "weight", Kind: what.Decimal, Text: "1.5"}, {Name: "zip", Text: "01099"}, {Name: "phone", Text: "030123"},
		{Name: "code", Text: "7"}, {Name: "when", Text: "2026-05-01"}, {Name: "price_per_m", Kind: what.Decimal, Text: "4.20"},
		{Name: "points", Text: "2.985"}, {Name: "change", Kind: what.Decimal, Text: "-0.42"},
	}
	if diff := cmp.Diff(want, b.Items[0].Facts); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestEventsThatAreOverAreNotTold(t *testing.T) {
	m := shape.New(shape.Options{Shape: shape.Event, Zone: berlin})
	b := made(t, shape.Options{Shape: shape.Event, Zone: berlin},
		`{"title":"later","start":"2026-06-01T18:00:00+02:00"}`, `{"title":"over","start":"2026-05-04T09:00:00+02:00"}`, `{"title":"on","start":"2026-05-04T09:00:00+02:00","end":"2026-05-04T20:00:00+02:00"}`,
		`{"title":"today","start":"2026-05-04"}`, `{"title":"yesterday","start":"2026-05-03"}`,
		`{"title":"shown","start":"Du 12 octobre 2025 au 28 juin 2026"}`, `{"title":"last day","start":"vom 2. April bis 4. Mai 2026"}`, `{"title":"taken down","start":"2–3 May 2026"}`)
	var got []string
	for _, it := range m.Select(b.Items, pull.Query{Count: 9, At: fetched}).Items {
		got = append(got, it.Title)
	}
	if want := []string{"shown", "last day", "today", "on", "later"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheAdmissionOfAnEventIsToldWithItsCurrency(t *testing.T) {
	m := shape.New(shape.Options{Shape: shape.Event, Zone: berlin})
	b := made(t, shape.Options{Shape: shape.Event, Zone: berlin}, `{"title":"Fair","start":"2026-06-01","admission":"60.5","currency":"PLN","town":"Płock"}`)
	var told []string
	for _, block := range m.Say(b.Items, pull.Voice{Language: "pl", At: fetched}).Blocks {
		for _, f := range block.Facts {
			told = append(told, f.Label+": "+f.Value)
		}
	}
	if want := []string{"Początek: 1 czerwca 2026", "Wstęp: 60,5 PLN", "Miasto: Płock"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestProductsAreAskedForByNameAndSoldOutOnesSaySo(t *testing.T) {
	m := shape.New(shape.Options{Shape: shape.Product})
	b := made(t, shape.Options{Shape: shape.Product}, `{"title":"Red boot","sku":"R1","price":10,"stock":true}`, `{"title":"Blue boot","sku":"B1","price":12.5,"currency":"EUR","stock":"http://schema.org/OutOfStock"}`)
	found := m.Select(b.Items, pull.Query{Argument: "boot", Count: 1})
	if len(found.Choices) != 2 || found.Choices[1].Names[0] != "Blue boot" {
		t.Errorf("two fit, and it is offered %v", found.Choices)
	}
	for _, argument := range []string{"blue boot", "b1", found.Choices[1].Value, "blue"} {
		got := m.Select(b.Items, pull.Query{Argument: argument, Count: 1})
		if len(got.Items) != 1 || got.Items[0].Title != "Blue boot" {
			t.Errorf("%q finds %v", argument, got)
		}
	}
	reply := m.Say(b.Items[1:], pull.Voice{Language: "de", Zone: berlin, At: fetched})
	if got := reply.Blocks[1].Facts; len(got) != 3 || got[0].Value != "12,5 EUR" || got[1].Value != "Ausverkauft" {
		t.Errorf("it is said %+v", reply.Blocks)
	}
}

// TestValuesOfARowAreNamedWhereTheyLookAlike looks at rows told in a list.
func TestValuesOfARowAreNamedWhereTheyLookAlike(t *testing.T) {
	for name, c := range map[string]struct{ record, want string }{
		"prices":                        {`{"name":"Day pass","Adult":"£14.50","Child":"£9.00"}`, "Day pass · Adult £14.50 · Child £9.00"},
		"degrees":                       {`{"name":"Tuesday","Adult":"0","Child":"-2"}`, "Tuesday · Adult 0 · Child -2"},
		"counts beside a text":          {`{"name":"Millers","Coach":"Ada","Played":10,"Points":20}`, "Millers · Ada · Played 10 · Points 20"},
		"values of their own":           {`{"name":"Wipro","Price":"254.30 INR","Change":"0.4 %"}`, "Wipro · 254.30 INR · 0.4 %"},
		"texts":                         {`{"name":"Ada","Room":"Blue","Floor":"Top"}`, "Ada · Blue · Top"},
		"names that are numbered alone": {`{"name":"Monday","Lanes":"10:00 – 12:00","Lanes 2":"14:00 – 20:00"}`, "Monday · 10:00 – 12:00 · 14:00 – 20:00"},
	} {
		o := shape.Options{Untyped: true, Key: "name", Language: "en"}
		b := made(t, o, c.record, `{"name":"Other","Adult":"1","Child":"2"}`)
		reply := shape.New(o).Say(b.Items, pull.Voice{Language: "en", Zone: berlin, At: fetched})
		if got := reply.Blocks[0].Text; got != c.want {
			t.Errorf("%s: told %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatWasFirstSeenStaysSo(t *testing.T) {
	m := shape.New(shape.Options{Shape: shape.Quote})
	quote := func(price string) []shape.Record {
		return []shape.Record{record(t, `{"symbol":"A","price":`+price+`,"time":"noon XYZ"}`)}
	}
	first := m.Make(quote("1"), fetched, nil)
	last := &pull.Snapshot{Items: first.Items}
	if again := m.Make(quote("1"), fetched.Add(time.Hour), last); !again.Items[0].Seen.Equal(fetched) {
		t.Errorf("the same price was seen %v", again.Items[0].Seen)
	}
	if other := m.Make(quote("2"), fetched.Add(time.Hour), last); !other.Items[0].Seen.Equal(fetched.Add(time.Hour)) {
		t.Errorf("another price was seen %v", other.Items[0].Seen)
	}
}

// TestAStartIsReadWithWhatStandsBesideIt takes days whose place stands behind them, or whose time
// of the day stands by itself.
func TestAStartIsReadWithWhatStandsBesideIt(t *testing.T) {
	m := shape.New(shape.Options{Shape: shape.Event, Zone: berlin})
	for text, want := range map[string][2]string{
		`{"title":"A","start":"5 December 2026, 19:00 h. Town hall"}`:               {"2026-12-05T19:00:00+01:00", "Town hall"},
		`{"title":"B","start":"5 December 2026 (barn)"}`:                            {"2026-12-05", "barn"},
		`{"title":"C","start":"5 December 2026","time":"10:30 Uhr","place":"Park"}`: {"2026-12-05T10:30:00+01:00", "Park"},
		`{"title":"D","start":"5 December 2026","time":"in the morning"}`:           {"2026-12-05", ""},
		`{"title":"E","start":"5 December 2026, Town hall","time":"19:00"}`:         {"2026-12-05T19:00:00+01:00", "Town hall"},
	} {
		it := m.Make([]shape.Record{record(t, text)}, fetched, nil).Items[0]
		if got := [2]string{it.Facts.Text("start"), it.Facts.Text("place")}; got != want {
			t.Errorf("%s is %v, not %v", text, got, want)
		}
	}
	for _, kept := range []string{`"as_of":"2026-11-30T10:00:00Z"`, `"time":"doors 18:30"`} {
		it := m.Make([]shape.Record{record(t, `{"title":"F","start":"2026-12-05T19:00:00+01:00",`+kept+`}`)}, fetched, nil).Items[0]
		if it.AsOf.IsZero() && it.Facts.Text("time") == "" {
			t.Errorf("%s beside a whole start is lost: %+v", kept, it)
		}
	}
}

// TestATimeThatNamesItsZoneIsThatMoment whichever zone the publisher is in; one
// that names none is the publisher's.
func TestATimeThatNamesItsZoneIsThatMoment(t *testing.T) {
	for text, want := range map[string]string{
		"2027-06-05T11:00:00+02:00":     "2027-06-05T11:00:00+02:00",
		"2027-06-05T11:00:00.000+02:00": "2027-06-05T11:00:00+02:00",
		"2027-06-05T11:00+02:00":        "2027-06-05T11:00:00+02:00",
		"2027-06-05 11:00:00+0200":      "2027-06-05T11:00:00+02:00",
		"2027-06-05T03:30:00-05:30":     "2027-06-05T11:00:00+02:00",
		"2027-06-05T09:00:00Z":          "2027-06-05T11:00:00+02:00",
		"2027-06-05 11:00":              "2027-06-05T11:00:00+02:00",
		"2027-06-05T11:00:00":           "2027-06-05T11:00:00+02:00",
		"5 June 2027, 11:00":            "2027-06-05T11:00:00+02:00",
		"Sa 5. Juni, 11 – 13 Uhr":       "2026-06-05T11:00:00+02:00",
		"2 April, 11:00":                "2026-04-02T11:00:00+02:00",
		"2 February, 11:00":             "2027-02-02T11:00:00+01:00",
	} {
		b := made(t, shape.Options{Shape: shape.Event, Zone: berlin}, `{"title":"tour","start":"`+text+`"}`)
		if got := b.Items[0].Facts.Text("start"); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// TestFurtherNamesAreAskedForAndNotTold holds them in whatever kind they came.
func TestFurtherNamesAreAskedForAndNotTold(t *testing.T) {
	m := shape.New(shape.Options{})
	made := m.Make([]shape.Record{
		{{Name: shape.FactNames, V: []any{"ferry four", "Nordlinie"}}, {Name: "title", V: "Line 4"}, {Name: "delay", V: "none"}},
		{{Name: "title", V: "Line 5"}},
	}, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), nil)
	found := m.Select(made.Items, pull.Query{Argument: "nordlinie", Count: 1})
	if len(found.Items) != 1 || found.Items[0].Title != "Line 4" {
		t.Fatalf("found %+v", found)
	}
	for _, b := range m.Say(found.Items, pull.Voice{Language: "en"}).Blocks {
		for _, f := range b.Facts {
			if strings.Contains(f.Value, "Nordlinie") {
				t.Errorf("its other names are told as %q", f.Label)
			}
		}
	}
}

// TestRowsTellTheirColumnsInAList holds that a list of rows says more than what they
// are called; what leads somewhere, or is a text, is told by its title.
func TestRowsTellTheirColumnsInAList(t *testing.T) {
	m := shape.New(shape.Options{Untyped: true})
	b := m.Make([]shape.Record{
		{{Name: "title", V: "Adult"}, {Name: "Price", V: "£12.50"}, {Name: "Valid", V: "all week"}},
		{{Name: "title", V: "Season"}, {Name: "link", V: "https://quay.example/season"}, {Name: "Price", V: "£90"}},
		{{Name: "title", V: "May I bring a dog?"}, {Name: "body", V: "Yes."}, {Name: "Asked", V: "often"}},
		{{Name: "title", V: "Marsh United"}, {Name: "published", V: fetched.AddDate(0, 2, 0).Format("2 January")}, {Name: "Venue", V: "Home"}},
		{{Name: "title", V: "Infosys"}, {Name: "published", V: "2027-01-12"}, {Name: "Quarter", V: "Q3"}},
		{{Name: "title", V: "Long"}, {Name: "Terms", V: strings.Repeat("many words ", 30)}},
	}, fetched, nil)
	var told []string
	for _, block := range m.Say(b.Items, pull.Voice{Language: "en", At: fetched}).Blocks {
		if block.Kind == pull.Paragraph {
			told = append(told, block.Text)
		}
	}
	if len(told) != 6 || told[0] != "Adult · £12.50 · all week" || told[1] != "Season" || told[2] != "May I bring a dog?" || told[3] != "Marsh United · Home · "+fetched.AddDate(0, 2, 0).Format("2 January 2006") || told[4] != "Infosys · Q3 · 12 January 2027" || len(told[5]) > 120 {
		t.Errorf("the list says %q", told)
	}
}

func TestAQuoteAloneTellsWhatElseIsKnownOfIt(t *testing.T) {
	o := shape.Options{Shape: shape.Quote, Language: "en"}
	b := made(t, o, `{"symbol":"ACME","title":"Acme","price":3.5,"dividend_yield":4.1}`, `{"symbol":"CD","price":2,"dividend_yield":0.5}`)
	told := func(items []what.Item) (facts []string) {
		for _, block := range shape.New(o).Say(items, pull.Voice{Language: "en", At: fetched}).Blocks {
			for _, f := range block.Facts {
				facts = append(facts, f.Label+" "+f.Value)
			}
		}
		return facts
	}
	if diff := cmp.Diff([]string{"Dividend yield 4.1"}, told(b.Items[:1])); diff != "" {
		t.Errorf("one alone; want -, got +:\n%s", diff)
	}
	if both := told(b.Items); len(both) > 0 {
		t.Errorf("two tell %q", both)
	}
}
