package line

import "encoding/json"

// maxBytes bounds a delivery: LINE's own are far smaller.
const maxBytes = 1 << 20

// maxEvents bounds how many events one delivery brings.
const maxEvents = 100

// envelope is a delivery: several events, each read by itself, so that one that
// can't be read takes no other with it.
type envelope struct {
	Events []json.RawMessage `json:"events"`
}

// event is the part of a webhook event that matters here.
type event struct {
	Type       string `json:"type"`
	Mode       string `json:"mode"`
	Timestamp  int64  `json:"timestamp"`
	Source     source `json:"source"`
	ID         string `json:"webhookEventId"`
	ReplyToken string `json:"replyToken"`
	Delivery   struct {
		Again bool `json:"isRedelivery"`
	} `json:"deliveryContext"`
	Message  *message `json:"message"`
	Postback *struct {
		Data   string `json:"data"`
		Params struct {
			Menu string `json:"newRichMenuAliasId"`
		} `json:"params"`
	} `json:"postback"`
	Unsend *struct {
		Message string `json:"messageId"`
	} `json:"unsend"`
	Module struct {
		Type string `json:"type"`
	} `json:"module"`
}

// source is where an event happened; a member of a group may be left out.
type source struct {
	Type  string `json:"type"`
	User  string `json:"userId"`
	Group string `json:"groupId"`
	Room  string `json:"roomId"`
}

// chat returns the person or group that is answered.
func (s source) chat() (id string, group bool) {
	switch s.Type {
	case "user":
		return s.User, false
	case "group":
		return s.Group, true
	case "room":
		return s.Room, true
	}
	return "", false
}

// message is what somebody wrote, or sent instead of words.
type message struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Text    string `json:"text"`
	Quote   string `json:"quoteToken"`
	Quoted  string `json:"quotedMessageId"`
	Mention struct {
		Of []mentionee `json:"mentionees"`
	} `json:"mention"`
	Provider struct {
		Original string `json:"originalContentUrl"`
	} `json:"contentProvider"`
	Album struct {
		ID    string `json:"id"`
		Index int    `json:"index"`
	} `json:"imageSet"`
	Bytes     int64   `json:"fileSize"`
	Duration  int64   `json:"duration"`
	Title     string  `json:"title"`
	Address   string  `json:"address"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// mentionee is somebody who is called by name in a text: where, in UTF-16 units,
// and whether it is us.
type mentionee struct {
	Index  int  `json:"index"`
	Length int  `json:"length"`
	Self   bool `json:"isSelf"`
}
