package textform

import "strings"

// Set returns the words of some lists, to be looked up.
func Set(lists ...string) map[string]bool {
	all := map[string]bool{}
	for _, list := range lists {
		for word := range strings.FieldsSeq(list) {
			all[word] = true
		}
	}
	return all
}

// EachLine calls f with the lines of a table of words, and the section in brackets that each is in.
func EachLine(table string, f func(section, line string)) {
	section := ""
	for line := range strings.Lines(table) {
		switch line = strings.TrimSpace(line); {
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		default:
			f(section, line)
		}
	}
}

// Sections returns the lines of a table of words by section.
func Sections(table string) map[string]string {
	all := map[string]string{}
	EachLine(table, func(section, line string) { all[section] += line + "\n" })
	return all
}

// Sets returns the words of a table of words by section, to be looked up.
func Sets(table string) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for section, words := range Sections(table) {
		all[section] = Set(words)
	}
	return all
}

// Keyed returns by section what the lines of a table of words say behind their first word.
func Keyed(table string) map[string]map[string]string {
	all := map[string]map[string]string{}
	EachLine(table, func(section, line string) {
		key, rest, _ := strings.Cut(line, " ")
		if all[section] == nil {
			all[section] = map[string]string{}
		}
		all[section][key] = rest
	})
	return all
}

// ByWord returns for the words of a section the first word of the first line that has them behind it.
func ByWord(table, section string) map[string]string {
	all := map[string]string{}
	EachLine(table, func(in, line string) {
		key, rest, _ := strings.Cut(line, " ")
		for word := range strings.FieldsSeq(rest) {
			if in == section && all[word] == "" {
				all[word] = key
			}
		}
	})
	return all
}
