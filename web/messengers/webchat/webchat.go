// Package webchat is the messenger kind for the publisher's own pages: a small
// protocol of JSON over HTTP, answers in the response, later ones as events,
// and the widget that speaks it.
//
// The routes and the headers of the HTTP server are not its business: it takes
// deliveries, hands out events, and gives away the files of the widget.
package webchat

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:    "webchat",
	Words:   own,
	Writers: messengers.Visitors,
	Files:   files,
	Look:    messengers.Chat,
	New: func() settings.Opener[messengers.Env, messengers.Messenger] {
		return &Settings{Theme: "auto", Budget: usual()}
	},
	Preview: func() messengers.Messenger {
		c, _ := (&Settings{Budget: usual()}).Open(messengers.Env{Clock: time.Now}) // which is all that it needs
		return c
	},
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one chat.
type Settings struct {
	Origins    []string          `name:"origins" label:"Sites that embed it" help:"Other websites that may show the chat, each with https:// and without what comes behind its name, such as https://www.example.org. Its own page always may." example:"https://www.example.org"`
	Theme      string            `name:"theme" label:"Theme" help:"auto follows what the reader's device prefers." choices:"auto,light,dark" more:"true"`
	Title      string            `name:"title" label:"Title" help:"Stands above the chat. The publisher's name where empty." example:"Ask Lecker" check:"max=80" is:"title"`
	Consent    string            `name:"consent" label:"Consent" help:"What readers are asked to agree to before anything is remembered of them. Empty where no consent is needed: then the chat lasts as long as one of its tabs." check:"max=1000" is:"consent"`
	Colour     string            `name:"colour" label:"Colour" help:"The outlet's own, as #rrggbb. What is written in it or on it is made readable in both themes." example:"#0a6a60"`
	Logo       string            `name:"logo" label:"Logo" help:"The address of a picture that stands before the title, 64 pixels high or more." example:"https://www.example.org/logo.svg" check:"url,max=500" more:"true"`
	Avatar     string            `name:"avatar" label:"Avatar" help:"The address of a square picture that stands beside the answers." example:"https://www.example.org/avatar.png" check:"url,max=500" more:"true"`
	Welcome    map[string]string `name:"welcome" label:"Welcome" help:"What stands above a conversation, one text or one per language. Not set: who answers, and how." settings:"localised" check:"keys=language,max=1000" example:"Ask us for any recipe of the last 40 years." more:"true"`
	Picture    string            `name:"picture" label:"Welcome picture" help:"The address of a picture that stands above the welcome." example:"https://www.example.org/welcome.jpg" check:"url,max=500" more:"true"`
	PictureAlt map[string]string `name:"picture_alt" label:"What the welcome picture shows" help:"For readers who do not see it, one text or one per language. Not set: it is left out for them." settings:"localised" check:"keys=language,max=300" example:"Our kitchen by the harbour." more:"true"`
	Budget     Budget            `name:"budget" label:"Budget of an address" help:"What one address may ask of the chat, so that a burst from there costs no other reader. An IPv6 network of 64 bits is one address." more:"true"`
}

// mostWelcome is how long a welcome may be, in characters.
const mostWelcome = 500

// Check finds origins that a browser would never send, and looks that can't be had.
func (s *Settings) Check() settings.Problems {
	var found settings.Problems
	for _, origin := range s.Origins {
		if !isOrigin(origin) {
			found = append(found, settings.Wrong("origins", own.Text("odd_origin", nil)))
		}
	}
	if _, ok := parseColour(s.Colour); s.Colour != "" && !ok {
		found = append(found, settings.Wrong("colour", own.Text("odd_colour", nil)))
	}
	for _, text := range s.Welcome {
		if utf8.RuneCountInString(text) > mostWelcome {
			found = append(found, settings.Wrong("welcome", own.Text("welcome_long", words.Args{"most": mostWelcome})))
			break
		}
	}
	return found
}

// isOrigin tells whether a text is an origin as browsers send it.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && u.Scheme+"://"+u.Host == text && strings.ToLower(text) == text
}

// Chat is one opened web chat.
type Chat struct {
	publisher string
	id        string
	page      string
	name      func() string
	greet     func(language string) pull.Reply
	settings  Settings
	clock     func() time.Time
	hub       *hub
	// pace is that of each session.
	pace    messengers.Paces
	budgets *budgets
	tickets *tickets
	foreign foreigners
	// key is what sessions prove themselves by; known finds those of readers
	// from before sessions did.
	key   []byte
	known func(ctx context.Context, reader string) (bool, error)
	// sent tells what was sent before, by this process or an earlier one.
	sent func(ctx context.Context, reader string, since time.Time) ([]messengers.Past, error)
}

// Open returns a *Chat.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	if env.Clock == nil {
		return nil, errors.New("webchat: a clock is needed")
	}
	c := &Chat{
		publisher: env.Publisher, id: env.ID, page: strings.Replace(env.Hook, "/hook/", "/chat/", 1), name: env.Name, greet: env.Greet, settings: *s, clock: env.Clock,
		hub: newHub(env), pace: messengers.Paces{Per: refilled}, budgets: newBudgets(s.Budget),
		key: env.KeyFor("webchat session"), known: env.Known, sent: env.Sent,
	}
	c.settings.Origins = slices.Clone(s.Origins)
	var err error
	c.tickets, err = newTickets()
	return c, err
}

// title stands above the chat: the editor's, else the publisher's name.
func (c *Chat) title() string {
	if c.settings.Title != "" || c.name == nil {
		return c.settings.Title
	}
	return c.name()
}

// Limits are generous: the answer is our own to show.
func (c *Chat) Limits() messengers.Limits {
	return messengers.Limits{
		Text: 16_000, Unit: messengers.Runes, Messages: 4,
		Buttons: 20, LabelRunes: 80, Media: map[what.MediaType]int64{what.Image: 0}, Caption: 16_000, Cards: 20,
		InBand: 25 * time.Second, Guests: true, Codes: true, Idempotent: true,
	}
}

// Close ends all subscriptions.
func (c *Chat) Close() error {
	c.hub.close()
	return nil
}

// Link opens the chat's own page, which asks the words at once.
func (c *Chat) Link(words string) string {
	if c.page == "" || words == "" {
		return c.page
	}
	return c.page + "?ask=" + url.QueryEscape(words)
}

// AllowsOrigin tells whether pages of an origin may talk to the chat from
// another host.
func (c *Chat) AllowsOrigin(origin string) bool {
	return slices.Contains(c.settings.Origins, origin)
}

// Send brings a later message to the session's subscribers, and keeps it for
// those who come within the hour. A key that was sent before is done.
func (c *Chat) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	if !validSession(s.Address) {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_session", nil)}}
	}
	data, err := eventOf(s.Message)
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	if !c.hub.publish(s.Address, s.Key, data) {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: &pull.Error{Kind: pull.Unavailable, Hint: own.Text("closing", nil)}}
	}
	return "", nil
}

// eventOf returns a message as events have it.
func eventOf(m messengers.Message) ([]byte, error) {
	return json.Marshal(struct {
		Replies []reply `json:"replies"`
	}{[]reply{wire(m)}})
}

// Wire returns what a message looks like in the response and in events.
func (c *Chat) Wire(s messengers.Sending) ([]byte, error) {
	return json.Marshal(wire(s.Message))
}

// reply is a message in the protocol; its lists are never null.
type reply struct {
	Text    string        `json:"text"`
	Buttons []pull.Button `json:"buttons"`
	Media   []what.Media  `json:"media"`
	// Cards are the pictures of pieces that the text tells, by their links.
	Cards []pull.Card `json:"cards,omitempty"`
	// Consent is there where the reader has just said so in the chat: the page shows it.
	Consent *bool `json:"consent,omitempty"`
}

func wire(m messengers.Message) reply {
	r := reply{Text: m.Text, Buttons: m.Buttons, Media: m.Media, Cards: m.Cards}
	if m.Consent != "" {
		given := m.Consent == "given"
		r.Consent = &given
	}
	if r.Buttons == nil {
		r.Buttons = []pull.Button{}
	}
	if r.Media == nil {
		r.Media = []what.Media{}
	}
	return r
}

// Consent returns what readers agree to before anything is kept of them.
func (c *Chat) Consent() string { return c.settings.Consent }
