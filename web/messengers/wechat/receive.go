package wechat

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"strings"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// maxBytes bounds a delivery: WeChat's own have a few thousand.
const maxBytes = 1 << 20

// message is the part of a message or event that matters here. Numbers are read
// as they stand: one that is none takes no other field with it.
type message struct {
	XMLName   xml.Name `xml:"xml"`
	To        string   `xml:"ToUserName"`
	From      string   `xml:"FromUserName"`
	Created   string   `xml:"CreateTime"`
	Type      string   `xml:"MsgType"`
	ID        string   `xml:"MsgId"`
	Content   string   `xml:"Content"`
	MenuID    string   `xml:"bizmsgmenuid"`
	Picture   string   `xml:"PicUrl"`
	Heard     string   `xml:"Recognition"`
	Latitude  string   `xml:"Location_X"`
	Longitude string   `xml:"Location_Y"`
	Label     string   `xml:"Label"`
	Title     string   `xml:"Title"`
	URL       string   `xml:"Url"`
	Event     string   `xml:"Event"`
	Key       string   `xml:"EventKey"`
	Encrypted string   `xml:"Encrypt"`
}

const plainText = "text/plain; charset=utf-8"

// Receive reads a message or event, or says back what WeChat says to see whether
// we are there. What can't be read is acknowledged: anything else would show the
// reader an error.
func (a *account) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	p := proof{d.Query}
	if d.Path == "" && d.Method == http.MethodGet {
		if !a.signs(p) || !p.fresh(d.At) {
			return messengers.Receipt{Status: http.StatusUnauthorized}, nil
		}
		return messengers.Receipt{ContentType: plainText, Body: []byte(p.Get("echostr"))}, nil
	}
	m, ok := a.proven(p, d)
	if status := d.Refused(ok); status != 0 {
		return messengers.Receipt{Status: status}, nil
	}
	r := messengers.Receipt{ContentType: plainText, Body: []byte("success")} // there is nothing more to say
	if m.From == "" {
		return r, nil
	}
	if m.To != "" {
		a.id.Store(&m.To)
	}
	r.Events, r.Asks = m.events(), m.asks()
	if len(r.Asks) > 0 {
		r.Hold = tries * waits
	}
	return r, nil
}

// proven returns the message of a delivery that is WeChat's; an empty one where
// it can't be read.
func (a *account) proven(p proof, d messengers.Delivery) (m message, ok bool) {
	if !p.fresh(d.At) {
		return m, false
	}
	outer := read(d.Body)
	if a.key == nil {
		// A nonce comes with no other body: WeChat repeats a delivery that was not
		// answered, and nobody else another one.
		sum := sha256.Sum256(d.Body)
		return outer, a.signs(p) && a.nonces.First(p.Get("timestamp")+" "+p.Get("nonce"), sum) == sum
	}
	// The encrypted text is signed as well. A plain signature beside it is right,
	// where there is one.
	if !messengers.Same(p.Get("msg_signature"), a.sign(p, outer.Encrypted)) || outer.Encrypted == "" || p.Get("signature") != "" && !a.signs(p) {
		return m, false
	}
	inner, ok := a.decrypt(outer.Encrypted)
	if ok {
		m = read(inner)
	}
	return m, ok
}

// read reads XML, of which Go expands no entities of its own; an empty message
// where it can't be.
func read(body []byte) message {
	var m message
	if len(body) > maxBytes || xml.Unmarshal(body, &m) != nil {
		return message{}
	}
	m.From, m.To = messengers.Clean(m.From), messengers.Clean(m.To)
	return m
}

// events returns that a reader follows the account, or follows it no more, and that it
// may not do any more what only verified accounts may.
func (m *message) events() []messengers.Event {
	readers := map[string]messengers.EventKind{"subscribe": messengers.Back, "unsubscribe": messengers.Gone}
	accounts := map[string]messengers.EventKind{"verify_expired": messengers.Suspended, "qualification_verify_success": messengers.Restored}
	switch {
	case m.Type != "event":
	case readers[m.Event] != "":
		return []messengers.Event{{Kind: readers[m.Event], Reader: m.From}}
	case accounts[m.Event] != "":
		return []messengers.Event{{Kind: accounts[m.Event], Code: m.Event}}
	}
	return nil
}

// asks returns what is to be answered.
func (m *message) asks() []messengers.Incoming {
	in := messengers.Incoming{ID: messengers.Clean(m.ID), Reader: m.From, Address: m.From, InBand: true, Sent: messengers.Seconds(m.Created)}
	asked := in.ID != ""
	if m.Type == "event" {
		asked = m.happened(&in)
	} else {
		m.bring(&in)
	}
	if !asked {
		return nil
	}
	return []messengers.Incoming{in}
}

// happened reads an event that asks something: a menu's button was pressed, or a
// code scanned that stands for some words. Where a reader is, which WeChat tells
// at each visit, is no question.
func (m *message) happened(in *messengers.Incoming) bool {
	key := messengers.Clean(m.Key)
	in.ID = m.occasion()
	switch m.Event {
	case "CLICK":
		if in.Text = key; payload(key) {
			in.Text, in.Tap = "", key
		}
		return key != ""
	case "subscribe":
		const scene = "qrscene_"
		if in.Start, in.Text = true, strings.TrimPrefix(key, scene); in.Text == "" {
			in.Tap = "c:start"
		}
		return true
	case "SCAN":
		in.Start, in.Text = true, key
		return key != ""
	}
	return false
}

// occasion returns the id of an event, for which WeChat has none: the same at each of
// its tries, and not to be read a reader from.
func (m *message) occasion() string {
	const half = 16
	sum := sha256.Sum256([]byte(strings.Join([]string{m.From, m.Created, m.Event, m.Key}, "\n")))
	return hex.EncodeToString(sum[:half])
}

// payload says that a text is what a button of ours sends.
func payload(s string) bool {
	const shortest = 3
	return len(s) >= shortest && s[1] == ':' && strings.IndexByte("kco", s[0]) >= 0 && !strings.ContainsAny(s, " \t\n")
}

// unsupported is what WeChat says in a reader's name who sends what accounts are not
// brought: a sticker of the reader's own, a file, a contact.
const unsupported = "【收到不支持的消息类型，暂无法显示】"

// bring reads what a message holds.
func (m *message) bring(in *messengers.Incoming) {
	attach := func(t what.MediaType, url string) { in.Attachments = []what.Media{{Type: t, URL: url}} }
	switch m.Type {
	case "text":
		in.Text, in.Tap = messengers.Clean(m.Content), m.MenuID
		if in.Text == unsupported {
			in.Text = ""
		}
	case "voice":
		in.Text = messengers.Clean(m.Heard)
		if in.Spoken = in.Text != ""; !in.Spoken {
			attach(what.Sound, "")
		}
	case "image":
		attach(what.Image, m.Picture)
	case "video", "shortvideo":
		attach(what.Video, "")
	case "link":
		in.Text = cmp.Or(messengers.Clean(m.Title), m.URL)
	case "location":
		in.Location = messengers.LocationOf(messengers.Clean(m.Latitude), messengers.Clean(m.Longitude), m.Label)
	}
}
