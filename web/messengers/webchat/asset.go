package webchat

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

//go:embed static
var static embed.FS

// Asset returns a file of the widget by the name in its URL: "chat.js" or
// "page.css".
func (*Chat) Asset(name string) (body []byte, contentType string, ok bool) {
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
	body, _ := static.ReadFile("static/" + name) // which is there
	return body
}

// script returns the widget with its style sheet inside, so that a page needs one
// request and its policy no exception for inline styles. It is written in parts,
// which share one scope in the order of their names.
func script() []byte {
	style, _ := json.Marshal(string(squeeze(file("chat.css")))) // a text always can be
	parts, _ := fs.Glob(static, "static/widget/*.js")           // a good pattern
	var js bytes.Buffer
	js.WriteString(opening)
	for _, name := range parts {
		js.Write(file(strings.TrimPrefix(name, "static/")))
	}
	js.WriteString("})();\n")
	whole := bytes.Replace(js.Bytes(), []byte(`"{{style}}"`), style, 1)
	return bytes.Replace(whole, []byte(`"{{words}}"`), widgetWords(), 1)
}

const opening = `// The chat widget. It asks nobody but the server that it came from, sets no
// cookie, and shows content as text: never as HTML.
(() => {
  "use strict";

`

// widgetKeys is what the sentences of the widget stand below.
const widgetKeys = "widget."

// widgetWords returns what the widget says, by language and name, as JSON.
func widgetWords() []byte {
	all := map[string]map[string]string{}
	for _, language := range words.Readers() {
		all[language] = map[string]string{"direction": words.Direction(language)}
		for _, key := range own.Keys(widgetKeys) {
			// Where a page lies, how much is unread and what is sent, the widget alone knows.
			all[language][strings.TrimPrefix(key, widgetKeys)] = own.Say(language, key, words.Args{"origin": "{origin}", "count": "{count}", "name": "{name}"})
		}
	}
	b, _ := json.Marshal(all) // texts always can be
	return b
}

// squeeze takes the indentation out of a style sheet.
func squeeze(css []byte) []byte {
	lines := bytes.Split(css, []byte("\n"))
	for i := range lines {
		lines[i] = bytes.TrimSpace(lines[i])
	}
	return bytes.Join(lines, []byte("\n"))
}

func (c *Chat) base() string { return "/chat/" + c.publisher + "/" + c.id }

// Page returns the stand-alone page in a language. It has no script or style of
// its own: the policy "script-src 'self'; style-src 'self'; connect-src 'self';
// img-src http: https: data:" is enough for it.
func (c *Chat) Page(language string) ([]byte, error) {
	t, err := template.ParseFS(static, "static/page.html")
	if err != nil {
		return nil, fmt.Errorf("webchat: read the page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, map[string]string{
		"Language": language, "Direction": words.Direction(language), "Title": c.title(), "Base": c.base(), "Theme": c.settings.Theme,
		"Script": own.Say(language, "needs_script", nil),
	}); err != nil {
		return nil, fmt.Errorf("webchat: render the page: %w", err)
	}
	return b.Bytes(), nil
}

// face is what the widget asks for as "config.json".
type face struct {
	Title    string `json:"title"`
	Theme    string `json:"theme"`
	Consent  string `json:"consent"`
	Messages string `json:"messages"`
	Events   string `json:"events"`
	Tickets  string `json:"tickets"`
	Files    string `json:"files"`
	Hint     string `json:"hint"`
	Greeting reply  `json:"greeting"`
	// Colours are those of the outlet, in both schemes; nil: the chat's own.
	Colours *colours `json:"colours,omitempty"`
	Logo    string   `json:"logo,omitempty"`
	Avatar  string   `json:"avatar,omitempty"`
}

// ClientConfig returns the JSON that the widget asks for as "config.json": how the chat
// looks, the text of the consent or "", the paths it talks to, and in the reader's
// language the greeting and what stands in the empty input.
func (c *Chat) ClientConfig(language string) []byte {
	greeting := c.greeting(language)
	example := words.Core().Say(language, "command.help", nil)
	if len(greeting.Buttons) > 0 {
		example = greeting.Buttons[0].Label
	}
	body, _ := json.Marshal(face{ // texts always can be
		Title: c.title(), Theme: c.settings.Theme, Consent: c.settings.Consent,
		Messages: c.base() + "/messages", Events: c.base() + "/events", Tickets: c.base() + "/tickets", Files: c.base() + "/files",
		Hint: own.Say(language, "hint", words.Args{"example": example}), Greeting: greeting,
		Colours: coloursOf(c.settings.Colour), Logo: c.settings.Logo, Avatar: c.settings.Avatar,
	})
	return body
}

// inLanguage returns a text in a language, else the one for all; "" where there is neither.
func inLanguage(texts map[string]string, language string) string {
	return cmp.Or(texts[language], texts[words.Base(language)], texts[""])
}

// greeting returns what stands above a conversation, or empty if nothing does: the
// editor's welcome in the place of who answers, and what to tap.
func (c *Chat) greeting(language string) reply {
	var r reply
	if c.greet != nil {
		for _, m := range messengers.Shape(c.greet(language), c.Limits()) {
			r = wire(m)
			break
		}
	}
	if r.Buttons == nil {
		r = wire(messengers.Message{})
	}
	r.Text = cmp.Or(inLanguage(c.settings.Welcome, language), r.Text)
	if c.settings.Picture != "" {
		r.Media = append(r.Media, what.Media{Type: what.Image, URL: c.settings.Picture, Alt: inLanguage(c.settings.PictureAlt, language)})
	}
	return r
}
