package mcp

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"
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
	origin, ok := m.mayAsk(d.Header["Origin"])
	switch {
	case !ok:
		r = refusal(d, http.StatusForbidden, "origin")
	case d.Path != "":
		r = refusal(d, http.StatusNotFound, "not_here")
	case d.Method == http.MethodOptions:
		r = messengers.Receipt{Status: http.StatusNoContent, Header: map[string]string{"Allow": allowed}}
	case d.Method == http.MethodGet && wantsPage(d.Header["Accept"]):
		return m.page(d), nil
	case d.Method != http.MethodPost:
		r = refusal(d, http.StatusMethodNotAllowed, "by_post")
		r.Header = map[string]string{"Allow": http.MethodPost}
	default:
		r = m.post(ctx, d)
	}
	return shared(r, origin), nil
}

// post reads what an assistant sends.
func (m *Server) post(ctx context.Context, d messengers.Delivery) messengers.Receipt {
	who, ok := m.caller(d)
	if !ok {
		return messengers.Receipt{Status: http.StatusUnauthorized,
			Header: map[string]string{"WWW-Authenticate": `Bearer realm="` + m.publisher + "/" + m.id + `"`}}
	}
	switch {
	case len(d.Body) > maxBody:
		return refusal(d, http.StatusRequestEntityTooLarge, "body_large")
	case !isJSON(d.Header["Content-Type"]):
		return refusal(d, http.StatusUnsupportedMediaType, "as_json")
	case !utf8.Valid(d.Body) || messengers.Nested(d.Body, maxDepth):
		return refusal(d, http.StatusBadRequest, "no_message")
	}
	messages, ok := readMessages(d.Body)
	if !ok {
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

// mayAsk says whether pages of an origin may ask; a program that is no page names
// none. Our own pages are those of the server's address.
func (m *Server) mayAsk(origin []string) (string, bool) {
	if len(origin) == 0 {
		return "", true
	}
	if len(origin) > 1 {
		return "", false
	}
	return origin[0], origin[0] == originOf(m.hook) || slices.Contains(m.settings.Origins, origin[0])
}

// shared lets the page of an origin read a receipt.
func shared(r messengers.Receipt, origin string) messengers.Receipt {
	header := map[string]string{"Vary": "Origin"}
	for name, value := range r.Header {
		header[name] = value
	}
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

// originOf is the origin of a URL, as browsers send it.
func originOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	usual := map[string]string{"http": ":80", "https": ":443"}
	return strings.ToLower(scheme + "://" + strings.TrimSuffix(host, usual[scheme]))
}

func isJSON(contentType []string) bool {
	if len(contentType) != 1 {
		return false
	}
	media, _, err := mime.ParseMediaType(contentType[0])
	return err == nil && media == "application/json"
}

// wantsPage says whether a browser asks, which shows the answer as a page.
func wantsPage(accept []string) bool {
	return slices.ContainsFunc(accept, func(line string) bool {
		return strings.Contains(strings.ToLower(line), "text/html")
	})
}

// refusal says what is wrong with a request, in a language that its sender reads.
func refusal(d messengers.Delivery, status int, sentence string) messengers.Receipt {
	return messengers.Problem{Status: status, Said: own.Text(sentence, nil)}.Receipt(tongue(d))
}

// tongue is the language of the console that a request's sender reads best.
func tongue(d messengers.Delivery) string {
	return words.Accepted(strings.Join(d.Header["Accept-Language"], ","))
}
