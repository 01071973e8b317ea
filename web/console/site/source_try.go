package site

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// maxSummary is how much of an item's text a trial shows, maxFacts how many
// of its facts, maxFact how much of one, all in characters.
const (
	maxSummary = 240
	maxFacts   = 8
	maxFact    = 60
)

// trialView is what a source brought when it was tried.
type trialView struct {
	Items    []itemView
	Warnings []string
	Requests []requestView
	Took     string
	Terms    []string
	// MoreTerms is how many names are not shown.
	MoreTerms int
	// Error says why there is nothing; At is the field that it is about, with
	// its Label.
	Error, At, Label string
	// Marks are fields that carry a problem, for the next trial to clear.
	Marks []string
	// Again are fields to be shown anew where only the trial is fetched.
	Again pages.FieldList
	Focus bool
}

// itemView is an item as an editor sees it.
type itemView struct {
	Title, Summary, Image, Alt, Link, Host string
	Facts                                  []string
	Published                              time.Time
}

func (r sourcePages) itemOf(it what.Item) itemView {
	i := itemView{
		Title: cmp.Or(it.Title, it.ID), Summary: cut(cmp.Or(it.Summary, it.Body), maxSummary),
		Image: webAddress(it.Image()), Link: webAddress(it.Link), Published: it.Published,
	}
	_, rest, _ := strings.Cut(i.Link, "://")
	i.Host, _, _ = strings.Cut(rest, "/")
	for _, m := range it.Media {
		if m.Type == what.Image {
			i.Alt = m.Alt
			break
		}
	}
	for _, f := range it.Facts[:min(len(it.Facts), maxFacts)] {
		i.Facts = append(i.Facts, r.partName(f.Name)+": "+cut(factText(f), maxFact))
	}
	return i
}

func factText(f what.Fact) string {
	if f.Kind == what.List {
		return strings.Join(f.List, ", ")
	}
	return f.Text
}

// trialOf is what an operation told of a trial.
func (r sourcePages) trialOf(t console.SourceTried) *trialView {
	view := &trialView{
		Warnings: t.Warnings, Took: r.millis(t.Took), Terms: t.Terms,
		MoreTerms: t.AllTerms - len(t.Terms), Error: t.Error, Focus: true,
	}
	for _, sent := range t.Requests {
		view.Requests = append(view.Requests, r.requestOf(sent))
	}
	for _, it := range t.Items {
		view.Items = append(view.Items, r.itemOf(it))
	}
	return view
}

// requestView is one request that was sent upstream.
type requestView struct{ Method, URL, Text string }

func (r sourcePages) requestOf(e console.Exchange) requestView {
	view := requestView{Method: e.Method, URL: e.URL, Text: e.Error}
	if view.Text == "" {
		view.Text = r.t("trial.request", "status", strconv.Itoa(e.Status), "bytes", e.Bytes, "took", r.millis(journal.Millis(e.Millis)))
	}
	return view
}

// trySource fetches once by the form as it is. A script gets what was brought
// and the fields that changed their minds; without one the form comes back.
func (r sourcePages) trySource() error {
	if r.provisioned() {
		return r.tryStored()
	}
	d, s, err := r.postedSource()
	if err != nil && !errors.Is(err, errAsked) {
		return err
	}
	tried, err := do[console.SourceTry, console.SourceTried](r.request, "source.try", console.SourceTry{
		Of: r.of(), Source: d.doc(r.PostForm), ID: r.posted("stored"),
	})
	problems, refused := r.problems(err, string(catalogue.NounSource))
	if err != nil && !refused {
		return err
	}
	s.trial = r.trialOf(tried)
	if tried.Error != "" {
		problems = append(problems, problemAt(tried.Field, tried.Error))
	}
	s.problems = problems
	return r.showTrial(d, s)
}

// tryStored tries a source of the configuration file as it stands there.
func (r sourcePages) tryStored() error {
	e, err := r.getSource(r.posted("stored"))
	if err != nil {
		return err
	}
	d, err := r.sourceForm(textOf(e.Source, "kind"))
	if err != nil {
		return err
	}
	tried, err := do[console.SourceTry, console.SourceTried](r.request, "source.try", console.SourceTry{Of: r.of(), Source: e.Source, ID: r.posted("stored")})
	if err != nil {
		return err
	}
	return r.showTrial(d, sourceView{entry: &e, trial: r.trialOf(tried), shown: shown{values: d.stored(e.Source)}})
}

// showTrial shows what a trial brought, and its problems at their fields.
func (r sourcePages) showTrial(d *form, s sourceView) error {
	s.disabled = r.fixed() != ""
	t := s.trial
	t.Again, t.Marks, t.At, t.Label, t.Error = channelPages{r.request}.anew(d, s.shown)
	if r.partial() {
		return r.part("part_trial", *t)
	}
	status := http.StatusOK
	if len(s.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	t.Again = nil
	return r.showSource(status, d, s)
}

// problemAt is what upstream's failure is to the form: a problem of the field
// that it blames.
func problemAt(field, sentence string) settings.Problem {
	field = strings.TrimPrefix(strings.TrimPrefix(field, string(catalogue.NounSource)), ".")
	sentence = ended(sentence)
	return settings.Problem{Field: cmp.Or(field, belowKind), Message: sentence, Key: sentence}
}

// ended is what an error says as a sentence of its own.
func ended(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(r)) + text[size:]
	if strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}
