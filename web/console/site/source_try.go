package site

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
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
	attempt
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
		MoreTerms: t.AllTerms - len(t.Terms), attempt: attempt{Error: t.Error}, Focus: true,
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

// try fetches once by the form as it is. A script gets what was brought and the
// fields that changed their minds; without one the form comes back.
func (r sourcePages) try() error {
	f, v, doc, err := worked(r)
	if err != nil {
		return err
	}
	tried, err := console.TrySource.Call(r.context(), console.SourceTry{Of: r.of(), Source: doc, ID: f.id})
	problems, refused := r.problems(err, string(catalogue.NounSource))
	if err != nil && !refused {
		return err
	}
	if tried.Error != "" {
		problems = append(problems, problemAt(tried.Field, catalogue.NounSource, tried.Error))
	}
	trial := r.trialOf(tried)
	v.problems = problems
	return f.tell(&v.shown, &trial.attempt, func(status int) error {
		if r.partial() {
			return r.part("part_trial", trial)
		}
		return r.showTrial(status, f, v, trial)
	})
}
