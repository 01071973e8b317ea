package mcp

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/pull"
	"keypull/web/messengers"
)

// linked is the first revision whose results know links beside the text.
const linked = "2025-06-18"

// gap is what stands in a result until the answer is there.
type gap struct {
	// Ask is the ask's address; Linked says that links may stand beside the text.
	Ask    string `json:"keypull_ask"`
	Linked bool   `json:"linked,omitempty"`
}

// ask is the tool that takes a reader's own words.
func (m *Server) ask(c *call, in arguments) (*sdk.CallToolResult, *wrong) {
	if fault := in.only("text", "language", "session"); fault != nil {
		return nil, fault
	}
	text, fault := in.text("text", maxText)
	if fault == nil && text == "" {
		fault = &wrong{"text_missing", nil}
	}
	if fault != nil {
		return nil, fault
	}
	return m.put(c, in, messengers.Incoming{Text: text})
}

// keyword is the tool of one featured keyword.
func (m *Server) keyword(a pull.Askable) tool {
	slot := slotName(a)
	return func(c *call, in arguments) (*sdk.CallToolResult, *wrong) {
		known := []string{slot, "language", "session"}
		if slot == "" {
			known = known[1:]
		}
		if fault := in.only(known...); fault != nil {
			return nil, fault
		}
		argument, fault := in.text(slot, maxArgument)
		if fault != nil {
			return nil, fault
		}
		incoming := messengers.Incoming{Text: strings.TrimSpace(a.Title + " " + argument)}
		if payload, ok := a.Asking(argument); ok {
			incoming.Tap = payload
		}
		return m.put(c, in, incoming)
	}
}

// put notes an ask, whose answer takes the place of the gap in the result. Where
// too much was asked already, the result says so itself.
func (m *Server) put(c *call, in arguments, incoming messengers.Incoming) (*sdk.CallToolResult, *wrong) {
	session, fault := in.session()
	if fault != nil {
		return nil, fault
	}
	language := in.language()
	if wait := m.spend(c.caller, c.delivery.At); wait > 0 {
		return completed(m.limited(language, wait)), nil
	}
	var known bool
	if session == "" {
		session, incoming.Reader = m.sessions.begin(c.caller.token, c.delivery.At)
	} else if incoming.Reader, known = m.sessions.resume(session, c.caller.token, c.delivery.At); !known {
		incoming.Reader = c.caller.reader(session)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// The id of a message means nothing across sessions: the moment does.
	id := session + "/" + strconv.FormatInt(c.delivery.At.UnixNano(), 36) + "/" + strconv.Itoa(len(c.asks))
	incoming.ID, incoming.Address = id, id
	incoming.From, incoming.Via, incoming.Language = c.caller.payer(), c.caller.token, language
	incoming.InBand, incoming.Fleeting, incoming.Greeted = true, true, true
	c.asks = append(c.asks, incoming)
	return &sdk.CallToolResult{
		Content:           []sdk.Content{},
		StructuredContent: gap{Ask: id, Linked: isModern(c.delivery) || revision(c.delivery) >= linked},
	}, nil
}

// A page of the list of keywords.
const listPage = 50

// listed is a keyword in the list.
type listed struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Argument string `json:"argument"`
	Slot     string `json:"slot,omitempty"`
	Example  string `json:"example,omitempty"`
	Tool     string `json:"tool,omitempty"`
}

// list is the tool that lists what can be asked, page by page.
func (m *Server) list(c *call, in arguments) (*sdk.CallToolResult, *wrong) {
	if fault := in.only("query", "cursor", "language"); fault != nil {
		return nil, fault
	}
	query, fault := in.text("query", maxQuery)
	if fault != nil {
		return nil, fault
	}
	cursor, fault := in.text("cursor", maxCursor)
	if fault != nil {
		return nil, fault
	}
	from, err := strconv.Atoi("0" + cursor)
	if err != nil {
		return nil, &wrong{"cursor_odd", nil}
	}
	if wait := m.spend(c.caller, c.delivery.At); wait > 0 {
		limited := m.limited(in.language(), wait)
		return &sdk.CallToolResult{
			Content:           []sdk.Content{&sdk.TextContent{Text: limited.Reply}},
			StructuredContent: keywordPage{Status: limited.Status, Keywords: []listed{}, RetryAfter: limited.RetryAfter},
		}, nil
	}
	page := m.keywords(in.language(), query, from)
	lines := make([]string, 0, len(page.Keywords))
	for _, k := range page.Keywords {
		lines = append(lines, "- "+strings.TrimSpace(k.Title+" "+k.Example))
	}
	return &sdk.CallToolResult{
		Content: []sdk.Content{&sdk.TextContent{Text: m.say("list.lead") + "\n" + strings.Join(lines, "\n")}}, StructuredContent: page,
	}, nil
}

// keywordPage is one page of the list.
type keywordPage struct {
	Status     pull.Status `json:"status"`
	Keywords   []listed    `json:"keywords"`
	Next       string      `json:"next_cursor,omitempty"`
	RetryAfter int         `json:"retry_after_seconds,omitempty"`
}

func (m *Server) keywords(language, query string, from int) keywordPage {
	page := keywordPage{Status: pull.StatusFound, Keywords: []listed{}}
	n := 0
	for a := range m.askables(language) {
		if !strings.Contains(strings.ToLower(a.Title+" "+a.ID), strings.ToLower(query)) {
			continue
		}
		if n++; n <= from {
			continue
		}
		if len(page.Keywords) == listPage {
			page.Next = strconv.Itoa(from + listPage)
			break
		}
		page.Keywords = append(page.Keywords, m.listedAs(a))
	}
	return page
}

func (m *Server) listedAs(a pull.Askable) listed {
	l := listed{ID: a.ID, Title: clean(a.Title, maxTitle), Argument: string(a.Argument), Slot: a.Slot, Example: clean(a.Example, maxArgument)}
	if slices.ContainsFunc(m.featured(), func(f pull.Askable) bool { return f.ID == a.ID }) {
		l.Tool = toolName(a.ID)
	}
	return l
}

// completed is a result that needs no answer.
func completed(r result) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: r.Reply}}, StructuredContent: r}
}

// object is a JSON schema, or a part of one.
type object = map[string]any

// schema writes a schema once.
func schema(o object) json.RawMessage {
	b, err := json.Marshal(o)
	if err != nil {
		return json.RawMessage(`{"type":"object"}`)
	}
	return b
}
