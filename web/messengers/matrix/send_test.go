package matrix_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

func TestAPictureIsBroughtToTheHomeserverOrLinked(t *testing.T) {
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	fetched := 0
	outlet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched++
		if r.Header.Get("Authorization") != "" {
			t.Error("the token leaves to another host")
		}
		if strings.HasSuffix(r.URL.Path, ".png") {
			_, _ = w.Write(raw.Bytes())
			return
		}
		_, _ = w.Write([]byte("<html>no picture"))
	}))
	defer outlet.Close()
	h := serve(t)
	m := h.open(nil, nil)
	for key, path := range map[string]string{"1-1": "/a.png", "2-1": "/a.html"} {
		s := messengers.Sending{
			Message: messengers.Message{Text: "<b>1 &lt; 2</b>\n<a href=\"https://example.org/?a=1&amp;b=2\">More</a>", Media: []what.Media{{Type: what.Image, URL: outlet.URL + path, Alt: "A bowl"}}},
			Address: direct, Key: key, Quote: "$q",
		}
		for range 2 { // the second time it is the same
			if _, err := m.Send(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	var got []string
	for _, e := range h.sent {
		got = append(got, e.Key+" "+e.Content["msgtype"].(string)+" "+e.Content["body"].(string))
	}
	slices.Sort(got)
	text := "1 < 2\nMore (https://example.org/?a=1&b=2)"
	want := []string{"1-1 m.notice " + text, "1-1-picture m.image A bowl", "2-1 m.notice " + text + "\n\nA bowl " + outlet.URL + "/a.html"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if fetched != 2 {
		t.Errorf("%d fetches of two pictures", fetched)
	}
}

func TestTheLongestTextFitsIntoAnEvent(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	const most = 65_536
	for _, sign := range []string{"a", "&", "<", `"`, "\\", "a\n", "é", "👍", "https://example.org/?a=1&b=2 "} {
		reply := pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: strings.Repeat(sign, 30_000)}}}
		for _, message := range messengers.Shape(reply, m.Limits()) {
			wire, err := m.(messengers.Presenter).Wire(messengers.Sending{Message: message, Address: direct, Key: "1-1", Quote: "$q", Thread: "$t"})
			// What the homeserver adds to the content is below a thousand bytes.
			if err != nil || len(wire) > most-1000 {
				t.Errorf("%q makes an event of %d bytes, %v", sign, len(wire), err)
			}
		}
	}
}

func TestWhatTheHomeserverSaysHasItsFault(t *testing.T) {
	for said, want := range map[string]messengers.Fault{
		`401 {"errcode":"M_UNKNOWN_TOKEN","soft_logout":true}`:      messengers.TokenInvalid,
		`401 {"errcode":"M_MISSING_TOKEN"}`:                         messengers.TokenInvalid,
		`403 {"errcode":"M_USER_DEACTIVATED"}`:                      messengers.TokenInvalid,
		`403 {"errcode":"M_FORBIDDEN","error":"not in the room"}`:   messengers.Blocked,
		`403 {"errcode":"M_RESOURCE_LIMIT_EXCEEDED"}`:               messengers.Temporary,
		`404 {"errcode":"M_NOT_FOUND"}`:                             messengers.Permanent,
		`413 {"errcode":"M_TOO_LARGE"}`:                             messengers.Permanent,
		`429 {"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":90000}`: messengers.LimitedUntil,
		`502 <html>bad gateway`:                                     messengers.Temporary,
		`200 <html>`:                                                messengers.Uncertain,
	} {
		h := serve(t)
		h.no = func(path string) (int, string) {
			if !strings.Contains(path, "/send/") {
				return 0, ""
			}
			status := map[string]int{"401": 401, "403": 403, "404": 404, "413": 413, "429": 429, "502": 502, "200": 200}[said[:3]]
			return status, said[4:]
		}
		_, err := h.open(nil, nil).Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: direct, Key: "1-1"})
		var send *messengers.SendError
		if !errors.As(err, &send) || send.Fault != want {
			t.Errorf("%s: %v, want %s", said, err, want)
		} else if want == messengers.LimitedUntil && send.RetryAt.Sub(messengertest.Now()) != 90*time.Second {
			t.Errorf("%s: again at %s", said, send.RetryAt)
		}
	}
}

func TestTheAccountIsTriedNamedAndShowsThatItWrites(t *testing.T) {
	h := serve(t)
	m := h.open(nil, nil)
	if err := m.(messengers.Trier).Try(t.Context()); err != nil || !strings.Contains(m.(messengers.Accountable).Whose().String(), bot) {
		t.Error(err, m.(messengers.Accountable).Whose())
	}
	if err := m.(messengers.Typist).Type(t.Context(), messengers.Sending{Address: direct}); err != nil || h.calls[0] != "PUT rooms/"+direct+"/typing/"+bot {
		t.Error(err, h.calls)
	}
	if _, err := m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: direct, Key: "1-1"}); err != nil || len(h.calls) != 3 || h.calls[2] != h.calls[0] {
		t.Errorf("typing goes on beside the answer: %q, %v", h.calls, err)
	}
	if link := m.(messengers.Linker).Link("news"); link != "https://matrix.to/#/"+bot {
		t.Error(link)
	}
	front := m.(messengers.ProfileSyncer)
	face := messengers.Profile{Name: "Lecker"}
	want := []messengers.Drift{{Part: "profile", Has: "Lecker Bot", Wants: "Lecker"}}
	for _, mend := range []bool{false, true} {
		if got, err := front.SyncProfile(t.Context(), face, mend); err != nil || !cmp.Equal(got, want) {
			t.Error(got, err)
		}
	}
	calls := len(h.calls)
	if got, err := front.SyncProfile(t.Context(), face, true); err != nil || len(got) > 0 || len(h.calls) != calls {
		t.Error(got, err, h.calls)
	}
	for status, kind := range map[int]pull.ErrorKind{401: pull.Denied, 503: pull.Unavailable, 404: pull.Unusable} {
		h.no = func(string) (int, string) {
			if status == 401 {
				return status, unknownToken
			}
			return status, "<html>"
		}
		var failed *pull.Error
		if err := m.(messengers.Trier).Try(t.Context()); !errors.As(err, &failed) || failed.Kind != kind {
			t.Errorf("%d gives %v, want %s", status, err, kind)
		}
	}
}
