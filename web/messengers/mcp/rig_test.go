package mcp_test

import (
	"encoding/json"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/mcp"
	"keypull/web/messengers/messengertest"
)

// world returns what a server of these tests can reach.
func world(words func(string) iter.Seq[pull.Askable]) messengers.Env {
	return messengers.Env{
		Publisher: "lecker", ID: "ai", Name: func() string { return "Lecker" }, Hook: "https://example.org/mcp/lecker/ai",
		Words: words, Clock: messengertest.Now, Logger: slog.New(slog.DiscardHandler),
	}
}

// open opens a server with the newsroom's token, and settings laid over that.
func open(t testing.TB, set map[string]any, words func(string) iter.Seq[pull.Askable]) *mcp.Server {
	t.Helper()
	values := maps.Clone(suite().Settings)
	maps.Copy(values, set)
	s := mcp.Kind.New()
	if err := settings.Fill(s, values); err != nil {
		t.Fatal(err)
	}
	m, err := s.Open(world(words))
	if err != nil {
		t.Fatal(err)
	}
	return m.(*mcp.Server)
}

// asking walks some keywords, of which the first so many are featured.
func asking(featured int, all ...pull.Askable) func(string) iter.Seq[pull.Askable] {
	for i := range all {
		all[i].Featured = i < featured
	}
	return func(string) iter.Seq[pull.Askable] { return slices.Values(all) }
}

func receive(t testing.TB, m *mcp.Server, d messengers.Delivery) messengers.Receipt {
	t.Helper()
	r, err := m.Receive(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// toolAnswer is what a client reads of the answer to a call.
type toolAnswer struct {
	Result struct {
		Content    []map[string]any
		Structured struct {
			Status, Language, Reply, Session, Attribution string
			Items                                         []map[string]any
			Choices                                       []map[string]any
			Keywords                                      []map[string]any
			Next                                          string `json:"next_cursor"`
			RetryAfter                                    int    `json:"retry_after_seconds"`
		} `json:"structuredContent"`
		IsError bool
		Tools   []struct {
			Name, Title, Description string
			InputSchema              map[string]any
		}
	}
	Error *struct{ Code int }
}

func (a toolAnswer) text() string {
	var all []string
	for _, c := range a.Result.Content {
		if text, ok := c["text"].(string); ok {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}

func read(t testing.TB, body []byte) (a toolAnswer) {
	t.Helper()
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return a
}

// describeArgument answers a delivery by a reply, as the service does.
func describeArgument(t testing.TB, m *mcp.Server, d messengers.Delivery, reply pull.Reply) toolAnswer {
	t.Helper()
	r := receive(t, m, d)
	if len(r.Asks) != 1 {
		t.Fatalf("%d asks: %d %s", len(r.Asks), r.Status, r.Body)
	}
	var said []messengers.Sending
	for i, message := range messengers.Shape(reply, m.Limits()) {
		s := messengers.Sending{Message: message, Address: r.Asks[0].Address, Why: messengers.Answer, Language: reply.Language}
		if i == 0 {
			s.Reply = &reply
		}
		said = append(said, s)
	}
	return read(t, m.Answer(r, said).Body)
}

// anonymous lets anybody ask, from an address at a moment.
func anonymous(d messengers.Delivery, address string, at time.Time) messengers.Delivery {
	delete(d.Header, "Authorization")
	d.Address, d.At = address, at
	return d
}
