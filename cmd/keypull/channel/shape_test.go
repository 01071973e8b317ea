package channel_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/channel"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

// ran returns what a command prints.
func ran(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	w := channel.World{Kinds: []messengers.Kind{telegram.Kind}, Config: func(*cobra.Command, *string) {}}
	root := &cobra.Command{Use: "channel", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(w.Commands()...)
	var out bytes.Buffer
	root.SetIn(strings.NewReader(in))
	root.SetOut(&out)
	root.SetArgs(args)
	err := root.Execute()
	return out.String(), err
}

func TestShapeWritesALineForEachReply(t *testing.T) {
	got, err := ran(t, `{"language":"en","blocks":[{"kind":"title","text":"A <b>"},{"kind":"stamp","text":"as of 14:02"}],"buttons":[{"label":"News","send":"k:news"},{"label":"nowhere"}]}
{"items":[{"id":"1","title":"Cake","summary":"Good","link":"https://example.org/c","facts":{"minutes":40}}],"stamp":"now"}

{"text":"Hello"}
`, "shape", "--kind", "telegram", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(got) {
		var s channel.Shaped
		if err := json.Unmarshal([]byte(line), &s); err != nil || len(s.Messages) != 1 || s.Omitted == nil || s.Messages[0].Parts != 1 || !json.Valid(s.Messages[0].Wire) {
			t.Fatalf("%s: %v", line, err)
		}
		texts = append(texts, s.Messages[0].Text+strings.Join(s.Omitted, ","))
	}
	want := []string{"<b>A &lt;b&gt;</b>\n\n<i>as of 14:02</i>nowhere", "<b>Cake</b>\n\nGood\n\nminutes: 40\n\nhttps://example.org/c\n\n<i>now</i>", "Hello"}
	if strings.Join(texts, "|") != strings.Join(want, "|") {
		t.Errorf("got %q\nwant %q", texts, want)
	}
}

func TestShapeKeepsTheOrderOfManyReplies(t *testing.T) {
	var in strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&in, `{"text":"reply %d"}`+"\n", i)
	}
	got, err := ran(t, in.String(), "shape", "--kind", "telegram")
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range strings.Split(strings.TrimSuffix(got, "\n---\n"), "\n---\n") {
		if text != fmt.Sprintf("reply %d", i) {
			t.Fatalf("at %d stands %q", i, text)
		}
	}
}

func TestShapeSaysWhichLineIsNoReply(t *testing.T) {
	out, err := ran(t, "{\"text\":\"one\"}\n\n{oops\n", "shape", "--kind", "telegram", "--json")
	if err == nil || !strings.Contains(err.Error(), "line 3") || !strings.Contains(out, "one") {
		t.Errorf("printed %q and failed with %v", out, err)
	}
}
