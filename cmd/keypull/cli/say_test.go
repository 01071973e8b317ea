package cli

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/words"
)

// Each of several errors is told; of a sentence that several causes lead to, the sentence alone.
func TestWhatAnErrorTells(t *testing.T) {
	t.Setenv("LANG", "C")
	one, two := errors.New("one thing"), errors.New("another thing")
	sentence := words.Fail(errors.Join(one, two), "standby.promoted", nil)
	for _, test := range []struct {
		name string
		err  error
		want []string
	}{
		{"one", one, []string{"“one thing”"}},
		{"several", errors.Join(one, two), []string{"“one thing”", "“another thing”"}},
		{"the same of several", errors.Join(fmt.Errorf("first: %w", one), fmt.Errorf("then: %w", one)), []string{"“one thing”"}},
		{"several on their way", fmt.Errorf("close: %w", errors.Join(one, two)), []string{"“one thing”", "“another thing”"}},
		{"a sentence of several causes", sentence, []string{"This machine has taken over already; write keypull serve."}},
		{"that sentence on its way", &Exit{Code: Damaged, Err: fmt.Errorf("begin: %w", sentence)}, []string{"This machine has taken over already; write keypull serve."}},
		{"that sentence beside another", errors.Join(sentence, two), []string{"This machine has taken over already; write keypull serve.", "“another thing”"}},
		{"a field of several causes", &pull.Error{Kind: pull.Invalid, Field: "store.url", Err: errors.Join(one, two)}, []string{"“one thing”", "“another thing”"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			Tell(&out, test.err)
			if want := "keypull: " + strings.Join(test.want, "\nkeypull: ") + "\n"; out.String() != want {
				t.Errorf("told\n%swant\n%s", out.String(), want)
			}
		})
	}
}
