package wechat

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"strconv"
	"strings"

	"keypull/web/messengers"
)

// outgoing is the body of a customer service message.
type outgoing struct {
	To   string `json:"touser"`
	Type string `json:"msgtype"`
	Text struct {
		Content string `json:"content"`
	} `json:"text"`
}

// Send sends what is later than WeChat waits, as a customer service message. The
// key is not used: WeChat has no idempotency.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	if s.Text == "" {
		return "", messengers.Unsendable(own.Text("no_text", nil))
	}
	return "", a.SendError(a.act(ctx, "/cgi-bin/message/custom/send", body(s)))
}

func body(s messengers.Sending) outgoing {
	o := outgoing{To: s.Address, Type: "text"}
	o.Text.Content = s.Text
	return o
}

// Wire returns the body of the first request that Send would make.
func (a *account) Wire(s messengers.Sending) ([]byte, error) { return messengers.JSON(body(s)), nil }

// Type shows that an answer is being written.
func (a *account) Type(ctx context.Context, s messengers.Sending) error {
	return a.act(ctx, "/cgi-bin/message/custom/typing", map[string]string{"touser": s.Address, "command": "Typing"})
}

// passive is a text in the response; sealed what stands there in encrypted mode.
type passive struct {
	XMLName xml.Name `xml:"xml"`
	To      cdata    `xml:"ToUserName"`
	From    cdata    `xml:"FromUserName"`
	Created int64    `xml:"CreateTime"`
	Type    cdata    `xml:"MsgType"`
	Content cdata    `xml:"Content"`
}

type sealed struct {
	XMLName   xml.Name `xml:"xml"`
	Encrypted cdata    `xml:"Encrypt"`
	Signature cdata    `xml:"MsgSignature"`
	Stamp     string   `xml:"TimeStamp"`
	Nonce     cdata    `xml:"Nonce"`
}

// cdata is a text that is set as it stands.
type cdata struct {
	Text string `xml:",cdata"`
}

// text returns one that XML can hold.
func text(s string) cdata {
	return cdata{strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)}
}

// Answer returns the answer in the response. Where none is there yet, WeChat comes
// again and nothing is said; where there will be none, it is told so.
func (a *account) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	switch {
	case r.Status != 0:
		r.ContentType, r.Body = "", nil
	case len(said) > 0:
		r.ContentType, r.Body = "text/xml; charset=utf-8", a.passive(said[0])
	}
	return r
}

// passive returns the response's body, sealed where messages are.
func (a *account) passive(s messengers.Sending) []byte {
	answer := passive{To: text(s.Address), Created: a.Clock().Unix(), Type: text("text"), Content: text(s.Text)}
	if id := a.id.Load(); id != nil {
		answer.From = text(*id)
	}
	plain, _ := xml.Marshal(answer) // strings always can be
	if a.key == nil {
		return plain
	}
	inner := a.encrypt(plain)
	stamp, nonce := strconv.FormatInt(a.Clock().Unix(), 10), rand.Text()
	outer, _ := xml.Marshal(sealed{
		Encrypted: text(inner), Signature: text(signature(a.token, stamp, nonce, inner)), Stamp: stamp, Nonce: text(nonce),
	})
	return outer
}
