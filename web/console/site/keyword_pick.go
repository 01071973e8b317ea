package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// pickView is what the source brings at this moment.
type pickView struct {
	trialView
	Source string
	// Parts are what was seen, Samples what of the first item.
	Parts   []string
	Samples []pages.Hidden
	// Ticks are shown anew where parts came to light that were not known.
	Ticks *replyView
	Live  bool
}

// showPick shows what the chosen source brings for the keyword.
func (r keywordPages) showPick() error {
	f, v, err := r.workingForm()
	if err != nil {
		return err
	}
	picked, err := previewPart(r).trySourceOf(v.values)
	if err != nil {
		return err
	}
	if !r.wantsPart() {
		v.values[replyKnown] = picked.Parts
		for _, sample := range picked.Samples {
			v.values[sample.Name] = []string{sample.Value}
		}
		return r.showWith(http.StatusOK, f, v, keywordNotes{picked: picked})
	}
	picked.Live = true
	known, err := replyPart(r).partNames(firstOf(v.values, "source"), v.values)
	if err != nil {
		return err
	}
	unknown := slices.ContainsFunc(picked.Parts, func(p string) bool { return !slices.Contains(known, p) })
	if unknown && firstOf(v.values, replyMode) == modeParts {
		v.values[replyKnown] = append(v.values[replyKnown], picked.Parts...)
		ticks, err := replyPart(r).replyView(v.values, firstOf(v.values, "source"), nil, f.locked != "")
		if err != nil {
			return err
		}
		picked.Ticks = &ticks
	}
	return r.showPart("part_pick", *picked)
}

// trySourceOf tries the source that is chosen, as it was saved.
func (r previewPart) trySourceOf(values map[string][]string) (*pickView, error) {
	id := firstOf(values, "source")
	if id == "" {
		return &pickView{}, nil
	}
	e, err := sourcePages(r).get(id)
	if console.KindOf(err) == pull.Unknown {
		return &pickView{Source: id, trialView: trialView{attempt: attempt{Error: r.hintText(err)}}}, nil
	}
	if err != nil {
		return nil, err
	}
	in := console.SourceTry{Of: r.publisherInput(), Source: e.Source, ID: id, Argument: argumentOf(values)}
	if n, err := strconv.Atoi(firstOf(values, "count")); err == nil && n > 0 && n <= 10 {
		in.Count = n
	}
	tried, err := console.TrySource.Call(r.callContext(), in)
	if problems, refused := r.problemsOf(err, string(catalogue.ResourceSource)); refused {
		return &pickView{Source: id, trialView: trialView{attempt: attempt{Error: problems[0].Message}}}, nil
	}
	if err != nil {
		return nil, err
	}
	p := &pickView{trialView: *sourcePages(r).trialOf(id, tried), Source: id, Parts: tried.Parts}
	p.Focus = false
	if len(tried.Items) > 0 {
		p.Samples = sampleInputs(tried.Items[0])
	}
	return p, nil
}

// argumentOf returns what the source is asked for.
func argumentOf(values map[string][]string) string {
	if firstOf(values, "argument") == string(what.ArgumentNone) {
		return firstOf(values, "query")
	}
	if text := strings.TrimSpace(firstOf(values, askText)); text != "" {
		return text
	}
	if query := firstOf(values, "query"); query != pull.QueryFirst {
		return query
	}
	return ""
}

// sampleInputs returns the beginnings of an item's parts.
func sampleInputs(it what.Item) []pages.Hidden {
	var all []pages.Hidden
	add := func(name, text string) {
		if text != "" {
			all = append(all, pages.Hidden{Name: replySample + name, Value: shorten(text, maxSample)})
		}
	}
	add("title", it.Title)
	add("summary", it.Summary)
	add("body", it.Body)
	add("link", it.Link)
	add("image", it.Image())
	for _, f := range it.Facts {
		add(f.Name, factText(f))
	}
	return all
}
