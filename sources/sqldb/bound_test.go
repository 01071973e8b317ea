package sqldb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources/sqldb"
)

func TestWhatReadersWriteIsAValue(t *testing.T) {
	for _, database := range databases {
		source := opened(t, database, values{"query": "SELECT sku, title, price FROM products WHERE sku = {argument} OR title = {argument} ORDER BY sku", "shape": "product", "key": "sku"})
		for argument, want := range map[string]int{
			"A-1": 1, "Garden chair": 1, "": 0, "zzz": 0, "x' OR '1'='1": 0, "x' OR 1=1 -- ": 0, `x\' OR 1=1 #`: 0, "'; DROP TABLE products; --": 0, "\") OR 1=1 /*": 0, "{language}": 0, "$1": 0, "?": 0, "%": 0,
		} {
			_, found, err := ask(t, source, argument)
			if err != nil || len(found.Items) != want {
				t.Errorf("%s: %q finds %d, %v; want %d", database, argument, len(found.Items), err, want)
			}
		}
	}
}

func TestPartsOfTextsAreFoundByValueToo(t *testing.T) {
	for database, query := range map[string]string{
		"postgres": "SELECT title FROM products WHERE title ILIKE '%' || {argument} || '%'",
		"mariadb":  "SELECT title FROM products WHERE title LIKE concat('%', {argument}, '%')",
		"sqlite":   "SELECT title FROM products WHERE title LIKE '%' || {argument} || '%'",
	} {
		_, found, err := ask(t, opened(t, database, values{"query": query}), "lamp")
		if err != nil || len(found.Items) != 2 {
			t.Errorf("%s finds %v, %v", database, found.Items, err)
		}
	}
}

func TestWhatReadersSayOfThemselvesStaysTheirs(t *testing.T) {
	for _, database := range databases {
		source := opened(t, database, values{"query": "SELECT id, title FROM news WHERE town = {reader.city} AND {language} <> ''"})
		personal, ok := source.(pull.Personal)
		if !ok || !slices.Equal(personal.Wants(), []string{"city"}) {
			t.Fatalf("%s: it wants to know nothing", database)
		}
		key, err := source.Key(pull.Query{Count: 1, Language: "en", Argument: "whatever", Reader: map[string]string{"city": "Springfield", "name": "Ann"}})
		if err != nil || !strings.HasPrefix(key, pull.PrivateKey("")) || strings.Contains(key, "Ann") || strings.Contains(key, "whatever") {
			t.Errorf("%s: the key is %q, %v", database, key, err)
		}
		s, err := source.Fetch(t.Context(), key, nil)
		if err != nil || len(s.Items) != 1 || s.Items[0].Title != "Bridge closed" {
			t.Errorf("%s brings %v, %v", database, s.Items, err)
		}
		key, err = source.Key(pull.Query{Count: 1, Language: "en"})
		if err != nil || strings.HasPrefix(key, pull.PrivateKey("")) {
			t.Errorf("%s: the key of nobody is %q, %v", database, key, err)
		}
		if s, err = source.Fetch(t.Context(), key, nil); err != nil || len(s.Items) != 0 {
			t.Errorf("%s brings %v for nobody, %v", database, s.Items, err)
		}
	}
	if _, ok := opened(t, "sqlite", values{"query": "SELECT title FROM news WHERE title <> {argument}"}).(pull.Personal); ok {
		t.Error("it wants to know something of readers, and its query does not")
	}
}

func TestValuesKeepWhatTheyAre(t *testing.T) {
	s, _, err := ask(t, opened(t, "postgres", values{"query": "SELECT i, n, f, t AS title, d, z, l, j ->> 'k' AS k, b, y, u FROM kinds", "zone": "Europe/Paris"}), "")
	if err != nil || len(s.Items) != 1 {
		t.Fatal(s.Items, err)
	}
	var got []string
	for _, f := range s.Items[0].Facts {
		got = append(got, fmt.Sprint(f.Name, f.Kind, "=", f.Text, strings.Join(f.List, "+")))
	}
	want := []string{"i2=9007199254740993", "n1=12.50", "f1=0.5", "d0=2026-03-01", "z0=2026-03-01T09:00:00Z", "l3=a b+c", "k0=[1, 2]", "y0=true", "u0=a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}
	if !slices.Equal(got, want) {
		t.Errorf("the facts are\n%q, want\n%q", got, want)
	}
	for _, database := range databases {
		s, _, err := ask(t, opened(t, database, values{"query": "SELECT id, title, published FROM news WHERE id = 1", "shape": "article", "zone": "Europe/Paris"}), "")
		want := "2026-03-01 07:30:00 +0000 UTC"
		if database == "sqlite" {
			want = "2026-03-01 08:30:00 +0000 UTC" // its times are in UTC
		}
		if err != nil || len(s.Items) != 1 || s.Items[0].Published.UTC().String() != want {
			t.Errorf("%s: %v, %v; want it published at %s", database, s.Items, err, want)
		}
	}
}

func FuzzStatement(f *testing.F) {
	for _, list := range append([][]string{everywhere}, refusedBy["postgres"], refusedBy["mariadb"], refusedBy["sqlite"], taken[""], taken["postgres"], taken["mariadb"]) {
		for _, query := range list {
			f.Add(query)
		}
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, dialect := range databases {
			text, places, err := sqldb.Prepare(dialect, query)
			if err != nil {
				continue
			}
			again, _, err := sqldb.Prepare(dialect, text)
			if places == 0 && (err != nil || again != text) {
				t.Errorf("%s takes %q as %q, and that as %q, %v", dialect, query, text, again, err)
			}
		}
	})
}
