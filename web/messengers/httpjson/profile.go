package httpjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"keypull/web/messengers"
)

// profile is how a partner speaks: where in its messages things stand, how it
// proves itself, and what it takes. A new one is a file in the folder profiles.
type profile struct {
	// About is for people who choose one.
	About string `json:"about"`
	// Proof is how its messages are signed.
	Proof proof `json:"proof"`
	// Body is how its messages are written: "json" or "form".
	Body string `json:"body"`
	// In says where the parts of a message stand: paths of names parted by dots,
	// the first that leads to something counts. The parts are id, from, chat, text,
	// tap, kind, session, language, how, latitude, longitude, place, and media: lists
	// of objects with "type" and "url", or single addresses.
	In map[string][]string `json:"in"`
	// Kinds say what its words for kinds of messages mean: "press", "start",
	// "gone", "end"; all others are messages.
	Kinds map[string]string `json:"kinds"`
	// Only are values that a message must have to be one, by path.
	Only map[string][]string `json:"only"`
	// Reports say where word of a message that was sent stands: id, state, to, reason;
	// and what states mean: delivered, read, failed; blocked is a reason.
	Reports map[string][]string `json:"reports"`
	// Screens are for dialogues on a small screen; nil if there are none.
	Screens *screens `json:"screens"`
	// Reply is what a response with an answer has in it, Send the body of a later
	// one and Path where it is posted, below the address of the setting; templates.
	Reply any    `json:"reply"`
	Send  any    `json:"send"`
	Path  string `json:"path"`
	// Sent is where the partner's id of a message stands in its answer.
	Sent []string `json:"sent"`
	// Faults are what statuses of its answers mean where that is not the usual;
	// Idempotent: it drops a repeated key; Quotes: answers name the message that they
	// answer; Strict: a message that says nothing is refused; Ping is what it takes for a
	// trial.
	Faults     map[string]messengers.Fault `json:"faults"`
	Idempotent bool                        `json:"idempotent"`
	Quotes     bool                        `json:"quotes"`
	Strict     bool                        `json:"strict"`
	Ping       any                         `json:"ping"`
	// Limits are what it carries, Seconds for how long it waits.
	Limits  messengers.Limits `json:"limits"`
	Seconds int               `json:"seconds"`
}

// screens are a dialogue in which each message holds the whole path of what was
// typed, and each answer is one screen.
type screens struct {
	// Separator parts what was typed, More and Menu are what shows the rest, and
	// the menu; Most is the length of a screen, in septets.
	Separator string `json:"separator"`
	More      string `json:"more"`
	Menu      string `json:"menu"`
	Most      int    `json:"most"`
	// Goes and Ends stand before a screen that waits for input, and before the
	// last one.
	Goes string `json:"goes"`
	Ends string `json:"ends"`
}

// profiles are all, by name. A test finds what is wrong with them.
var profiles, errProfiles = readProfiles(files)

func readProfiles(from fs.FS) (map[string]*profile, error) {
	names, err := fs.Glob(from, "profiles/*.json")
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	all := map[string]*profile{}
	for _, name := range names {
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("profiles: %w", err)
		}
		p := &profile{}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		p.Limits.Caption = p.Limits.Text
		all[strings.TrimSuffix(path.Base(name), ".json")] = p
	}
	return all, nil
}
