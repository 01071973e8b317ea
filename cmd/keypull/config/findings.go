package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// Finding is one thing to say about a configuration file.
type Finding struct {
	// File is the file as it was named, or the variable of the environment
	// that the value came from; Line counts from 1; 0 if there is none.
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	// Path names the key, rows counted from 0: "publisher[0].source[1].kind".
	Path     string             `json:"path,omitempty"`
	Severity catalogue.Severity `json:"severity"`
	Code     string             `json:"code"`
	// Message is one sentence that says what to do, in English; In has others.
	Message string `json:"message"`
	said    words.Text
}

// NewFinding is something wrong with a file, at no line of it.
func NewFinding(file, code string, said words.Text) Finding {
	return Finding{File: file, Severity: catalogue.Error, Code: code, Message: said.String(), said: said}
}

// Said returns the message as it is said in any language.
func (f Finding) Said() words.Text { return f.said }

// String returns one line for people: file, line, key without row numbers (the line
// tells them), sentence, and the code to look it up by.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": ")
	if f.Severity == catalogue.Warning {
		b.WriteString("warning: ")
	}
	if f.Path != "" {
		b.WriteString(withoutRows(f.Path) + ": ")
	}
	b.WriteString(f.Message)
	if f.Code != "" {
		b.WriteString(" [" + f.Code + "]")
	}
	return b.String()
}

// Findings are all of them, by line.
type Findings []Finding

// String prints one line each.
func (fs Findings) String() string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// In returns copies whose messages are in a language.
func (fs Findings) In(language string) Findings {
	out := slices.Clone(fs)
	for i, f := range fs {
		out[i].Message = f.said.In(language)
	}
	return out
}

// mostAlike is how many findings that say the same of one key are worth a line each.
const mostAlike = 5

// Folded returns them for people: where one key of many rows has the same to say, the
// first rows stand for all, and one more finding counts the others.
func (fs Findings) Folded() Findings {
	alike := func(f Finding) string {
		return f.File + "\x00" + withoutRows(f.Path) + "\x00" + f.Code + "\x00" + f.Message
	}
	all := map[string]int{}
	for _, f := range fs {
		all[alike(f)]++
	}
	out, shown := Findings{}, map[string]int{}
	for _, f := range fs {
		kind := alike(f)
		shown[kind]++
		if n := all[kind] - mostAlike; n > 1 && shown[kind] > mostAlike {
			if shown[kind] > mostAlike+1 {
				continue
			}
			f.said = words.Text{Key: "cli.findings_alike", Args: words.Args{"n": n}}
			f.Message = f.said.String()
		}
		out = append(out, f)
	}
	return out
}

// Errors counts those that are no mere warnings.
func (fs Findings) Errors() int {
	n := 0
	for _, f := range fs {
		if f.Severity == catalogue.Error {
			n++
		}
	}
	return n
}

// OnlyAbsent says that all that is wrong are variables that the environment lacks, and none of those that say where the
// store is. The service, whose environment has them, is found nonetheless.
func (fs Findings) OnlyAbsent() bool {
	return !slices.ContainsFunc(fs, func(f Finding) bool {
		absent := f.said.Key == "config.no_variable" && !strings.HasPrefix(f.Path, "store.") && !strings.HasPrefix(f.Path, "secrets.")
		return f.Severity == catalogue.Error && !absent
	})
}

// Sort puts them into the order of lines.
func (fs Findings) Sort() { slices.SortStableFunc(fs, byLine) }

func byLine(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path))
}

// withoutRows drops the numbers of rows from a path.
func withoutRows(path string) string {
	var b strings.Builder
	for len(path) > 0 {
		before, after, found := strings.Cut(path, "[")
		b.WriteString(before)
		if !found {
			break
		}
		_, path, _ = strings.Cut(after, "]")
	}
	return b.String()
}
