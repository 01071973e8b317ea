package httpjson

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
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

// refused is the answer to what can't be read.
func refused(d messengers.Delivery, key string) messengers.Receipt {
	return messengers.Problem{Status: http.StatusBadRequest, Said: own.Text(key, nil)}.Receipt(words.Accepted(strings.Join(d.Header["Accept-Language"], ",")))
}

// read is what a message means.
func (p *Partner) read(v any, d messengers.Delivery) messengers.Receipt {
	at := p.profile.In
	address := text(v, at.From)
	reader, ok := p.Identify(address)
	if !ok {
		return refused(d, "no_from")
	}
	in := messengers.Incoming{
		ID: p.seen.id(reader, header(d, "webhook-id"), text(v, at.ID)), Reader: reader, Address: address, Text: text(v, at.Text), Tap: text(v, at.Tap), Language: text(v, at.Language),
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
	if in.ID == "" {
		in.ID = weakID(address, in.Text+in.Tap, d.At.Truncate(time.Minute).Format(time.RFC3339))
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

// weakID tells messages apart that have no id: by what they say.
func weakID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// placeOf is where the reader is, or what they point to.
func placeOf(v any, at parts) *pull.Location {
	north, err := strconv.ParseFloat(text(v, at.North), 64)
	east, err2 := strconv.ParseFloat(text(v, at.East), 64)
	if err != nil || err2 != nil || !(north >= -90 && north <= 90) || !(east >= -180 && east <= 180) {
		return nil
	}
	return &pull.Location{Latitude: north, Longitude: east, Name: text(v, at.Place)}
}

// mediaOf are what came along: objects with a type and an address, or addresses.
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

// became is what a partner tells of a message that was sent.
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
