package webchat

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/web/messengers"
)

const filesPath = "files"

var _ messengers.Roomy = (*Chat)(nil)

// bearer begins the header that shows a session.
const bearer = "Bearer "

// Room returns how large a file may be that is posted in a session of ours.
func (c *Chat) Room(path, authorization string) int {
	session, shown := strings.CutPrefix(authorization, bearer)
	if path != filesPath || !shown || !c.proven(session) {
		return 0
	}
	return talk.MaxFile + 1 // one that is too large by a byte can be refused by its sentence
}

// receiveFile reads a POST of a file, whose bytes say what it is. The session is in the header, what
// its reader calls the file in the address. What is answered comes with the events.
func (c *Chat) receiveFile(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	session, shown := strings.CutPrefix(d.Only("Authorization"), bearer)
	p := post{Session: session, ID: first(d.Query["id"]), Language: first(d.Query["language"]), Text: first(d.Query["name"])}
	switch first(d.Query["consent"]) {
	case "true", "false":
		p.Consent = []byte(first(d.Query["consent"]))
	}
	tongue := messengers.ReaderLanguage(p.Language, d.Header)
	f := talk.File{Name: messengers.Clean(strings.ToValidUTF8(p.Text, ""))}
	f.Check(d.Body)
	var fault *messengers.Problem
	switch p.Text = filesPath; {
	case d.Method != http.MethodPost:
		fault = &messengers.Problem{Status: http.StatusMethodNotAllowed, Said: own.Text("by_post", nil)}
	case !shown || session == "":
		fault = stranger()
	case f.Lost == "file.large":
		fault = &messengers.Problem{Status: http.StatusRequestEntityTooLarge, Said: own.Text("widget.large", nil), Field: "file"}
	case f.Lost != "":
		fault = &messengers.Problem{Status: http.StatusUnsupportedMediaType, Said: own.Text("file_kind", nil), Field: "file"}
	default:
		fault = p.check()
	}
	if fault != nil {
		return fault.Receipt(tongue), nil
	}
	if p.ID == "" {
		p.ID = rand.Text()
	}
	fault, err := c.admit(ctx, d, &p)
	if err != nil {
		return messengers.Receipt{}, err
	}
	if fault != nil {
		return fault.Receipt(tongue), nil
	}
	return messengers.Receipt{Status: http.StatusAccepted, Asks: []messengers.Incoming{{
		ID: p.Session + "/" + p.ID, Reader: p.Session, Address: p.Session, From: messengers.Network(d.Address), Language: p.Language, Consent: consent(p.Consent), Greeted: true,
		Attachments: []what.Media{{Type: f.Type, Name: f.Name, Bytes: f.Bytes, Data: string(d.Body)}},
	}}}, nil
}

// first returns the first of some values, or "".
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
