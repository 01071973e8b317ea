package messengertest_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

func TestWhatAReceiptTellsStandsInTheDelivery(t *testing.T) {
	asks := func(f func(*messengers.Incoming)) liar { return liar{said: eachAsk(f)} }
	sent := func(f func(time.Time) time.Time) liar {
		return asks(func(in *messengers.Incoming) {
			if !in.Sent.IsZero() {
				in.Sent = f(in.Sent)
			}
		})
	}
	page, workspace := pagesCase(), workspaceCase()
	for name, l := range map[string]struct {
		of messengertest.Case
		lie
	}{
		"all readers are one":      {page, lie{asks(func(in *messengers.Incoming) { in.Reader = "102" }), `asks 0 reader is "102", whatever is delivered`}},
		"a reader is the room":     {workspace, lie{asks(func(in *messengers.Incoming) { in.Reader = in.Address }), `two persons are the reader "D1"`}},
		"the id is that of a text": {page, lie{asks(func(in *messengers.Incoming) { in.ID = hashOf(in.Reader + in.Text + in.Tap) }), "whatever is delivered"}},
		"only the first":           {page, lie{liar{said: func(r *messengers.Receipt) { r.Asks = r.Asks[:min(1, len(r.Asks))] }}, "each is read, in the order of the list"}},
		"the last first":           {page, lie{liar{said: func(r *messengers.Receipt) { slices.Reverse(r.Asks) }}, "each is read, in the order of the list"}},
		"always English":           {page, lie{asks(func(in *messengers.Incoming) { in.Language = "en" }), `asks 0 language is "en", whatever is delivered`}},
		"no language":              {page, lie{asks(func(in *messengers.Incoming) { in.Language = "" }), `the platform tells "fr_FR" as the locale`}},
		"sent just now":            {page, lie{asks(func(in *messengers.Incoming) { in.Sent = messengertest.Now() }), "whatever is delivered"}},
		"sent in 1970":             {page, lie{asks(func(in *messengers.Incoming) { in.Sent = time.Unix(0, 0) }), "which stands nowhere in it"}},
		"sent an hour later":       {page, lie{sent(func(at time.Time) time.Time { return at.Add(time.Hour) }), "which stands nowhere in it"}},
		"milliseconds are seconds": {page, lie{sent(func(at time.Time) time.Time { return time.Unix(at.UnixMilli(), 0) }), "which stands nowhere in it"}},
		"never sent":               {page, lie{sent(func(time.Time) time.Time { return time.Time{} }), "a window counts from Incoming.Sent"}},
		"a place at another":       {page, lie{asks(mirrored), `the platform tells "48.1" as the lat`}},
		"a press is its label":     {page, lie{asks(func(in *messengers.Incoming) { in.Text, in.Tap = in.Tap, in.Text }), `a button that sends "k:news" was pressed`}},
		"no thread in a group":     {workspace, lie{asks(unthreaded), "and in the group nowhere"}},
		"STOP is dropped":          {workspace, lie{liar{said: dropped("stop")}, `of which a reader wrote "stop", brings []`}},
		"the first line alone":     {page, lie{asks(func(in *messengers.Incoming) { in.Text, _, _ = strings.Cut(in.Text, "\n") }), "words are not changed on their way in"}},
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, lying(l.of, func(messengers.Env) *liar { own := l.lie.lie; return &own }), l.says)
		})
	}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func mirrored(in *messengers.Incoming) {
	if in.Location != nil {
		in.Location.Latitude, in.Location.Longitude = in.Location.Longitude, in.Location.Latitude
	}
}

func unthreaded(in *messengers.Incoming) {
	if in.Thread = in.ID; in.Group {
		in.Thread = ""
	}
}

func dropped(text string) func(*messengers.Receipt) {
	return func(r *messengers.Receipt) {
		r.Asks = slices.DeleteFunc(r.Asks, func(in messengers.Incoming) bool { return in.Tap == "" && in.Text == text })
	}
}

func TestAButtonShowsItsLabelAndSendsItsPayload(t *testing.T) {
	for name, change := range map[string]func(*messengers.Sending){
		"swapped": func(s *messengers.Sending) {
			for i, b := range s.Buttons {
				s.Buttons[i].Label, s.Buttons[i].Send = b.Send, b.Label
			}
			for i, r := range s.Rows {
				s.Rows[i].Label, s.Rows[i].Send = r.Send, r.Label
			}
		},
		"the first alone": func(s *messengers.Sending) {
			s.Buttons, s.Rows = s.Buttons[:min(1, len(s.Buttons))], s.Rows[:min(1, len(s.Rows))]
		},
		"the last row first": func(s *messengers.Sending) { slices.Reverse(s.Rows) },
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, lying(pagesCase(), func(messengers.Env) *liar {
				return &liar{send: func(s *messengers.Sending) error { change(s); return nil }}
			}), "go out with the label")
		})
	}
}

func TestWhatFollowsInTheSameCallStandsBehind(t *testing.T) {
	together := func(order func(texts []string)) *liar {
		return &liar{limits: func(l *messengers.Limits) { l.Together = 2 }, send: func(s *messengers.Sending) error {
			texts := []string{s.Text}
			for _, m := range s.Rest {
				texts = append(texts, m.Text)
			}
			order(texts)
			s.Text = strings.Join(texts, "\n")
			return nil
		}}
	}
	finds(t, lying(gatewayCase(), func(messengers.Env) *liar { return together(slices.Reverse) }), "goes out before")
}
