package alexa

import (
	"context"
	"net/http"
	"strings"

	"keypull/web/messengers"
)

// events is how the types of what Amazon tells of a skill begin.
const events = "AlexaSkillEvent."

// Receive reads one request. What is not signed as Amazon does is 400: that is
// what its certification wants.
func (s *Skill) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if d.Method != "" && d.Method != http.MethodPost {
		return messengers.Receipt{Status: http.StatusMethodNotAllowed}, nil
	}
	q, ok, err := s.check(ctx, d)
	if err != nil {
		return messengers.Receipt{Status: http.StatusServiceUnavailable}, err
	}
	if !ok {
		return messengers.Receipt{Status: http.StatusBadRequest}, nil
	}
	return q.read(), nil
}

// read tells what a request means.
func (q *request) read() messengers.Receipt {
	reader := q.reader()
	switch kind := q.Request.Type; {
	case reader == "" || q.Request.ID == "":
		return over(answer{})
	case kind == "LaunchRequest":
		return q.ask("", "c:start")
	case kind == "IntentRequest":
		return q.intended()
	case kind == events+"SkillDisabled":
		return happened(messengers.Gone, reader)
	case kind == events+"SkillEnabled":
		return happened(messengers.Back, reader)
	case kind == "CanFulfillIntentRequest":
		a := answer{}
		a.Response.Can = &can{"MAYBE"}
		return over(a)
	}
	// The end of a session, or what nobody has heard of: nothing may be said.
	return over(answer{})
}

func happened(kind messengers.EventKind, reader string) messengers.Receipt {
	return messengers.Receipt{Events: []messengers.Event{{Kind: kind, Reader: reader}}}
}

// commands are the intents that every skill has, as what they ask of us.
var commands = map[string]string{
	"AMAZON.HelpIntent": "c:help", "AMAZON.FallbackIntent": "c:menu", "AMAZON.StartOverIntent": "c:menu",
	"AMAZON.NextIntent": "c:more", "AMAZON.MoreIntent": "c:more", "AMAZON.PreviousIntent": "c:menu",
}

// intended reads an intent. STOP ends the session, and not what a reader wants of
// the outlet.
func (q *request) intended() messengers.Receipt {
	name := q.Request.Intent.Name
	switch name {
	case "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent", "AMAZON.PauseIntent":
		a := answer{}
		a.Response.Ends = &yes
		return over(a)
	case "AMAZON.YesIntent":
		return q.ask("yes", "")
	case "AMAZON.NoIntent":
		return q.ask("no", "")
	case "AMAZON.RepeatIntent":
		if said := messengers.Clean(q.Session.Attributes.Said); said != "" {
			return over(again(said))
		}
		return q.ask("", "c:menu")
	}
	command := commands[name]
	text, tap := q.Request.Intent.heard()
	if command == "" && text == "" {
		command = "c:menu"
	}
	if command == "" {
		return q.ask(text, tap)
	}
	// Whoever wants to know what there is goes on to ask for it.
	q.Session.New = false
	return q.ask("", command)
}

// ask is a message whose answer travels in the response. A session that began
// with it ends with its answer: somebody asked in one sentence.
func (q *request) ask(text, tap string) messengers.Receipt {
	reader := q.reader()
	a := answer{Version: version}
	one := q.Session.New && q.Request.Type == "IntentRequest"
	a.Response.Ends = &one
	r := over(a)
	r.Asks = []messengers.Incoming{{
		ID: messengers.Clean(q.Request.ID), Reader: reader, Address: reader, Text: text, Tap: tap, Spoken: true,
		Language: strings.TrimSpace(q.Request.Locale), InBand: true, Fleeting: true,
	}}
	return r
}
