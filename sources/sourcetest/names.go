package sourcetest

import (
	"context"
	"encoding/binary"
	"io"
	"net"

	"golang.org/x/net/dns/dnsmessage"
)

// answers returns those to a question: what its type asks for.
func answers(q dnsmessage.Question, bodies ...dnsmessage.ResourceBody) []dnsmessage.Resource {
	var all []dnsmessage.Resource
	for _, body := range bodies {
		kind := dnsmessage.TypeCNAME
		switch body.(type) {
		case *dnsmessage.AResource:
			kind = dnsmessage.TypeA
		case *dnsmessage.AAAAResource:
			kind = dnsmessage.TypeAAAA
		}
		if kind == q.Type || kind == dnsmessage.TypeCNAME {
			all = append(all, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: kind, Class: q.Class, TTL: 0}, Body: body})
		}
	}
	return all
}

// resolver asks the liar alone for what names mean: it knows its own name, and
// no other one.
func (l *liar) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		l.work.Go(func() {
			defer l.holds(there)()
			for l.names(there) == nil { //nolint:revive // until it is closed
			}
		})
		return here, nil
	}}
}

// names answers one question, as over TCP.
func (l *liar) names(c net.Conn) error {
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return err //nolint:wrapcheck // it ends the connection
	}
	text := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, text); err != nil {
		return err //nolint:wrapcheck // it ends the connection
	}
	var m dnsmessage.Message
	if err := m.Unpack(text); err != nil || len(m.Questions) != 1 {
		return io.ErrUnexpectedEOF
	}
	q := m.Questions[0]
	reply := dnsmessage.Message{Questions: m.Questions, Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionDesired: true, RecursionAvailable: true}}
	lying := l.lying.Load() && l.over == named
	switch {
	case lying && l.resolves != nil && q.Type == dnsmessage.TypeA:
		reply.Answers = l.resolves(q, l.named.Add(1))
	case lying && l.resolves != nil:
		reply.Answers = l.resolves(q, l.named.Load())
	case lying && l.tell == nil:
		return nil // it says nothing
	case q.Name.String() == "liar.example." && q.Type == dnsmessage.TypeA:
		reply.Answers = answers(q, &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}})
	case q.Name.String() != "liar.example.":
		reply.RCode = dnsmessage.RCodeNameError
	}
	text, err := reply.Pack()
	if err != nil {
		return err //nolint:wrapcheck // it ends the connection
	}
	_, err = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(text))), text...)) //nolint:gosec // some hundred records
	return err                                                                               //nolint:wrapcheck // it ends the connection
}
