package meta

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode"

	"keypull/web/messengers"
)

// Limits of a delivery: Meta's own are smaller.
const (
	maxBytes = 4 << 20
	maxDepth = 64
	maxWord  = 512
)

// The objects that deliveries are about.
const (
	WhatsApp  = "whatsapp_business_account"
	Page      = "page"
	Instagram = "instagram"
)

// Envelope is what one delivery brings: entries for several accounts, in any
// order.
type Envelope struct {
	Object  string  `json:"object"`
	Entries []Entry `json:"entry"`
}

// Entry is what is for one account, or of WhatsApp for one business. Each event
// in it is read by itself, so that one that cannot be read costs no other.
type Entry struct {
	ID        Word              `json:"id"`
	Changes   []json.RawMessage `json:"changes,omitempty"`
	Messaging []json.RawMessage `json:"messaging,omitempty"`
}

// Change is an event of WhatsApp; some accounts of Instagram get theirs so.
type Change struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

// Read reads a delivery within the limits; false if it is none.
func Read(body []byte) (Envelope, bool) {
	var outer struct {
		Object  string
		Entries []json.RawMessage `json:"entry"`
	}
	if len(body) > maxBytes || messengers.Nested(body, maxDepth) || !Decode(body, &outer) {
		return Envelope{}, false
	}
	e := Envelope{Object: outer.Object}
	for _, raw := range outer.Entries {
		var one Entry
		if Decode(raw, &one) {
			e.Entries = append(e.Entries, one)
		}
	}
	return e, true
}

// Decode reads JSON as far as it is what is expected: a value of another type is
// as if it were not there.
func Decode(raw []byte, v any) bool {
	err := json.Unmarshal(raw, v)
	var other *json.UnmarshalTypeError
	return err == nil || errors.As(err, &other)
}

// parts takes an envelope apart: a part for each entry, and of WhatsApp for each
// change, since the numbers of a business share an entry. A change of the business
// itself is for all that it is known to have.
func (a *App) parts(e Envelope) []messengers.Part {
	var parts []messengers.Part
	add := func(account string, one Entry) {
		body, err := json.Marshal(Envelope{Object: e.Object, Entries: []Entry{one}})
		if err == nil && account != "" {
			parts = append(parts, messengers.Part{Account: account, Delivery: messengers.Delivery{Method: http.MethodPost, Body: body}})
		}
	}
	for _, entry := range e.Entries {
		switch e.Object {
		case WhatsApp:
			for _, raw := range entry.Changes {
				of := a.numbers.Get(string(entry.ID))
				if number := numberOf(raw); number != "" {
					a.Has(string(entry.ID), number)
					of = []string{number}
				}
				for _, number := range of {
					add(number, Entry{ID: entry.ID, Changes: []json.RawMessage{raw}})
				}
			}
		case Page, Instagram:
			add(string(entry.ID), entry)
		}
	}
	return parts
}

// numberOf returns the id of the number that a change is about.
func numberOf(raw json.RawMessage) string {
	var change struct {
		Value struct {
			Metadata struct {
				Number Word `json:"phone_number_id"`
			}
		}
	}
	Decode(raw, &change)
	return string(change.Value.Metadata.Number)
}

// Word is an id, a payload or another short text: Meta writes some as numbers.
// What no id can be is empty.
type Word string

// UnmarshalJSON reads a text or a number.
func (w *Word) UnmarshalJSON(raw []byte) error {
	*w = ""
	var text string
	switch {
	case len(raw) > 0 && raw[0] == '"':
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil //nolint:nilerr // what is no text is empty
		}
	case len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'):
		text = string(raw)
	}
	if len(text) <= maxWord && strings.IndexFunc(text, unicode.IsControl) < 0 {
		*w = Word(strings.TrimSpace(text))
	}
	return nil
}
