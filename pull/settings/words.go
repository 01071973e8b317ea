package settings

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"keypull/pull/words"
)

// fieldsFile holds the labels and helps of fields in languages other than
// English, which stands in the tags of the struct.
const fieldsFile = "fields.json"

// Load reads the message files in the folder words of a file system, as
// words.Load does. Those named fields.json say in other languages than English
// the labels and helps of the struct that v points to: "url.label", "url.help",
// "symbols.name.label" for a field of rows or of a section. Any other file may
// have "mode.choice.fast", which says a choice of a field.
func Load(files fs.FS, v any) (*words.Set, error) {
	fields, err := Fields(v)
	if err != nil {
		return nil, err
	}
	english := map[string]string{}
	noteEnglish(fields, "", english)
	own, err := fs.Sub(files, "words")
	if err != nil {
		return nil, fmt.Errorf("settings: words: %w", err)
	}
	set, err := words.LoadBeside(own, fieldsFile, english)
	if err != nil {
		return set, fmt.Errorf("settings: %w", err)
	}
	return set, nil
}

// Own returns the set of a kind that Load reads, when a sentence is first asked for.
func Own(files fs.FS, v any) *words.Set {
	return words.Later(func() (*words.Set, error) { return Load(files, v) })
}

// Keys lists the labels, helps and choices that message files may have for the
// struct that v points to, with "title", "help", "use", the button by which
// what an address leads to is taken, and "address", how a reader's own is found:
// no code names them.
func Keys(v any) []string {
	fields, err := Fields(v)
	if err != nil {
		return nil
	}
	return append(keysOf(fields, ""), "title", "help", "use", "address")
}

func keysOf(fields []Field, path string) []string {
	var keys []string
	for _, f := range fields {
		at := path + f.Name
		keys = append(keys, at+".label", at+".help")
		for _, c := range f.Choices {
			keys = append(keys, at+".choice."+c)
		}
		keys = append(keys, keysOf(f.Fields, at+".")...)
	}
	return keys
}

// noteEnglish collects what the tags say.
func noteEnglish(fields []Field, path string, said map[string]string) {
	for _, f := range fields {
		at := path + f.Name
		said[at+".label"], said[at+".help"] = f.Label, f.Help
		noteEnglish(f.Fields, at+".", said)
	}
}

// Said returns what a set says, or otherwise where it does not say it or is nil.
func Said(set *words.Set, language, key, otherwise string) string {
	if set == nil || !set.Has(key) {
		return otherwise
	}
	return set.Say(language, key, nil)
}

// Translate returns copies of the fields, at any depth, with the labels, helps
// and choices of a language; what the set lacks stays English. at is what
// stands before the fields' names in the set: empty, or "source.".
func Translate(fields []Field, set *words.Set, language, at string) []Field {
	out := slices.Clone(fields)
	for i := range out {
		f := &out[i]
		name := at + f.Name
		f.Label, f.Help = Said(set, language, name+".label", f.Label), Said(set, language, name+".help", f.Help)
		labels := maps.Clone(f.ChoiceLabels)
		for _, c := range f.Choices {
			text := Said(set, language, name+".choice."+c, "")
			if text != "" && labels == nil {
				labels = map[string]string{}
			}
			if text != "" {
				labels[c] = text
			}
		}
		f.ChoiceLabels = labels
		if f.Fields != nil {
			f.Fields = Translate(f.Fields, set, language, name+".")
		}
	}
	return out
}
