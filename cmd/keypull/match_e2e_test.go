package main

import (
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

func TestMatchEndsWithTheCodeOfItsError(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"no such file", []string{"--catalogue", "nowhere.jsonl", "--queries", "nowhere.jsonl"}, cli.Findings},
		{"a flag is missing", []string{"--catalogue", "nowhere.jsonl"}, cli.Usage},
		{"an unknown way", []string{"--catalogue", "a", "--queries", "a", "--autocorrect", "always"}, cli.Usage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			if got := run(t.Context(), append([]string{"match"}, tt.args...), &stdout, &stderr); got != tt.want || stderr.Len() == 0 {
				t.Errorf("ended with %d, want %d: %s", got, tt.want, stderr.String())
			}
		})
	}
}
