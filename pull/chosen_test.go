package pull_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

const (
	asChosen = quoted + " | As you chose before. | [Paris (psg)] | [Not that?] | [MENU]"
	sapAsked = "Do you mean “Wipro Limited”? | [Wipro Limited] | [MENU]"
)

func TestWhatAReaderTookTwiceIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	taught := conversation{{"paris", tie}, {"1", quoted}, {"paris", tie}, {"1", quoted}}
	for name, more := range map[string]conversation{
		"and said":                      {{"paris", asChosen}, {"paris", asChosen}},
		"no gives the choice back":      {{"paris", asChosen}, {"no", "Do you mean “Paris (psg)”? | [Paris (psg)] | [MENU]"}, {"paris", tie}},
		"another one below it is taken": {{"paris", asChosen}, {"psg", sap}, {"paris", tie}},
		"other words are others":        {{"which", three}},
		"after 90 days it is forgotten": {{"+2161h paris", tie}},
		"each use keeps it for 90 days": {{"+2000h paris", asChosen}, {"+2000h paris", asChosen}},
		"once is not twice":             {{"wiprp", sapAsked}, {"yes", quoted}, {"wiprp", sapAsked}},
		"one option alone is taught as well": {
			{"wiprp", sapAsked}, {"yes", quoted}, {"wiprp", sapAsked}, {"yes", quoted},
			{"wiprp", quoted + " | As you chose before. | [Not that?] | [MENU]"},
		},
	} {
		t.Run(name, func(t *testing.T) { append(taught[:4:4], more...).hold(t, newQuestionTalk(t)) })
	}
}

func TestNotThatGivesTheChoiceBackByATap(t *testing.T) {
	t.Parallel()
	k := newQuestionTalk(t)
	conversation{{"paris", tie}, {"1", quoted}, {"paris", tie}, {"1", quoted}, {"paris", asChosen}}.hold(t, k)
	i := len(k.last.Reply.Buttons) - 2
	if got := labels(k.send(pull.Ask{Incoming: pull.Incoming{Tap: k.last.Reply.Buttons[i].Send, Text: "Not that?"}})); !strings.HasPrefix(got, "Do you mean “Paris (psg)”?") {
		t.Error(got)
	}
	if len(k.reader.Choices) != 0 {
		t.Errorf("%+v is remembered", k.reader.Choices)
	}
}

func TestMyDataTellsWhatWasChosen(t *testing.T) {
	t.Parallel()
	k := newQuestionTalk(t)
	k.say("mydata")
	before := len(k.last.Reply.Blocks)
	conversation{{"paris", tie}, {"1", quoted}, {"paris", tie}, {"1", quoted}}.hold(t, k)
	k.say("mydata")
	blocks := k.last.Reply.Blocks
	if len(blocks) != before+2 || blocks[len(blocks)-1].Lines[0] != "paris: paris" {
		t.Errorf("got %+v", blocks)
	}
}

// TestNothingIsTaughtWithoutConsent: where a channel asks for it, and in a group.
func TestNothingIsTaughtWithoutConsent(t *testing.T) {
	t.Parallel()
	for name, incoming := range map[string]pull.Incoming{"not given": {}, "refused": {Consent: "refused"}} {
		k := newQuestionTalk(t)
		k.channel = "asking"
		for range 3 {
			for _, tap := range []string{"", "o:1:x.city"} {
				in := incoming
				if in.Text, in.Tap = "paris", tap; tap != "" {
					in.Text = ""
				}
				k.send(pull.Ask{Incoming: in})
			}
		}
		if len(k.reader.Choices) != 0 {
			t.Errorf("%s: %+v is remembered", name, k.reader.Choices)
		}
	}
}

func TestOnSMSAChoiceOfBeforeSaysHowToLeaveIt(t *testing.T) {
	t.Parallel()
	k := newQuestionTalk(t)
	k.channel = "sms"
	conversation{
		{"paris", tie}, {"1", quoted}, {"paris", tie}, {"1", quoted},
		{"paris", quoted + " | As you chose before. Not that? Reply NO."},
		{"NO", "Do you mean “Paris (psg)”? | [Paris (psg)]"},
	}.hold(t, k)
}

func TestTheOldestChoiceGivesWay(t *testing.T) {
	t.Parallel()
	var r who.Reader
	option := who.Option{Keyword: "k", Argument: "a"}
	for i := range who.MaxChoices + 1 {
		for range 2 {
			r = r.Choose(fmt.Sprint("said ", i), option, monday.Add(time.Duration(i)*time.Hour))
		}
	}
	if len(r.Choices) != who.MaxChoices || r.Chosen("said 0", []who.Option{option}, monday) >= 0 || r.Chosen("said 20", []who.Option{{Keyword: "b"}, option}, monday) != 1 {
		t.Errorf("%d choices, %+v", len(r.Choices), r.Choices[0])
	}
}

// Who took one of two and wanted the other is asked for that.
func TestNotThatOneOffersWhatIsNamedAlike(t *testing.T) {
	t.Parallel()
	conversation{{"paris", tie}, {"1", quoted}, {"not that one", "Do you mean “Paris (psg)”? | [Paris (psg)] | [MENU]"}, {"yes", sap}}.hold(t, newQuestionTalk(t))
}
