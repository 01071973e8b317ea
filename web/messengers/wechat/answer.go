package wechat

import (
	"encoding/xml"
	"strconv"
	"strings"

	"keypull/web/messengers"
)

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
	if r.Status != 0 {
		r.ContentType, r.Body = "", nil
		return r
	}
	if len(said) == 0 {
		return r
	}
	r.ContentType, r.Body = "text/xml; charset=utf-8", a.passive(said[0])
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
	stamp, nonce := strconv.FormatInt(a.Clock().Unix(), 10), newNonce()
	outer, _ := xml.Marshal(sealed{
		Encrypted: text(inner), Signature: text(signature(a.token, stamp, nonce, inner)), Stamp: stamp, Nonce: text(nonce),
	})
	return outer
}
