package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Receive reads a request to the server, or to one of the documents that tell of
// it. What it may not do is refused before the library sees it.
func (m *Server) Receive(ctx context.Context, d messengers.Delivery) (r messengers.Receipt, err error) {
	defer pull.Caught("receive", &err)
	if d.Method == http.MethodGet && d.Path != "" {
		return m.document(d), nil
	}
	switch {
	case !m.mayAsk(d):
		r = refusal(d, http.StatusForbidden, "origin")
	case d.Path != "":
		r = refusal(d, http.StatusNotFound, "not_here")
	case d.Method == http.MethodOptions:
		r = messengers.Receipt{Status: http.StatusNoContent, Header: map[string]string{"Allow": allowed}}
	case d.Method == http.MethodGet && accepts(d, "text/html"):
		return m.page(d), nil
	case d.Method != http.MethodPost:
		r = refusal(d, http.StatusMethodNotAllowed, "by_post")
		r.Header = map[string]string{"Allow": http.MethodPost}
	default:
		r = m.post(ctx, d)
	}
	return shared(r, d.Only("Origin")), nil
}

// post reads what an assistant sends.
func (m *Server) post(ctx context.Context, d messengers.Delivery) messengers.Receipt {
	who, ok := m.caller(d)
	if !ok {
		return messengers.Receipt{Status: http.StatusUnauthorized,
			Header: map[string]string{"WWW-Authenticate": `Bearer realm="` + m.publisher + "/" + m.id + `"`}}
	}
	messages, ok := readMessages(d.Body)
	switch {
	case len(d.Body) > maxBody:
		return refusal(d, http.StatusRequestEntityTooLarge, "body_large")
	case !d.Is("application/json"):
		return refusal(d, http.StatusUnsupportedMediaType, "as_json")
	case !ok:
		return refusal(d, http.StatusBadRequest, "no_message")
	}
	if refused := forbidden(d, messages); refused != nil {
		return *refused
	}
	return m.bridge(ctx, d, who)
}

// The methods of HTTP, and what pages of other sites may send and read.
const (
	allowed = "POST, GET, OPTIONS"
	sent    = "Accept, Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Session-Id, MCP-Protocol-Version"
	exposed = "Retry-After, WWW-Authenticate"
)

// mayAsk says whether who sends a request may ask. Programs that are no pages name no
// origin; our own pages are those of the server's address.
func (m *Server) mayAsk(d messengers.Delivery) bool {
	origin := d.Only("Origin")
	return len(d.Header["Origin"]) == 0 || origin != "" && (origin == m.origin() || slices.Contains(m.settings.Origins, origin))
}

// shared lets the page of an origin read a receipt.
func shared(r messengers.Receipt, origin string) messengers.Receipt {
	header := map[string]string{"Vary": "Origin"}
	maps.Copy(header, r.Header)
	if origin != "" && r.Status != http.StatusForbidden {
		header["Access-Control-Allow-Origin"] = origin
		header["Access-Control-Expose-Headers"] = exposed
		if r.Status == http.StatusNoContent {
			header["Access-Control-Allow-Methods"], header["Access-Control-Allow-Headers"] = allowed, sent
			header["Access-Control-Max-Age"] = "600"
		}
	}
	r.Header = header
	return r
}

// accepts says whether who asks reads a media type; browsers read text/html.
func accepts(d messengers.Delivery, mediaType string) bool {
	return strings.Contains(strings.ToLower(strings.Join(d.Header["Accept"], ",")), mediaType)
}

// refusal says what is wrong with a request, in a language that its sender reads.
func refusal(d messengers.Delivery, status int, sentence string) messengers.Receipt {
	return messengers.Problem{Status: status, Said: own.Text(sentence, nil)}.Receipt(d.Language())
}

// Bounds of a request: its bytes, how deep it is nested, and how many messages
// one of the first revision may bring at once.
const (
	maxBody  = 64 << 10
	maxDepth = 64
	maxBatch = 20
)

const (
	revision = "Mcp-Protocol-Version" // the header that names one
	modern   = "2026-07-28"           // the first without a handshake

	methodUnknown = -32601 // the faults of the protocol that are told here
	internal      = -32603
)

// methods are those that are served; all others, as of streams, the library never sees.
var methods = []string{"initialize", "ping", "server/discover", "tools/list", "tools/call"}

// message is what is read of one message before the library reads it. Names count as
// they are written, as they do for the library.
type message map[string]json.RawMessage

// method returns that of a message, or false if it is an answer: we never ask anything.
func (m message) method() (string, bool) {
	var method string
	err := json.Unmarshal(m["method"], &method)
	return method, err == nil
}

// readMessages reads one message, or those of a batch.
func readMessages(body []byte) (all []message, ok bool) {
	var one message
	switch {
	case len(body) > maxBody || !utf8.Valid(body) || messengers.Nested(body, maxDepth):
		return nil, false
	case json.Unmarshal(body, &one) == nil:
		all = []message{one}
	case json.Unmarshal(body, &all) != nil:
		return nil, false
	}
	for _, m := range all {
		if _, asks := m.method(); m == nil || m["method"] != nil && !asks {
			return nil, false
		}
	}
	return all, len(all) > 0 && len(all) <= maxBatch
}

// forbidden refuses what brings a method that is not served: of the modern
// revision with a status, of those before in the answer alone.
func forbidden(d messengers.Delivery, messages []message) *messengers.Receipt {
	i := slices.IndexFunc(messages, func(m message) bool {
		method, asks := m.method()
		return asks && !slices.Contains(methods, method) && !strings.HasPrefix(method, "notifications/")
	})
	if i < 0 {
		return nil
	}
	r := &messengers.Receipt{Status: http.StatusAccepted}
	if id := messages[i]["id"]; id != nil {
		r.Status = http.StatusOK
		if isModern(d) {
			r.Status = http.StatusNotFound
		}
		r.ContentType, r.Body = "application/json", fault(id, methodUnknown, "this method is not served here")
	}
	return r
}

// isModern says whether a request is of a revision without a handshake.
func isModern(d messengers.Delivery) bool {
	return d.Only(revision) >= modern || bytes.Contains(d.Body, []byte("io.modelcontextprotocol/protocolVersion"))
}

// fault returns the answer to a message that could not be served, for programmers.
func fault(id json.RawMessage, code int, said string) []byte {
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%q}}`, id, code, said)
}

// Bounds of arguments, in characters.
const (
	maxText     = 500
	maxArgument = 120
	maxSession  = 64
	minSession  = 20
	maxLanguage = 35
	maxQuery    = 100
	maxCursor   = 20
)

// arguments are what a tool is called with, by name, and what is wrong with the first
// that is read and is wrong: a sentence of the kind's own, or "" if nothing is.
type arguments struct {
	named map[string]any
	wrong string
	args  words.Args
}

// refuse notes what is wrong, unless something was before.
func (in *arguments) refuse(sentence string, args words.Args) {
	if in.wrong == "" {
		in.wrong, in.args = sentence, args
	}
}

func readArguments(raw json.RawMessage) *arguments {
	in := &arguments{named: map[string]any{}}
	if len(bytes.TrimSpace(raw)) > 0 && string(bytes.TrimSpace(raw)) != "null" && (decode(raw, &in.named) != nil || in.named == nil) {
		in.refuse("arguments_odd", nil)
	}
	return in
}

// decode reads JSON whose numbers stay as they are written.
func decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

// only refuses arguments that a tool does not know.
func (in *arguments) only(known ...string) {
	for _, name := range slices.Sorted(maps.Keys(in.named)) {
		if !slices.Contains(known, name) {
			in.refuse("argument_unknown", words.Args{"name": clean(name, maxQuery), "known": strings.Join(known, ", ")})
		}
	}
}

// text returns an argument of some length; a number is taken for how it is written.
func (in *arguments) text(name string, most int) string {
	var text string
	switch v := in.named[name].(type) {
	case nil:
	case string:
		text = clean(v, 2*most)
	case json.Number:
		text = v.String()
	default:
		in.refuse("argument_no_text", words.Args{"name": name})
	}
	if utf8.RuneCountInString(text) > most {
		in.refuse("argument_long", words.Args{"name": name, "n": most})
	}
	return text
}

// language returns what an answer is to be written in, or "" if none is named.
func (in *arguments) language() string {
	tag, _ := in.named["language"].(string)
	if len(tag) > maxLanguage || !messengers.Alphanumeric(tag, "-_") {
		return ""
	}
	return tag
}

// session returns the conversation that the call goes on with; "" begins a new one.
func (in *arguments) session() string {
	given := in.named["session"]
	session, _ := given.(string)
	if given != nil && given != "" && (len(session) < minSession || len(session) > maxSession || !messengers.Alphanumeric(session, "-_")) {
		in.refuse("session_odd", nil)
	}
	return session
}

// caller is who asks: the holder of a token, or somebody of an address.
type caller struct {
	// token is the name of the one that was shown, "" where none was, and rate its own.
	token string
	rate  int
	// payer is by whom asks are counted, "" where many ask from one address.
	payer string
}

// caller tells who asks; false if it is nobody who may. A token that is shown
// must be right even where none is needed.
func (m *Server) caller(d messengers.Delivery) (caller, bool) {
	if len(d.Header["Authorization"]) == 0 {
		return caller{payer: m.network(d.Address)}, m.settings.Anonymous
	}
	var found caller
	for _, t := range m.settings.Tokens {
		if messengers.Same(d.Bearer(), t.Token.Reveal()) {
			found = caller{t.Name, t.Rate, "token " + t.Name}
		}
	}
	return found, found.token != ""
}

// network returns who counts as one; "" where a maker's assistant asks for many readers.
func (m *Server) network(address string) string {
	a, err := netip.ParseAddr(address)
	if err == nil && slices.ContainsFunc(m.shared, func(p netip.Prefix) bool { return p.Contains(a.Unmap().WithZone("")) }) {
		return ""
	}
	return messengers.Network(address)
}

// spend takes one ask from the budget of who asks; else it tells how long to wait.
// Who has none left of their own takes nothing from all others.
func (m *Server) spend(who caller, at time.Time) time.Duration {
	if who.token != "" {
		return m.paces.Take(who.payer, who.rate, at)
	}
	if who.payer != "" {
		if wait := m.paces.Take("address "+who.payer, m.settings.Budget.Address, at); wait > 0 {
			return wait
		}
	}
	return m.paces.Take("channel", m.settings.Budget.Channel, at)
}

// reader returns what a session is known by that the server did not begin, or does not
// remember: with another token it is another's.
func (who caller) reader(session string) string {
	if who.token == "" {
		return "anybody/" + session
	}
	return who.payer + "/" + session
}
