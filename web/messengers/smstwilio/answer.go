package smstwilio

import (
	"bytes"
	"encoding/xml"
	"net/url"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// Answer returns a response in TwiML. On WhatsApp, where each message has its price,
// no word says that the answer follows.
func (n *Replier) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	var all []message
	for i := range said {
		s := &said[i]
		if n.settings.onWhatsApp() && s.Why == messengers.Interim {
			continue
		}
		report := ""
		if n.hook != "" {
			report = n.hook + "/" + statusPath + "/" + url.PathEscape(s.Key)
		}
		first, others := mediaOf(s.Media)
		all = append(all, message{Report: report, Body: s.Text, Media: first})
		for _, m := range others {
			all = append(all, message{Media: m})
		}
	}
	answer := twiML(all)
	r.ContentType, r.Body = answer.ContentType, answer.Body
	return r
}

// mediaOf parts what travels with the words from what needs messages of its own:
// WhatsApp has one of each.
func mediaOf(media []what.Media) (first string, others []string) {
	for i, m := range media {
		if i == 0 {
			first = m.URL
		} else {
			others = append(others, m.URL)
		}
	}
	return first, others
}

// message is one that a response has Twilio send.
type message struct {
	XMLName xml.Name `xml:"Message"`
	Report  string   `xml:"statusCallback,attr,omitempty"`
	Body    string   `xml:"Body,omitempty"`
	Media   string   `xml:"Media,omitempty"`
}

// twiML returns a response that has Twilio send some messages, or none.
func twiML(all []message) messengers.Receipt {
	b := bytes.NewBufferString(xml.Header)
	if len(all) == 0 {
		b.WriteString("<Response/>")
	} else {
		e := xml.NewEncoder(b)
		_ = e.Encode(struct {
			XMLName  xml.Name `xml:"Response"`
			Messages []message
		}{Messages: all}) // strings always can be
	}
	return messengers.Receipt{ContentType: "text/xml; charset=utf-8", Body: b.Bytes()}
}
