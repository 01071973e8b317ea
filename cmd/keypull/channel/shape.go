package channel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// maxReply is how long a line may be that holds a reply.
const maxReply = 4 << 20

func (w World) newShapeCommand() *cobra.Command {
	var kind string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "shape", Short: "Show how replies fit what a messenger carries", Args: cobra.NoArgs,
		Long: "shape reads replies, one line of JSON each, from the standard input, and writes for each a line\n" +
			"with the messages that a channel of the kind would send, each with its text, how many parts the\n" +
			"platform makes of it and bills, and the body of the request; and with what was left out. It is the\n" +
			"very code that sends. Without --json it prints the texts.",
		Example: "  keypull ask --json tiramisu | jq -c .reply | keypull channel shape --kind telegram --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(w.shapeAll(cmd.InOrStdin(), cmd.OutOrStdout(), kind, asJSON))
		},
	}
	names := make([]string, len(w.Kinds))
	for i, k := range w.Kinds {
		names[i] = k.Name
	}
	cmd.Flags().Var(cli.Choice(&kind, names...), "kind", "kind of messenger")
	_ = cmd.MarkFlagRequired("kind")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write messages and what was left out as JSON, one line a reply")
	return cmd
}

// shaper shapes replies for one kind.
type shaper struct {
	messenger messengers.Messenger
	limits    messengers.Limits
	json      bool
}

// shapeAll shapes each line of in.
func (w World) shapeAll(in io.Reader, out io.Writer, kind string, asJSON bool) error {
	m := preview(w.Kinds, kind)
	if m == nil {
		return words.Fail(nil, "cli.shape_kind", words.Args{"kind": kind})
	}
	s := shaper{messenger: m, limits: m.Limits(), json: asJSON}
	buffered := bufio.NewWriterSize(out, 1<<16)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxReply)
	if err := s.run(lines, buffered); err != nil {
		return errors.Join(err, buffered.Flush())
	}
	return buffered.Flush()
}

// preview returns a messenger of a kind without account, or nil if there is none.
func preview(kinds []messengers.Kind, name string) messengers.Messenger {
	for _, k := range kinds {
		if k.Name == name && k.Preview != nil {
			return k.Preview()
		}
	}
	return nil
}

// batch are lines that are shaped together, and what comes of them, in order.
type batch struct {
	first int
	lines [][]byte
	out   bytes.Buffer
	err   error
	done  chan struct{}
}

// linesAtOnce is how many lines make a batch.
const linesAtOnce = 256

// run reads batches, has them shaped side by side, and writes them in order.
func (s shaper) run(lines *bufio.Scanner, out *bufio.Writer) error {
	queue := make(chan *batch, runtime.GOMAXPROCS(0))
	failed := make(chan struct{})
	var read error
	go func() {
		defer close(queue)
		defer pull.Caught("read replies", &read)
		for next := 1; ; next += linesAtOnce {
			b := &batch{first: next, done: make(chan struct{})}
			for len(b.lines) < linesAtOnce && lines.Scan() {
				b.lines = append(b.lines, bytes.Clone(lines.Bytes()))
			}
			if len(b.lines) == 0 {
				return
			}
			go func() {
				defer close(b.done)
				defer pull.Caught("shape replies", &b.err)
				b.err = s.shape(b)
			}()
			select {
			case queue <- b:
			case <-failed:
				return
			}
		}
	}()
	var first error
	for b := range queue {
		<-b.done
		if first == nil {
			_, err := b.out.WriteTo(out)
			if first = errors.Join(err, b.err); first != nil {
				close(failed)
			}
		}
	}
	if err := lines.Err(); first == nil && err != nil {
		first = words.Fail(err, "cli.stdin", words.Args{"reason": words.Said(err)})
	}
	return errors.Join(first, read)
}

// shape writes what becomes of a batch, up to the first line that is none.
func (s shaper) shape(b *batch) error {
	for i, line := range b.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var given written
		if err := json.Unmarshal(line, &given); err != nil {
			return words.Fail(err, "cli.shape_line", words.Args{"line": strconv.Itoa(b.first + i), "reason": words.Said(err)})
		}
		shaped := s.one(given.toReply())
		if s.json {
			if err := cli.PrintJSONLine(&b.out, shaped); err != nil {
				return err
			}
			continue
		}
		for _, m := range shaped.Messages {
			b.out.WriteString(m.Text + "\n---\n")
		}
	}
	return nil
}

// Shaped is what becomes of a reply.
type Shaped struct {
	Messages []Message `json:"messages"`
	Omitted  []string  `json:"omitted"`
}

// Message is a message as it would be sent: Parts is how many the platform makes
// of it and bills.
type Message struct {
	Text  string          `json:"text"`
	Parts int             `json:"parts"`
	Wire  json.RawMessage `json:"wire,omitempty"`
	// Before are the bodies of requests that go before that of Wire.
	Before []json.RawMessage `json:"before,omitempty"`
}

// one shapes a reply and has the messenger write it down.
func (s shaper) one(r pull.Reply) Shaped {
	messages, omitted := messengers.Shaped(r, s.limits)
	out := Shaped{Messages: make([]Message, len(messages)), Omitted: omitted}
	if omitted == nil {
		out.Omitted = []string{}
	}
	presenter, shows := s.messenger.(messengers.Presenter)
	for i, m := range messages {
		out.Messages[i] = Message{Text: m.Text, Parts: 1}
		if s.limits.SMS {
			out.Messages[i].Parts, _ = messengers.Segments(m.Text)
		}
		if !shows {
			continue
		}
		s := messengers.Sending{Message: m, Address: address, Key: "1-" + strconv.Itoa(i+1), Why: messengers.Answer, Language: r.Language}
		if body, err := presenter.Wire(s); err == nil {
			out.Messages[i].Wire = asJSON(body)
		}
		if several, ok := presenter.(messengers.Stepwise); ok {
			for _, body := range several.Before(s) {
				out.Messages[i].Before = append(out.Messages[i].Before, asJSON(body))
			}
		}
	}
	return out.admit(r)
}

// asJSON returns a body as JSON: one that is none is a text.
func asJSON(body []byte) json.RawMessage {
	if !json.Valid(body) {
		body, _ = json.Marshal(string(body)) // a string always can be
	}
	return body
}

// admit adds the words of pictures and buttons that the platform has no place for.
func (s Shaped) admit(r pull.Reply) Shaped {
	var all strings.Builder
	for _, m := range s.Messages {
		all.WriteString(m.Text)
		for _, body := range append(m.Before, m.Wire) {
			var v any
			if json.Unmarshal(body, &v) == nil {
				fmt.Fprint(&all, v)
			}
		}
	}
	told := append(strings.Fields(all.String()), s.Omitted...)
	whole := strings.Join(told, " ")
	add := func(text string) {
		if slices.ContainsFunc(strings.Fields(text), func(word string) bool { return !strings.Contains(whole, word) }) {
			s.Omitted = append(s.Omitted, text)
		}
	}
	for _, m := range r.Media {
		add(m.Alt)
	}
	for _, b := range r.Buttons {
		add(b.Label)
	}
	return s
}

// address is that of a reader on any platform: a plain number.
const address = "1"
