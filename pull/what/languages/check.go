package languages

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// format is what may stand in a file of a language.
type format struct {
	// sections are all that it may have, needs those that it must where the
	// language is known as a whole, by its words.txt.
	sections, needs string
	// counts are sections of so many lines, pairs those whose words are pairs.
	counts map[string]int
	pairs  string
	// whole says that such a language must have the file.
	whole bool
}

// commandSections returns the sections of the commands of these names: what says the
// command alone, what does beside one of its objects, and these; and the words
// that may stand before and behind it, or any of them.
func commandSections(names string) string {
	all := []string{"leads", "tails"}
	for name := range strings.FieldsSeq(names) {
		all = append(all, name, name+"-worded", name+"-needing", name+"-objects", name+"-leads", name+"-tails")
	}
	return strings.Join(all, " ")
}

// formats are the files that a language may have.
var formats = map[string]format{
	"words.txt":    {sections: "request glue article joint and or negation negation-behind instead therefore because question question-behind greeting thanks thanks-behind receipt signature cue harmless aspect auxiliary past opinion deed talk quote idiom common", needs: "request glue greeting common"},
	"commands.txt": {sections: "danger-amid " + commandSections("cancel start subscribe help menu more save my mydata forget lang human why proof check link unlink later unlater drop bot abuse danger"), needs: "cancel start help drop", whole: true},
	"stop.txt":     {sections: "core worded needing leads tails objects insistent alone misspelt itself mostly unless keeps bare", needs: "core leads tails objects", whole: true},
	"paid.txt":     {sections: "things ending leaving asking papers missing", needs: "things ending leaving asking", whole: true},
	"polite.txt":   {sections: "polite hello", needs: "polite", whole: true},
	"slots.txt": {
		sections: "before-yesterday yesterday today tomorrow after-tomorrow weekdays months in ago days weeks next last filler numbers",
		needs:    "yesterday today tomorrow weekdays in ago days weeks next filler", whole: true,
		counts: map[string]int{"weekdays": 7, "months": 12, "numbers": 12},
	},
	"moments.txt":      {sections: "at hour minutes hours wait am noon pm evening night this-day of-day clocks before-hour behind-hour hour-names counts waits each recurring filler remind remind-links remind-this send whenever", needs: "hour minutes hours recurring remind"},
	"instructions.txt": {sections: "prefer city lives here filler zone language language-again short long plain unprefer forget-city forget-language forget-zone forget-length forget-plain save unsave unsave-all keep-only saved list-add list-remove list-make list list-drop last nth also again wrong good bad not-that thanks owe about about-word complaint this"},
	"choice.txt":       {sections: "yes no first second third last both all before-number after-number right rather-not rather aside beside-place", needs: "yes no first second third last", whole: true},
	"topics.txt":       {sections: "topics", needs: "topics"},
	"names.txt":        {sections: "names in frames", needs: "names", whole: true},
	"stem.txt":         {sections: "articles words written plurals cases possessives endings finals vowels", pairs: "words written finals vowels"},
}

// Check says what is missing or misshapen in the folders of languages: each
// problem names file and line, and the section or the word that it is about. The
// program's own are held against it by a test.
func Check(folders fs.FS) error {
	var c checker
	all, err := fs.ReadDir(folders, ".")
	if err != nil {
		return fmt.Errorf("list the languages: %w", err)
	}
	for _, folder := range all {
		if folder.IsDir() {
			c.language(folders, folder.Name())
		}
	}
	return errors.Join(c.problems...)
}

// checker collects problems.
type checker struct{ problems []error }

func (c *checker) add(where, problem string, about ...any) {
	c.problems = append(c.problems, fmt.Errorf("%s: "+problem, append([]any{where}, about...)...))
}

// language checks the files of one language.
func (c *checker) language(folders fs.FS, tag string) {
	if tag != Base(tag) || len(tag) < 2 || len(tag) > 3 {
		c.add(tag, "a folder is named by a base tag in small letters, such as en")
	}
	has := map[string]bool{}
	entries, err := fs.ReadDir(folders, tag)
	if err != nil {
		c.add(tag, "the folder cannot be read: %v", err)
	}
	whole := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "words.txt" })
	for _, entry := range entries {
		name, file := entry.Name(), path.Join(tag, entry.Name())
		has[name] = true
		f, known := formats[name]
		text, err := fs.ReadFile(folders, file)
		switch {
		case !known:
			c.add(file, "no such file is read; there may be %s", strings.Join(fileNames(), ", "))
		case err != nil:
			c.add(file, "the file cannot be read: %v", err)
		default:
			if !whole {
				f.needs = "" // a few words of a language are better than none
			}
			c.file(file, string(text), f)
		}
	}
	for _, name := range fileNames() {
		if whole && formats[name].whole && !has[name] {
			c.add(path.Join(tag, name), "the file is missing, which a language with words.txt must have")
		}
	}
}

func fileNames() []string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// file checks the lines of one file.
func (c *checker) file(file, text string, f format) {
	lines, words := map[string]int{}, map[string]int{}
	known := strings.Fields(f.sections)
	section, n, slots := "", 0, slots{}
	for line := range strings.Lines(text) {
		n++
		where := fmt.Sprintf("%s:%d", file, n)
		line = strings.TrimSpace(line)
		switch {
		case !utf8.ValidString(line):
			c.add(where, "%q is not valid UTF-8", line)
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[] ")
			if !slices.Contains(known, section) && !strings.HasPrefix(section, slotSection) {
				c.add(where, "there is no section %q; there may be %s", section, strings.Join(known, ", "))
			}
			if _, again := lines[section]; again {
				c.add(where, "the section %q stands there twice", section)
			}
			lines[section] = 0
		case section == "":
			c.add(where, "%q stands in no section", line)
		default:
			all, err := slots.expand(line)
			if err != nil {
				c.add(where, "%q: %v", line, err)
			}
			if name, ok := strings.CutPrefix(section, slotSection); ok {
				slots[name] = append(slots[name], all...)
			}
			lines[section] += len(all)
			words[section] += len(strings.Fields(line))
			if strings.ContainsAny(line, "\t\"") || strings.Contains(line, "  ") || strings.Contains(line, "|") && !strings.Contains(line, "(") {
				c.add(where, "%q holds a sign that is no part of a word: words are parted by one space, phrases by lines", line)
			}
		}
	}
	c.sections(file, f, lines, words)
}

// sections checks what is in the sections of a file: their lines and words.
func (c *checker) sections(file string, f format, lines, words map[string]int) {
	for _, section := range strings.Fields(f.needs) {
		if lines[section] == 0 {
			c.add(file, "the section %q is missing or empty", section)
		}
	}
	for _, section := range strings.Fields(f.sections) {
		n, there := lines[section]
		if want := f.counts[section]; there && want > 0 && n != want {
			c.add(file, "the section %q has %d lines, and must have %d", section, n, want)
		}
		if slices.Contains(strings.Fields(f.pairs), section) && words[section]%2 != 0 {
			c.add(file, "the section %q has %d words, and must have pairs", section, words[section])
		}
	}
}
