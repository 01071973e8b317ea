package site

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// What a form changes of a reader.
const (
	partLanguage    = "language"
	partZone        = "time_zone"
	partPreferences = "preferences"
	partSaved       = "saved"
	partLaters      = "laters"
)

// keptPart is a part of what is kept of a reader that may be removed, a row at a time.
type keptPart struct {
	Title string
	Rows  []keptRow
}

// keptRow is one thing, and where it has one its moment; Hidden names it to the form that
// removes it.
type keptRow struct {
	Text   string
	Due    time.Time
	Hidden []pages.Hidden
}

// readerLanguages are those that a reader may be answered in.
func (r readerPages) readerLanguages(held string) []pages.Option {
	options := []pages.Option{{Label: r.t("reader.language_free"), Selected: held == ""}}
	all := r.publisherLanguages()
	if held != "" && !slices.Contains(all, held) {
		all = append(slices.Clip(all), held)
	}
	for _, l := range all {
		options = append(options, pages.Option{Value: l, Label: r.languageName(l), Selected: l == held})
	}
	return options
}

// keptParts lists what may be removed.
func (r readerPages) keptParts(held console.ReaderHeld) (parts []keptPart) {
	zone := keptPart{Title: r.t("reader.zone")}
	if held.TimeZone != "" {
		zone.Rows = append(zone.Rows, keptRowOf(partZone, held.TimeZone))
	}
	told := keptPart{Title: r.t("reader.preferences")}
	for _, name := range slices.Sorted(maps.Keys(held.Preferences)) {
		told.Rows = append(told.Rows, keptRowOf(partPreferences, name+": "+held.Preferences[name], pages.Hidden{Name: "name", Value: name}))
	}
	saved := keptPart{Title: r.t("reader.saved")}
	for _, w := range held.Saved {
		text := r.calledSo(w.Keyword, w.Argument)
		if w.List != "" {
			text = w.List + ": " + text
		}
		saved.Rows = append(saved.Rows, keptRowOf(partSaved, text,
			pages.Hidden{Name: "keyword", Value: w.Keyword}, pages.Hidden{Name: "argument", Value: w.Argument}, pages.Hidden{Name: "list", Value: w.List}))
	}
	laters := keptPart{Title: r.t("reader.laters")}
	for _, l := range held.Laters {
		row := keptRowOf(partLaters, r.calledSo(l.Keyword, l.Argument), pages.Hidden{Name: "entry", Value: strconv.FormatUint(l.Entry, 10)})
		row.Due = l.Due
		laters.Rows = append(laters.Rows, row)
	}
	return slices.DeleteFunc([]keptPart{zone, told, saved, laters}, func(p keptPart) bool { return len(p.Rows) == 0 })
}

func keptRowOf(part, text string, names ...pages.Hidden) keptRow {
	return keptRow{Text: text, Hidden: append([]pages.Hidden{{Name: "part", Value: part}}, names...)}
}

// calledSo is what a keyword with an argument is called.
func (r readerPages) calledSo(keyword, argument string) string {
	return strings.TrimSpace(r.nameOf(catalogue.ResourceKeyword, keyword) + " " + argument)
}

// change is what the form wants changed.
func (r readerPages) change() console.ReaderChange {
	in := console.ReaderChange{ReaderOf: r.reader()}
	switch none := ""; r.postedValue("part") {
	case partLanguage:
		language := r.postedValue("language")
		in.Language = &language
	case partZone:
		in.TimeZone = &none
	case partPreferences:
		in.Remove.Preferences = []string{r.PostForm.Get("name")}
	case partSaved:
		in.Remove.Saved = []console.ReaderSavedWord{{Keyword: r.PostForm.Get("keyword"), Argument: r.PostForm.Get("argument"), List: r.PostForm.Get("list")}}
	case partLaters:
		entry, _ := strconv.ParseUint(r.postedValue("entry"), 10, 64) // none has 0
		in.Remove.Laters = []uint64{entry}
	}
	return in
}

func (r readerPages) changeReader() error {
	b, err := r.readersBody()
	if err != nil {
		return err
	}
	shown, refusal := console.ChangeReader.Call(r.callContext(), r.change())
	if refusal != nil {
		return r.refuseReader(b, refusal)
	}
	b.Shown, b.Done = r.readerView(shown), r.t("done.reader_changed")
	return r.showReaders(http.StatusOK, b)
}
