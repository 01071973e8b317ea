package eval

import (
	"encoding/json"
	"slices"
	"strings"

	"keypull/pull/words"
)

// query is one message and what it is expected to mean.
type query struct {
	Text      *string     `json:"q"`
	Catalogue string      `json:"catalogue"`
	Class     string      `json:"class"`
	Expect    expectation `json:"expect"`
	// Doubt marks an expectation that is open to argument.
	Doubt flag01 `json:"doubt"`
}

// expectation is what a message is expected to mean.
type expectation struct {
	Type string `json:"type"`
	ID   string `json:"id,omitempty"`
	// Arg is the argument of the keyword; nil if it is not judged.
	Arg *string `json:"arg,omitempty"`
	// IDs are the keywords to offer, of which Need must be among the first
	// three; zero means all of them.
	IDs  []string `json:"ids,omitempty"`
	Need int      `json:"need,omitempty"`
	// OK are the keywords that may be offered though none is asked for.
	OK []string `json:"ok,omitempty"`
}

// flag01 is a flag that may be written as a number.
type flag01 bool

// UnmarshalJSON takes true and every number but 0 as set.
func (f *flag01) UnmarshalJSON(text []byte) error {
	var n float64
	if json.Unmarshal(text, &n) == nil {
		*f = n != 0
		return nil
	}
	var b bool
	if err := json.Unmarshal(text, &b); err != nil {
		return words.Fail(err, "cli.line_flag", nil)
	}
	*f = flag01(b)
	return nil
}

func (x *expectation) check() error {
	switch x.Type {
	case "run", "reserved":
		if x.ID == "" {
			return missingField("id")
		}
	case "offer":
		if len(x.IDs) == 0 {
			return missingField("ids")
		}
		if x.Need < 0 {
			return words.Fail(nil, "cli.line_need", nil)
		}
	case "none":
	default:
		return wrongType(x.Type)
	}
	return nil
}

func readQueries(path string) ([]query, error) {
	var all []query
	err := eachLine(path, func(line []byte) error {
		var q query
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		switch {
		case q.Text == nil:
			return missingField("q")
		case q.Class == "":
			return missingField("class")
		}
		all = append(all, q)
		return q.Expect.check()
	})
	return all, err
}

// everyClass is what --show takes for all classes.
const everyClass = "all"

// classExists refuses the name of a class that no message has.
func classExists(queries []query, class string) error {
	if class == "" || class == everyClass {
		return nil
	}
	var known []string
	for i := range queries {
		if queries[i].Class == class {
			return nil
		}
		known = append(known, queries[i].Class)
	}
	slices.Sort(known)
	return words.Fail(nil, "cli.no_class", words.Args{"got": class, "known": strings.Join(slices.Compact(known), ", ")})
}
