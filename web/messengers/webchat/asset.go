package webchat

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
)

//go:embed static
var static embed.FS

// Asset returns a file of the widget by the name in its URL: "chat.js" or
// "page.css".
func Asset(name string) (body []byte, contentType string, ok bool) {
	switch name {
	case "chat.js":
		return script(), "text/javascript; charset=utf-8", true
	case "page.css":
		return file("page.css"), "text/css; charset=utf-8", true
	}
	return nil, "", false
}

// file returns an embedded file; the name is one that the build has checked.
func file(name string) []byte {
	body, err := static.ReadFile("static/" + name)
	if err != nil {
		return nil
	}
	return body
}

// script is the widget with its style sheet inside, so that a page needs one
// request and its policy no exception for inline styles.
func script() []byte {
	style, err := json.Marshal(string(squeeze(file("chat.css"))))
	if err != nil {
		return nil
	}
	return bytes.Replace(file("chat.js"), []byte(`"{{style}}"`), style, 1)
}

// squeeze takes the indentation out of a style sheet.
func squeeze(css []byte) []byte {
	lines := bytes.Split(css, []byte("\n"))
	for i := range lines {
		lines[i] = bytes.TrimSpace(lines[i])
	}
	return bytes.Join(lines, []byte("\n"))
}

// PageData is what the stand-alone page shows.
type PageData struct {
	// Language is that of the interface: a BCP 47 tag.
	Language string
	Title    string
	// Base is the path of the chat, such as "/chat/lecker/web".
	Base string
	// Theme is auto, light or dark.
	Theme string
}

// PageData returns what this chat's own page shows.
func (c *Chat) PageData(language string) PageData {
	return PageData{Language: language, Title: c.title(), Base: c.base(), Theme: c.settings.Theme}
}

func (c *Chat) base() string { return "/chat/" + c.publisher + "/" + c.id }

// Page renders the stand-alone page. It has no script or style of its own: the
// policy "script-src 'self'; style-src 'self'; connect-src 'self'; img-src
// http: https: data:" is enough for it.
func Page(data PageData) ([]byte, error) {
	if data.Language == "" {
		data.Language = "en"
	}
	data.Base = strings.TrimRight(data.Base, "/")
	t, err := template.ParseFS(static, "static/page.html")
	if err != nil {
		return nil, fmt.Errorf("webchat: read the page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, struct {
		PageData
		Script string
	}{data, needsScript(data.Language)}); err != nil {
		return nil, fmt.Errorf("webchat: render the page: %w", err)
	}
	return b.Bytes(), nil
}

// needsScript tells readers without JavaScript why they see nothing.
func needsScript(language string) string {
	switch tag, _, _ := strings.Cut(language, "-"); tag {
	case "fr":
		return "Cette discussion a besoin de JavaScript."
	case "de":
		return "Dieser Chat braucht JavaScript."
	}
	return "This chat needs JavaScript."
}

// ClientConfig is the JSON that the widget asks for as "config.json": title,
// theme, the text of the consent or "", and the paths it talks to.
func (c *Chat) ClientConfig() []byte {
	body, err := json.Marshal(map[string]string{
		"title": c.title(), "theme": c.settings.Theme, "consent": c.settings.Consent,
		"messages": c.base() + "/messages", "events": c.base() + "/events",
		"tickets": c.base() + "/tickets",
	})
	if err != nil {
		return []byte("{}")
	}
	return body
}
