package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

const (
	linked      = "2025-06-18" // the first revision whose results know links beside the text
	version     = "1.0.0"      // of the tools and what they return
	listPage    = 50           // keywords
	maxFeatured = 10           // keywords with a tool of their own: assistants keep the list in mind all the time
	kept        = 300_000      // milliseconds for which an assistant may believe the list of tools
)

// gap is what stands in a result until the answer is there.
type gap struct {
	// Ask is the ask's address; Linked says that links may stand beside the text.
	Ask    string `json:"keypull_ask"`
	Linked bool   `json:"linked,omitempty"`
}

// ask is the tool that takes a reader's own words.
func (m *Server) ask(c *call, in *arguments) *sdk.CallToolResult {
	in.only("text", "language", "session")
	text := in.text("text", maxText)
	if text == "" {
		in.refuse("text_missing", nil)
	}
	return m.addAsk(c, in, messengers.Incoming{Text: text})
}

// keyword returns the tool of one featured keyword.
func (m *Server) keyword(a pull.Askable) tool {
	slot := slotName(a)
	return func(c *call, in *arguments) *sdk.CallToolResult {
		in.only(strings.Fields(slot + " language session")...)
		argument := in.text(slot, maxArgument)
		incoming := messengers.Incoming{Text: strings.TrimSpace(a.Title + " " + argument)}
		if payload, ok := a.Asking(argument); ok {
			incoming.Tap = payload
		}
		return m.addAsk(c, in, incoming)
	}
}

// addAsk notes an ask, whose answer takes the place of the gap in the result. Where
// too much was asked already, the result says so itself.
func (m *Server) addAsk(c *call, in *arguments, incoming messengers.Incoming) *sdk.CallToolResult {
	session := in.session()
	if in.wrong != "" {
		return nil
	}
	if wait := m.spend(c.caller, c.delivery.At); wait > 0 {
		limited := m.limited(in.language(), wait)
		return completed(limited.Reply, limited)
	}
	if session == "" {
		session, incoming.Reader = m.sessions.begin(c.caller.token, c.delivery.At)
	} else if reader, known := m.sessions.resume(session, c.caller.token, c.delivery.At); known {
		incoming.Reader = reader
	} else {
		incoming.Reader = c.caller.reader(session)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// The id of a message means nothing across sessions: the moment does.
	id := session + "/" + strconv.FormatInt(c.delivery.At.UnixNano(), 36) + "/" + strconv.Itoa(len(c.asks))
	incoming.ID, incoming.Address = id, id
	incoming.From, incoming.Via, incoming.Language = c.caller.payer, c.caller.token, in.language()
	incoming.InBand, incoming.Fleeting, incoming.Greeted = true, true, true
	c.asks = append(c.asks, incoming)
	return &sdk.CallToolResult{
		Content:           []sdk.Content{},
		StructuredContent: gap{Ask: id, Linked: isModern(c.delivery) || c.delivery.Only(revision) >= linked},
	}
}

// listed is a keyword in the list.
type listed struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Argument string `json:"argument"`
	Slot     string `json:"slot,omitempty"`
	Example  string `json:"example,omitempty"`
	Tool     string `json:"tool,omitempty"`
}

// listKeywords is the tool that lists what can be asked, page by page.
func (m *Server) listKeywords(c *call, in *arguments) *sdk.CallToolResult {
	in.only("query", "cursor", "language")
	query, cursor := in.text("query", maxQuery), in.text("cursor", maxCursor)
	from, err := strconv.Atoi("0" + cursor)
	if err != nil {
		in.refuse("cursor_odd", nil)
	}
	if in.wrong != "" {
		return nil
	}
	if wait := m.spend(c.caller, c.delivery.At); wait > 0 {
		limited := m.limited(in.language(), wait)
		return completed(limited.Reply, keywordPage{Status: limited.Status, Keywords: []listed{}, RetryAfter: limited.RetryAfter})
	}
	page := m.keywords(in.language(), query, from)
	lines := make([]string, 0, len(page.Keywords))
	for _, k := range page.Keywords {
		lines = append(lines, "- "+strings.TrimSpace(k.Title+" "+k.Example))
	}
	return completed(m.say("list.lead")+"\n"+strings.Join(lines, "\n"), page)
}

// keywordPage is one page of the list.
type keywordPage struct {
	Status     pull.Status `json:"status"`
	Keywords   []listed    `json:"keywords"`
	Next       string      `json:"next_cursor,omitempty"`
	RetryAfter int         `json:"retry_after_seconds,omitempty"`
}

func (m *Server) keywords(language, query string, from int) keywordPage {
	page, featured, n := keywordPage{Status: pull.StatusFound, Keywords: []listed{}}, m.featured(), 0
	for a := range m.words(language) {
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
		l := listed{ID: a.ID, Title: clean(a.Title, maxTitle), Argument: string(a.Argument), Slot: a.Slot, Example: clean(a.Example, maxArgument)}
		if slices.ContainsFunc(featured, func(f pull.Askable) bool { return f.ID == a.ID }) {
			l.Tool = toolName(a.ID)
		}
		page.Keywords = append(page.Keywords, l)
	}
	return page
}

// completed returns a result that needs no answer, for a model and for a program.
func completed(text string, structured any) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}, StructuredContent: structured}
}

// object is a JSON schema, or a part of one.
type object = map[string]any

// describeArgument returns what an argument is, for the model that fills it in.
func describeArgument(key string) string { return own.Say("en", key, nil) }

func stringOf(sentence string, most int) object {
	return object{"type": "string", "description": describeArgument(sentence), "maxLength": most}
}

// inputs returns the properties that all tools which ask have.
func inputs(more object) object {
	all := object{"language": stringOf("input.language", maxLanguage), "session": stringOf("input.session", maxSession)}
	maps.Copy(all, more)
	return all
}

func input(properties object, required ...string) json.RawMessage {
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return messengers.JSON(s)
}

// slotName returns what the argument of a keyword is called, or "" if it takes none.
func slotName(a pull.Askable) string {
	switch {
	case a.Argument == what.ArgumentNone:
		return ""
	case a.Slot == "date", a.Slot == "number", a.Slot == "amount":
		return a.Slot
	}
	return "argument"
}

// keywordInput returns the input of a keyword's own tool: its slot.
func keywordInput(a pull.Askable) json.RawMessage {
	slot := slotName(a)
	if slot == "" {
		return input(inputs(nil))
	}
	property := stringOf("input."+slot, maxArgument)
	if a.Example != "" {
		property["examples"] = []string{clean(a.Example, maxArgument)}
	}
	if len(a.Entries) > 0 {
		property["enum"] = cleaned(a.Entries, maxArgument)
	}
	if a.Argument == what.ArgumentRequired {
		return input(inputs(object{slot: property}), slot)
	}
	return input(inputs(object{slot: property}))
}

// sentence is the place of one in a schema.
var sentence = regexp.MustCompile(`"\{([a-z.]+)\}"`)

// output returns the schema in a file, with its sentences.
func output(file string) json.RawMessage {
	raw, _ := static.ReadFile("static/" + file) // which is there
	return sentence.ReplaceAllFunc(raw, func(key []byte) []byte { return messengers.JSON(describeArgument(string(key[2 : len(key)-2]))) })
}

// library returns the library's server, made anew when what is featured changes.
func (m *Server) library() *sdk.Server {
	featured := m.featured()
	of := fmt.Sprintf("%s %+v", m.title(), featured)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil || m.madeFor != of {
		m.made, m.madeFor = m.make(featured), of
	}
	return m.made
}

// featured returns the keywords that have a tool of their own.
func (m *Server) featured() []pull.Askable {
	var all []pull.Askable
	for a := range m.words("") {
		if !a.Featured || len(all) == maxFeatured {
			break
		}
		all = append(all, a)
	}
	return all
}

func (m *Server) make(featured []pull.Askable) *sdk.Server {
	scope := "private"
	if m.settings.Anonymous {
		scope = "public"
	}
	s := sdk.NewServer(&sdk.Implementation{
		Name: m.publisher + "/" + m.id, Title: m.say("server.title"), Version: version, WebsiteURL: m.hook.String(),
	}, &sdk.ServerOptions{
		Instructions: m.say("server.instructions"),
		Capabilities: &sdk.ServerCapabilities{Tools: &sdk.ToolCapabilities{}},
		SetCacheable: func(_ context.Context, _ sdk.Request, c *sdk.Cacheable) { c.TTLMs, c.CacheScope = kept, scope },
	})
	text := stringOf("input.text", maxText)
	text["minLength"] = 1
	m.add(s, &sdk.Tool{Name: "ask", Title: m.say("server.title"), Description: m.say("ask.description"), InputSchema: input(inputs(object{"text": text}), "text"), OutputSchema: output("answer.json")}, m.ask)
	listed := object{"query": stringOf("input.query", maxQuery), "cursor": stringOf("input.cursor", maxCursor), "language": stringOf("input.language", maxLanguage)}
	m.add(s, &sdk.Tool{Name: "list_keywords", Title: m.say("list.title"), Description: m.say("list.description"), InputSchema: input(listed), OutputSchema: output("list.json")}, m.listKeywords)
	for _, a := range featured {
		title := clean(a.Title, maxTitle)
		m.add(s, &sdk.Tool{
			Name: toolName(a.ID), Title: title, InputSchema: keywordInput(a), OutputSchema: output("answer.json"),
			Description: own.Say("en", "keyword.description", words.Args{"publisher": m.title(), "keyword": title}),
		}, m.keyword(a))
	}
	return s
}

// say returns a sentence about the server for an assistant, which reads English.
func (m *Server) say(key string) string {
	return own.Say("en", key, words.Args{"publisher": m.title()})
}

// toolName returns the name of a keyword's own tool.
func toolName(keyword string) string { return "get_" + strings.ReplaceAll(keyword, "-", "_") }

// tool answers a call whose arguments are right.
type tool func(*call, *arguments) *sdk.CallToolResult

// add gives the library a tool. None has an effect; one that breaks down does so
// alone: the library runs it beside the request, where nobody else would catch it.
func (m *Server) add(s *sdk.Server, t *sdk.Tool, f tool) {
	no := false
	t.Annotations = &sdk.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &no}
	s.AddTool(t, func(ctx context.Context, r *sdk.CallToolRequest) (result *sdk.CallToolResult, err error) {
		var broke error
		defer func() {
			if broke != nil {
				m.logger.Error("a tool broke down", "error", broke)
				result, err = failed(m.say("broken")), nil
			}
		}()
		defer pull.Caught("call "+t.Name, &broke)
		if ctx.Err() != nil {
			return failed(m.say("broken")), nil
		}
		in := readArguments(r.Params.Arguments)
		if result = f(callOf(ctx), in); in.wrong != "" {
			return failed(own.Say(in.language(), in.wrong, in.args)), nil
		}
		return result, nil
	})
}

// failed returns a result that says which argument is wrong, so that the model mends it.
func failed(said string) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: said}}, IsError: true}
}
