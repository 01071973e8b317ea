package telegram

import (
	"bytes"
	"unicode/utf8"
)

// plain reads the updates that come nearly always, a text that a person wrote,
// each letter once and without what encoding/json makes on its way. Whatever it
// does not expect is odd, and then the update is encoding/json's.
type plain struct {
	text []byte
	odd  bool
}

// written is a message and who wrote it.
type written struct {
	message
	from user
}

// plainly reads an update; false if it is odd.
func plainly(body []byte) (update, bool) {
	p := plain{text: body}
	var u update
	p.object(func(name []byte) {
		switch {
		case string(name) == "update_id":
			u.ID = p.number()
		case string(name) == "message" && u.Message == nil:
			u.Message = p.message()
		default:
			p.odd = true
		}
	})
	return u, !p.odd && len(p.text) == 0
}

func (p *plain) message() *message {
	w := &written{}
	p.object(func(name []byte) {
		switch {
		case string(name) == "message_id":
			w.ID = p.number()
		case string(name) == "date":
			p.number()
		case string(name) == "text":
			w.Text = string(p.word())
		case string(name) == "from" && w.From == nil:
			w.From = &w.from
			p.user(&w.from)
		case string(name) == "chat" && w.Chat == chat{}:
			p.chat(&w.Chat)
		default:
			p.odd = true
		}
	})
	return &w.message
}

func (p *plain) user(u *user) {
	p.object(func(name []byte) {
		switch string(name) {
		case "id":
			u.ID = p.number()
		case "is_bot":
			u.IsBot = p.flag()
		case "is_premium":
			p.flag()
		case "username":
			u.Username = string(p.word())
		case "language_code":
			u.Language = string(p.word())
		case "first_name", "last_name":
			p.word()
		default:
			p.odd = true
		}
	})
}

func (p *plain) chat(c *chat) {
	p.object(func(name []byte) {
		switch string(name) {
		case "id":
			c.ID = p.number()
		case "type":
			c.Type = string(p.word())
		case "title", "username", "first_name", "last_name":
			p.word()
		default:
			p.odd = true
		}
	})
}

// object reads the members of an object, each by a function that is told its name.
func (p *plain) object(member func(name []byte)) {
	p.sign('{')
	for !p.odd {
		name := p.word()
		p.sign(':')
		if p.odd {
			return
		}
		if member(name); p.is(',') {
			continue
		}
		p.sign('}')
		p.space()
		return
	}
}

// word reads a text that stands for itself.
func (p *plain) word() []byte {
	p.sign('"')
	end := bytes.IndexByte(p.text, '"')
	if end < 0 {
		p.odd = true
		return nil
	}
	word := p.text[:end]
	p.text = p.text[end+1:]
	ascii := true
	for _, c := range word {
		if c < ' ' || c == '\\' {
			p.odd = true
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if !ascii && !utf8.Valid(word) {
		p.odd = true
	}
	return word
}

// number reads a whole one.
func (p *plain) number() (n int64) {
	const most = 18 // digits that always have room
	minus := p.is('-')
	digits := 0
	for digits < len(p.text) && p.text[digits] >= '0' && p.text[digits] <= '9' {
		if digits++; digits <= most {
			n = 10*n + int64(p.text[digits-1]-'0')
		}
	}
	if digits == 0 || digits > most || digits > 1 && p.text[0] == '0' {
		p.odd = true
	}
	p.text = p.text[digits:]
	if minus {
		return -n
	}
	return n
}

func (p *plain) flag() bool {
	p.space()
	rest, yes := bytes.CutPrefix(p.text, []byte("true"))
	if !yes {
		var no bool
		if rest, no = bytes.CutPrefix(p.text, []byte("false")); !no {
			p.odd = true
		}
	}
	p.text = rest
	return yes
}

// sign reads what has to stand there.
func (p *plain) sign(c byte) {
	if !p.is(c) {
		p.odd = true
	}
}

// is reads a sign where it is there.
func (p *plain) is(c byte) bool {
	p.space()
	if len(p.text) == 0 || p.text[0] != c {
		return false
	}
	p.text = p.text[1:]
	return true
}

func (p *plain) space() {
	for len(p.text) > 0 && (p.text[0] == ' ' || p.text[0] == '\n' || p.text[0] == '\r' || p.text[0] == '\t') {
		p.text = p.text[1:]
	}
}
