package members_test

import (
	"maps"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources/members"
	"keypull/sources/sourcetest"
)

type values = map[string]any

func TestMembers(t *testing.T) {
	good := func(more values) values {
		v := values{"called": "Friends", "text": "What friends get.", "codes": values{"2026": "rose-4711-ink"}}
		maps.Copy(v, more)
		return v
	}
	sourcetest.Run(t, sourcetest.Case{
		Kind:     members.Kind,
		Settings: func(string) map[string]any { return good(nil) },
		Query:    pull.Query{Count: 1},
		Bad: []sourcetest.Bad{
			{Name: "no name", Settings: good(values{"called": ""}), Field: "called"},
			{Name: "a name that is too long", Settings: good(values{"called": strings.Repeat("x", 61)}), Field: "called"},
			{Name: "no codes", Settings: good(values{"codes": values{}}), Field: "codes"},
			{Name: "a code that is a word", Settings: good(values{"codes": values{"a": "rosegarden"}}), Field: "codes.a"},
			{Name: "a code that is too short", Settings: good(values{"codes": values{"a": "rose-1"}}), Field: "codes.a"},
			{Name: "one code twice", Settings: good(values{"codes": values{"a": "rose-4711-ink", "b": "ROSE 4711 INK"}}), Field: "codes.b"},
		},
	})
}

func TestCodes(t *testing.T) {
	source := sourcetest.Open(t, members.Kind, sourcetest.Env(t, ""), values{
		"called": values{"en": "Friends", "de": "Freunde"}, "text": "x", "codes": values{"2025": "tulip-1200-ink", "2026": "rose-4711-ink"},
	}).(pull.Joinable)
	for text, want := range map[string]string{
		"rose-4711-ink": "2026", "ROSE 4711 INK": "2026", " rose4711ink\n": "2026", "tulip-1200-ink": "2025",
		"rose-4711-inks": "", "rose": "", "": "", "2026": "", "rose-4711-ink tulip-1200-ink": "",
	} {
		if mark, ok := source.Code(text); mark != want || ok != (want != "") {
			t.Errorf("%q is the code %q, %v; want %q", text, mark, ok, want)
		}
	}
	for text, want := range map[string]bool{
		"rose-4712-ink": true, "AAAA 9999 zzz": true, "tulip 1 2 0 0 ink": true, "rechnung nr 4711": false, "rose-471-ink": false, "4711-rose-ink": false, "": false,
	} {
		if source.HasForm(text) != want {
			t.Errorf("%q has the form of a code: %v", text, !want)
		}
	}
	if !source.Counts("2026") || source.Counts("2024") || source.Counts("") {
		t.Error("a code counts that is not there, or one does not that is")
	}
	if source.Called("de-AT") != "Freunde" || source.Called("it") == "" {
		t.Errorf("they are called %q and %q", source.Called("de-AT"), source.Called("it"))
	}
}

func TestItsMessageFilesAreWhole(t *testing.T) { sourcetest.Words(t, members.Kind) }

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	sourcetest.Complaints(t, members.Kind, map[string]sourcetest.Complaint{
		"a long name": {Values: values{"called": strings.Repeat("x", 61), "text": "x", "codes": values{"a": "rose-4711-ink"}}, Want: []string{
			"called: Das ist länger als 60 Zeichen; kürzen Sie es.",
		}},
		"a code that is a word": {Values: values{"called": "Friends", "text": "x", "codes": values{"a": "rosegarden"}}, Want: []string{
			"codes.a: Ein Code hat mindestens acht Zeichen, darunter Buchstaben und Ziffern; nehmen Sie einen, den niemand errät.",
		}},
		"one code twice": {Values: values{"called": "Friends", "text": "x", "codes": values{"a": "rose-4711-ink", "b": "ROSE 4711 INK"}}, Want: []string{
			"codes.b: Der Code „b“ ist derselbe wie ein anderer; nehmen Sie einen eigenen oder lassen Sie ihn weg.",
		}},
	})
}
