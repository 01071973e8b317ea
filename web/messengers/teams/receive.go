package teams

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Receive reads one activity. Which reader may write is Microsoft's to say: who
// can't prove to speak for it gets 401.
func (b *Bot) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !d.Verified || !b.carried {
		if _, status, err := b.app.check(ctx, d); err != nil || status != 0 {
			return messengers.Receipt{Status: status}, err
		}
	}
	a, _ := parse(d.Body)
	if _, ok := b.hosts.allow(a.ServiceURL); !ok {
		b.logger.Warn("a delivery names a service that is not Microsoft's: allow_service_hosts may allow it", "url", a.ServiceURL)
		return messengers.Receipt{Status: http.StatusForbidden}, nil
	}
	return b.read(&a, d.At), nil
}

// read tells what an activity means.
func (b *Bot) read(a *activity, at time.Time) (r messengers.Receipt) {
	if a.Conversation.ID == "" {
		return r
	}
	switch a.Type {
	case "message", "messageUpdate":
		r.Asks = b.asked(a, at)
	case "invoke":
		if r.Asks = b.asked(a, at); a.Name == cardAction {
			r.ContentType, r.Body = "application/json", []byte(`{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":""}`)
		}
	case "messageDelete":
		if id := a.message(a.ID); id != "" {
			r.Events = append(r.Events, messengers.Event{Kind: messengers.Deleted, Reader: a.whose(), Message: id})
		}
	case "messageReaction":
		r.Events = a.reacted()
	case "event":
		r.Events = a.seen()
	case "conversationUpdate", "installationUpdate":
		r.Events = b.joined(a)
	}
	return r
}

// asked reads a message, a press on a card, or the new wording of a message. In
// a group only what names the bot is for it, and what is pressed.
func (b *Bot) asked(a *activity, at time.Time) []messengers.Incoming {
	text, named := a.words(b.app.id)
	tap := tapped(a)
	place, thread := a.Conversation.place()
	reader, also := a.reader()
	in := messengers.Incoming{
		ID: a.message(a.ID), Reader: reader, Also: also, Address: addressOf(place, a.ServiceURL), Text: text, Tap: tap,
		Edit: a.Type == "messageUpdate", Quote: messengers.Clean(a.ID), Thread: thread, Language: a.language(), Attachments: a.media(),
		Workspace: a.tenant(),
	}
	if in.ID == "" || reader == "" || a.From.bot() || tap == "" && (a.Type == "invoke" || text == "" && len(in.Attachments) == 0) {
		return nil
	}
	if !a.Conversation.personal() {
		if thread != "" && tap == "" && thread != messengers.Clean(a.ID) {
			in.Posted = &pull.Posted{
				Below: []string{place + "/" + thread}, By: cmp.Or(messengers.Clean(a.From.Name), "Teams"), Proven: b.ofTenant(in.Workspace), Whole: text,
			}
		}
		if in.Overheard = !named && tap == ""; in.Overheard && in.Posted == nil {
			return nil
		}
		in.Reader, in.Also, in.Group, in.Language = place, nil, true, ""
	}
	if tap != "" {
		in.ID = b.firstOf(press{place, reader, a.ReplyTo, tap}, in.ID, at)
	}
	return []messengers.Incoming{in}
}

// ofTenant reports whether a directory is the bot's own.
func (b *Bot) ofTenant(tenant string) bool {
	return tenant != "" && strings.EqualFold(tenant, b.tenant)
}

// press is one button of one message, and who pressed it; pressed the first activity
// that told of it.
type press struct{ place, reader, message, sends string }

type pressed struct {
	id string
	at time.Time
}

// pressLasts is for how long the same press of the same button is the first one: Teams
// tells it again, as a new activity, where no answer came within seconds.
const pressLasts = 30 * time.Second

// firstOf returns the id of the activity that told first of a press.
func (b *Bot) firstOf(of press, id string, at time.Time) string {
	first := b.presses.First(of, pressed{id, at})
	if at.Sub(first.at).Abs() >= pressLasts {
		first = pressed{id, at}
		b.presses.Put(of, first)
	}
	return first.id
}

// language returns what the client of whoever wrote is set to.
func (a *activity) language() string {
	for _, e := range a.Entities {
		if e.Type == "clientInfo" && e.Locale != "" {
			return cmp.Or(a.Locale, e.Locale)
		}
	}
	return a.Locale
}

// tapped returns what a pressed button sends, wherever the client puts it: ours its
// payload, one that another tool made its words.
func tapped(a *activity) string {
	value := a.Value
	var quoted string
	if json.Unmarshal(value, &quoted) == nil && json.Valid([]byte(quoted)) {
		value = json.RawMessage(quoted)
	}
	var v struct {
		payload
		Teams  struct{ Value payload } `json:"msteams"`
		Action struct{ Data payload }  `json:"action"`
	}
	_ = json.Unmarshal(value, &v) // what is none of ours holds none of ours
	const most = 256              // ours are far shorter
	tap := messengers.Clean(cmp.Or(v.Sends, v.Teams.Value.Sends, v.Action.Data.Sends))
	if tap == "" && (a.Type == "message" || a.Name == cardAction) {
		tap = messengers.Clean(alone(value))
	}
	if len(tap) > most {
		return ""
	}
	return tap
}

// cardAction is what the press of a button that acts within its card is called.
const cardAction = "adaptiveCard/action"

// alone returns the only text that a value says, or else the verb of its action.
func alone(value json.RawMessage) (text string) {
	var all map[string]json.RawMessage
	if json.Unmarshal(value, &all) != nil {
		_ = json.Unmarshal(value, &text) // a number says nothing
		return text
	}
	var action struct {
		Verb string
		Data json.RawMessage
	}
	if json.Unmarshal(all["action"], &action) == nil {
		return cmp.Or(alone(action.Data), action.Verb)
	}
	for _, one := range all {
		var said string
		if json.Unmarshal(one, &said) != nil || said == "" {
			continue
		}
		if text != "" {
			return ""
		}
		text = said
	}
	return text
}

// media returns the files that came with a message. The HTML that comes with every
// formatted text is none, nor are cards. A picture can be fetched with our token
// alone.
func (a *activity) media() (all []what.Media) {
	for _, file := range a.Attachments {
		kind, _, _ := strings.Cut(file.Type, "/")
		m := what.Media{Type: map[string]what.MediaType{"image": what.Image, "audio": what.Sound, "video": what.Video}[kind], Alt: file.Name}
		if file.Type == "application/vnd.microsoft.teams.file.download.info" {
			var content struct {
				URL string `json:"downloadUrl"`
			}
			_ = json.Unmarshal(file.Content, &content) // without, it is a file that can't be fetched
			m.Type, m.URL = what.Document, content.URL
		}
		if m.Type != "" {
			all = append(all, m)
		}
	}
	return all
}

// thumbs are the reactions that say yes or no; the list is open, and all others
// say neither.
var thumbs = map[string]int{ //nolint:gochecknoglobals // it does not change
	"like": 1, "heart": 1, "1f44d": 1, "2764": 1, "1f525": 1, "1f44f": 1, "1f389": 1, "1f64f": 1, "1f60d": 1, "2705": 1,
	"dislike": -1, "angry": -1, "1f44e": -1, "1f621": -1, "1f4a9": -1, "1f92e": -1,
}

func (a *activity) reacted() []messengers.Event {
	id := a.message(a.ReplyTo)
	for _, r := range a.Reactions {
		name, _, _ := strings.Cut(r.Type, "_")
		if thumb := thumbs[name]; thumb != 0 && id != "" && !a.From.bot() {
			return []messengers.Event{{Kind: messengers.Reacted, Reader: a.whose(), Message: id, Thumb: thumb}}
		}
	}
	return nil
}

// seen reads that a message of ours was, which some tenants tell.
func (a *activity) seen() []messengers.Event {
	var mark struct {
		Last string `json:"lastReadMessageId"`
	}
	if a.Name != "application/vnd.microsoft.readReceipt" || json.Unmarshal(a.Value, &mark) != nil {
		return nil
	}
	if id := a.message(mark.Last); id != "" {
		return []messengers.Event{{Kind: messengers.Read, Reader: a.whose(), Message: id}}
	}
	return nil
}

// joined reads that the bot was installed or removed.
func (b *Bot) joined(a *activity) []messengers.Event {
	bot := func(m account) bool { return same(m.ID, a.Recipient.ID) || same(m.ID, b.app.id) }
	e := messengers.Event{Reader: a.whose()}
	switch {
	case strings.HasPrefix(a.Action, "remove"), slices.ContainsFunc(a.Removed, bot):
		e.Kind = messengers.Gone
	case strings.HasPrefix(a.Action, "add"), slices.ContainsFunc(a.Added, bot):
		e.Kind = messengers.Back
	}
	if e.Kind == "" || e.Reader == "" || a.Conversation.personal() && a.From.bot() {
		return nil
	}
	return []messengers.Event{e}
}
