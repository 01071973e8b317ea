package telegram

import (
	"encoding/json"
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
	Reaction *reaction `json:"message_reaction"`
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
	Photo     any    `json:"photo"`
	Voice     any    `json:"voice"`
	Audio     any    `json:"audio"`
	Video     any    `json:"video"`
	VideoNote any    `json:"video_note"`
	Animation any    `json:"animation"`
	Document  any    `json:"document"`
	Sticker   any    `json:"sticker"`
	Location  *point `json:"location"`
	Venue     *struct {
		Title    string `json:"title"`
		Location point  `json:"location"`
	} `json:"venue"`
	Contact any `json:"contact"`
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
	add := func(kind what.MediaType, file any) {
		if sizes, several := file.([]any); several && len(sizes) > 0 {
			file = sizes[len(sizes)-1] // the largest
		}
		if file != nil {
			of, _ := file.(map[string]any)
			m := what.Media{Type: kind}
			m.Ref, _ = of["file_id"].(string)
			m.Name, _ = of["file_name"].(string)
			if size, known := of["file_size"].(float64); known && size > 0 {
				m.Bytes = int64(size)
			}
			all = append(all, m)
		}
	}
	document := a.Document
	if a.Animation != nil {
		document = nil // the same once more
	}
	add(what.Image, a.Photo)
	add(what.Sound, either(a.Voice, a.Audio))
	add(what.Video, either(a.Video, a.VideoNote, a.Animation))
	add(what.Document, document)
	add(what.Sticker, a.Sticker)
	add(what.Contact, a.Contact)
	return all
}

// either returns the first file that is there.
func either(files ...any) any {
	for _, f := range files {
		if f != nil {
			return f
		}
	}
	return nil
}

// any tells a message with content from a service message, such as one about
// a new title, which wants no answer.
func (a attachments) any() bool {
	return len(a.media()) > 0 || a.Location != nil
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

// reaction is what somebody now has put on a message.
type reaction struct {
	Chat    chat  `json:"chat"`
	Message int64 `json:"message_id"`
	New     []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	} `json:"new_reaction"`
}

// readEvents tells what it says of the message; nothing where it was taken away.
func (r *reaction) readEvents() []messengers.Event {
	if r.Chat.ID == 0 || r.Message == 0 {
		return nil
	}
	for _, one := range r.New {
		if thumb := pull.ThumbOf(one.Emoji); thumb != 0 && one.Type == "emoji" {
			return []messengers.Event{{Kind: messengers.Reacted, Reader: r.Chat.name(), Message: r.Chat.name() + "/" + strconv.FormatInt(r.Message, 10), Thumb: thumb}}
		}
	}
	return nil
}

// parse reads an update within the limits; false if it is none.
func parse(body []byte) (u update, ok bool) {
	ok = len(body) <= maxBytes && !messengers.Nested(body, maxDepth) && json.Unmarshal(body, &u) == nil
	return u, ok && u.ID > 0
}
