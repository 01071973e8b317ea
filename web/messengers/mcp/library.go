package mcp

import (
	"context"
	"fmt"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/pull"
	"keypull/pull/words"
)

// maxFeatured is how many keywords have a tool of their own: a list of tools
// stands in the assistant's memory all the time.
const maxFeatured = 10

// version is that of the tools and what they return.
const version = "1.0.0"

// kept is for how long an assistant may believe a list of tools, in milliseconds.
const kept = 300_000

// made is the library's server, and what it was made for.
type made struct {
	of     string
	server *sdk.Server
}

// library returns the library's server for what is featured just now; it is made
// anew when that changes.
func (m *Server) library() *sdk.Server {
	featured := m.featured()
	of := fmt.Sprintf("%s %+v", m.title(), featured)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil || m.made.of != of {
		m.made = &made{of: of, server: m.make(featured)}
	}
	return m.made.server
}

// featured are the keywords that have a tool of their own.
func (m *Server) featured() []pull.Askable {
	var all []pull.Askable
	for a := range m.askables("") {
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
		Name: m.publisher + "/" + m.id, Title: m.say("server.title"), Version: version, WebsiteURL: m.hook,
	}, &sdk.ServerOptions{
		Instructions: m.say("server.instructions"),
		Capabilities: &sdk.ServerCapabilities{Tools: &sdk.ToolCapabilities{}},
		SetCacheable: func(_ context.Context, _ sdk.Request, c *sdk.Cacheable) { c.TTLMs, c.CacheScope = kept, scope },
	})
	m.add(s, &sdk.Tool{Name: "ask", Title: m.say("server.title"), Description: m.say("ask.description"), InputSchema: askInput(), OutputSchema: output()}, m.ask)
	m.add(s, &sdk.Tool{Name: "list_keywords", Title: m.say("list.title"), Description: m.say("list.description"), InputSchema: listInput(), OutputSchema: listOutput()}, m.list)
	for _, a := range featured {
		title := clean(a.Title, maxTitle)
		m.add(s, &sdk.Tool{
			Name: toolName(a.ID), Title: title, InputSchema: keywordInput(a), OutputSchema: output(),
			Description: own.Say("en", "keyword.description", words.Args{"publisher": m.title(), "keyword": title}),
		}, m.keyword(a))
	}
	return s
}

// say is a sentence about the server for an assistant, which reads English.
func (m *Server) say(key string) string {
	return own.Say("en", key, words.Args{"publisher": m.title()})
}

// toolName is the name of a keyword's own tool.
func toolName(keyword string) string { return "get_" + strings.ReplaceAll(keyword, "-", "_") }

// tool answers a call: with a result, or with a sentence that says which argument
// is wrong.
type tool func(*call, arguments) (*sdk.CallToolResult, *wrong)

// add gives the library a tool. None has an effect; one that breaks down does so
// alone: the library runs it beside the request, where nobody else would catch it.
func (m *Server) add(s *sdk.Server, t *sdk.Tool, f tool) {
	no := false
	t.Annotations = &sdk.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &no}
	s.AddTool(t, func(ctx context.Context, r *sdk.CallToolRequest) (result *sdk.CallToolResult, err error) {
		defer func() {
			var broke error
			if p := recover(); p != nil {
				broke = pull.Broken("call "+t.Name, p)
			}
			if broke != nil {
				m.log(broke)
				result, err = failed(m.say("broken")), nil
			}
		}()
		c := callOf(ctx)
		if c == nil || ctx.Err() != nil {
			return failed(m.say("broken")), nil
		}
		in, fault := readArguments(r.Params.Arguments)
		if fault == nil {
			result, fault = f(c, in)
		}
		if fault != nil {
			return failed(fault.say(in.language())), nil
		}
		return result, nil
	})
}

func (m *Server) log(err error) {
	if m.logger != nil {
		m.logger.Error("a tool broke down", "error", err)
	}
}

// failed is a result that says which argument is wrong, so that the model mends it.
func failed(said string) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: said}}, IsError: true}
}
