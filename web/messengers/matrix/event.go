package matrix

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
)

// event is one of a room (client-server API, event format).
type event struct {
	Type    string  `json:"type"`
	ID      string  `json:"event_id"`
	Room    string  `json:"room_id"`
	Sender  string  `json:"sender"`
	At      int64   `json:"origin_server_ts"`
	State   *string `json:"state_key"`
	Redacts string  `json:"redacts"`
	Content content `json:"content"`
}

// content is what of the contents of all types is read.
type content struct {
	Kind     string `json:"msgtype"`
	Body     string `json:"body"`
	Page     string `json:"formatted_body"`
	FileName string `json:"filename"`
	URL      string `json:"url"`
	Place    string `json:"geo_uri"`
	Redacts  string `json:"redacts"`

	Membership string `json:"membership"`
	Direct     bool   `json:"is_direct"`
	Name       string `json:"displayname"`
	Algorithm  string `json:"algorithm"`

	Relates struct {
		Kind  string `json:"rel_type"`
		Event string `json:"event_id"`
		Key   string `json:"key"`
		Reply struct {
			Event string `json:"event_id"`
		} `json:"m.in_reply_to"`
	} `json:"m.relates_to"`
	Mentions *struct {
		Users []string `json:"user_ids"`
	} `json:"m.mentions"`
	Now *content `json:"m.new_content"`
}

// read takes an event from JSON. Each part of it is somebody else's: one that is
// of another type than it should be is left out, and takes nothing with it.
func read(raw json.RawMessage) (e event, ok bool) {
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return e, false
	}
	take(parts, "type", &e.Type)
	take(parts, "event_id", &e.ID)
	take(parts, "room_id", &e.Room)
	take(parts, "sender", &e.Sender)
	take(parts, "origin_server_ts", &e.At)
	take(parts, "state_key", &e.State)
	take(parts, "redacts", &e.Redacts)
	e.Content = readContent(parts["content"], true)
	return e, e.Type != "" && userID(e.Sender) && len(e.ID) <= 255
}

func readContent(raw json.RawMessage, outer bool) (c content) {
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return c
	}
	for name, into := range map[string]any{
		"msgtype": &c.Kind, "body": &c.Body, "formatted_body": &c.Page, "filename": &c.FileName, "url": &c.URL, "geo_uri": &c.Place, "redacts": &c.Redacts,
		"membership": &c.Membership, "is_direct": &c.Direct, "displayname": &c.Name, "algorithm": &c.Algorithm, "m.mentions": &c.Mentions,
	} {
		take(parts, name, into)
	}
	var relates map[string]json.RawMessage
	take(parts, "m.relates_to", &relates)
	take(relates, "rel_type", &c.Relates.Kind)
	take(relates, "event_id", &c.Relates.Event)
	take(relates, "key", &c.Relates.Key)
	take(relates, "m.in_reply_to", &c.Relates.Reply)
	if inner, there := parts["m.new_content"]; there && outer {
		now := readContent(inner, false)
		c.Now = &now
	}
	return c
}

func take(parts map[string]json.RawMessage, name string, into any) {
	if raw, there := parts[name]; there {
		_ = json.Unmarshal(raw, into) // what is of another type is not there
	}
}

// at returns when the event was sent.
func (e event) at() time.Time { return time.UnixMilli(e.At) }

// text returns what was written, without what is quoted of the message before.
func (c content) text() string {
	if c.Kind != "m.text" && c.Kind != "m.emote" {
		if c.Kind == "m.location" || c.FileName == "" || c.FileName == c.Body {
			return "" // the body is a file's name, or says the place in words
		}
	}
	body := strings.ReplaceAll(c.Body, "\x00", "")
	if c.Relates.Reply.Event != "" && strings.HasPrefix(body, "> ") {
		lines := strings.Split(body, "\n")
		for len(lines) > 0 && strings.HasPrefix(lines[0], ">") {
			lines = lines[1:]
		}
		body = strings.Join(lines, "\n")
	}
	return strings.TrimSpace(body)
}

// files returns what came along. It takes an account to fetch it.
func (c content) files() []what.Media {
	types := map[string]what.MediaType{"m.image": what.Image, "m.audio": what.Sound, "m.video": what.Video, "m.file": what.Document, "m.sticker": what.Image}
	if t, ok := types[c.Kind]; ok {
		return []what.Media{{Type: t}}
	}
	return nil
}

// location returns a place as RFC 5870 writes it.
func (c content) location() *pull.Location {
	coordinates, ok := strings.CutPrefix(c.Place, "geo:")
	if c.Kind != "m.location" || !ok {
		return nil
	}
	parts := strings.Split(first(coordinates, ";"), ",")
	if len(parts) < 2 {
		return nil
	}
	latitude, err := strconv.ParseFloat(parts[0], 64)
	longitude, other := strconv.ParseFloat(parts[1], 64)
	if err != nil || other != nil || !(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180) {
		return nil
	}
	place := &pull.Location{Latitude: latitude, Longitude: longitude}
	if name := strings.TrimSpace(c.Body); len(name) <= 200 && !strings.Contains(name, "geo:") {
		place.Name = name
	}
	return place
}

// thumb returns what a reaction says: 1 yes, -1 no, 0 something else.
func (c content) thumb() int {
	switch key := []rune(c.Relates.Key); {
	case len(key) == 0:
	case key[0] == '👍':
		return 1
	case key[0] == '👎':
		return -1
	}
	return 0
}
