package telegram

import (
	"encoding/json"
	"errors"
	"strconv"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Limits of an update: Telegram's own are far smaller.
const (
	maxBytes = 256 << 10
	maxDepth = 32
)

// update is the part of Telegram's Update that matters here.
type update struct {
	ID       int64     `json:"update_id"`
	Message  *message  `json:"message"`
	Edited   *message  `json:"edited_message"`
	Callback *callback `json:"callback_query"`
	Member   *member   `json:"my_chat_member"`
}

type user struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Username string `json:"username"`
	Language string `json:"language_code"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

// private tells a chat with one person from all others; the ids of persons
// alone are positive.
func (c chat) private() bool { return c.Type == "private" || c.Type == "" && c.ID > 0 }

// name returns the chat's id as readers and addresses have it.
func (c chat) name() string { return strconv.FormatInt(c.ID, 10) }

type message struct {
	ID   int64 `json:"message_id"`
	From *user `json:"from"`
	// Sender is the chat in whose name somebody wrote: a group's administrator
	// who stays unnamed, or a channel.
	Sender  *chat  `json:"sender_chat"`
	Forward bool   `json:"is_automatic_forward"`
	Chat    chat   `json:"chat"`
	Text    string `json:"text"`
	Caption string `json:"caption"`
	Album   string `json:"media_group_id"`
	Thread  int64  `json:"message_thread_id"`
	Topic   bool   `json:"is_topic_message"`
	// MovedTo and MovedFrom tell the two ids of a group that became another.
	MovedTo   int64 `json:"migrate_to_chat_id"`
	MovedFrom int64 `json:"migrate_from_chat_id"`
	ReplyTo   *struct {
		From *user `json:"from"`
	} `json:"reply_to_message"`
	Markup struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
	attachments
}

// name returns what a message is called among those of all chats.
func (m *message) name() [2]int64 { return [2]int64{m.Chat.ID, m.ID} }

// attachments are the kinds of content other than text.
type attachments struct {
	Photo     present `json:"photo"`
	Voice     present `json:"voice"`
	Audio     present `json:"audio"`
	Video     present `json:"video"`
	VideoNote present `json:"video_note"`
	Animation present `json:"animation"`
	Document  present `json:"document"`
	Sticker   present `json:"sticker"`
	Location  *point  `json:"location"`
	Venue     *struct {
		Title    string `json:"title"`
		Location point  `json:"location"`
	} `json:"venue"`
	Contact present `json:"contact"`
}

// point is a place on the map.
type point struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// place returns what a reader shares as one, or nil if nothing is.
func (a attachments) place() *pull.Location {
	switch {
	case a.Venue != nil:
		return &pull.Location{Latitude: a.Venue.Location.Latitude, Longitude: a.Venue.Location.Longitude, Name: a.Venue.Title}
	case a.Location != nil:
		return &pull.Location{Latitude: a.Location.Latitude, Longitude: a.Location.Longitude}
	}
	return nil
}

// media returns what came with the text; it takes the bot's token to fetch them.
func (a attachments) media() (all []what.Media) {
	for _, m := range []struct {
		there present
		kind  what.MediaType
	}{{a.Photo, what.Image}, {a.Voice || a.Audio, what.Sound}, {a.Video || a.VideoNote || a.Animation, what.Video}, {a.Document && !a.Animation, what.Document}} {
		if m.there {
			all = append(all, what.Media{Type: m.kind})
		}
	}
	return all
}

// any tells a message with content from a service message, such as one about
// a new title, which wants no answer.
func (a attachments) any() bool {
	return bool(a.Photo || a.Voice || a.Audio || a.Video || a.VideoNote || a.Animation ||
		a.Document || a.Sticker || a.Contact) || a.Location != nil
}

// present is true for any value that is there, which is not looked into.
type present bool

// UnmarshalJSON notes that there is a value.
func (p *present) UnmarshalJSON(b []byte) error {
	*p = string(b) != "null"
	return nil
}

type callback struct {
	ID      string   `json:"id"`
	From    *user    `json:"from"`
	Data    string   `json:"data"`
	Message *message `json:"message"`
	// Inline names a message that stands in a chat which is not told.
	Inline string `json:"inline_message_id"`
}

type member struct {
	Chat chat  `json:"chat"`
	From *user `json:"from"`
	New  struct {
		Status string `json:"status"`
		User   *user  `json:"user"`
	} `json:"new_chat_member"`
}

var errTooMuch = errors.New("the update is too large or nested too deeply")

// parse reads an update within the limits.
func parse(body []byte) (update, error) {
	if len(body) > maxBytes {
		return update{}, errTooMuch
	}
	if u, ok := plainly(body); ok {
		return u, nil
	}
	if messengers.Nested(body, maxDepth) {
		return update{}, errTooMuch
	}
	var u update
	err := json.Unmarshal(body, &u)
	return u, err
}
