package pages_test

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/web/console/pages"
)

func rendered(t *testing.T, name string, page pages.Page) string {
	t.Helper()
	views, err := pages.New(now)
	if err != nil {
		t.Fatal(err)
	}
	if err := views.Add("testdata/gallery_*.html"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := views.Render(&b, name, page); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPageThatFailsWritesNothing(t *testing.T) {
	views, err := pages.New(now)
	if err != nil {
		t.Fatal(err)
	}
	if err := views.Add("testdata/gallery_*.html"); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]any{"page_that_is_none": nil, "gallery_parts": map[string]any{"Head": pages.Header{Title: "x"}, "Tabs": 7}} {
		var b bytes.Buffer
		if err := views.Render(&b, name, pages.Page{Body: body}); err == nil || b.Len() > 0 {
			t.Errorf("%s: %d bytes, error %v", name, b.Len(), err)
		}
		if err := views.Part(&b, name, pages.Page{}, pages.Page{Body: body}); err == nil || b.Len() > 0 {
			t.Errorf("the part %s: %d bytes, error %v", name, b.Len(), err)
		}
	}
	if err := views.Render(broken{}, "gallery_confirm", pages.Page{Body: pages.Confirm{}}); !errors.Is(err, errBroken) {
		t.Errorf("a line that is cut is reported as %v", err)
	}
}

var errBroken = errors.New("cut")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWhatOthersWriteIsNeverMarkup(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	page := frame("en", "list")
	page.Title, page.CSRF, page.Publisher.Name, page.Person.Name, page.Live = evil, evil, evil, evil, evil
	page.Toasts = []pages.Toast{{State: "ok", Text: evil, Undo: &pages.Undo{Action: "javascript:alert(1)", Label: evil}}}
	page.Body = pages.Confirm{Title: evil, Text: evil, Action: "javascript:alert(1)", Yes: evil, Cancel: "javascript:alert(1)", Facts: []pages.Fact{{Label: evil, Value: evil, Href: "javascript:alert(1)"}}}
	text := rendered(t, "gallery_confirm", page)
	for _, bad := range []string{"<script>", "javascript:", `="">`} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

func TestPagesKeepThePolicy(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script(?:\s[^>]*)?>[^<]`)
	for name, body := range map[string]any{"parts": parts(), "list": list(), "form": form("en", true)} {
		page := frame("en", name)
		page.Body = body
		if found := inline.FindString(rendered(t, "gallery_"+name, page)); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
}

func TestThePageSpeaksTheLanguageAndTheZoneOfTheEditor(t *testing.T) {
	zone := time.FixedZone("IST", 5*3600+1800)
	page := pages.Page{Language: "fr-CA", Zone: zone, Theme: "dark", Title: "x", Body: parts()}
	text := rendered(t, "gallery_parts", page)
	for _, want := range []string{`<html lang="fr" data-theme="dark">`, "il y a 3 min", "18 novembre à 17:32", `datetime="2026-11-18T17:32:30+05:30"`, "jamais"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestManyEditorsAreServedAtOnce(t *testing.T) {
	views, err := pages.New(now)
	if err != nil {
		t.Fatal(err)
	}
	if err := views.Add("testdata/gallery_*.html"); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 60 {
		wait.Go(func() {
			language, zone := pages.Languages()[i%3], time.FixedZone("Z", i*600)
			var b bytes.Buffer
			err := views.Render(&b, "gallery_list", pages.Page{Language: language, Zone: zone, Body: list()})
			if want := `<html lang="` + language + `">`; err != nil || !strings.Contains(b.String(), want) {
				t.Errorf("page %d: %v, or not in %s", i, err, language)
			}
		})
	}
	wait.Wait()
}

func TestTheNavigationLeavesOutWhatOneMayNot(t *testing.T) {
	items := pages.Nav("de", "/console/lecker", "keywords", func(place string) bool { return place != "people" })
	if len(items) != 10 || items[2].Label != "Stichwörter" || !items[2].Current || items[2].Href != "/console/lecker/keywords" || items[1].Current {
		t.Errorf("the navigation is %+v", items)
	}
}

func TestFoldedPagesAreAsThoseThatCallEachFunction(t *testing.T) {
	plain, err := pages.New(now)
	if err != nil {
		t.Fatal(err)
	}
	plain.Unfold()
	folded, called := gallery(t), galleryOf(t, plain)
	for _, language := range pages.Languages() {
		for _, name := range []string{"parts", "list", "form", "wrong", "confirm", "alone", "bare"} {
			at := "/" + name + "?l=" + language
			// Templates escape a sign in values that they leave as it is in text.
			want := strings.ReplaceAll(bodyAt(t, called, at), "&#43;", "+")
			if diff := cmp.Diff(want, strings.ReplaceAll(bodyAt(t, folded, at), "&#43;", "+")); diff != "" {
				t.Errorf("%s (-called +folded):\n%s", at, diff)
			}
		}
	}
}

func bodyAt(t *testing.T, from *httptest.Server, at string) string {
	t.Helper()
	answer, err := from.Client().Get(from.URL + at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
