package matrix

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
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
	Info     struct {
		Mime string `json:"mimetype"`
		Size int64  `json:"size"`
	} `json:"info"`
	Redacts string `json:"redacts"`

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
	ok = messengers.Decode(raw, &e)
	return e, ok && e.Type != "" && userID(e.Sender) && len(e.ID) <= 255
}

// text returns what was written, without what is quoted of the message before.
func (c content) text() string {
	if c.Kind != "m.text" && c.Kind != "m.emote" {
		if c.Kind == "m.location" || c.FileName == "" || c.FileName == c.Body {
			return "" // the body is a file's name, or says the place in words
		}
	}
	body := messengers.Clean(c.Body)
	if c.Relates.Reply.Event != "" && strings.HasPrefix(body, "> ") {
		body = strings.TrimSpace(quoted.ReplaceAllString(body, ""))
	}
	return body
}

// quoted are the lines in which a reply repeats what it answers.
var quoted = regexp.MustCompile(`^(>[^\n]*(\n|$))+`)

// files returns what came along. It takes an account to fetch it.
func (c content) files() []what.Media {
	types := map[string]what.MediaType{"m.image": what.Image, "m.audio": what.Sound, "m.video": what.Video, "m.file": what.Document, "m.sticker": what.Sticker}
	if t, ok := types[c.Kind]; ok {
		if messengers.MediaOf(c.Info.Mime) == what.Contact {
			t = what.Contact
		}
		return []what.Media{{Type: t, Ref: strings.TrimPrefix(c.URL, "mxc://"), Name: cmp.Or(c.FileName, c.Body), Bytes: max(c.Info.Size, 0)}}
	}
	return nil
}

// location returns a place as RFC 5870 writes it.
func (c content) location() *pull.Location {
	place, ok := strings.CutPrefix(c.Place, "geo:")
	if c.Kind != "m.location" || !ok {
		return nil
	}
	place, _, _ = strings.Cut(place, ";")
	coordinates := append(strings.Split(place, ","), "")
	name := strings.TrimSpace(c.Body)
	if len(name) > 200 || strings.Contains(name, "geo:") {
		name = ""
	}
	return messengers.LocationOf(coordinates[0], coordinates[1], name)
}
