package what_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/pull/what/instruction"
	"keypull/pull/what/languages"
)

// quotes is an index of one keyword with companies.
func quotes() *what.Index {
	companies := what.NewVocabulary([]what.Term{{Value: "WIPRO"}, {Value: "INFY", Names: []string{"Infosys"}}})
	return what.NewIndex([]what.Keyword{
		{ID: "price", Phrases: map[string][]string{"en": {"price"}}, Argument: what.ArgumentOptional, Vocabulary: companies, Bare: true, Several: true},
		{ID: "news", Phrases: map[string][]string{"en": {"news"}}},
	}, what.Options{})
}

func anyKind(instruction.Kind) bool { return true }

// Whatever is guessed is offered in words that are understood.
func TestWhatIsGuessedIsSaidSoThatItIsUnderstood(t *testing.T) {
	t.Parallel()
	ix := quotes()
	gaps := map[string]string{instruction.Words: "WIPRO", instruction.OnList: "tech", instruction.Value: "Lyon"}
	for _, language := range languages.Tags() {
		for _, kind := range instruction.Guessed() {
			said := instruction.Say(instruction.Instruction{Kind: kind, Language: language, Gaps: gaps})
			m := ix.Match(said, language)
			instructs := slices.ContainsFunc(m.Instructions, func(in instruction.Instruction) bool { return in.Kind == kind })
			commands := string(m.Command) == string(kind) || kind == instruction.Saved && m.Command == "my"
			if said == "" || !instructs && !commands {
				t.Errorf("%s: %s is said %q, and read as %v %s %+v", language, kind, said, m.Decision, m.Command, m.Instructions)
			}
		}
	}
}

//go:embed testdata/guessed.txt
var guessedMessages string

// TestWhatNoWordingFitsIsGuessed reads messages that are understood by no wording, and
// what they want: most are guessed right, and those that want nothing of the kind are
// hardly ever guessed.
func TestWhatNoWordingFitsIsGuessed(t *testing.T) {
	t.Parallel()
	ix := quotes()
	wanted, right, others, wrong := 0, 0, 0, 0
	for line := range strings.Lines(guessedMessages) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if len(fields) < 3 || fields[0] == "#" {
			continue
		}
		language, want, said := fields[0], fields[1], fields[2]
		in, ok := ix.Guess(said, anyKind, nil, language)
		switch {
		case want == "-":
			others++
			if ok {
				wrong++
				t.Logf("%q is guessed to be %q", said, instruction.Say(in))
			}
			continue
		case ok && string(in.Kind) == want:
			right++
		default:
			t.Logf("%q is guessed to be %q (%v), not %s", said, instruction.Say(in), ok, want)
		}
		wanted++
	}
	t.Logf("%d of %d are guessed, and %d of %d others", right, wanted, wrong, others)
	if float64(right) < 0.6*float64(wanted) || float64(wrong) > 0.1*float64(others) {
		t.Error("the guesses are not what they were")
	}
}

func TestTheNameOfAGuessedListStandsBehindItsWord(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"stick infosys on a list for me would ya, name it tech": "tech",
		"fabrique une liste bourse avec wipro là dedans quoi":   "bourse",
		"guarda wipro en alguna lista nueva de acciones":        "acciones",
	} {
		in, ok := quotes().Guess(said, anyKind, nil, "en", "fr", "es")
		if got := in.Gaps[instruction.OnList]; !ok || got != want {
			t.Errorf("%q: %v %q", said, in, got)
		}
	}
}

func FuzzGuess(f *testing.F) {
	ix := quotes()
	f.Add("stick wipro and infosys on a list, call it tech", "en")
	f.Add("我都收藏了啥", "zh")
	f.Fuzz(func(t *testing.T, text, language string) {
		in, ok := ix.Guess(text, anyKind, nil, language)
		for name, gap := range in.Gaps {
			if ok && len(gap) > 2*len(text) {
				t.Fatalf("%q: the gap %s is %q", text, name, gap)
			}
		}
	})
}

// TestWhoAsksOfSomethingIsOfferedNoCommand holds for words that only a command's wordings share.
func TestWhoAsksOfSomethingIsOfferedNoCommand(t *testing.T) {
	t.Parallel()
	if in, ok := quotes().Guess("hab ich wlan im zimmer", anyKind, nil, "de"); ok {
		t.Errorf("%v is offered", in)
	}
}
