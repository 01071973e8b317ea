package fulltext_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/sources/fulltext"
)

var fields = []fulltext.Field{{Name: "title", Weight: 8}, {Name: "body", Weight: 1}}

func open(t testing.TB, path string, change ...func(*fulltext.Options)) *fulltext.Index {
	t.Helper()
	o := fulltext.Options{Path: path, Fields: fields, Languages: []string{"en", "fr", "de"}}
	for _, f := range change {
		f(&o)
	}
	x, err := fulltext.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func put(t testing.TB, x *fulltext.Index, docs ...fulltext.Document) {
	t.Helper()
	for _, d := range docs {
		if err := x.Put(t.Context(), d.Part, d); err != nil {
			t.Fatal(err)
		}
	}
}

func doc(id, language, title, body string) fulltext.Document {
	return fulltext.Document{ID: id, Part: id, Language: language, Texts: map[string]string{"title": title, "body": body}, Payload: []byte(title)}
}

func ids(hits []fulltext.Hit) []string {
	all := []string{}
	for _, h := range hits {
		all = append(all, h.ID)
	}
	return all
}

func search(t testing.TB, x *fulltext.Index, q fulltext.Query) []string {
	t.Helper()
	hits, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return ids(hits)
}

func texts(all ...string) (terms []fulltext.Term) {
	for _, text := range all {
		terms = append(terms, fulltext.Term{Text: text})
	}
	return terms
}

func TestWordsAreFoundInWhateverForm(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "folder", "index.db"))
	put(t, x,
		doc("fr", "fr", "Émincé de poulets rôtis", "Coupez l'oignon."),
		doc("de", "de-AT", "Hühnersuppe mit Spätzle", "Die Äpfel schälen, weiß."),
		doc("en", "en", "Spinach pies", "Roughly chop two tomatoes; don't peel them."),
		doc("ja", "ja", "抹茶ティラミス", "卵を混ぜる"),
		doc("th", "th", "ข้าวผัดกุ้ง", ""),
		doc("ru", "ru", "Салат с яблоками", ""),
		doc("none", "", "Gâteaux 2000", "a b graines"),
	)
	for _, tt := range []struct {
		word string
		want string
	}{
		{"poulet", "fr"}, {"POULETS", "fr"}, {"emince", "fr"}, {"roti", "fr"}, {"oignons", "fr"}, {"l’oignon", "fr"},
		{"huehnersuppe", "de"}, {"rain", ""}, {"Suppe", "de"}, {"suppen", "de"}, {"apfel", "de"}, {"spaetzle", "de"}, {"weiss", "de"},
		{"tomato", "en"}, {"pie", "en"}, {"don't", "en"}, {"chopped", "en"},
		{"ティラミス", "ja"}, {"ﾃｨﾗﾐｽ", "ja"}, {"抹茶", "ja"}, {"茶", "ja"}, {"混", "ja"}, {"ミス抹", ""},
		{"ผัด", "th"}, {"กุ้ง", "th"}, {"гусь", ""}, {"gateau", "none"}, {"2000", "none"}, {"brot", ""}, {"200", ""},
	} {
		want := []string{}
		if tt.want != "" {
			want = append(want, tt.want)
		}
		if got := search(t, x, fulltext.Query{All: texts(tt.word)}); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", tt.word, got, want)
		}
	}
	if got := search(t, x, fulltext.Query{All: texts("яблоко"), Languages: []string{"ru-RU"}}); !slices.Equal(got, []string{"ru"}) {
		t.Errorf("by the rules of a language of the query it finds %q", got)
	}
}

func TestSearchRanksAndFilters(t *testing.T) {
	x := open(t, "")
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	for i, d := range []fulltext.Document{
		doc("a", "en", "Lemon cake", "butter sugar"), doc("b", "fr", "Tarte", "citron lemon cake butter"), doc("c", "en", "Butter chicken", "cream"), doc("d", "", "Cake", "nuts"),
	} {
		d.At, d.Tags = day(1+i), []string{"all"}
		if d.ID == "b" || d.ID == "d" {
			d.Tags = append(d.Tags, "vegan")
		}
		put(t, x, d)
	}
	for _, tt := range []struct {
		name string
		q    fulltext.Query
		want []string
	}{
		{"a title counts more", fulltext.Query{All: texts("cake", "lemon")}, []string{"a", "b"}},
		{"one of several is enough", fulltext.Query{Any: texts("lemon", "chicken", "unheard of")}, []string{"c", "a", "b"}},
		{"what may be there ranks", fulltext.Query{All: texts("butter"), Any: texts("citron sugar", "citron")}, []string{"c", "b", "a"}},
		{"one field alone", fulltext.Query{All: []fulltext.Term{{Text: "butter", In: []string{"title"}}}}, []string{"c"}},
		{"a tag", fulltext.Query{All: texts("cake"), Tags: []string{"vegan", "all"}}, []string{"d", "b"}},
		{"a language, or none", fulltext.Query{All: texts("cake"), Language: "fr-CA"}, []string{"d", "b"}},
		{"a time", fulltext.Query{All: texts("cake"), Before: day(4)}, []string{"a", "b"}},
		{"no words: the newest", fulltext.Query{Limit: 2}, []string{"d", "c"}},
		{"behind those", fulltext.Query{Limit: 2, Offset: 2}, []string{"b", "a"}},
		{"nothing but signs", fulltext.Query{All: texts(`" * ( OR`, "?")}, []string{}},
		{"signs are no operators", fulltext.Query{All: texts(`ca"ke OR butter) NOT`)}, []string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := search(t, x, tt.q)
			if tt.name == "what may be there ranks" {
				slices.Sort(got)
				slices.Sort(tt.want)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if n, err := x.Frequencies(t.Context(), []string{"cake", "nowhere"}, []string{"en"}); !slices.Equal(n, []int{3, 0}) || err != nil {
		t.Errorf("cake stands in %d, %v", n, err)
	}
}

func TestDocumentsAreReplacedAndGoWithTheirPart(t *testing.T) {
	x := open(t, "")
	two := []fulltext.Document{doc("1", "en", "one", ""), doc("2", "en", "two", "")}
	two[0].Names, two[1].Names = []string{"uno", "same"}, []string{"same"}
	if err := x.Put(t.Context(), "page", two...); err != nil {
		t.Fatal(err)
	}
	if hits, err := x.Named(t.Context(), "same", 9); len(hits) != 2 || err != nil {
		t.Errorf("got %v, %v", ids(hits), err)
	}
	two[0].Texts = map[string]string{"title": "first"}
	if err := x.Put(t.Context(), "page", two[0]); err != nil {
		t.Fatal(err)
	}
	if got := search(t, x, fulltext.Query{Any: texts("one", "two", "first")}); !slices.Equal(got, []string{"1"}) {
		t.Errorf("got %q", got)
	}
	if h, ok, err := x.Get(t.Context(), "1"); !ok || err != nil || string(h.Payload) != "one" || h.Part != "page" {
		t.Errorf("got %+v, %v, %v", h, ok, err)
	}
	put(t, x, doc("3", "", "three", ""))
	if err := x.Update(t.Context(), func(ctx context.Context, b *fulltext.Batch) error { return b.Drop(ctx, "page", "unheard of") }); err != nil {
		t.Fatal(err)
	}
	if n, err := x.Count(t.Context()); n != 1 || err != nil {
		t.Errorf("%d are left, %v", n, err)
	}
	if err := x.Delete(t.Context(), "3"); err != nil {
		t.Fatal(err)
	}
	if got := search(t, x, fulltext.Query{}); len(got) != 0 {
		t.Errorf("%q are left", got)
	}
}

func TestAnUpdateIsWholeOrNothing(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "i"))
	stop := errors.New("stop")
	err := x.Update(t.Context(), func(ctx context.Context, b *fulltext.Batch) error {
		if err := errors.Join(b.Put(ctx, "p", doc("1", "", "one", "")), b.Note(ctx, "at", []byte("7"))); err != nil {
			return err
		}
		return stop
	})
	note, noteErr := x.Note(t.Context(), "at")
	if !errors.Is(err, stop) || len(search(t, x, fulltext.Query{})) != 0 || note != nil || noteErr != nil {
		t.Errorf("got %v, %q, %v", err, note, noteErr)
	}
	var lost []string
	err = x.Update(t.Context(), func(ctx context.Context, b *fulltext.Batch) error {
		for n := range 5 {
			d := doc(fmt.Sprint(n), "", "word", "")
			d.At = time.Unix(int64(100+n), 0)
			if err := errors.Join(b.Put(ctx, "p"+d.ID, d), b.Note(ctx, "n/"+d.ID, []byte(d.ID)), b.Note(ctx, "o", []byte("o"))); err != nil {
				return err
			}
		}
		var err error
		lost, err = b.Trim(ctx, 3)
		return errors.Join(err, b.Note(ctx, "n/3", nil))
	})
	if err != nil || !slices.Equal(lost, []string{"p1", "p0"}) {
		t.Errorf("lost %q, %v", lost, err)
	}
	if got := search(t, x, fulltext.Query{All: texts("word")}); !slices.Equal(got, []string{"4", "3", "2"}) {
		t.Errorf("got %q", got)
	}
	notes, err := x.Notes(t.Context(), "n/", 3)
	if keys := slices.Sorted(maps.Keys(notes)); err != nil || !slices.Equal(keys, []string{"n/0", "n/1", "n/2"}) {
		t.Errorf("got %q, %v", keys, err)
	}
}

func TestWhatIsThereIsThereAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index #1?.db")
	x := open(t, path)
	put(t, x, doc("1", "en", "one", ""))
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context(), fulltext.Query{}); !errors.Is(err, fulltext.ErrClosed) {
		t.Errorf("a closed index says %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info, err)
	}
	x = open(t, path)
	if got := search(t, x, fulltext.Query{All: texts("one")}); len(got) != 1 {
		t.Errorf("got %q", got)
	}
	_ = x.Close()
	other := open(t, path, func(o *fulltext.Options) { o.Version = 2 })
	if got := search(t, other, fulltext.Query{}); len(got) != 0 {
		t.Errorf("another version holds %q", got)
	}
}

func TestADamagedIndexBeginsAnew(t *testing.T) {
	spoil := func(t *testing.T, path string, at int64) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a file of this test
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(slices.Repeat([]byte("spoilt!!"), int(info.Size()-at)/8), at); err != nil {
			t.Fatal(err)
		}
	}
	for name, at := range map[string]int64{"from its head on": 0, "behind its first page": 4096} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "i")
			x := open(t, path)
			for n := range 50 {
				put(t, x, doc(fmt.Sprint(n), "en", "one", "two"))
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			spoil(t, path, at)
			x = open(t, path)
			if _, err := x.Search(t.Context(), fulltext.Query{All: texts("one")}); err != nil && !errors.Is(err, fulltext.ErrDamaged) {
				t.Errorf("got %v", err)
			}
			put(t, x, doc("new", "en", "new", ""))
			if got := search(t, x, fulltext.Query{}); !slices.Equal(got, []string{"new"}) {
				t.Errorf("got %q", got)
			}
			if _, err := os.Stat(path + ".damaged"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnIndexKeepsItsSize(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "i"), func(o *fulltext.Options) { o.MaxBytes = 200 << 10 })
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		d := doc(fmt.Sprint(n), "", "t", "")
		d.Payload = make([]byte, 10_000)
		err = x.Put(t.Context(), d.ID, d)
	}
	if !errors.Is(err, fulltext.ErrFull) || n > 21 {
		t.Errorf("after %d documents: %v", n, err)
	}
	if got := search(t, x, fulltext.Query{Limit: 1}); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

func TestASearchEndsWithItsCaller(t *testing.T) {
	x := open(t, "")
	put(t, x, doc("1", "", "one", ""))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, fulltext.Query{All: texts("one")}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := x.Put(ctx, "2", doc("2", "", "two", "")); err == nil {
		t.Error("it was written after its caller had gone")
	}
}

func FuzzAnyTextIsFoundByItself(f *testing.F) {
	for _, s := range []string{"Crème brûlée", "l'ail & l'oignon", "日本語 mixed テキスト", "กุ้ง", `"=de=x"`, "\xff\xfe", "１２３", "ß İ ǅ", "a\u0301\u0301", "𝕏 🍰"} {
		f.Add(s)
	}
	x := open(f, "")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 || len(fulltext.Words(text)) > 30 {
			return
		}
		put(t, x, doc("1", "de", text, ""))
		hits, err := x.Search(t.Context(), fulltext.Query{All: texts(text)})
		if err != nil || len(hits) != min(len(fulltext.Words(text)), 1) {
			t.Errorf("%q finds %q, %v; its words are %q", text, ids(hits), err, fulltext.Words(text))
		}
	})
}

// TestAnIndexOfAnotherVersionServesUntilItIsMadeAnew raises the version, is interrupted once
// while the index is made anew, and then is not.
func TestAnIndexOfAnotherVersionServesUntilItIsMadeAnew(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "x.db")
	stop := func() {}
	open := func(version int, text string) *fulltext.Index {
		x, err := fulltext.Open(ctx, fulltext.Options{Path: path, Fields: []fulltext.Field{{Name: "text", Weight: 1}}, Languages: []string{"en"}, Version: version,
			Renewed: func(h fulltext.Hit) (fulltext.Document, bool) {
				stop()
				return fulltext.Document{ID: h.ID, Part: h.Part, At: h.At, Payload: h.Payload, Texts: map[string]string{"text": text}}, true
			}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = x.Close() })
		return x
	}
	finds := func(x *fulltext.Index, word string) int {
		hits, err := x.Search(ctx, fulltext.Query{Any: []fulltext.Term{{Text: word}}, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return len(hits)
	}
	const all = 450
	x := open(1, "")
	err := x.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error {
		for n := range all {
			if err := b.Add(ctx, fulltext.Document{ID: fmt.Sprint(n), Part: "p", Texts: map[string]string{"text": "bridge"}, Payload: []byte("kept")}); err != nil {
				return err
			}
		}
		return b.Note(ctx, "note", []byte("told"))
	})
	if err = errors.Join(err, x.Close()); err != nil {
		t.Fatal(err)
	}
	x = open(2, "tunnel")
	if n := finds(x, "bridge"); n != all {
		t.Errorf("of another version %d are found", n)
	}
	short, cancel := context.WithCancel(ctx)
	stop = cancel
	if err := x.Renew(short); err == nil {
		t.Error("it is renewed though it was interrupted")
	}
	stop = func() {}
	if n := finds(x, "bridge"); n != all {
		t.Errorf("after an interruption %d are found", n)
	}
	if err := errors.Join(x.Renew(ctx), x.Renew(ctx)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		note, err := x.Note(ctx, "note")
		if n, old := finds(x, "tunnel"), finds(x, "bridge"); n != all || old != 0 || string(note) != "told" || err != nil {
			t.Errorf("anew %d and %d are found, the note is %q, %v", n, old, note, err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		x = open(2, "wrong")
	}
	if left, _ := filepath.Glob(path + "*new*"); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

func TestAnIndexInMemoryOutlivesItsQueries(t *testing.T) {
	x := open(t, "")
	for i := range 400 {
		put(t, x, doc(fmt.Sprint(i), "en", "soup with everything", strings.Repeat("soup bread ", 40)))
	}
	for i := range 60 { // each given up a little later, so that some end in the middle
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for range i * 200 {
				runtime.Gosched()
			}
			cancel()
		}()
		_, _ = x.Search(ctx, fulltext.Query{All: texts("soup"), Limit: 400})
		cancel()
		if got := search(t, x, fulltext.Query{All: texts("bread"), Limit: 400}); len(got) != 400 {
			t.Fatalf("after %d searches that were given up, %d documents of 400 are found", i+1, len(got))
		}
	}
}
