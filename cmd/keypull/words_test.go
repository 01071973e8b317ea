package main_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"keypull/pull/words"
	"keypull/pull/words/wordstest"
)

// A kind that says something of its own says it in every language, and says
// all that stands in its files.
func TestTheWordsOfEveryFolderAreWhole(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || d.Name() != "words" || path == filepath.Join(root, "pull", "words") {
			return err
		}
		if there, _ := filepath.Glob(filepath.Join(path, "*", "*.json")); len(there) == 0 {
			return nil
		}
		if there, _ := filepath.Glob(filepath.Join(path, "*", "fields.json")); len(there) > 0 {
			return nil // its English stands in the tags of a struct: its own test holds the two together
		}
		set, err := words.Load(os.DirFS(path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		// The names of the widget's words are put together.
		wordstest.Run(t, wordstest.Case{Set: set, Code: []string{filepath.Dir(path)}, Built: []string{"widget."}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is said to readers by all is said somewhere.
func TestEveryWordToReadersIsSaid(t *testing.T) {
	names, err := fs.Glob(words.Files(), "*/reader*.json")
	if err != nil {
		t.Fatal(err)
	}
	readers := fstest.MapFS{}
	for _, name := range names {
		b, err := fs.ReadFile(words.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		readers[name] = &fstest.MapFile{Data: b}
	}
	set, err := words.Load(readers)
	if err != nil {
		t.Fatal(err)
	}
	var code []string
	for _, folder := range strings.Fields("pull sources web/messengers web/console") {
		code = append(code, filepath.Join("..", "..", filepath.FromSlash(folder)))
	}
	unsaid, _, err := wordstest.Find(wordstest.Case{Set: set, Code: code, Built: []string{"asked.", "rubric.", "form.month_", "form.weekday_", "label.", "status."}})
	if err != nil || len(unsaid) > 0 {
		t.Error("nobody says", unsaid, err)
	}
	_, missing, err := wordstest.Find(wordstest.Case{Set: set, Code: code[:1]})
	if err != nil || len(missing) > 0 {
		t.Error("no message file has", missing, err)
	}
}

// What is said to editors and operators is said somewhere, and what is said to
// them stands in the files.
func TestEveryWordToEditorsIsSaid(t *testing.T) {
	editors := fstest.MapFS{}
	for _, tag := range words.Editors() {
		names, err := fs.Glob(words.Files(), tag+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(words.Files(), name)
			if err != nil {
				t.Fatal(err)
			}
			editors[name] = &fstest.MapFile{Data: b}
		}
	}
	set, err := words.Load(editors, words.Editors()...)
	if err != nil {
		t.Fatal(err)
	}
	// Kinds have message files of their own, whose keys are held against them above.
	own := strings.Fields("../../pull ../../store ../../web/console ../../cmd")
	unsaid, _, err := wordstest.Find(wordstest.Case{Set: set, Code: append(strings.Fields("../../sources ../../web"), own...), Built: strings.Fields(built)})
	if err != nil || len(unsaid) > 0 {
		t.Error("nobody says", unsaid, err)
	}
	_, missing, err := wordstest.Find(wordstest.Case{Set: set, Code: own})
	if err != nil || len(missing) > 0 {
		t.Error("no message file has", missing, err)
	}
}

// built are the beginnings of keys that code puts together: with the name of a
// resource, an act, a field, a language, a month, a unit, a check or a fault.
const built = `age. also. api.title. asked. rubric. alarm.how_ alarm.line_ alarm.renew_ alarm.state_ alarm.title_ alarm.way_ alarm.what_ alarm.why_ ask.outcome_ audience.by_ audience.hidden audience.open audience.teaser audit. desk.asked_ desk.attached_ desk.began_ desk.from_ desk.state_ request.state_ done. face.heard. face.part. failure. figures.by_ fails.mend_ fields. form.month_ form.weekday_ group. keyword.saved_ keyword.state_ label. language. linter. month. noun. problem. prove.state_ prove.step.
	reader.state_ replay. role. send. sends.fate_ sends.kind_ template.no_ time.ago. time.in. today.age_none today.took_none unit.
	channel.delete_t channel.first channel.lead channel.new channel.none channel.of_kind keyword.delete_t keyword.first keyword.lead
	keyword.new keyword.none source.delete_t source.first source.lead source.new source.none source.of_kind source.search status.`

// What a kind says is loaded where nobody hears of an error: its own test has to.
func TestEveryKindHoldsItsWordsAgainstItsCode(t *testing.T) {
	for _, rooms := range []string{"../../sources", "../../web/messengers"} {
		folders, err := filepath.Glob(rooms + "/*/words")
		if err != nil || len(folders) == 0 {
			t.Fatalf("%s: %v", rooms, err)
		}
		for _, folder := range folders {
			tests, err := filepath.Glob(filepath.Join(filepath.Dir(folder), "*_test.go"))
			held := false
			for _, name := range tests {
				text, reading := os.ReadFile(name) //nolint:gosec // of this project
				err = errors.Join(err, reading)
				held = held || strings.Contains(string(text), "wordstest.Run(") || strings.Contains(string(text), "sourcetest.Words(") || strings.Contains(string(text), "messengertest.Words(")
			}
			if err != nil || !held {
				t.Errorf("no test holds %s against the code: %v", folder, err)
			}
		}
	}
}
