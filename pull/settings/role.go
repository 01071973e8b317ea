package settings

import (
	"fmt"
	"slices"
)

// Role says what a field is to those who know no field of the struct by its
// name: the tag is. The set is closed.
type Role string

// The roles.
const (
	// Address is where the thing is fetched from: lists show the first one, and
	// a thing without a title is called after its host.
	Address Role = "address"
	// Title is what people call the thing: its id is made of it, and lists show
	// it where there is no address.
	Title Role = "title"
	// Consent is what readers are asked to agree to: the publisher's own
	// settings show it too.
	Consent Role = "consent"
	// Code is read by a machine, so that every sign counts.
	Code Role = "code"
	// Spot says where a value stands in what upstream answers: a path, or the
	// name of a column. Who shows an answer can fill it in, see Place.
	Spot Role = "spot"
	// Spots is pairs of a name and where the value of that name stands within an
	// item of the answer. The tag names lists those that are offered first.
	Spots Role = "spots"
	// Block is a selector that finds the blocks of a page that are its items: who shows
	// the page has them chosen, and fills in Spots with what a block is likely to say.
	Block Role = "block"
	// Script is code that may have many lines.
	Script Role = "script"
	// Grid is a text of rows, the names of the columns first, whose cells are
	// parted by tabs or commas: a table to be edited as one.
	Grid Role = "grid"
	// Made is a secret of our own that nobody need think of: where it is left
	// empty, the console makes one.
	Made Role = "made"
	// Channel is the id of a channel of the publisher: where forms know those, one is chosen.
	Channel Role = "channel"
)

// Place is one value of an answer, as a field of the role Spot names it.
type Place struct {
	// Path is what the field is filled with, "" for what only holds others.
	Path string `json:"path,omitempty"`
	// Item is what a value of a field of the role Spots is filled with: the path
	// within the item that the value is part of; "" if the kind knows no items.
	Item string `json:"item,omitempty"`
	// Alike is how many blocks the path finds where it is one for the role Block, and
	// Likely which guess it is that these are the items, 1 the best, 0 none. With is what
	// a field of the role Spots takes for them.
	Alike  int               `json:"alike,omitempty"`
	Likely int               `json:"likely,omitempty"`
	With   map[string]string `json:"with,omitempty"`
	// Name and Value are what stands there, Depth is how deep below others.
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	Depth int    `json:"depth,omitempty"`
}

func readRole(tag string) (Role, error) {
	r := Role(tag)
	if tag != "" && !slices.Contains([]Role{Address, Title, Consent, Code, Spot, Spots, Block, Script, Grid, Made, Channel}, r) {
		return "", fmt.Errorf("nothing is known of is:%q", tag)
	}
	return r, nil
}

// First returns the first field of a role, or false if there is none.
func First(fields []Field, r Role) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Is == r })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

// ToldIn is Told of the struct that v points to, whose defaults nobody needs, by one role behind another; nothing of what
// is no such struct.
func ToldIn(v any, values map[string]any, roles ...Role) (all []string) {
	s, _, err := describeStruct(v)
	if err != nil {
		return nil
	}
	for _, r := range roles {
		for i := range s.fields {
			all = s.fields[i].appendTold(all, values, r)
		}
	}
	return all
}

// Told returns the texts that the fields of a role have among values, in the
// struct's order; of lines the first one. A masked secret tells nothing.
func Told(fields []Field, values map[string]any, r Role) []string {
	var all []string
	for i := range fields {
		all = fields[i].appendTold(all, values, r)
	}
	return all
}

// appendTold appends what a field of a role tells among values.
func (f *Field) appendTold(all []string, values map[string]any, r Role) []string {
	if f.Is != r {
		return all
	}
	text, _ := values[f.Name].(string)
	if lines, ok := values[f.Name].([]any); ok && len(lines) > 0 {
		text, _ = lines[0].(string)
	}
	if text == "" || text == Mask {
		return all
	}
	return append(all, text)
}
