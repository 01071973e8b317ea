package discord

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// The types of interactions.
const (
	ping         = 1
	command      = 2
	component    = 3
	autocomplete = 4
	modal        = 5
)

// The types of responses.
const (
	pong     = 1
	reply    = 4
	deferred = 5
	nothing  = 6
	choices  = 8
)

// interaction is what somebody did with the app.
type interaction struct {
	ID          string `json:"id"`
	Application string `json:"application_id"`
	Type        int    `json:"type"`
	Token       string `json:"token"`
	Guild       string `json:"guild_id"`
	Channel     string `json:"channel_id"`
	Context     *int   `json:"context"`
	Locale      string `json:"locale"`
	Member      *struct {
		User person `json:"user"`
	} `json:"member"`
	User *person `json:"user"`
	// Owners tell for whom the app was added: a server under "0", a person
	// under "1".
	Owners map[string]string `json:"authorizing_integration_owners"`
	Data   data              `json:"data"`
	// Message is that whose button was pressed.
	Message struct {
		Components []part `json:"components"`
	} `json:"message"`
	// Event is what the other kind of delivery tells, which only says what
	// became of the app.
	Event *struct {
		Type string `json:"type"`
		Data struct {
			User person `json:"user"`
		} `json:"data"`
	} `json:"event"`
}

type person struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type data struct {
	Name       string   `json:"name"`
	Type       int      `json:"type"`
	Options    []choice `json:"options"`
	Target     string   `json:"target_id"`
	CustomID   string   `json:"custom_id"`
	Values     []string `json:"values"`
	Components []part   `json:"components"`
	Resolved   struct {
		Messages map[string]struct {
			Content string `json:"content"`
		} `json:"messages"`
		Attachments map[string]upload `json:"attachments"`
	} `json:"resolved"`
}

type choice struct {
	Type    int             `json:"type"`
	Name    string          `json:"name"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []choice        `json:"options"`
}

type upload struct {
	Name string `json:"filename"`
	Type string `json:"content_type"`
	URL  string `json:"url"`
	Size int64  `json:"size"`
}

// part is a component of a message or of a form: what was sent, or filled in.
type part struct {
	CustomID   string  `json:"custom_id"`
	Label      string  `json:"label"`
	Value      string  `json:"value"`
	Options    []entry `json:"options"`
	Components []part  `json:"components"`
	Component  *part   `json:"component"`
}

// handshake answers what Discord asks of the address itself; true where somebody
// asks something.
func (i *interaction) handshake() (messengers.Receipt, bool) {
	switch {
	case i.Event != nil, i.Type == 0:
		return messengers.Receipt{Status: http.StatusNoContent}, false
	case i.Type == ping:
		return answering(response{Type: pong}), false
	case i.Type < command || i.Type > modal:
		return messengers.Receipt{}, false
	}
	return messengers.Receipt{}, true
}

// server returns the one that the interaction is of, or "" if it is of a person.
func (i *interaction) server() string {
	if i.Guild != "" {
		return i.Guild
	}
	return i.Owners["0"]
}

// stranger is told where no channel is for a server.
func (i *interaction) stranger() messengers.Receipt {
	if i.Type == autocomplete {
		return answering(response{Type: choices, Data: &message{Choices: &[]option{}}})
	}
	said := own.Say(i.Locale, "stranger", nil)
	return answering(response{Type: reply, Data: &message{Content: said, Mentions: nobody, Flags: ephemeral}})
}

// user is whoever did it.
func (i *interaction) user() person {
	switch {
	case i.Member != nil && i.Member.User.ID != "":
		return i.Member.User
	case i.User != nil:
		return *i.User
	}
	return person{}
}

// among tells whether others would see a usual answer: in a server, or in a
// conversation that the app has no part in.
func (i *interaction) among() bool {
	const ownDM = 1
	return i.Guild != "" || i.Context != nil && *i.Context != ownDM
}

// generic are the names of commands that say nothing of what is asked.
const generic = "get"

// more is the option of a command that is a keyword itself.
const more = "more"

// asks returns what a command asks: what stands in its options, behind the command's
// own name where that is a keyword.
func (d *data) asks() string {
	const ofMessage = 3
	if d.Type == ofMessage {
		return messengers.Clean(d.Resolved.Messages[d.Target].Content)
	}
	words, named := said(d.Options)
	if name := strings.ReplaceAll(d.Name, "-", " "); name != generic && (named || len(words) == 0 && len(d.Resolved.Attachments) == 0) {
		words = append([]string{name}, words...)
	}
	return messengers.Clean(strings.Join(words, " "))
}

// said returns the texts of options, those within others too; named says that one of
// them goes on from the command's name.
func said(options []choice) (words []string, named bool) {
	for _, o := range options {
		var text string
		if o.Type == ofText && json.Unmarshal(o.Value, &text) == nil && messengers.Clean(text) != "" {
			words, named = append(words, messengers.Clean(text)), named || o.Name == more
		}
		inner, also := said(o.Options)
		words, named = append(words, inner...), named || also
	}
	return words, named
}

// attached returns the files of a command, by their ids.
func (d *data) attached() []what.Media {
	const most = 10
	ids := slices.Sorted(maps.Keys(d.Resolved.Attachments))
	var all []what.Media
	for _, id := range ids[:min(len(ids), most)] {
		f := d.Resolved.Attachments[id]
		all = append(all, what.Media{Type: messengers.MediaOf(f.Type), URL: f.URL, Alt: f.Name, Bytes: max(f.Size, 0)})
	}
	return all
}

// focused returns what is being typed.
func focused(options []choice) string {
	for _, o := range options {
		var text string
		if o.Focused && json.Unmarshal(o.Value, &text) == nil {
			return messengers.Clean(text)
		}
		if inner := focused(o.Options); inner != "" {
			return inner
		}
	}
	return ""
}

// label returns what stands on the button, or entry, that sends something.
func label(parts []part, sends string) string {
	for _, p := range parts {
		if payload(p.CustomID) == sends && p.Label != "" {
			return p.Label
		}
		for _, o := range p.Options {
			if o.Value == sends {
				return o.Label
			}
		}
		if found := label(p.Components, sends); found != "" {
			return found
		}
	}
	return ""
}

// filled returns the texts of a form.
func filled(parts []part) []string {
	var all []string
	for _, p := range parts {
		if text := messengers.Clean(p.Value); text != "" {
			all = append(all, text)
		}
		if p.Component != nil {
			all = append(all, filled([]part{*p.Component})...)
		}
		all = append(all, filled(p.Components)...)
	}
	return all
}
