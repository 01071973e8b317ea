package config

import (
	"slices"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/web/messengers"
)

// TestChannelsOfABotForStaffThatAnybodyWritesTo are named by the check, those of workspaces not.
func TestChannelsOfABotForStaffThatAnybodyWritesTo(t *testing.T) {
	kinds := testKinds()
	team := kinds.Messengers[0]
	team.Name, team.Writers = "team", messengers.Members
	kinds.Messengers = append(kinds.Messengers, team)
	for staff, want := range map[string]int{"": 0, "staff_only = true\n": 1} {
		c, _ := Read("config.toml", []byte(head+"contact = \"Ada\"\nprivacy = \"https://example.org/\"\n"+staff+
			"[[publisher.channel]]\nid = \"in\"\nkind = \"team\"\n[[publisher.channel]]\nid = \"out\"\nkind = \"telegram\"\n"), environment(nil), kinds)
		all := slices.DeleteFunc(c.Lint(kinds, func(string, string) catalogue.About { return catalogue.About{} }), func(f Finding) bool { return f.Code != catalogue.CodeStaffOnly })
		if len(all) != want || want == 1 && (all.Errors() > 0 || !strings.Contains(all[0].Message, "“out”")) {
			t.Errorf("%q: %+v", staff, all)
		}
	}
}
