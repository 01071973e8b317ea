package httpjson

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Receive verifies a delivery over its raw bytes and reads the message, or what
// became of one.
func (p *Partner) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if len(d.Body) > maxBody {
		return messengers.Receipt{Status: http.StatusRequestEntityTooLarge}, nil
	}
	if _, ok := p.proven(d); !ok {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	if d.Method != http.MethodPost {
		return messengers.Receipt{Status: http.StatusMethodNotAllowed}, nil
	}
	v, ok := parsed(d.Body, p.profile.Body)
	if !ok {
		return refused(d, "no_object"), nil
	}
	if has(v, p.profile.Reports["state"]) {
		return messengers.Receipt{Events: p.became(v)}, nil
	}
	for path, values := range p.profile.Only {
		if !slices.Contains(values, text(v, []string{path})) {
			return messengers.Receipt{}, nil
		}
	}
	if !has(v, p.profile.In["from"]) {
		return refused(d, "no_from"), nil
	}
	return p.read(v, d), nil
}

// refused returns the answer to what can't be read.
func refused(d messengers.Delivery, key string) messengers.Receipt {
	return messengers.Problem{Status: http.StatusBadRequest, Said: own.Text(key, nil)}.Receipt(d.Language())
}

// read returns what a message means.
func (p *Partner) read(v any, d messengers.Delivery) messengers.Receipt {
	at := p.profile.In
	address := text(v, at["from"])
	reader, ok := p.Identify(address)
	if !ok {
		return refused(d, "no_from")
	}
	in := messengers.Incoming{
		// A delivery's id is of a message that bears none: it comes again as that.
		ID: cmp.Or(text(v, at["id"]), header(d, "webhook-id")), Reader: reader, Address: cmp.Or(text(v, at["chat"]), address), Text: text(v, at["text"]), Tap: text(v, at["tap"]), Language: text(v, at["language"]),
		Location: placeOf(v, at), Attachments: mediaOf(v, at["media"]),
	}
	if p.profile.Quotes {
		in.Quote = in.ID
	}
	if p.profile.Screens != nil {
		return p.hop(in, text(v, at["session"]), text(v, at["text"]), has(v, at["text"]))
	}
	switch p.profile.Kinds[text(v, at["kind"])] {
	case "gone":
		return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Gone, Reader: reader}}}
	case "end":
		return messengers.Receipt{}
	case "start":
		if in.Start = true; in.Text == "" && in.Tap == "" {
			return messengers.Receipt{Events: []messengers.Event{{Kind: messengers.Back, Reader: reader}}}
		}
	}
	if in.Text == "" && in.Tap == "" && in.Location == nil && len(in.Attachments) == 0 {
		if p.profile.Strict {
			return refused(d, "no_content")
		}
		return messengers.Receipt{}
	}
	if in.ID == "" { // messages are then told apart by what they say
		in.ID = messengers.Digest(address, in.Text+in.Tap, d.At.Truncate(time.Minute).Format(time.RFC3339))
	}
	in.InBand, in.Fleeting = p.settings.inBand(p.profile) && text(v, at["how"]) != byURL, !p.writesLater()
	r := messengers.Receipt{Asks: []messengers.Incoming{in}}
	if !in.InBand {
		r.Status = http.StatusAccepted
	}
	return r
}

// placeOf returns where the reader is, or what they point to.
func placeOf(v any, at map[string][]string) *pull.Location {
	north, err := strconv.ParseFloat(text(v, at["latitude"]), 64)
	east, err2 := strconv.ParseFloat(text(v, at["longitude"]), 64)
	if err != nil || err2 != nil || !(north >= -90 && north <= 90) || !(east >= -180 && east <= 180) {
		return nil
	}
	return &pull.Location{Latitude: north, Longitude: east, Name: text(v, at["place"])}
}

// mediaOf returns what came along: objects with a type and an address, or addresses.
func mediaOf(v any, paths []string) (all []what.Media) {
	const most = 10
	add := func(kind, address string) {
		kind = strings.ToLower(kind)
		m := what.Media{Type: messengers.MediaOf(kind)}
		switch kind {
		case "sound", "voice":
			m.Type = what.Sound
		case "sticker", "contact":
			m.Type = what.MediaType(kind)
		}
		if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
			m.URL = address
		}
		if len(all) < most {
			all = append(all, m)
		}
	}
	for _, path := range paths {
		switch found := at(v, path).(type) {
		case string:
			add(typeOf(found), found)
		case []any:
			for _, one := range found {
				if _, object := one.(map[string]any); object {
					add(text(one, []string{"type"}), text(one, []string{"url"}))
				}
			}
		case map[string]any:
			add(text(found, []string{"mime_type", "type"}), text(found, []string{"url"}))
		}
	}
	return all
}

// endings are how files are called of which nothing but the address is told.
var endings = map[string]string{ //nolint:gochecknoglobals // it does not change
	"image": "jpg jpeg png gif webp heic", "sound": "ogg oga opus mp3 m4a amr aac wav", "video": "mp4 mov webm 3gp", "contact": "vcf",
}

// typeOf returns what stands at an address, by its ending; "" where that says nothing.
func typeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(u.Path), "."))
	for kind, all := range endings {
		if slices.Contains(strings.Fields(all), ending) {
			return kind
		}
	}
	return ""
}

// became returns what a partner tells of a message that was sent.
func (p *Partner) became(v any) []messengers.Event {
	of := p.profile.Reports
	id, state := text(v, of["id"]), text(v, of["state"])
	switch {
	case id == "":
	case slices.Contains(of["delivered"], state):
		return []messengers.Event{{Kind: messengers.Delivered, Message: id}}
	case slices.Contains(of["read"], state):
		return []messengers.Event{{Kind: messengers.Read, Message: id}}
	case slices.Contains(of["failed"], state):
		e := messengers.Event{Kind: messengers.Undelivered, Message: id}
		if slices.Contains(of["blocked"], text(v, of["reason"])) {
			e.Fault = messengers.Blocked
		}
		e.Reader, _ = p.Identify(text(v, of["to"]))
		return []messengers.Event{e}
	}
	return nil
}

// Bounds of a message.
const (
	maxBody  = 64 << 10
	maxDepth = 32
)

// parsed reads a body as a profile says that it is written; false if it is
// not.
func parsed(body []byte, how string) (any, bool) {
	if how == "form" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, false
		}
		fields := make(map[string]any, len(form))
		for name, values := range form {
			fields[name] = values[0]
		}
		return fields, true
	}
	if messengers.Nested(body, maxDepth) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	_, object := v.(map[string]any)
	return v, object
}

// at returns what a path leads to, or nil if it leads nowhere.
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch inner := v.(type) {
		case map[string]any:
			v = inner[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(inner) {
				return nil
			}
			v = inner[i]
		default:
			return nil
		}
	}
	return v
}

// text returns the first text or number that one of the paths leads to.
func text(v any, paths []string) string {
	for _, path := range paths {
		switch found := at(v, path).(type) {
		case string:
			if s := messengers.Clean(found); s != "" {
				return s
			}
		case json.Number:
			return found.String()
		}
	}
	return ""
}

// has says that one of the paths leads to anything.
func has(v any, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return at(v, path) != nil })
}

// fits tells whether a screen of so many septets holds a text, which a single sign
// outside of their alphabet makes wide.
func fits(s string, most int) bool {
	const septet, wide = 7, 16 // bits
	if n, ok := messengers.Septets(s); ok {
		return n <= most
	}
	return messengers.UTF16.Count(s) <= most*septet/wide
}

// withoutLinks drops the addresses of a text, which no telephone's dialogue can
// follow, and what only led to one.
func withoutLinks(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if !strings.Contains(line, "://") {
			lines = append(lines, line)
			continue
		}
		words := slices.DeleteFunc(strings.Fields(line), func(word string) bool { return strings.Contains(word, "://") })
		if rest := strings.Join(words, " "); rest != "" && !strings.HasSuffix(rest, ":") {
			lines = append(lines, rest)
		}
	}
	return strings.Join(lines, "\n")
}

// marks are the signs of onScreen.
var marks = strings.NewReplacer("\x0e", "", "\x0f", "")

func plainScreen(s string) string { return messengers.Folded(marks.Replace(s)) }
