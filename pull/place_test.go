package pull_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/who"
)

// placed returns the publisher with keywords that ask for a place.
func placed(ids ...string) catalogue.Publisher {
	p := publisher()
	for _, id := range ids {
		p.Keywords = append(p.Keywords, catalogue.Keyword{
			ID: id, Source: "exchange", Phrases: map[string][]string{"en": {id}}, Argument: "required", Slot: "place", Stamp: "stale",
		})
	}
	return p
}

func TestASharedPlaceIsTheArgumentWhereOneIsAskedFor(t *testing.T) {
	here := pull.Ask{Incoming: pull.Incoming{Location: &pull.Location{Latitude: 48.13743, Longitude: 11.57549}}}
	named := pull.Ask{Incoming: pull.Incoming{Location: &pull.Location{Latitude: 48.1, Longitude: 11.5, Name: " WIPRO\n"}}}
	for name, tc := range map[string]struct {
		keywords []string
		before   string
		send     pull.Ask
		keyword  string
		argument string
	}{
		"of the only keyword that asks for one":          {[]string{"weather"}, "", named, "weather", ""},
		"by its degrees where it has no name":            {[]string{"weather"}, "", here, "weather", ""},
		"of the keyword that was asked last":             {[]string{"weather", "traffic"}, "traffic WIPRO", named, "traffic", ""},
		"of none where another keyword was asked last":   {[]string{"weather", "traffic"}, "quote SAP", here, "", ""},
		"of none where nothing asks for a place":         {nil, "must SAP", here, "", ""},
		"as what was said where nothing asks for places": {nil, "", named, "quote", ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t)
			var err error
			if k.edition, err = k.edit(placed(tc.keywords...)); err != nil {
				t.Fatal(err)
			}
			if tc.before != "" {
				k.say(tc.before)
				k.at = k.at.Add(time.Minute)
			}
			said := k.send(tc.send)
			if got := k.last.Trace.What; got.Keyword != tc.keyword || got.Argument != tc.argument || said == "" {
				t.Errorf("keyword %q with %q, want %q with %q: %s", got.Keyword, got.Argument, tc.keyword, tc.argument, said)
			}
			if tc.keyword != "quote" && slices.ContainsFunc(k.reader.Recent, func(p who.Pull) bool {
				return strings.Contains(p.Argument, "48.1") || p.Keyword == "weather" && p.Argument != ""
			}) {
				t.Errorf("the place is kept: %+v", k.reader.Recent)
			}
		})
	}
}

func TestAPlaceThatSeveralAskForIsAskedAbout(t *testing.T) {
	k := newTalk(t)
	var err error
	if k.edition, err = k.edit(placed("weather", "traffic")); err != nil {
		t.Fatal(err)
	}
	k.send(pull.Ask{Incoming: pull.Incoming{Location: &pull.Location{Latitude: 1, Longitude: 2, Name: "SAP"}}})
	if len(k.last.Reply.Buttons) < 2 {
		t.Fatalf("%+v", k.last.Reply)
	}
	k.say("2")
	if got := k.last.Trace.What; got.Keyword != "traffic" || got.Argument != "SAP" {
		t.Errorf("the second is %q with %q", got.Keyword, got.Argument)
	}
}

func TestAPlaceCalledLikeACommandIsNone(t *testing.T) {
	k := newTalk(t)
	if said := k.send(pull.Ask{Incoming: pull.Incoming{Location: &pull.Location{Name: "STOP"}}}); k.reader.State != "" || said == "" {
		t.Errorf("the reader is %q after a place called STOP: %q", k.reader.State, said)
	}
}
