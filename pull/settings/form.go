package settings

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Form is the way of settings through an HTML form. Every input is named by
// the path of its field below Prefix:
//
//   - lines: a textarea, one entry a line
//   - toggle: a checkbox with the value "on", and a hidden input
//     "<path>.present", which tells an unchecked box from one that is not there
//   - time: a moment with its zone, or as an input of type datetime-local
//     gives it, in Zone
//   - pairs: rows "<path>[0].key" and "<path>[0].value"; of two rows of one
//     name the later one counts
//   - lists: "<path>.<name>", one entry a line, and rows like those of pairs
//     with one entry of the value a line; both may be there
//   - localised: "<path>.<language>", and "<path>.all" for everybody
//   - rows: "<path>[0].<field>"; sections: "<path>.<field>"
//   - raw: none, another form has them
//   - anything else: the path alone
//
// Rows may have gaps in their numbers, where the reader took one away, and
// those in which nothing was written are dropped. Problems count the rows that
// are left; so does the form as Posted writes it. A form with problems is
// therefore always shown anew from Posted, never patched in place.
type Form struct {
	Fields []Field
	// Prefix is the path of the struct within the form: "settings" gives
	// "settings.url". Empty where the form is all about the struct.
	Prefix string
	// Zone is that of moments; UTC where nil. An hour that a change of clocks
	// brings twice is read as one of the two.
	Zone *time.Location
	// Typed says that the values are what the same person has just typed, so
	// that Posted hands secrets back. Else it masks them.
	Typed bool
}

const (
	// maxFormRows is how many rows of one field a form has at most; what goes
	// beyond is one entry that Fill refuses, so that nothing is lost unseen.
	maxFormRows = 1000
	// maxFormIndex bounds the numbers of rows, gaps included.
	maxFormIndex = 1_000_000
	// present marks that a checkbox was on the form, everybody the text that
	// is for all languages.
	present  = ".present"
	everyone = "all"
	// surplus stands for what a form must not bring.
	surplus = "…"
	// localMoment is how an input of type datetime-local writes a moment.
	localMoment = "2006-01-02T15:04"
)

func (f Form) timeZone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// fieldPrefix returns what stands before the names of the struct's fields.
func (f Form) fieldPrefix() string {
	if prefix := strings.TrimSuffix(f.Prefix, "."); prefix != "" {
		return prefix + "."
	}
	return ""
}

// inputs are the names and values of a posted form.
type inputs struct {
	posted map[string][]string
	// names are sorted, so that those below a path are neighbours.
	names []string
}

// firstValue returns the value of an input, line ends as this side writes them.
func (in inputs) firstValue(name string) string {
	values := in.posted[name]
	if len(values) == 0 {
		return ""
	}
	return lineEnds.Replace(values[0])
}

var lineEnds = strings.NewReplacer("\r\n", "\n")

// namesBelow returns the names that begin with a prefix, longer ones only.
func (in inputs) namesBelow(prefix string) []string {
	from, _ := slices.BinarySearch(in.names, prefix)
	rest := in.names[from:]
	to, _ := slices.BinarySearchFunc(rest, prefix, func(name, prefix string) int {
		if strings.HasPrefix(name, prefix) {
			return -1
		}
		return 1
	})
	return rest[:to]
}

// rowNumbers returns the numbers of the rows of a field, in order.
func (in inputs) rowNumbers(path string) []int {
	var all []int
	for _, name := range in.namesBelow(path + "[") {
		digits, _, closed := strings.Cut(name[len(path)+1:], "].")
		i, err := strconv.Atoi(digits)
		// Only one way to write a number, so that a path means one row.
		if closed && err == nil && 0 <= i && i < maxFormIndex && strconv.Itoa(i) == digits {
			all = append(all, i)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// splitLines returns the lines of a textarea that hold something.
func splitLines(text string) []any {
	var all []any
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
