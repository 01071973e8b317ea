// Package languages holds what is understood of each language: a folder for
// each, named by its tag, with no code in it. It reads the files and says what
// is wrong with them; what their words do is decided where they are used.
package languages

import (
	"embed"
	"io/fs"
	"iter"
	"slices"
	"strings"
)

//go:embed */*.txt
var files embed.FS

// Tags lists the languages that have a folder, in alphabetical order.
func Tags() []string {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil // it is embedded, so it is there
	}
	tags := make([]string, 0, len(folders))
	for _, folder := range folders {
		tags = append(tags, folder.Name())
	}
	return tags
}

// Lines goes through the lines of a language's file, each with the name of the
// section that it stands in, and those that it stands for. Empty lines and those that
// begin with # are passed over, as are other sections, where some are named; a language that
// has no such file has no lines.
func Lines(tag, file string, sections ...string) iter.Seq2[string, string] {
	return func(yield func(section, line string) bool) {
		slots := slots{}
		for section, line := range Patterns(tag, file) {
			name, isSlot := strings.CutPrefix(section, slotSection)
			if len(sections) > 0 && !isSlot && !slices.Contains(sections, section) {
				continue
			}
			lines, err := slots.expand(line)
			if err != nil {
				continue // a test checks it
			}
			if isSlot {
				slots[name] = append(slots[name], lines...)
				continue
			}
			for _, line := range lines {
				if !yield(section, line) {
					return
				}
			}
		}
	}
}

// Patterns goes through the lines of a language's file as they stand there, each with the
// name of its section; those of slots are among them.
func Patterns(tag, file string) iter.Seq2[string, string] {
	return func(yield func(section, line string) bool) {
		text, err := fs.ReadFile(files, tag+"/"+file)
		if err != nil {
			return
		}
		section := ""
		for line := range strings.Lines(string(text)) {
			switch line = strings.TrimSpace(line); {
			case line == "" || line[0] == '#':
			case line[0] == '[':
				section = strings.Trim(line, "[] ")
			case !yield(section, line):
				return
			}
		}
	}
}

// Base returns a language tag without region and script, in small letters.
func Base(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return strings.ToLower(tag)
}

// WritesCompounds reports whether a language writes compounds as one word, the last part of
// which says what it is: Apfelkuchen is a kuchen.
func WritesCompounds(language string) bool {
	return slices.Contains([]string{"de", "nl", "sv", "da", "nb", "nn", "no", "fi", "hu"}, language)
}
