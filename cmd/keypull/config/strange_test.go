package config

import (
	"slices"
	"strings"
	"testing"
)

func TestAVariableThatNobodyReadsIsWarnedOf(t *testing.T) {
	env := map[string]string{"KEYPULL_FEED": "https://example.org/"}
	c, found := load(t, head+strings.Replace(source, "https://example.org/", "${KEYPULL_FEED}", 1), env)
	if len(found) > 0 {
		t.Fatal(found)
	}
	for _, tt := range []struct{ variable, want string }{
		{"KEYPULL_SERVER_LISTEN", ""}, {"KEYPULL_TOKEN", ""}, {"KEYPULL_FEED", ""}, {"PATH", ""}, {"KEYPUL_SERVER_LISTEN", ""},
		{"KEYPULL_SERVER_LISTN", "did you mean KEYPULL_SERVER_LISTEN?"}, {"KEYPULL_TOKENS", "did you mean KEYPULL_TOKEN?"},
		{"KEYPULL_EVERYTHING_ELSE_THERE_IS", "take it away"},
	} {
		all := c.Standing(Kinds{}, []string{tt.variable + "=x"})
		at := slices.IndexFunc(all, func(f Finding) bool { return f.Code == "unknown_variable" })
		switch {
		case at < 0 && tt.want != "":
			t.Errorf("%s: nothing is found", tt.variable)
		case at >= 0 && (tt.want == "" || !strings.Contains(all[at].Message, tt.want) || all.Errors() > 0):
			t.Errorf("%s: %s", tt.variable, all[at])
		}
	}
}
