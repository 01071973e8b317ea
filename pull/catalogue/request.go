package catalogue

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// The kinds of requests.
const (
	Incident    = "incident"
	Appointment = "appointment"
	Order       = "order"
)

// Limits of what readers are asked for a request.
const (
	MostAsked    = 3
	mostChoices  = 8
	longQuestion = 200
	longChoice   = 40
)

// Request has a keyword take something down of a reader that people of the publisher, or a
// system of theirs, see to.
type Request struct {
	Kind string     `name:"kind" label:"Kind of request" help:"What readers make with it: an incident (my paper did not come), an appointment at a time that the keyword's source has free, or an order. An appointment needs a calendar with free times as its source, the others have no source. Not set: the keyword answers from its source." choices:",incident,appointment,order" json:",omitempty"`
	Ask  []Question `name:"ask" label:"Questions" help:"What the reader is asked, in this order, up to three questions; what their message says already is not asked. The reader confirms all of it once." example:"[{ text = { en = \"Which day?\" }, slot = \"date\" }, { text = { en = \"Your address?\" } }]" json:",omitempty"`
	Hook string     `name:"hook" label:"Handed to" help:"The source of your own endpoint (kind hook) that requests are handed to as well, signed. Not set: they stand under Conversations alone." check:"id" example:"crm" more:"true" json:",omitempty"`
}

// Question is something that a reader is asked for a request.
type Question struct {
	Text    Localised           `name:"text" label:"Question" help:"What is asked, one text or one per language." settings:"localised" check:"keys=language" example:"Which day?" json:",omitempty"`
	Slot    string              `name:"slot" label:"Kind of answer" help:"What the answer is: any text, a date (tomorrow, sat, 24 dec), a number, an amount of money, or a place, which readers may share as one." choices:",text,date,number,amount,place" json:",omitempty"`
	Choices map[string][]string `name:"choices" label:"Choices" help:"Answers to choose from, by language, up to eight; no others are taken then. Not set: whatever is of the kind." check:"keys=language" example:"{ en = [\"Passport\", \"Identity card\"] }" json:",omitempty"`
}

// Check finds what no single field shows.
func (r *Request) Check() (problems settings.Problems) {
	wrong := func(field, key string, args words.Args) {
		problems = append(problems, settings.Wrong(field, words.Text{Key: key, Args: args}))
	}
	if r.Kind == "" && (len(r.Ask) > 0 || r.Hook != "") {
		wrong("kind", "catalogue.request_kind", nil)
	}
	if len(r.Ask) > MostAsked {
		wrong("ask", "catalogue.request_many", words.Args{"most": strconv.Itoa(MostAsked), "got": strconv.Itoa(len(r.Ask))})
	}
	for i, q := range r.Ask {
		at := "ask[" + strconv.Itoa(i) + "]"
		if strings.TrimSpace(strings.Join(slices.Collect(maps.Values(q.Text)), "")) == "" {
			wrong(at+".text", "catalogue.request_question", nil)
		}
		for _, text := range q.Text {
			if n := utf8.RuneCountInString(text); n > longQuestion {
				wrong(at+".text", "catalogue.request_long", words.Args{"most": strconv.Itoa(longQuestion), "got": strconv.Itoa(n)})
			}
		}
		for _, choices := range q.Choices {
			if len(choices) > mostChoices {
				wrong(at+".choices", "catalogue.request_choices", words.Args{"most": strconv.Itoa(mostChoices), "got": strconv.Itoa(len(choices))})
			}
			for _, one := range choices {
				if n := utf8.RuneCountInString(one); n > longChoice {
					wrong(at+".choices", "catalogue.request_long", words.Args{"most": strconv.Itoa(longChoice), "got": strconv.Itoa(n)})
				}
			}
		}
	}
	return problems
}

// Check finds what no single field shows: a keyword answers from its source, or takes requests.
func (k *Keyword) Check() settings.Problems {
	switch k.Request.Kind {
	case "":
		if k.Source == "" {
			return settings.Problems{settings.NewProblem("source", "required")}
		}
	case Appointment:
		if k.Source == "" {
			return settings.Problems{settings.Wrong("source", words.Text{Key: "catalogue.request_no_calendar"})}
		}
	case Incident, Order:
		if k.Source != "" {
			return settings.Problems{settings.Wrong("source", words.Text{Key: "catalogue.request_source"})}
		}
	}
	return nil
}

// ChoicesIn returns what a question is answered with, in a language, else in that of the first
// list there is.
func (q *Question) ChoicesIn(language string, others ...string) []string {
	for _, tag := range append([]string{language, base(language)}, others...) {
		if list := q.Choices[tag]; len(list) > 0 {
			return list
		}
	}
	return nil
}

// The rules of requests.
const (
	keyRequestNoTimes   = "request_no_times"
	keyRequestNoHook    = "request_no_hook"
	keyRequestTakesNone = "request_takes_none"
)

// CheckRequest finds what of the request of a publisher's keyword can never come about.
func CheckRequest(k *Keyword, p *Publisher) []Finding { return reachOf(p).checkRequest(k) }

func (r reach) checkRequest(k *Keyword) (all []Finding) {
	known := func(source string) (a About) {
		if r.about != nil {
			a = r.about(source)
		}
		return a
	}
	if a := known(k.Source); k.Request.Kind == Appointment && a.Opened && !a.Bookable {
		all = append(all, newFinding(Error, "source", CodeRequest, keyRequestNoTimes, "got", k.Source))
	}
	if hook := k.Request.Hook; hook != "" {
		switch a := known(hook); {
		case !slices.Contains(r.sources, hook):
			all = append(all, newFinding(Error, "request.hook", CodeRequest, keyRequestNoHook, "got", hook, "known", strings.Join(r.sources, ", ")))
		case a.Opened && !a.Takes:
			all = append(all, newFinding(Error, "request.hook", CodeRequest, keyRequestTakesNone, "got", hook))
		}
	}
	return all
}

// WithSource returns a keyword that names a source by its new id.
func (k Keyword) WithSource(from, to string) Keyword {
	for _, named := range []*string{&k.Source, &k.Request.Hook} {
		if *named == from {
			*named = to
		}
	}
	return k
}
