package pull_test

import (
	"strings"
	"testing"

	"keypull/pull/journal"
)

const (
	stamped  = " | as of 10:59, 12 s ago"
	whichOf  = "Which one? For example: Wipro Limited and SAP | [must Wipro Limited] | [must SAP] | [MENU]"
	notThere = "There is no “%” in “must”. For example: must Wipro Limited | [must Wipro Limited] | [MENU]"
)

func TestAnAskedSlotTakesItsAnswer(t *testing.T) {
	t.Parallel()
	nothing := func(argument string) string { return strings.ReplaceAll(notThere, "%", argument) }
	for name, c := range map[string]conversation{
		"a name":                          {{"must", whichOf}, {"SAP", sap + stamped}},
		"a name in other spelling":        {{"must", whichOf}, {"wipro LIMITED!", quoted + stamped}},
		"a number of the list":            {{"must", whichOf}, {"2", sap + stamped}},
		"a word of one name":              {{"must", whichOf}, {"limited", quoted + stamped}},
		"what nobody knows, and again":    {{"must", whichOf}, {"ACME", nothing("ACME")}, {"SAP", sap + stamped}},
		"once it is filled it is over":    {{"must", whichOf}, {"SAP", sap + stamped}, {"novel", novel}},
		"a keyword goes before":           {{"must", whichOf}, {"template", templated}, {"novel", novel}},
		"no closes it":                    {{"must", whichOf}, {"no", declined}, {"1", unknownOne}},
		"never mind closes it":            {{"must", whichOf}, {"never mind", dropped}},
		"a greeting is none":              {{"must", whichOf}, {"hello", greeted}},
		"a long sentence is none":         {{"must", whichOf}, {"i would rather have seen all of it yesterday", "I don't know “have seen all of it yesterday”. Send MENU to see what I answer. | [MENU]"}},
		"after ten minutes it is over":    {{"must", whichOf}, {"+11m novel", novel}},
		"a command is one":                {{"must", whichOf}, {"STOP", "Done: Paper sends you nothing more. START brings it back. | [START]"}},
		"the keyword again asks again":    {{"must", whichOf}, {"must", whichOf}, {"1", quoted + stamped}},
		"a name beside the keyword is so": {{"must", whichOf}, {"must SAP", sap + stamped}},
	} {
		t.Run(name, func(t *testing.T) { c.hold(t, newQuestionTalk(t)) })
	}
}

// TestNobodyIsAskedWhoCannotAnswer: in a group the next message is anybody's, and a
// program asks in one go.
func TestNobodyIsAskedWhoCannotAnswer(t *testing.T) {
	t.Parallel()
	k := newProxy(t)
	got := labels(k.say("must"))
	if !strings.HasPrefix(got, "Send “must” and what you are looking for") || k.reader.Question != nil || k.last.Trace.Outcome != journal.Refused {
		t.Errorf("got %s, question %+v", got, k.reader.Question)
	}
}
