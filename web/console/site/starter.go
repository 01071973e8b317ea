package site

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// starterPages have an editor fill in what outlets of some sort are asked.
type starterPages struct{ *request }

// starterPlace is where they are.
const starterPlace = "starters"

// starterBody is what the page of a set shows: a text for each entry and language, and
// which answer it is in answers.
type starterBody struct {
	Head                  pages.Header
	Action, CSRF, Message string
	Form                  inputs
	answers               []console.StarterAnswer
	// requests are the entries that take one, each by a tick of its name.
	requests []string
	// Standing names the entries that there are keywords for.
	Standing string
}

func (s *Site) starterRoutes() {
	const at = Root + "/p/{publisher}/" + starterPlace + "/{set}"
	s.route("GET "+at, gatedFor(console.AdoptStarter, pageAction(func(r starterPages) error {
		body, err := r.starterBody()
		if err != nil {
			return err
		}
		return r.showStarter(http.StatusOK, body)
	})))
	s.route("POST "+at, gatedFor(console.AdoptStarter, pageAction(starterPages.adoptStarter)))
}

// starterBody returns the set of the address, as it is before anything is filled in.
func (r starterPages) starterBody() (starterBody, error) {
	listed, err := console.ListStarters.Call(r.callContext(), console.StarterList{Of: r.publisherInput()})
	if err != nil {
		return starterBody{}, err
	}
	at := slices.IndexFunc(listed.Sets, func(set console.StarterSet) bool { return set.Name == r.PathValue("set") })
	if at < 0 {
		return starterBody{}, &pull.Error{Kind: pull.Unknown, Op: "show starters"}
	}
	set := listed.Sets[at]
	b := starterBody{Head: pages.Header{Title: set.Title, Lead: r.t("starter.lead")}, Action: r.pathTo(starterPlace, set.Name), CSRF: r.session.CSRF}
	if query := r.URL.Query(); query.Has("first") {
		b.Head.Actions = []pages.Action{{Label: r.t("starter.skip"), Href: r.pathTo(sourceSection, "new") + "?" + query.Encode()}}
	}
	var standing []string
	for _, of := range set.Entries {
		title := ""
		if of.Request != "" {
			if title = of.Phrases[r.firstTongue(of.Phrases)][0]; !of.Standing {
				b.Form, b.requests = append(b.Form, r.requestTick(of, title)), append(b.requests, of.Name)
			}
		}
		for _, tag := range r.publisherLanguages() {
			text, ok := of.Texts[tag]
			if !ok {
				continue
			}
			title = cmp.Or(title, of.Phrases[tag][0])
			if of.Standing {
				continue
			}
			label := title
			if len(of.Texts) > 1 {
				label += " · " + r.languageName(tag)
			}
			b.Form = append(b.Form, input{Name: of.Name + "." + tag, Type: "lines", Label: label, Value: text, Help: r.t("starter.asked", "phrases", strings.Join(of.Phrases[tag], ", "))})
			b.answers = append(b.answers, console.StarterAnswer{Entry: of.Name, Language: tag, Text: text})
		}
		if of.Standing {
			standing = append(standing, title)
		}
	}
	if len(standing) > 0 {
		b.Standing = r.t("starter.standing", "entries", strings.Join(standing, ", "))
	}
	return b, nil
}

// firstTongue returns the first language of the publisher that an entry is in.
func (r starterPages) firstTongue(of map[string][]string) string {
	for _, tag := range r.publisherLanguages() {
		if len(of[tag]) > 0 {
			return tag
		}
	}
	return ""
}

// requestTick has an entry take requests down.
func (r starterPages) requestTick(of console.StarterEntry, title string) input {
	tag := r.firstTongue(of.Phrases)
	var questions []string
	for _, q := range of.Ask {
		questions = append(questions, q.Texts[tag])
	}
	return input{Name: of.Name, Type: "toggle", Label: title, Value: "on",
		Help: r.t("starter.asked", "phrases", strings.Join(of.Phrases[tag], ", ")) + ". " + r.t("starter.takes", "questions", strings.Join(questions, " "))}
}

func (r starterPages) showStarter(status int, body starterBody) error {
	return r.showAs(status, "page_starter", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbsTo(sourceSection, body.Head.Title)})
}

// adoptStarter adds what was filled in; a text with its gaps as they were is left out.
func (r starterPages) adoptStarter() error {
	body, err := r.starterBody()
	if err != nil {
		return err
	}
	in := console.StarterAdopt{Of: r.publisherInput(), Set: r.PathValue("set")}
	for i := range body.Form {
		field := &body.Form[i]
		if slices.Contains(body.requests, field.Name) {
			if field.Value = r.postedValue(field.Name); field.Value != "" {
				in.Requests = append(in.Requests, field.Name)
			}
			continue
		}
		a := body.answers[slices.IndexFunc(body.answers, func(a console.StarterAnswer) bool { return a.Entry+"."+a.Language == field.Name })]
		typed := strings.TrimSpace(strings.ReplaceAll(r.postedValue(field.Name), "\r\n", "\n"))
		if typed == "" || typed == a.Text && strings.Contains(a.Text, settings.Gap) {
			continue
		}
		field.Value, a.Text = typed, typed
		in.Answers = append(in.Answers, a)
	}
	_, err = console.AdoptStarter.Call(r.callContext(), in)
	problems, refused := r.problemsOf(err, "answers")
	if !refused {
		if err != nil {
			return err
		}
		return r.redirectDone(r.pathTo(keywordSection), "source_adopted")
	}
	body.Message = strings.Join(body.Form.addProblems(problems), " ")
	return r.showStarter(http.StatusUnprocessableEntity, body)
}
