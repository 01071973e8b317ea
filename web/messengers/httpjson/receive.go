package httpjson

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
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
	if has(v, p.profile.Reports.State) {
		return messengers.Receipt{Events: p.became(v)}, nil
	}
	for path, values := range p.profile.Only {
		if !slices.Contains(values, text(v, []string{path})) {
			return messengers.Receipt{}, nil
		}
	}
	if !has(v, p.profile.In.From) {
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
	address := text(v, at.From)
	reader, ok := p.Identify(address)
	if !ok {
		return refused(d, "no_from")
	}
	in := messengers.Incoming{
		ID: p.idOf(reader, header(d, "webhook-id"), text(v, at.ID)), Reader: reader, Address: address, Text: text(v, at.Text), Tap: text(v, at.Tap), Language: text(v, at.Language),
		Location: placeOf(v, at), Attachments: mediaOf(v, at.Media),
	}
	if chat := text(v, at.Chat); chat != "" {
		in.Address = chat
	}
	if p.profile.Screens != nil {
		return p.hop(in, text(v, at.Session), text(v, at.Text), has(v, at.Text))
	}
	switch p.profile.Kinds[text(v, at.Kind)] {
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
		return messengers.Receipt{}
	}
	if in.ID == "" { // messages are then told apart by what they say
		in.ID = messengers.Digest(address, in.Text+in.Tap, d.At.Truncate(time.Minute).Format(time.RFC3339))
	}
	in.InBand = p.answersInBand() && text(v, at.How) != byURL
	if !in.InBand {
		return messengers.Receipt{Status: http.StatusAccepted, Asks: []messengers.Incoming{in}}
	}
	return messengers.Receipt{Asks: []messengers.Incoming{in}}
}

// answersInBand says that answers travel in responses.
func (p *Partner) answersInBand() bool {
	return p.settings.Reply != byURL && (p.profile.Reply != nil || p.profile.Screens != nil)
}

// placeOf returns where the reader is, or what they point to.
func placeOf(v any, at parts) *pull.Location {
	north, err := strconv.ParseFloat(text(v, at.North), 64)
	east, err2 := strconv.ParseFloat(text(v, at.East), 64)
	if err != nil || err2 != nil || !(north >= -90 && north <= 90) || !(east >= -180 && east <= 180) {
		return nil
	}
	return &pull.Location{Latitude: north, Longitude: east, Name: text(v, at.Place)}
}

// mediaOf returns what came along: objects with a type and an address, or addresses.
func mediaOf(v any, paths []string) (all []what.Media) {
	const most = 10
	kinds := map[string]what.MediaType{"image": what.Image, "audio": what.Sound, "sound": what.Sound, "voice": what.Sound, "video": what.Video}
	add := func(kind, address string) {
		kind, _, _ = strings.Cut(strings.ToLower(kind), "/")
		m := what.Media{Type: what.Document}
		if known, ok := kinds[kind]; ok {
			m.Type = known
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
			add("", found)
		case []any:
			for _, one := range found {
				if object, ok := one.(map[string]any); ok {
					add(text(object, []string{"type"}), text(object, []string{"url"}))
				}
			}
		case map[string]any:
			add(text(found, []string{"mime_type", "type"}), text(found, []string{"url"}))
		}
	}
	return all
}

// became returns what a partner tells of a message that was sent.
func (p *Partner) became(v any) []messengers.Event {
	of := p.profile.Reports
	id, state := text(v, of.ID), text(v, of.State)
	switch {
	case id != "" && slices.Contains(of.Delivered, state):
		return []messengers.Event{{Kind: messengers.Delivered, Message: id}}
	case id != "" && slices.Contains(of.Read, state):
		return []messengers.Event{{Kind: messengers.Read, Message: id}}
	case id != "" && slices.Contains(of.Failed, state):
		e := messengers.Event{Kind: messengers.Undelivered, Message: id}
		if reason := text(v, of.Reason); slices.Contains(of.Blocked, reason) {
			e.Fault = messengers.Blocked
		}
		e.Reader, _ = p.Identify(text(v, of.To))
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

// length returns that of a text on a screen of so many septets, and how much of such
// a text it holds: signs of the alphabet's extension count twice, and a single
// sign outside of it makes all of them wide.
func length(s string, most int) (n, room int) {
	const septet, wide = 7, 16 // bits
	if _, encoding := messengers.Segments(s); encoding == messengers.GSM7 {
		for _, r := range s {
			n++
			if strings.ContainsRune("^{}\\[~]|€", r) {
				n++
			}
		}
		return n, most
	}
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n, most * septet / wide
}

// withoutLinks drops the addresses of a text, which no telephone's dialogue can
// follow, and what only led to one.
func withoutLinks(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if !strings.Contains(line, "://") {
			lines = append(lines, line)
			continue
		}
		var kept []string
		for _, word := range strings.Fields(line) {
			if !strings.Contains(word, "://") {
				kept = append(kept, word)
			}
		}
		if rest := strings.Join(kept, " "); rest != "" && !strings.HasSuffix(rest, ":") {
			lines = append(lines, rest)
		}
	}
	return strings.Join(lines, "\n")
}

// marks are the signs of onScreen.
var marks = strings.NewReplacer("\x0e", "", "\x0f", "")

func plainScreen(s string) string { return messengers.Folded(marks.Replace(s)) }
