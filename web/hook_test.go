package web_test

import (
	"context"
	"net/http"
	"testing"

	"keypull/web"
	"keypull/web/messengers"
)

// listening is a messenger that keeps the last delivery.
type listening struct{ got messengers.Delivery }

func (l *listening) Receive(_ context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	l.got = d
	return messengers.Receipt{Status: http.StatusNoContent}, nil
}

func (*listening) Send(context.Context, messengers.Sending) (string, error) { return "", nil }

func (*listening) Limits() messengers.Limits { return messengers.Limits{} }

// Signatures count over the address as it was called, letter by letter.
func TestADeliveryTellsWhereItWentAndWhoCalled(t *testing.T) {
	l, channels := &listening{}, &messengers.Channels{}
	channels.Set("p", []*messengers.Channel{messengers.NewChannel("p", "c", "test", l)})
	address := serve(t, web.Options{PublicURL: "https://example.org", Hook: &messengers.Hook{Channels: channels}})
	const called = "/hook/p/c/a%2fb?x=%7E&x=+1&"
	say(t, address, "POST "+called+" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	if l.got.URL != "https://example.org"+called || l.got.Address != "127.0.0.1" {
		t.Errorf("called %q, by %q", l.got.URL, l.got.Address)
	}
}
