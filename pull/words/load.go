package words

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Load reads the message files <tag>/<name>.json of a file system. Its error
// names, one a line, every sentence that is missing, is too many or is filled
// in otherwise than in English, and every plural form that a language lacks or
// does not have; the Set says all the same what could be read. Without
// languages each file must be there in those of its hearers: Readers for files
// whose names begin with "reader", else Editors.
func Load(files fs.FS, languages ...string) (*Set, error) {
	return load(files, "", nil, languages)
}

// LoadBeside is Load where the English sentences of the files of one name stand
// elsewhere, as in the tags of a struct.
func LoadBeside(files fs.FS, name string, english map[string]string) (*Set, error) {
	return load(files, name, english, nil)
}

func load(files fs.FS, name string, english map[string]string, languages []string) (*Set, error) {
	l := loading{files: files, name: name, beside: english, content: &content{speeches: map[string]*speech{}, further: map[string]*speech{}, named: map[string]bool{}}, english: map[string]*sentence{}, room: map[string]string{}}
	names, err := fs.Glob(files, fallback+"/*.json")
	if len(english) > 0 {
		names = append(names, path.Join(fallback, name))
	}
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("no message files %s/*.json", fallback)
	}
	if err != nil {
		return (&content{speeches: map[string]*speech{fallback: {}}}).newSet(), fmt.Errorf("load words: %w", err)
	}
	for _, name := range names {
		l.file(path.Base(name), languages)
	}
	l.orphans()
	for _, sp := range l.content.further {
		for _, key := range sortedKeys(sp.sentences) {
			_, _ = sp.sentences[key].linkReferences(sp.sentences)
		}
	}
	for tag, sp := range l.content.speeches {
		for _, key := range sortedKeys(sp.sentences) {
			keys, missing := sp.sentences[key].linkReferences(sp.sentences)
			for _, named := range keys {
				l.content.named[named] = true
			}
			for _, named := range missing {
				l.problem("%s: %s names %s, which is no plain sentence there", tag, key, named)
			}
		}
		sp.numerals = readNumerals(sp.own(numberLarge), sp.own(numberSmall))
	}
	slices.SortFunc(l.problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	if err := errors.Join(l.problems...); err != nil {
		return l.content.newSet(), fmt.Errorf("load words: %w", err)
	}
	return l.content.newSet(), nil
}

// Own returns a package's own set, which lies in its folder "words".
func Own(files fs.FS) *Set {
	return Later(func() (*Set, error) {
		folder, err := fs.Sub(files, "words")
		if err != nil {
			return nil, fmt.Errorf("load words: %w", err)
		}
		return Load(folder)
	})
}

// loading is one Load on its way.
type loading struct {
	files fs.FS
	// beside are the English sentences of the file name.
	name     string
	beside   map[string]string
	content  *content
	english  map[string]*sentence
	room     map[string]string // the file of a key
	problems []error
}

func (l *loading) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(format, args...))
}

// file reads one file in all its languages, English first: it is what the
// others are held against.
func (l *loading) file(name string, languages []string) {
	if len(languages) == 0 {
		languages = Editors()
		if strings.HasPrefix(name, "reader") {
			languages = Readers()
		}
	}
	l.addSpeech(l.content.speeches, fallback, name)
	for _, tag := range languages {
		if tag != fallback {
			l.addSpeech(l.content.speeches, tag, name)
		}
	}
	if name != furtherFile {
		return
	}
	all, _ := fs.Glob(l.files, "*/"+name)
	for _, where := range all {
		if tag := path.Dir(where); tag != fallback && !slices.Contains(languages, tag) {
			l.addSpeech(l.content.further, tag, name)
		}
	}
}

// furtherFile may be there in languages that no reader is answered in: what they ask all outlets by.
const furtherFile = "reader_asked.json"

func (l *loading) addSpeech(to map[string]*speech, tag, name string) {
	where := path.Join(tag, name)
	sp := to[tag]
	if sp == nil {
		sp = &speech{tag: language.Make(tag), sentences: map[string]*sentence{}}
		to[tag] = sp
	}
	raw, err := l.read(where)
	if err != nil {
		l.problem("%s: %w", where, err)
		return
	}
	for key, text := range raw {
		said, err := read(text)
		switch {
		case err != nil:
			l.problem("%s: %s: %w", where, key, err)
			continue
		case tag == fallback && l.room[key] != "":
			l.problem("%s: %s stands in %s already", where, key, l.room[key])
			continue
		case tag == fallback:
			l.english[key], l.room[key] = said, name
		case l.room[key] != name:
			l.problem("%s: %s is too many: English does not have it here", where, key)
			continue
		default:
			l.compare(where, key, said)
		}
		sp.toLeft = sp.toLeft || said.toLeft()
		l.grammar(where, key, said, sp.tag)
		sp.sentences[key] = said
	}
	for key := range l.english {
		if _, ok := raw[key]; !ok && l.room[key] == name {
			l.problem("%s: %s is missing", where, key)
		}
	}
}

// compare holds what a sentence fills in against the English one.
func (l *loading) compare(where, key string, said *sentence) {
	if want, got := l.english[key].placeholders(), said.placeholders(); !slices.Equal(want, got) {
		l.problem("%s: %s fills in %v, and English %v", where, key, got, want)
	}
	if l.english[key].forms != nil && said.forms == nil {
		l.problem("%s: %s counts: it needs plural forms", where, key)
	}
}

// grammar checks the plural forms of a sentence against what its language has.
func (l *loading) grammar(where, key string, said *sentence, tag language.Tag) {
	if said.forms == nil {
		return
	}
	if !slices.ContainsFunc(said.placeholders(), func(name string) bool { return slices.Contains(counts, name) }) {
		l.problem("%s: %s has plural forms and no number: {%s}", where, key, strings.Join(counts, "} or {"))
	}
	needed := formsOf(tag)
	for name, form := range forms {
		switch _, has := said.forms[form]; {
		case !has && slices.Contains(needed, form):
			l.problem("%s: %s lacks the plural form %q", where, key, name)
		case has && !slices.Contains(needed, form):
			l.problem("%s: %s has the plural form %q, which its language has not", where, key, name)
		}
	}
}

// orphans names the files that English lacks.
func (l *loading) orphans() {
	all, _ := fs.Glob(l.files, "*/*.json")
	for _, where := range all {
		if path.Base(where) == l.name {
			continue
		}
		if _, err := fs.Stat(l.files, path.Join(fallback, path.Base(where))); err != nil {
			l.problem("%s: English has no such file", where)
		}
	}
}

// read reads a flat object; a key that stands there twice is an error.
func (l *loading) read(where string) (map[string]json.RawMessage, error) {
	if l.name != "" && where == path.Join(fallback, l.name) {
		raw := make(map[string]json.RawMessage, len(l.beside))
		for key, said := range l.beside {
			raw[key], _ = json.Marshal(said)
		}
		return raw, nil
	}
	b, err := fs.ReadFile(l.files, where)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the file is missing")
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	raw, d := map[string]json.RawMessage{}, json.NewDecoder(bytes.NewReader(b))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return nil, errors.New("it is no JSON object")
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			return nil, fmt.Errorf("it is no JSON object: %w", err)
		}
		name := fmt.Sprint(key)
		if _, ok := raw[name]; ok {
			l.problem("%s: %s stands there twice", where, name)
		}
		raw[name] = value
	}
	return raw, nil
}

// filledIn is room for what a sentence is commonly filled with, in bytes.
const filledIn = 24

// read reads one sentence, or its plural forms.
func read(raw json.RawMessage) (*sentence, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		pieces, err := parseSentence(text)
		return &sentence{plain: pieces, room: len(text) + filledIn}, err
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		return nil, errors.New("it is neither a sentence nor its plural forms")
	}
	said := &sentence{forms: map[plural.Form][]piece{}}
	for _, name := range sortedKeys(texts) {
		form, ok := forms[name]
		if !ok {
			return nil, fmt.Errorf("%q is no plural form", name)
		}
		pieces, err := parseSentence(texts[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		said.forms[form] = pieces
		said.room = max(said.room, len(texts[name])+filledIn)
	}
	return said, nil
}

// own returns what a speech itself says without arguments, or "" if it has no such
// sentence.
func (sp *speech) own(key string) string {
	if said := sp.sentences[key]; said != nil && len(said.plain) == 1 {
		return said.plain[0].words
	}
	return ""
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
