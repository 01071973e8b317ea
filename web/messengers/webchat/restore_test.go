package webchat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

// A chat that begins anew has what was sent before: once, in its order, and not what was seen.
func TestWhatAnEarlierProcessSentIsThereForWhoComes(t *testing.T) {
	past := func(n int, ago time.Duration) messengers.Past {
		return messengers.Past{
			Sending: messengers.Sending{Address: session, Key: fmt.Sprint(n, ".0"), Message: messengers.Message{Text: fmt.Sprint("line ", n)}},
			At:      messengertest.Now().Add(-ago),
		}
	}
	seen := fmt.Sprint(messengertest.Now().Add(-time.Minute).UnixMicro())
	for name, c := range map[string]struct {
		before []messengers.Past
		sends  []int
		last   string
		want   []string
	}{
		"nothing":                     {},
		"two":                         {before: []messengers.Past{past(1, 2*time.Minute), past(2, time.Minute)}, want: []string{"line 1", "line 2"}},
		"parts of one moment":         {before: []messengers.Past{past(1, time.Minute), past(2, time.Minute)}, want: []string{"line 1", "line 2"}},
		"what came since is the last": {before: []messengers.Past{past(1, time.Minute)}, sends: []int{2}, want: []string{"line 1", "line 2"}},
		"one that is held":            {before: []messengers.Past{past(1, time.Minute), past(2, 0)}, sends: []int{2}, want: []string{"line 1", "line 2"}},
		"one that was seen":           {before: []messengers.Past{past(1, 2*time.Minute), past(2, 30*time.Second)}, last: seen, want: []string{"line 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			reads := 0
			chat := remembering(t, func(_ context.Context, reader string, since time.Time) ([]messengers.Past, error) {
				if reads++; reader != session || !since.Equal(messengertest.Now().Add(-time.Hour)) {
					t.Errorf("asked for %s since %s", reader, since)
				}
				return c.before, nil
			})
			for _, n := range c.sends {
				send(t, chat, session, fmt.Sprint("line ", n), fmt.Sprint(n, ".0"))
			}
			for range 2 {
				d := bearing(session)
				d.Query = map[string][]string{"last": {c.last}}
				stream, _, err := chat.Events(t.Context(), d)
				if err != nil || stream == nil {
					t.Fatalf("%v, %v", stream, err)
				}
				stream.Close()
				var got []string
				for e := range stream.Events {
					_, text, _ := strings.Cut(string(e.Data), `"text":"`)
					text, _, _ = strings.Cut(text, `"`)
					got = append(got, text)
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
			}
			if reads != 1 {
				t.Errorf("it was read %d times", reads)
			}
		})
	}
}

func TestAStreamIsRefusedWhileWhatWasSentCannotBeRead(t *testing.T) {
	down := true
	chat := remembering(t, func(context.Context, string, time.Time) ([]messengers.Past, error) {
		if down {
			return nil, errors.New("the store is down")
		}
		return nil, nil
	})
	if _, _, err := chat.Events(t.Context(), bearing(session)); err == nil {
		t.Error("a stream begins without what was sent before")
	}
	down = false
	if got := opens(t, chat, bearing(session)); got != 200 {
		t.Errorf("later: %d", got)
	}
}

// remembering returns a chat that asks for what was sent before.
func remembering(t *testing.T, sent func(context.Context, string, time.Time) ([]messengers.Past, error)) *webchat.Chat {
	t.Helper()
	m, err := webchat.Kind.New().Open(messengers.Env{
		Publisher: "lecker", ID: "web", Clock: messengertest.Now, Sent: sent,
		Known: func(context.Context, string) (bool, error) { return true, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return m.(*webchat.Chat)
}
