package languages

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheFilesOfAllLanguagesAreWhole(t *testing.T) {
	if err := Check(files); err != nil {
		t.Error(err)
	}
	tags := strings.Join(Tags(), " ") + " "
	for _, tag := range strings.Fields("en fr de es it pt nl pl tr id ru ar hi ja zh th") {
		whole := false
		for range Lines(tag, "words.txt") {
			whole = true
			break
		}
		if !strings.Contains(tags, tag+" ") || !whole {
			t.Errorf("%s has no words.txt", tag)
		}
	}
}

func TestLinesKnowTheirSection(t *testing.T) {
	var got []string
	for section, line := range Lines("hi", "stem.txt") {
		got = append(got, section+":"+line)
	}
	if len(got) < 5 || got[0] != "vowels:ी ि" || !strings.HasPrefix(got[len(got)-1], "endings:") {
		t.Errorf("the lines are %q", got)
	}
	for range Lines("xx", "words.txt") {
		t.Error("a language that nobody knows has words")
	}
}

func TestOneLineStandsForSeveral(t *testing.T) {
	known := slots{"person": {"mum", "old man"}}
	for line, want := range map[string]string{
		"he asks":                          "he asks",
		"(my|our) {person} (kindly |)asks": "my mum kindly asks/my mum asks/my old man kindly asks/my old man asks/our mum kindly asks/our mum asks/our old man kindly asks/our old man asks",
		"((a|b) c|d)e":                     "a ce/b ce/de",
		"a|b":                              "a/b",
		"(笑)":                              "笑",
	} {
		got, err := known.expand(line)
		if err != nil || strings.Join(got, "/") != want {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
}

func TestBaseTags(t *testing.T) {
	for tag, want := range map[string]string{"en": "en", "en-GB": "en", "sr_Latn": "sr", "PT-br": "pt", "": ""} {
		if got := Base(tag); got != want {
			t.Errorf("%q has the base %q", tag, got)
		}
	}
}

func TestWhatIsMissingOrMisshapenIsNamed(t *testing.T) {
	weekdays := "[weekdays]\nmo\ntu\nwe\nth\nfr\nsa\nsu\n"
	rest := "[yesterday]\na\n[today]\nb\n[tomorrow]\nc\n[in]\nd\n[ago]\ne\n[days]\nf\n[weeks]\ng\n[next]\nh\n[filler]\ni\n"
	sound := map[string]string{
		"xx/words.txt":    "# words\n[request]\ngive me\n[glue]\nof\n[greeting]\nhi\n[common]\nday night\n",
		"xx/commands.txt": "[cancel]\nquit\n[drop]\nnever mind\n[start]\ngo\n[help]\nhelp me\n",
		"xx/stop.txt":     "[core]\nstop it\n[leads]\nplease\n[tails]\nnow\n[objects]\nletters\n",
		"xx/paid.txt":     "[things]\npaper\n[ending]\nend\n[leaving]\nleave\n[asking]\nhow\n",
		"xx/polite.txt":   "[polite]\nplease\n",
		"xx/slots.txt":    weekdays + rest,
		"xx/names.txt":    "[names]\nxish\n",
		"xx/choice.txt":   "[yes]\nyo\n[no]\nno\n[first]\nun\n[second]\ndeu\n[third]\ntri\n[last]\nfin\n",
		"xx/stem.txt":     "[finals]\na b\n",
	}
	for _, tt := range []struct{ name, file, text, want string }{
		{"sound", "", "", ""},
		{"a folder that is no tag", "English/names.txt", "[names]\nx\n", "English: a folder is named"},
		{"a file that nobody reads", "xx/word.txt", "[common]\nx\n", "xx/word.txt: no such file is read"},
		{"a file that is missing", "xx/stop.txt", "-", "xx/stop.txt: the file is missing"},
		{"a section that nobody reads", "xx/polite.txt", "[polite]\nplease\n[kind]\nx\n", `xx/polite.txt:3: there is no section "kind"`},
		{"a section twice", "xx/polite.txt", "[polite]\nplease\n[polite]\nx\n", `xx/polite.txt:3: the section "polite" stands there twice`},
		{"a section that is missing", "xx/commands.txt", "[drop]\nnever mind\n[cancel]\nquit\n[help]\nhelp me\n", `xx/commands.txt: the section "start" is missing`},
		{"a list of paid things that is missing", "xx/paid.txt", "-", "xx/paid.txt: the file is missing"},
		{"a word in no section", "xx/names.txt", "xish\n[names]\nyish\n", `xx/names.txt:1: "xish" stands in no section`},
		{"phrases on one line", "xx/names.txt", "[names]\nxish|yish\n", `xx/names.txt:2: "xish|yish" holds a sign`},
		{"a group that is not closed", "xx/names.txt", "[names]\n(x|y\n", `xx/names.txt:2: "(x|y": a ( is not closed`},
		{"a group that is closed twice", "xx/names.txt", "[names]\n(x|y))\n", `xx/names.txt:2: "(x|y))": a ) stands there without its (`},
		{"a slot that is not filled before it", "xx/names.txt", "[names]\n{who} is\n[slot who]\nshe\n", `xx/names.txt:2: "{who} is": there is no slot "who" before it`},
		{"a line that stands for too many", "xx/names.txt", "[slot ten]\n(0|1|2|3|4|5|6|7|8|9)\n[names]\n{ten}{ten}{ten}{ten}{ten}\n", `xx/names.txt:4: "{ten}{ten}{ten}{ten}{ten}": it stands for more than 16384 lines`},
		{"broken bytes", "xx/names.txt", "[names]\nx\xff\n", `xx/names.txt:2: "x\xff" is not valid`},
		{"a week of six days", "xx/slots.txt", "[weekdays]\nmo\ntu\nwe\nth\nfr\nsa\n" + rest, `xx/slots.txt: the section "weekdays" has 6 lines`},
		{"half a pair", "xx/stem.txt", "[finals]\na b c\n", `xx/stem.txt: the section "finals" has 3 words`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			texts := maps.Clone(sound)
			if texts[tt.file] = tt.text; tt.text == "-" || tt.file == "" {
				delete(texts, tt.file)
			}
			folders := fstest.MapFS{}
			for name, text := range texts {
				folders[name] = &fstest.MapFile{Data: []byte(text)}
			}
			err := Check(folders)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
