package line

import (
	"cmp"
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// maxObjects is how many message objects one call takes.
const maxObjects = 5

// object is a message as LINE has it: a text or a picture.
type object struct {
	Type     string `json:"type"`
	Text     string `json:"text,omitempty"`
	Quote    string `json:"quoteToken,omitempty"`
	Original string `json:"originalContentUrl,omitempty"`
	Preview  string `json:"previewImageUrl,omitempty"`
	Quick    *quick `json:"quickReply,omitempty"`
}

type quick struct {
	Items []item `json:"items"`
}

type item struct {
	Type   string `json:"type"`
	Action action `json:"action"`
}

// action is what pressing something does: it sends data or
// a text back, or opens a page.
type action struct {
	Type    string `json:"type"`
	Label   string `json:"label,omitempty"`
	Data    string `json:"data,omitempty"`
	Text    string `json:"text,omitempty"`
	Display string `json:"displayText,omitempty"`
	URI     string `json:"uri,omitempty"`
}

// objects returns what one call carries of a reply; without pictures, which LINE may
// not take, their addresses stand in the text.
func objects(s messengers.Sending, pictures bool) []object {
	var all []object
	for _, m := range append([]messengers.Message{s.Message}, s.Rest...) {
		all = append(all, objectsOf(m, pictures)...)
	}
	all = all[:min(len(all), maxObjects)]
	for i := range all {
		if all[i].Type == "text" {
			all[i].Quote = s.Quote
			break
		}
	}
	return all
}

func objectsOf(m messengers.Message, pictures bool) (all []object) {
	text := m.Text
	for _, media := range m.Media {
		if pictures && media.Type == what.Image && secure(media.URL) {
			all = append(all, object{Type: "image", Original: media.URL, Preview: media.URL})
			text = cmp.Or(text, media.Alt)
		} else {
			text = messengers.UTF16.Join(text, media.URL, maxText)
		}
	}
	if text != "" {
		all = append(all, object{Type: "text", Text: text})
	}
	if len(all) > 0 {
		all[len(all)-1].Quick = quickOf(m.Buttons)
	}
	return all
}

// secure says that LINE takes an address for a picture.
func secure(address string) bool {
	return strings.HasPrefix(address, "https://") && len(address) <= 2*maxURI && strings.Trim(address, uri) == ""
}

// quickOf returns the buttons below a text.
func quickOf(buttons []pull.Button) *quick {
	var q quick
	for _, b := range buttons {
		switch {
		case b.Send != "" && len(b.Send) <= maxData:
			q.Items = append(q.Items, item{Type: "action", Action: action{Type: "postback", Label: b.Label, Data: b.Send, Display: b.Label}})
		case b.Send == "":
			q.Items = append(q.Items, item{Type: "action", Action: action{Type: "uri", Label: b.Label, URI: b.URL}})
		}
	}
	if len(q.Items) == 0 {
		return nil
	}
	return &q
}

// opens says that LINE takes an address for a button: one without signs that would
// have to be encoded.
func opens(address string) bool {
	return messengers.Opens(maxURI)(address) && strings.Trim(address, uri) == ""
}

// uri are the signs of an address (RFC 3986).
const uri = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
