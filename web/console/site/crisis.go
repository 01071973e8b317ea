package site

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// crisisPages put up the text that stands before answers for a while, and take it down.
type crisisPages struct{ *request }

// crisisPlace is where they are, among the settings.
const crisisPlace = "crisis"

func (s *Site) crisisRoutes() {
	const at = Root + "/p/{publisher}/settings/" + crisisPlace
	s.route("GET "+at, pageAction(func(r crisisPages) error { return r.showCrisis(http.StatusOK, nil, "", nil) }))
	s.route("POST "+at+"/rehearse", gatedFor(console.RehearseCrisis, pageAction(crisisPages.rehearse)))
	s.route("POST "+at, gatedFor(console.UpdatePublisher, pageAction(crisisPages.saveCrisis)))
}

// crisisBody is what the page shows.
type crisisBody struct {
	Head            pages.Header
	Action, Message string
	Texts           []crisisText
	Keywords        string
	Hours           []pages.Option
	// Stands says until when a text stands now, or is proposed; "" where none is.
	Stands string
	// Proposed says that it waits for a second person, Mine that the visitor has proposed
	// it; ByTwo that a text needs two.
	Proposed, Mine, ByTwo bool
	Fixed                 string
	// Rehearsed is what readers would be told; nil where that was not asked for.
	Rehearsed *crisisRehearsal
}

// crisisRehearsal is what readers of some keywords would be told on each channel.
type crisisRehearsal struct{ Keywords []rehearsedKeyword }

// rehearsedKeyword is one of them; channels that tell the same are one row.
type rehearsedKeyword struct {
	Name, Href, Text string
	Rows             []drilledRow
}

// crisisText is the text in one language.
type crisisText struct{ Language, Name, Value string }

// crisisHours returns for how many hours a text may be put up.
func crisisHours() []int { return []int{1, 3, 6, 12, 24, 48, 72} }

func (r crisisPages) showCrisis(status int, typed url.Values, message string, rehearsed *crisisRehearsal) error {
	entry, err := console.GetPublisher.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return err
	}
	var p catalogue.Publisher
	p.Defaults()
	_ = settings.FillWith(&p, maps.Clone(entry.Publisher), r.Checks) // what is kept was right when it was saved
	b := crisisBody{
		Head:   pages.Header{Title: r.t("crisis.title"), Lead: r.t("crisis.lead")},
		Action: r.pathTo("settings", crisisPlace), Message: message, Keywords: strings.Join(p.Crisis.Keywords, ", "), Fixed: r.whyFixed(console.UpdatePublisher),
		ByTwo: p.CrisisByTwo, Rehearsed: rehearsed,
	}
	if entry.Provisioned {
		b.Fixed = r.t("settings.provisioned")
	}
	if c := p.Crisis; len(c.Text) > 0 && c.Until != nil && r.clock().Before(*c.Until) {
		b.Proposed, b.Mine = c.Proposed != "", c.Proposed != "" && c.Proposed == r.by.Person
		key := "crisis.stands"
		switch {
		case b.Mine:
			key = "crisis.by_you"
		case b.Proposed:
			key = "crisis.by_other"
		}
		b.Stands = r.t(key, "until", pages.When(r.language, c.Until.In(r.zone), r.clock().In(r.zone)))
	}
	for _, l := range p.Languages {
		value := p.Crisis.Text[l]
		if typed != nil {
			value = typed.Get("text." + l)
		}
		b.Texts = append(b.Texts, crisisText{l, r.languageName(l), value})
	}
	if typed != nil {
		b.Keywords = typed.Get("keywords")
	}
	for _, h := range crisisHours() {
		b.Hours = append(b.Hours, pages.Option{Value: strconv.Itoa(h), Label: r.plural("crisis.hours", h), Selected: strconv.Itoa(h) == cmp.Or(typed.Get("hours"), strconv.Itoa(crisisHours()[2]))})
	}
	return r.showAs(status, "page_crisis", pages.Page{Title: b.Head.Title, Body: b})
}

// postedCrisis returns the text that was typed, as documents have it.
func (r crisisPages) postedCrisis() console.Doc {
	text, keywords := map[string]any{}, []any{}
	for _, l := range r.publisherLanguages() {
		if value := strings.TrimSpace(r.postedValue("text." + l)); value != "" {
			text[l] = value
		}
	}
	if len(text) == 0 {
		return nil
	}
	for name := range strings.FieldsFuncSeq(r.postedValue("keywords"), func(c rune) bool { return strings.ContainsRune(",;\r\n", c) }) {
		if name = strings.TrimSpace(name); name != "" {
			keywords = append(keywords, name)
		}
	}
	hours, _ := strconv.Atoi(r.postedValue("hours"))
	return console.Doc{"text": text, "keywords": keywords, "until": r.clock().Add(time.Duration(hours) * time.Hour).UTC().Format(time.RFC3339)}
}

// saveCrisis puts the text up, or proposes it, puts up what another one has proposed, or
// takes it down.
func (r crisisPages) saveCrisis() error {
	entry, err := console.GetPublisher.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return err
	}
	crisis, done := console.Doc{}, "crisis_up"
	switch r.postedValue("do") {
	case "end":
		done = "crisis_over"
	case "confirm":
		crisis = maps.Clone(entry.Publisher.Table("crisis"))
		delete(crisis, "proposed")
	default:
		if crisis = r.postedCrisis(); crisis == nil {
			return r.showCrisis(http.StatusUnprocessableEntity, r.PostForm, r.t("crisis.write"), nil)
		}
		if entry.Publisher["crisis_by_two"] == true {
			done = "crisis_proposed"
		}
	}
	in := console.PublisherUpdate{ID: r.publisher, Publisher: maps.Clone(entry.Publisher)}
	in.Publisher["crisis"], in.Version = map[string]any(crisis), entry.Version
	if _, err := console.UpdatePublisher.Call(r.callContext(), in); err != nil {
		return r.refuseCrisis(err)
	}
	return r.redirectDone(r.pathTo("settings", crisisPlace), done)
}

// refuseCrisis shows the page again with what was refused.
func (r crisisPages) refuseCrisis(err error) error {
	problems, ok := r.problemsOf(err, "publisher")
	if !ok {
		return err
	}
	var said []string
	for _, p := range problems {
		said = append(said, p.In(r.language))
	}
	return r.showCrisis(http.StatusUnprocessableEntity, r.PostForm, strings.Join(said, " "), nil)
}

// rehearse shows what readers would be told, and saves nothing.
func (r crisisPages) rehearse() error {
	crisis := r.postedCrisis()
	if crisis == nil {
		return r.showCrisis(http.StatusUnprocessableEntity, r.PostForm, r.t("crisis.write"), nil)
	}
	told, err := console.RehearseCrisis.Call(r.callContext(), console.CrisisRehearse{Of: r.publisherInput(), Crisis: crisis})
	if err != nil {
		return r.refuseCrisis(err)
	}
	b := &crisisRehearsal{}
	for _, k := range told.Keywords {
		one := rehearsedKeyword{Name: r.nameOf(catalogue.ResourceKeyword, k.ID), Href: r.pageOf(keywordSection, k.ID), Text: k.Text}
		for _, p := range k.Previews {
			text := textOfPreview(p)
			i := slices.IndexFunc(one.Rows, func(row drilledRow) bool { return row.Texts[0].Text == text })
			if i < 0 {
				one.Rows = append(one.Rows, drilledRow{Channels: r.channelOfPreview(p), Texts: []drilledText{{Text: text}}})
				continue
			}
			one.Rows[i].Channels += ", " + r.channelOfPreview(p)
		}
		b.Keywords = append(b.Keywords, one)
	}
	return r.showCrisis(http.StatusOK, r.PostForm, "", b)
}
