package mcp

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// ask is what is known of an ask when its answer is told.
type ask struct {
	language, session string
	linked            bool
}

// Answer fills the gaps in what the library said with what answers the asks.
func (m *Server) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	body := bytes.TrimSpace(r.Body)
	var batch []json.RawMessage
	if len(body) > 0 && body[0] == '[' && json.Unmarshal(body, &batch) == nil {
		for i := range batch {
			batch[i] = m.fill(batch[i], r.Asks, said)
		}
		if whole, err := json.Marshal(batch); err == nil {
			r.Body = whole
		}
		return r
	}
	r.Body = m.fill(body, r.Asks, said)
	return r
}

// fill fills the gap in one answer, where there is one.
func (m *Server) fill(body []byte, asks []messengers.Incoming, said []messengers.Sending) []byte {
	var answer, held map[string]json.RawMessage
	var g gap
	if json.Unmarshal(body, &answer) != nil || json.Unmarshal(answer["result"], &held) != nil || json.Unmarshal(held["structuredContent"], &g) != nil || g.Ask == "" {
		return body
	}
	of := ask{linked: g.Linked}
	if i := slices.IndexFunc(asks, func(in messengers.Incoming) bool { return in.Address == g.Ask }); i >= 0 {
		of.language = asks[i].Language
		of.session, _, _ = strings.Cut(g.Ask, "/")
	}
	told := m.tell(of, slices.DeleteFunc(slices.Clone(said), func(s messengers.Sending) bool { return s.Address != g.Ask }))
	for name, value := range map[string]any{"content": told.Content, "structuredContent": told.Structured} {
		b, err := json.Marshal(value)
		if err != nil {
			return body
		}
		held[name] = b
	}
	result, err := json.Marshal(held)
	if err != nil {
		return body
	}
	answer["result"] = result
	if whole, err := json.Marshal(answer); err == nil {
		return whole
	}
	return body
}

// toolResult is the result of a tool.
type toolResult struct {
	Content    []content `json:"content"`
	Structured result    `json:"structuredContent"`
}

// content is a part of a result that the model reads: a text, or a link.
type content struct {
	Type        string `json:"type"`
	Text        string `json:"text,omitempty"`
	URI         string `json:"uri,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	MIMEType    string `json:"mimeType,omitempty"`
}

// tell makes a result of what answers an ask. Many clients show the model the
// text alone, so that nothing stands beside it that is not in it.
func (m *Server) tell(of ask, said []messengers.Sending) toolResult {
	r := m.result(of, said)
	all := []content{{Type: "text", Text: m.text(r)}}
	for _, it := range r.Items {
		if of.linked && it.Link != "" {
			all = append(all, content{Type: "resource_link", URI: it.Link, Name: firstOf(it.Title, it.Link), Description: it.Source.Name, MIMEType: "text/html"})
		}
	}
	return toolResult{Content: all, Structured: r}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// limited is the result for who asked too much.
func (m *Server) limited(language string, wait time.Duration) result {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	r := nothing(language)
	r.Status, r.Reply, r.RetryAfter = pull.StatusLimited, own.Say(language, "limited", words.Args{"publisher": m.title(), "seconds": seconds}), seconds
	return r
}
