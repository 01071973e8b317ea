package teams

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"keypull/web/messengers"
)

// activity is the part of the connector's Activity that matters here.
type activity struct {
	Type         string          `json:"type"`
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Action       string          `json:"action"`
	ServiceURL   string          `json:"serviceUrl"`
	ChannelID    string          `json:"channelId"`
	From         account         `json:"from"`
	Recipient    account         `json:"recipient"`
	Conversation conversation    `json:"conversation"`
	Text         string          `json:"text"`
	Format       string          `json:"textFormat"`
	Locale       string          `json:"locale"`
	ReplyTo      string          `json:"replyToId"`
	Value        json.RawMessage `json:"value"`
	Entities     []entity        `json:"entities"`
	Attachments  []attachment    `json:"attachments"`
	Added        []account       `json:"membersAdded"`
	Removed      []account       `json:"membersRemoved"`
	Reactions    []struct {
		Type string `json:"type"`
	} `json:"reactionsAdded"`
	Channel struct {
		Tenant struct {
			ID string `json:"id"`
		} `json:"tenant"`
		Event string `json:"eventType"`
	} `json:"channelData"`
}

type account struct {
	ID     string `json:"id"`
	Person string `json:"aadObjectId"`
	Name   string `json:"name"`
	Role   string `json:"role"`
}

type conversation struct {
	ID     string `json:"id"`
	Type   string `json:"conversationType"`
	Tenant string `json:"tenantId"`
	Group  bool   `json:"isGroup"`
}

type entity struct {
	Type      string  `json:"type"`
	Text      string  `json:"text"`
	Locale    string  `json:"locale"`
	Mentioned account `json:"mentioned"`
}

type attachment struct {
	Type    string          `json:"contentType"`
	URL     string          `json:"contentUrl"`
	Name    string          `json:"name"`
	Content json.RawMessage `json:"content"`
}

// parse reads an activity; false if the bytes are none.
func parse(body []byte) (a activity, ok bool) {
	ok = messengers.Decode(body, &a)
	return a, ok && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
}

// threadMark stands between a channel's id and the post that a thread began with.
const threadMark = ";messageid="

// place returns the conversation without the thread, and the thread.
func (c conversation) place() (id, thread string) {
	id, thread, _ = strings.Cut(c.ID, threadMark)
	return messengers.Clean(id), messengers.Clean(thread)
}

// personal tells a chat with one person from all others.
func (c conversation) personal() bool {
	return c.Type == "personal" || c.Type == "" && !c.Group && !strings.HasPrefix(c.ID, "19:")
}

// same reports whether two ids name one account: the bot's goes with and without
// its prefix.
func same(a, b string) bool {
	return a != "" && strings.EqualFold(strings.TrimPrefix(a, botPrefix), strings.TrimPrefix(b, botPrefix))
}

// bot reports whether an account is a bot's, ours or another.
func (a account) bot() bool {
	return strings.EqualFold(a.Role, "bot") || strings.HasPrefix(a.ID, botPrefix)
}

// botPrefix stands before the id of an app where it is that of a bot.
const botPrefix = "28:"

// reader returns who wrote, and by which other id the same person may be known: the
// first is the same for all bots of a tenant.
func (a *activity) reader() (id string, also []string) {
	person, from := strings.ToLower(messengers.Clean(a.From.Person)), messengers.Clean(a.From.ID)
	switch {
	case person == "":
		return from, nil
	case from == "":
		return person, nil
	}
	return person, []string{from}
}

// whose returns the reader that an event is about: the person, or the group.
func (a *activity) whose() string {
	id, _ := a.reader()
	if !a.Conversation.personal() {
		id, _ = a.Conversation.place()
	}
	return id
}

// message returns what a message of the conversation is called by us: the connector's
// ids are unique within a conversation only.
func (a *activity) message(id string) string {
	place, _ := a.Conversation.place()
	if id = messengers.Clean(id); id == "" || place == "" {
		return ""
	}
	return place + "/" + id
}

// words returns what an activity says without the bot's name, and whether the
// bot was named.
func (a *activity) words(app string) (text string, named bool) {
	text = a.Text
	for _, e := range a.Entities {
		if !strings.EqualFold(e.Type, "mention") || !same(e.Mentioned.ID, a.Recipient.ID) && !same(e.Mentioned.ID, app) {
			continue
		}
		named = true
		if e.Text != "" {
			text = strings.ReplaceAll(text, e.Text, " ")
		}
	}
	if named {
		// The entity may write the name otherwise than the text does.
		text = leading.ReplaceAllString(text, "")
	}
	text = mention.ReplaceAllString(text, "$1")
	if a.Format == "xml" {
		text = tags.ReplaceAllString(text, " ")
	}
	text = html.UnescapeString(text)
	return messengers.Clean(spaces.ReplaceAllString(strings.ReplaceAll(text, "\u00a0", " "), " ")), named
}

var (
	leading = regexp.MustCompile(`^\s*<at[^>]*>[^<]*</at>`)
	mention = regexp.MustCompile(`<at[^>]*>([^<]*)</at>`)
	tags    = regexp.MustCompile(`<[^<>]*>`)
	spaces  = regexp.MustCompile(`[ \t]+`)
)

// tenant returns the directory that an activity is of.
func (a *activity) tenant() string {
	return strings.ToLower(cmp.Or(a.Channel.Tenant.ID, a.Conversation.Tenant))
}
