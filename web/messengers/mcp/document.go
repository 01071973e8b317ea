package mcp

import (
	"bytes"
	"embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// The media type of the card, and where the card and the page's style lie below
// the server's address.
const (
	cardType  = "application/mcp-server-card+json"
	cardPath  = "server-card"
	stylePath = "page.css"
	// pagePolicy lets the page load its style, and nothing else.
	pagePolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	anHour     = "public, max-age=3600"
	cardText   = 100 // characters of a text of the card
	shownWords = 10  // keywords that the page names
)

//go:embed static
var static embed.FS

// document returns what stands below the server's address.
func (m *Server) document(d messengers.Delivery) messengers.Receipt {
	switch d.Path {
	case cardPath:
		return lasting(d, cardType, m.card(), map[string]string{"Access-Control-Allow-Origin": "*"})
	case stylePath:
		style, _ := static.ReadFile("static/page.css") // which is there
		return lasting(d, "text/css; charset=utf-8", style, nil)
	}
	return refusal(d, http.StatusNotFound, "not_here")
}

// lasting returns a document that may be kept for an hour.
func lasting(d messengers.Delivery, kind string, body []byte, header map[string]string) messengers.Receipt {
	tag := `"` + messengers.Digest(string(body)) + `"`
	all := map[string]string{"Etag": tag, "Cache-Control": anHour}
	maps.Copy(all, header)
	if slices.Contains(d.Header["If-None-Match"], tag) {
		return messengers.Receipt{Status: http.StatusNotModified, Header: all}
	}
	return messengers.Receipt{ContentType: kind, Header: all, Body: body}
}

// card describes the server to programs that look for one. It names no tools:
// those may change.
func (m *Server) card() []byte {
	remote := object{"type": "streamable-http", "url": m.hook.String(), "supportedProtocolVersions": []string{modern, "2025-11-25", linked, "2025-03-26"}}
	if len(m.settings.Tokens) > 0 {
		must := !m.settings.Anonymous
		remote["headers"] = []object{{
			"name": "Authorization", "isRequired": must, "isSecret": true, "value": "Bearer {token}",
			"variables": object{"token": object{"isRequired": must, "isSecret": true}},
		}}
	}
	return messengers.JSON(object{
		"$schema": "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json", "name": m.hook.Hostname() + "/" + m.publisher + "-" + m.id, "version": version,
		"title": clean(m.say("server.title"), cardText), "description": clean(m.say("card.description"), cardText), "websiteUrl": m.hook.String(), "remotes": []object{remote},
	})
}

// origin returns that of the server, as browsers send it.
func (m *Server) origin() string {
	usual := map[string]string{"http": ":80", "https": ":443"}
	return strings.ToLower(m.hook.Scheme + "://" + strings.TrimSuffix(m.hook.Host, usual[m.hook.Scheme]))
}

// Listing returns the entry of the host's catalogue, where the publisher wants one.
func (m *Server) Listing() (messengers.Listing, bool) {
	return messengers.Listing{
		Identifier: "urn:air:" + m.hook.Hostname() + ":mcp:" + m.publisher + "-" + m.id, Type: cardType, URL: m.hook.JoinPath(cardPath).String(),
	}, m.settings.Listed
}

// page tells a person who opens the address how to add it to an assistant.
func (m *Server) page(d messengers.Delivery) messengers.Receipt {
	language := d.Language()
	say := func(key string) string { return own.Say(language, "page."+key, words.Args{"publisher": m.title()}) }
	t, err := template.New("page.html").Funcs(template.FuncMap{"say": say}).ParseFS(static, "static/page.html")
	var asked []string
	for a := range m.words(language) {
		if len(asked) == shownWords {
			break
		}
		asked = append(asked, strings.TrimSpace(clean(a.Title, maxTitle)+" "+clean(a.Example, maxArgument)))
	}
	var b bytes.Buffer
	if err == nil {
		err = t.Execute(&b, map[string]any{
			"Language": language, "Direction": words.Direction(language), "Address": m.hook.String(), "Style": m.hook.Path + "/" + stylePath,
			"Name": m.publisher, "Words": asked, "Token": len(m.settings.Tokens) > 0, "Anybody": m.settings.Anonymous,
		})
	}
	if err != nil {
		return refusal(d, http.StatusNotFound, "not_here")
	}
	return messengers.Receipt{ContentType: "text/html; charset=utf-8", Body: b.Bytes(), Header: map[string]string{
		"Content-Security-Policy": pagePolicy, "Vary": "Accept, Accept-Language", "Content-Language": language,
	}}
}
