package site

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/console"
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
	// Try is where the form is tried again; Suggestions are addresses to try
	// instead.
	Try         string
	Suggestions []suggestion
	Answer      *answerView
	attempt
	Focus bool
}

// itemView is an item as an editor sees it.
type itemView struct {
	Title, Summary, Image, Alt, Link, Host string
	Facts                                  []string
	Published                              time.Time
	// Withdraw is where it is taken back; "" for who may not.
	Withdraw string
}

// itemOf shows an item of a source, "" for one that is not saved.
func (r sourcePages) itemOf(source string, it what.Item) itemView {
	i := itemView{
		Title: cmp.Or(it.Heading(), it.Link, it.ID), Summary: shorten(cmp.Or(it.Summary, it.Body), maxSummary),
		Image: webAddress(it.Image()), Link: webAddress(it.Link), Published: it.Published,
	}
	if i.Summary == i.Title {
		i.Summary = "" // the text is its own heading
	}
	i.Withdraw = r.withdrawAt(source, it.ID, it.Link)
	_, rest, _ := strings.Cut(i.Link, "://")
	i.Host, _, _ = strings.Cut(rest, "/")
	for _, m := range it.Media {
		if m.Type == what.Image {
			i.Alt = m.Alt
			break
		}
	}
	for _, f := range it.Facts[:min(len(it.Facts), maxFacts)] {
		i.Facts = append(i.Facts, r.partName(f.Name)+": "+shorten(factText(f), maxFact))
	}
	return i
}

func factText(f what.Fact) string {
	if f.Kind == what.List {
		return strings.Join(f.List, ", ")
	}
	return f.Text
}

// trialOf returns what an operation told of a trial of a source, "" for one that is not saved.
func (r sourcePages) trialOf(source string, t console.SourceTried) *trialView {
	view := &trialView{
		Warnings: t.Warnings, Took: r.millisText(t.Took), Terms: t.Terms,
		MoreTerms: t.AllTerms - len(t.Terms), attempt: attempt{Error: t.Error}, Focus: true,
	}
	for _, sent := range t.Requests {
		view.Requests = append(view.Requests, r.requestOf(sent))
	}
	for _, it := range t.Items {
		view.Items = append(view.Items, r.itemOf(source, it))
	}
	return view
}

// requestView is one request that was sent upstream.
type requestView struct{ Method, URL, Text string }

func (r sourcePages) requestOf(e console.Exchange) requestView {
	view := requestView{Method: e.Method, URL: e.URL, Text: e.Error}
	if view.Text == "" {
		view.Text = r.t("trial.request", "status", strconv.Itoa(e.Status), "bytes", e.Bytes, "took", r.millisText(journal.Millis(e.Millis)))
	}
	return view
}

// trySource fetches once by the form as it is. A script gets what was brought and the
// fields that changed their minds; without one the form comes back.
func (r sourcePages) trySource() error {
	filled := r.fillIn()
	f, v, doc, err := workingForm(r)
	if err != nil {
		return err
	}
	f.filled = filled
	in := console.SourceTry{Of: r.publisherInput(), Source: doc, ID: f.id, Argument: strings.TrimSpace(r.postedValue(tryArgument))}
	tried, err := console.TrySource.Call(r.callContext(), in)
	problems, refused := r.problemsOf(err, string(catalogue.ResourceSource))
	if err != nil && !refused {
		return err
	}
	if asks := r.argumentName(f.kindName); tried.Field == "argument" && asks != "" {
		trial := r.trialOf(f.id, tried)
		trial.Error = asSentence(trial.Error)
		trial.At, trial.Label, trial.Try = "f-try-argument", asks, r.pathTo(sourceSection, "try")
		trial.Answer = r.answerOf(f, tried.Places, v.values, problems)
		return r.tellTrial(f, v, trial)
	}
	blamed := problems
	if tried.Error != "" {
		problems = append(problems, problemAt(cmp.Or(tried.Field, addressGiven(f, doc)), catalogue.ResourceSource, tried.Error))
	}
	if tried.Field != "" {
		blamed = problems // what nobody answers at leads nowhere
	}
	trial := r.trialOf(f.id, tried)
	v.problems = problems
	trial.Try, trial.Answer, trial.Suggestions = r.pathTo(sourceSection, "try"), r.answerOf(f, tried.Places, v.values, problems), r.suggestAddresses(f, doc, blamed)
	if path := strings.TrimPrefix(tried.Field, string(catalogue.ResourceSource)+"."); tried.Proposed != "" {
		trial.Suggestions = append(trial.Suggestions, suggestion{Fill: path + "=" + tried.Proposed, Label: r.t("discover.use"), At: tried.Proposed})
	}
	return f.showAttempt(&v.shown, &trial.attempt, func(int) error { return r.tellTrial(f, v, trial) })
}

// addressGiven returns the field with the address that a form gives: what failed there without more is about it. "" where it
// gives none.
func addressGiven(f *form, d console.Doc) string {
	for i := range f.kind.Fields {
		if told := settings.Told(f.kind.Fields[i:i+1], d.Table(belowKind), settings.Address); len(told) > 0 {
			return belowKind + "." + f.kind.Fields[i].Name
		}
	}
	return ""
}

// tellTrial shows a trial: a script gets its part of the page alone.
func (r sourcePages) tellTrial(f *form, v sourceView, trial *trialView) error {
	if r.wantsPart() {
		return r.showPart("part_trial", trial)
	}
	status := http.StatusOK
	if len(v.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return r.showTrial(status, f, v, trial)
}
