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

// starterSets lists what a publisher may begin with.
func (r *request) starterSets() ([]console.StarterSet, error) {
	listed, err := console.ListStarters.Call(r.callContext(), console.StarterList{Of: r.publisherInput(), Language: r.language})
	return listed.Sets, err
}

// starterBody returns the set of the address, as it is before anything is filled in.
func (r starterPages) starterBody() (starterBody, error) {
	sets, err := r.starterSets()
	if err != nil {
		return starterBody{}, err
	}
	at := slices.IndexFunc(sets, func(set console.StarterSet) bool { return set.Name == r.PathValue("set") })
	if at < 0 {
		return starterBody{}, &pull.Error{Kind: pull.Unknown, Op: "show starters"}
	}
	set := sets[at]
	b := starterBody{Head: pages.Header{Title: set.Title, Lead: r.t("starter.lead")}, Action: r.pathTo(starterPlace, set.Name), CSRF: r.session.CSRF}
	var standing []string
	for _, of := range set.Entries {
		title := ""
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
	for i, a := range body.answers {
		field := &body.Form[i]
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
