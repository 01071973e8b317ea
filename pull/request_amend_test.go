package pull_test

import (
	"strings"
	"testing"
)

// What was told back can be put right before it is sent.
func TestARequestThatWasToldBackIsPutRight(t *testing.T) {
	t.Parallel()
	const paper = "missing paper: 24 Feb · 12 Main Street"
	for name, c := range map[string]struct {
		say  []string
		want string
	}{
		"an answer of words":           {[]string{"no wait it's 14 Main Street"}, "missing paper: 24 Feb · 14 Main Street | “missing paper”: shall I send that?"},
		"one without a no":             {[]string{"14 Main Street"}, "missing paper: 24 Feb · 14 Main Street |"},
		"one of other words":           {[]string{"sorry, Rosenweg 5"}, "missing paper: 24 Feb · Rosenweg 5 |"},
		"a day":                        {[]string{"no, monday"}, "missing paper: 2 Mar · 12 Main Street |"},
		"a day in another language":    {[]string{"nein, am montag"}, "missing paper: 2 Mar · 12 Main Street |"},
		"a question that is named":     {[]string{"no, the address is wrong"}, "Your address?"},
		"and its answer":               {[]string{"no, the address is wrong", "Rosenweg 5"}, "missing paper: 24 Feb · Rosenweg 5 |"},
		"what says nothing of it":      {[]string{"what do you need that for?"}, paper + " |"},
		"a hesitation":                 {[]string{"no wait"}, paper + " |"},
		"yes among other words":        {[]string{"no, 14 Main Street", "yes send it please"}, "Your number is "},
		"yes in another language":      {[]string{"no, 14 Main Street", "stimmt so, bitte absenden"}, "Your number is "},
		"no among other words":         {[]string{"actually no"}, "never mind"},
		"no in another language":       {[]string{"ne lass mal"}, "never mind"},
		"and it is sent as it was put": {[]string{"no, 14 Main Street", "yes"}, "Your number is "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, f := newFrontOffice(t)
			var got string
			for _, said := range append([]string{"missing paper", "tuesday", "12 Main Street"}, c.say...) {
				got = k.ask(said)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got %q, not %q", got, c.want)
			}
			if len(f.all) > 0 && f.all[0].Fields[1].Text != "14 Main Street" {
				t.Errorf("sent: %+v", f.all[0].Fields)
			}
		})
	}
	k, _ := newFrontOffice(t)
	for _, said := range []string{"appointment", "Passport", "1"} {
		k.ask(said)
	}
	if got := k.ask("no, wednesday"); !strings.Contains(got, "[Later times=") {
		t.Errorf("another day of an appointment got %q", got)
	}
}

// A clock names the free time that it says, and no place in the list.
func TestAClockChoosesTheTimeThatItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ say, want string }{
		{"tomorrow at half past ten", "3 Mar, 10:30"}, {"um halb zehn", "3 Mar, 09:30"}, {"at 11", "3 Mar, 11:00"}, {"demain à onze heures", "3 Mar, 11:00"}, {"3", "3 Mar, 10:00"}, {"at four", "Nothing is free then."},
	} {
		k, _ := newFrontOffice(t)
		for _, said := range []string{"appointment", "Passport"} {
			k.ask(said)
		}
		if got := k.ask(c.say); !strings.Contains(got, c.want) {
			t.Errorf("%q got %q", c.say, got)
		}
	}
	k, _ := newFrontOffice(t)
	for _, said := range []string{"missing paper", "yesterday", "ok thanks bye", "calle Mayor 5, 3º B, Madrid"} {
		k.ask(said)
	}
	if a := k.reader.Question.Asks; a == nil || a.Answers[1] != "calle Mayor 5, 3º B, Madrid" {
		t.Errorf("the address is %+v", a)
	}
}

// What is said of a part of an answer puts that part right, and the others stand.
func TestAPartOfAnAnswerIsPutRight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ answer, say, want string }{
		{"14 Harbour Road, flat 2", "sorry, it's flat 3 not flat 2", "14 Harbour Road, flat 3 |"},
		{"14 Harbour Road, flat 2", "no, flat 3", "14 Harbour Road, flat 3 |"},
		{"14 Harbour Road, flat 2", "no, 16 Harbour Road", "16 Harbour Road, flat 2 |"},
		{"Hafenstraße 3", "nein, Nummer 5", "Hafenstraße 5 |"},
		{"12 Main Street", "no, 14", "14 Main Street |"},
		{"12 Main Street", "no, Rosenweg 5, Ulm", "Rosenweg 5, Ulm |"},
		{"Mill Lane 4 rear building left", "no, attic", "Your address?"},
	} {
		k, _ := newFrontOffice(t)
		var got string
		for _, said := range []string{"missing paper", "tuesday", c.answer, c.say} {
			got = k.ask(said)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%q and %q got %q", c.answer, c.say, got)
		}
	}
}

// Who ends what they asked for a moment ago, or names it, is asked about that request.
func TestARequestIsTakenBackByWords(t *testing.T) {
	t.Parallel()
	const asks = "Shall “appointment” be cancelled?"
	for name, c := range map[string]struct{ say, want string }{
		"by its keyword":   {"cancel my appointment", asks},
		"in French":        {"annuler mon rendez-vous", "annuler « appointment »"},
		"in German":        {"Termin absagen", asks},
		"by a word":        {"cancel", asks},
		"of another one's": {"cancel my paper", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, f := newFrontOffice(t)
			for _, said := range []string{"appointment", "Passport", "1", "yes"} {
				k.ask(said)
			}
			got := k.ask(c.say)
			if len(f.all) != 1 || !strings.Contains(got, c.want) || (c.want == "") != (k.reader.Question == nil || k.reader.Question.Asks == nil) {
				t.Errorf("got %q, %+v", got, k.reader.Question)
			}
		})
	}
}
