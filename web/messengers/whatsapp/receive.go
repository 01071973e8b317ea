package whatsapp

import (
	"cmp"
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// shown is what 360dialog proves itself by: a header that was agreed on, and of
// partners a signature by the platform's secret.
type shown struct {
	header           string
	secret, platform settings.Secret
}

// platformHeader carries that signature, in canonical form.
const platformHeader = "X-360dialog-Signature"

// judge tells whether a delivery is 360dialog's own.
func (s shown) judge(d messengers.Delivery) (r messengers.Receipt, proven bool) {
	agreed := messengers.Same(strings.TrimPrefix(d.Only(s.header), "Bearer "), strings.TrimPrefix(s.secret.Reveal(), "Bearer "))
	status := d.Refused(agreed && (s.platform.Reveal() == "" || s.signed(d)))
	return messengers.Receipt{Status: status}, status == 0
}

// signed checks the signature of a partner's platform, in either of the ways that
// bytes are written.
func (s shown) signed(d messengers.Delivery) bool {
	given := strings.TrimPrefix(d.Only(platformHeader), "sha256=")
	inHex := messengers.Signature{Secret: s.platform}
	inBase64 := messengers.Signature{Secret: s.platform, Encode: base64.StdEncoding.EncodeToString}
	return messengers.Same(strings.ToLower(given), inHex.Of(d.Body)) || messengers.Same(given, inBase64.Of(d.Body))
}

// Receive reads what is for this number.
func (n *number) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	judge := n.proof.Judge
	if n.Auth == d360 {
		judge = n.shown.judge
	}
	r, proven := judge(d)
	if !proven {
		return r, nil
	}
	e, _ := meta.Read(d.Body)
	if e.Object != meta.WhatsApp {
		return r, nil
	}
	for _, entry := range e.Entries {
		for _, raw := range entry.Changes {
			var change meta.Change
			var u update
			switch known := meta.Decode(raw, &change); {
			case known && change.Field == "messages" && meta.Decode(change.Value, &u) && n.ours(u):
				n.learned(entry.ID, u)
				n.read(u, &r)
			case known && n.owned(entry.ID):
				r.Events = append(r.Events, n.became(change)...)
			}
		}
	}
	return r, nil
}

// ours tells whether an update is for this number; at 360dialog one address may be
// that of one number alone, which then needs no name.
func (n *number) ours(u update) bool {
	return string(u.Metadata.ID) == n.PhoneNumberID || n.PhoneNumberID == "" && n.Auth == d360
}

func (n *number) read(u update, r *messengers.Receipt) {
	var contacts []contact
	for _, raw := range u.Contacts {
		var c contact
		if meta.Decode(raw, &c) {
			contacts = append(contacts, c)
		}
	}
	for _, raw := range u.Messages {
		var m message
		if meta.Decode(raw, &m) && m.ID != "" {
			n.message(m, personOf(m, contacts), r)
		}
	}
	for _, raw := range u.Statuses {
		var s status
		if meta.Decode(raw, &s) && s.ID != "" {
			s.read(r)
		}
	}
}

// person is who wrote: by number, by the id that a business has for them, or both.
type person struct{ phone, business string }

// personOf reads both from a message, and what it leaves out from the contact that
// came with it.
func personOf(m message, contacts []contact) person {
	p := person{digits(string(m.From)), string(m.Business)}
	for _, c := range contacts {
		phone := digits(string(c.Phone))
		same := phone != "" && phone == p.phone || c.Business != "" && string(c.Business) == p.business
		if same || p == (person{}) && len(contacts) == 1 {
			return person{cmp.Or(p.phone, phone), cmp.Or(p.business, string(c.Business))}.sound()
		}
	}
	return p.sound()
}

// sound drops an id that is none.
func (p person) sound() person {
	if !businessID.MatchString(p.business) {
		p.business = ""
	}
	return p
}

// reader returns what the service calls somebody: by the id that stays when the number
// is hidden, where there is one.
func (p person) reader() string { return cmp.Or(p.business, p.phone) }

// address returns where answers go: to the number, where it is shown.
func (p person) address() string { return cmp.Or(p.phone, p.business) }

// message tells what a message means.
func (n *number) message(m message, from person, r *messengers.Receipt) {
	if from == (person{}) {
		return
	}
	tell := func(e messengers.Event) {
		e.Reader = cmp.Or(e.Reader, from.reader())
		r.Events = append(r.Events, e)
	}
	switch m.Type {
	case "", "system", "errors":
		m.moved(from, tell)
		return
	case "reaction":
		if thumb := pull.ThumbOf(m.Reaction.Emoji); thumb != 0 && m.Reaction.Message != "" {
			e := messengers.Event{Kind: messengers.Reacted, Message: string(m.Reaction.Message), Thumb: thumb}
			if m.Group != "" {
				e.Reader = groupPrefix + string(m.Group)
			}
			tell(e)
		}
		return
	case "revoke":
		if m.Revoke.Original != "" {
			tell(messengers.Event{Kind: messengers.Deleted, Message: string(m.Revoke.Original)})
		}
		return
	}
	in := messengers.Incoming{ID: string(m.ID), Reader: from.reader(), Address: from.address(), Quote: string(m.ID), Sent: messengers.Seconds(string(m.Time))}
	if from.phone != "" && from.business != "" {
		in.Also = []string{from.phone}
	}
	if m.Type == "edit" {
		var now message
		meta.Decode(m.Edit.Message, &now)
		m.Type, m.Text, m.Image, m.Video, m.Document = now.Type, now.Text, now.Image, now.Video, now.Document
		if in.ID, in.Edit = string(m.Edit.Original), true; in.ID == "" {
			return
		}
	}
	m.said(&in)
	if m.Group != "" {
		n.grouped(m, &in)
	}
	r.Asks = append(r.Asks, in)
}

// Fetch fetches a file that a reader sent.
func (n *number) Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error) {
	return n.FetchFile(ctx, m, most) //nolint:wrapcheck // it says what it is
}

// said puts the words of a message, and what came with them, into an ask. Media
// take the account's token to fetch.
func (m message) said(in *messengers.Incoming) {
	with := func(t what.MediaType, f file) {
		in.Text, in.Attachments = f.Caption, []what.Media{{Type: t, Ref: string(f.ID), Name: f.Name}}
	}
	switch m.Type {
	case "text":
		in.Text = m.Text.Body
	case "button":
		in.Text, in.Tap = m.Button.Text, string(m.Button.Payload)
	case "interactive":
		chosen := m.Interactive.Button
		if chosen.ID == "" {
			chosen = m.Interactive.List
		}
		in.Text, in.Tap = chosen.Title, string(chosen.ID)
	case "image":
		with(what.Image, m.Image)
	case "sticker":
		with(what.Sticker, m.Sticker)
	case "contacts":
		with(what.Contact, file{})
	case "audio":
		with(what.Sound, m.Audio)
	case "video":
		with(what.Video, m.Video)
	case "document":
		with(what.Document, m.Document)
	case "location":
		if at := m.Location; at != nil {
			in.Location = &pull.Location{Latitude: at.Latitude, Longitude: at.Longitude, Name: cmp.Or(at.Name, at.Address)}
		}
	case "request_welcome":
		in.Text, in.Start = "/start", true
	}
	in.Text = messengers.Clean(in.Text)
}

// grouped makes an ask the group's, which is ours where it answers us or calls our
// number.
func (n *number) grouped(m message, in *messengers.Incoming) {
	in.Reader = groupPrefix + string(m.Group)
	in.Address, in.Also, in.Group = in.Reader, nil, true
	in.Overheard = in.Tap == ""
	own := n.phone.Load()
	if own == nil {
		return
	}
	if before, after, called := strings.Cut(in.Text, "@"+*own); called {
		in.Text, in.Overheard = strings.TrimSpace(before+strings.TrimLeft(after, ",:;")), false
	}
	if digits(string(m.Context.From)) == *own {
		in.Overheard = false
	}
}

// moved reads that somebody has another number, and with it another id.
func (m message) moved(from person, tell func(messengers.Event)) {
	phone := digits(string(cmp.Or(m.System.NewPhone, m.System.Phone)))
	now := person{phone, string(m.System.Business)}.sound()
	former := person{from.phone, cmp.Or(string(m.System.Former), from.business)}.sound()
	same := now.phone == former.phone && (now.business == "" || now.business == former.business)
	if m.Type != "system" || now == (person{}) || same {
		return
	}
	for _, id := range []string{former.business, former.phone} {
		if id != "" && id != now.reader() {
			tell(messengers.Event{Kind: messengers.Moved, Reader: id, To: now.reader(), Address: now.address()})
		}
	}
}

// read tells what became of a message.
func (s status) read(r *messengers.Receipt) {
	e := messengers.Event{Message: string(s.ID), Reader: person{digits(string(s.Phone)), string(s.Business)}.sound().reader()}
	switch s.Status {
	case "delivered":
		e.Kind = messengers.Delivered
	case "read", "played":
		e.Kind = messengers.Read
	case "failed":
		e.Kind, e.Fault, e.Key = messengers.Undelivered, messengers.Permanent, s.Key
		e.Address = person{digits(string(s.Phone)), string(s.Business)}.sound().address()
		for _, failed := range s.Errors {
			e.Code = strconv.Itoa(failed.Code)
			if fault := meta.FaultOf(failed.Code); fault != "" {
				e.Fault = fault
			}
		}
	default:
		return
	}
	r.Events = append(r.Events, e)
}
