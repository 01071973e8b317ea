package site

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

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
}

func (r sourcePages) itemOf(it what.Item) itemView {
	i := itemView{
		Title: cmp.Or(it.Title, it.ID), Summary: shorten(cmp.Or(it.Summary, it.Body), maxSummary),
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

// trialOf returns what an operation told of a trial.
func (r sourcePages) trialOf(t console.SourceTried) *trialView {
	view := &trialView{
		Warnings: t.Warnings, Took: r.millisText(t.Took), Terms: t.Terms,
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

// answerView is what upstream answered, for a value to be chosen in it.
type answerView struct {
	// Spots are the fields that say where a value stands; the one that is chosen
	// is filled in next.
	Spots  []pages.Option
	Places []placeView
}

// placeView is one value of an answer; Names are the fields that name it.
type placeView struct {
	settings.Place
	Names []string
	// Pick is what its button sends.
	Pick string
}

// The inputs of the answer: the field to fill in, and the place that was chosen;
// and a field with its value in one.
const (
	spotInput = "_spot"
	pickInput = "_pick"
	fillInput = "_fill"

	// nameMark parts a field of pairs from the name in it, itemMark the path of a
	// place from that within its item.
	nameMark = ":"
	itemMark = "\t"
	// maxPairs bounds the numbers of pairs that are looked at.
	maxPairs = 1000
)

// answerOf shows what upstream answered, where the kind has fields for that.
func (r sourcePages) answerOf(f *form, places []settings.Place, values map[string][]string, problems settings.Problems) *answerView {
	if len(places) == 0 {
		return nil
	}
	a := &answerView{}
	names, named := map[string][]string{}, map[string][]string{}
	next, wrong := "", ""
	for _, field := range f.kind.Fields {
		path := belowKind + "." + field.Name
		if field.Is == settings.Spots {
			a.Spots = append(a.Spots, spotsOf(r, field, path, values, named)...)
		}
		if field.Is != settings.Spot {
			continue
		}
		value := firstOf(values, path)
		names[value] = append(names[value], field.Label)
		a.Spots = append(a.Spots, pages.Option{Value: path, Label: field.Label})
		if next == "" && value == "" {
			next = path
		}
		if wrong == "" && slices.ContainsFunc(problems, func(p settings.Problem) bool { return p.Field == path }) {
			wrong = path
		}
	}
	if len(a.Spots) == 0 {
		return nil
	}
	selectOption(a.Spots, cmp.Or(wrong, nextSpot(r, a.Spots), next, a.Spots[0].Value))
	for _, p := range places {
		view := placeView{Place: p, Pick: p.Path}
		if p.Path != "" {
			view.Names = slices.Clone(names[p.Path])
		}
		if p.Item != "" {
			view.Names, view.Pick = append(view.Names, named[p.Item]...), p.Path+itemMark+p.Item
		}
		a.Places = append(a.Places, view)
	}
	return a
}

// spotsOf returns the names of pairs that say where values stand: those that are
// offered, and what else was named. named gets the labels by what they lead to.
func spotsOf(r sourcePages, field settings.Field, path string, values, named map[string][]string) []pages.Option {
	all := slices.Clone(field.Names)
	pairs, _ := pairsAt(values, path)
	for _, at := range pairs {
		name, value := firstOf(values, at+".key"), firstOf(values, at+".value")
		if name == "" {
			continue
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
		named[value] = append(named[value], r.partName(name))
	}
	options := make([]pages.Option, len(all))
	for i, name := range all {
		options[i] = pages.Option{Value: path + nameMark + name, Label: r.partName(name)}
	}
	return options
}

// pairsAt returns the pairs of a form at a path, in their order, and the first free place: a page leaves gaps where a pair was taken away.
func pairsAt(values map[string][]string, path string) (all []string, free string) {
	for i := range maxPairs {
		at := path + "[" + strconv.Itoa(i) + "]"
		if _, ok := values[at+".key"]; ok {
			all = append(all, at)
		} else if free == "" {
			free = at
		}
	}
	return all, free
}

// nextSpot returns the name behind the one that was filled in last, or "" if that
// was no name of pairs.
func nextSpot(r sourcePages, options []pages.Option) string {
	last := r.postedValue(spotInput)
	i := slices.IndexFunc(options, func(o pages.Option) bool { return o.Value == last })
	if !strings.Contains(last, nameMark) || r.postedValue(pickInput) == "" || i < 0 || i+1 == len(options) {
		return ""
	}
	return options[i+1].Value
}

// setPair puts a value into the pair of a name, into an empty one where there is
// none of that name, else into a new one.
func setPair(r sourcePages, path, name, value string) {
	all, at := pairsAt(r.PostForm, path)
	for _, wanted := range []string{"", name} {
		for _, pair := range all {
			if r.PostForm.Get(pair+".key") == wanted && (wanted != "" || r.PostForm.Get(pair+".value") == "") {
				at = pair
				break
			}
		}
	}
	r.PostForm.Set(at+".key", name)
	r.PostForm.Set(at+".value", value)
}

// fillIn puts into the form what a button of the answer says.
func (r sourcePages) fillIn() (filled string) {
	path, value := r.postedValue(spotInput), r.postedValue(pickInput)
	if fill := r.postedValue(fillInput); fill != "" {
		path, value, _ = strings.Cut(fill, "=")
	}
	value, item, _ := strings.Cut(value, itemMark)
	if value == "" || !strings.HasPrefix(path, belowKind+".") {
		return ""
	}
	if path, name, ok := strings.Cut(path, nameMark); ok {
		setPair(r, path, name, cmp.Or(item, value))
		return path
	}
	r.PostForm.Set(path, value)
	return path
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
		trial := r.trialOf(tried)
		trial.Error = asSentence(trial.Error)
		trial.At, trial.Label, trial.Try = "f-try-argument", asks, r.pathTo(sourceSection, "try")
		trial.Answer = r.answerOf(f, tried.Places, v.values, problems)
		return r.tellTrial(f, v, trial)
	}
	if tried.Error != "" {
		problems = append(problems, problemAt(tried.Field, catalogue.ResourceSource, tried.Error))
	}
	trial := r.trialOf(tried)
	v.problems = problems
	trial.Try, trial.Answer, trial.Suggestions = r.pathTo(sourceSection, "try"), r.answerOf(f, tried.Places, v.values, problems), r.suggestAddresses(f, doc, problems)
	if path := strings.TrimPrefix(tried.Field, string(catalogue.ResourceSource)+"."); tried.Proposed != "" {
		trial.Suggestions = append(trial.Suggestions, suggestion{Fill: path + "=" + tried.Proposed, Label: r.t("discover.use"), At: tried.Proposed})
	}
	return f.showAttempt(&v.shown, &trial.attempt, func(int) error { return r.tellTrial(f, v, trial) })
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
