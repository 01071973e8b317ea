package eval

import (
	"encoding/json"
	"strings"

	"keypull/pull/what"
	commands "keypull/pull/what/command"
	"keypull/pull/what/slot"
)

// matchEntry is one line of a catalogue.
type matchEntry struct {
	ID       string   `json:"id"`
	Keywords []string `json:"keywords"`
	Lang     string   `json:"lang"`
	Slots    []string `json:"slots"`
	Reserved bool     `json:"reserved"`
}

// readEntries reads a catalogue.
func readEntries(path string) ([]matchEntry, error) {
	var all []matchEntry
	err := eachLine(path, func(line []byte) error {
		var e matchEntry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if e.ID == "" {
			return missingField("id")
		}
		all = append(all, e)
		return nil
	})
	return all, err
}

func (e *matchEntry) keyword() what.Keyword {
	k := what.Keyword{
		ID:       e.ID,
		Phrases:  map[string][]string{e.Lang: e.Keywords},
		Argument: what.ArgumentNone,
	}
	if len(e.Slots) > 0 {
		k.Argument = what.ArgumentOptional
		k.Slot = slotOf(e.Slots)
	}
	return k
}

// slotOf returns the kind of the argument that slots of these names make up.
// The words of several slots stand in a row, which no kind describes.
func slotOf(names []string) slot.Kind {
	if len(names) > 1 {
		return slot.Text
	}
	switch strings.ToLower(names[0]) {
	case "date", "day", "time", "weekday":
		return slot.Date
	case "number", "count", "year", "digits":
		return slot.Number
	case "amount", "sum":
		return slot.Amount
	case "language", "lang":
		return slot.Language
	}
	return slot.Text
}

// newIndex returns the index of a catalogue. A command that the catalogue lacks
// means nothing.
func newIndex(entries []matchEntry, correct string) *what.Index {
	var keywords []what.Keyword
	o := what.Options{Autocorrect: what.Autocorrect(correct), Commands: []commands.Command{}}
	for i := range entries {
		e := &entries[i]
		if !e.Reserved {
			keywords = append(keywords, e.keyword())
			continue
		}
		command := commands.Command(e.ID)
		o.Commands = append(o.Commands, command)
		o.Reserved = append(o.Reserved, what.ReservedWords{Command: command, Words: e.Keywords})
	}
	return what.NewIndex(keywords, o)
}
