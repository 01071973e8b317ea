package site

import (
	"maps"
	"net/http"
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
	s.route("GET "+at, pageAction(func(r crisisPages) error { return r.showCrisis(http.StatusOK, nil, "") }))
	s.route("POST "+at, gatedFor(console.UpdatePublisher, pageAction(crisisPages.saveCrisis)))
}

// crisisBody is what the page shows.
type crisisBody struct {
	Head            pages.Header
	Action, Message string
	Texts           []crisisText
	Keywords        string
	Hours           []pages.Option
	// Until is when the text goes that stands now; zero where none does.
	Until time.Time
	Fixed string
}

// crisisText is the text in one language.
type crisisText struct{ Language, Name, Value string }

// crisisHours returns for how many hours a text may be put up.
func crisisHours() []int { return []int{1, 3, 6, 12, 24, 48, 72} }

func (r crisisPages) showCrisis(status int, typed http.Header, message string) error {
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
	}
	if entry.Provisioned {
		b.Fixed = r.t("settings.provisioned")
	}
	if c := p.Crisis; len(c.Text) > 0 && c.Until != nil && r.clock().Before(*c.Until) {
		b.Until = *c.Until
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
		b.Hours = append(b.Hours, pages.Option{Value: strconv.Itoa(h), Label: r.plural("crisis.hours", h), Selected: h == crisisHours()[2]})
	}
	return r.showAs(status, "page_crisis", pages.Page{Title: b.Head.Title, Body: b})
}

func (r crisisPages) saveCrisis() error {
	entry, err := console.GetPublisher.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return err
	}
	d, done := maps.Clone(entry.Publisher), "crisis_over"
	typed := http.Header{}
	crisis := map[string]any{}
	if r.postedValue("do") != "end" {
		done = "crisis_up"
		text := map[string]any{}
		for _, l := range r.publisherLanguages() {
			if value := strings.TrimSpace(r.postedValue("text." + l)); value != "" {
				text[l] = value
				typed.Set("text."+l, value)
			}
		}
		typed.Set("keywords", r.postedValue("keywords"))
		if len(text) == 0 {
			return r.showCrisis(http.StatusUnprocessableEntity, typed, r.t("crisis.write"))
		}
		keywords := []any{}
		for _, id := range strings.FieldsFunc(r.postedValue("keywords"), func(c rune) bool { return strings.ContainsRune(", ;\r\n\t", c) }) {
			keywords = append(keywords, id)
		}
		hours, _ := strconv.Atoi(r.postedValue("hours"))
		crisis["text"], crisis["keywords"] = text, keywords
		crisis["until"] = r.clock().Add(time.Duration(hours) * time.Hour).UTC().Format(time.RFC3339)
	}
	d["crisis"] = crisis
	in := console.PublisherUpdate{ID: r.publisher, Publisher: d}
	in.Version = entry.Version
	if _, err := console.UpdatePublisher.Call(r.callContext(), in); err != nil {
		problems, ok := r.problemsOf(err, "publisher")
		if !ok {
			return err
		}
		var said []string
		for _, p := range problems {
			said = append(said, p.In(r.language))
		}
		return r.showCrisis(http.StatusUnprocessableEntity, typed, strings.Join(said, " "))
	}
	return r.redirectDone(r.pathTo("settings", crisisPlace), done)
}
