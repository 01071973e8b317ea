package discord_test

import (
	"cmp"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/discord"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
)

const (
	application = "1103422135406551040"
	server      = "197038439483310086"
	token       = "MTEwMzQyMjEzNTQwNjU1MTA0MA.GhExample.0123456789"
	nowhere     = "http://127.0.0.1:9"
)

func private() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("a seed of thirty-two bytes here."))
}

func appPrivate() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("another seed of 32 bytes is here"))
}

func public(key ed25519.PrivateKey) string {
	return hex.EncodeToString(key.Public().(ed25519.PublicKey))
}

// signedWith signs a delivery at its moment.
func signedWith(key ed25519.PrivateKey, d messengers.Delivery) messengers.Delivery {
	d.Header = maps.Clone(d.Header)
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
	d.Header["X-Signature-Timestamp"] = []string{stamp}
	d.Header["X-Signature-Ed25519"] = []string{hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), d.Body...)))}
	return d
}

func signed(d messengers.Delivery) messengers.Delivery { return signedWith(private(), d) }

func appSigned(d messengers.Delivery) messengers.Delivery { return signedWith(appPrivate(), d) }

func forged(d messengers.Delivery) messengers.Delivery {
	d.Header["X-Signature-Ed25519"] = []string{strings.Repeat("0", 128)}
	return d
}

func delivery(body string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodPost, Header: map[string][]string{"Content-Type": {"application/json"}}, Body: []byte(body), At: messengertest.Now()}
}

// interaction returns one of a person in a server, with the rest of its JSON.
func interaction(id, guild, rest string) messengers.Delivery {
	return delivery(`{"id":"` + id + `","application_id":"` + application + `","token":"token-of-` + id + `","guild_id":"` + guild +
		`","channel_id":"41","member":{"user":{"id":"7001"}},"locale":"fr",` + rest + `}`)
}

const (
	command = `"type":2,"data":{"name":"get","type":1,"options":[{"name":"keyword","type":3,"value":"news"}]}`
	typing  = `"type":4,"data":{"name":"get","type":1,"options":[{"name":"keyword","type":3,"value":"ne","focused":true}]}`
)

func pressing(sends string) string {
	return `"type":3,"data":{"component_type":2,"custom_id":"` + sends + `"},"message":{"components":[{"type":1,"components":[{"type":2,"label":"News","custom_id":"` + sends + `"}]}]}`
}

// suite returns the case of an app that is the channel's own.
func suite() messengertest.Case {
	kind := discord.Kind
	kind.App = nil
	thing := func(id, kind string) messengers.Delivery {
		return signed(interaction(id, server, `"type":2,"data":{"name":"get","type":1,"options":[{"name":"file","type":11,"value":"5"}],`+
			`"resolved":{"attachments":{"5":{"filename":"a","content_type":"`+kind+`","size":100,"url":"https://cdn.example.org/a"}}}}`))
	}
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Stickers: "no command takes a sticker", messengertest.Places: "Discord knows no places"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: thing("281", "image/png"), messengertest.Recordings: thing("282", "audio/ogg"), messengertest.Videos: thing("283", "video/mp4"),
			messengertest.Files: thing("284", "application/pdf"), messengertest.Contacts: thing("285", "text/x-vcard; charset=utf-8"),
		},
		Alone:    "64",
		Shows:    "Authorization: Bot {bot_token}",
		Kind:     kind,
		Settings: map[string]any{"application_id": application, "public_key": public(private()), "bot_token": token},
		Base:     "api_base", Folder: "testdata", Sign: signed, Forge: forged, Replay: 5 * time.Minute,
		Label: "label",
		Press: func(sends string) messengers.Delivery {
			return signed(interaction(messengertest.Fresh(), server, pressing(sends)))
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			return []messengers.Delivery{
				signed(interaction("92", server, strings.ReplaceAll(pressing(sends), "News", label))),
				signed(interaction("93", server, `"type":3,"data":{"component_type":3,"custom_id":"menu-1","values":["`+sends+`"]},"message":{"components":[{"type":1,"components":[`+
					`{"type":3,"custom_id":"menu-1","options":[{"label":"`+label+`","value":"`+sends+`"}]}]}]}`)),
			}
		},
		Address: "7001", Other: "7002", Success: `{"id":"1200","channel_id":"41","content":"x"}`, ID: "1200",
		Rejected: map[string]messengers.Fault{`<html>`: messengers.Uncertain},
		Aside: func(r *http.Request) (string, bool) {
			if !strings.HasSuffix(r.URL.Path, "/users/@me/channels") {
				return "", false
			}
			var to struct {
				ID string `json:"recipient_id"`
			}
			raw, err := io.ReadAll(r.Body)
			if err != nil || json.Unmarshal(raw, &to) != nil {
				return "{}", true
			}
			return `{"id":"` + to.ID + `"}`, true
		},
		Refusal: func(status, retry int) string {
			return fmt.Sprintf(`{"code":0,"message":"no, %s","retry_after":%d.0}`, token, retry)
		},
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 400), `{"code":` + cmp.Or(no.Codes, "0") + `,"message":"no"}`
		},
		Faults: map[int]messengers.Fault{403: messengers.Permanent},
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: `{"message":"401: Unauthorized","code":0}`}, {Status: 401, Body: `{"message":"Unauthorized","code":40001}`, Sending: true},
			{Status: 403, Body: `{"message":"Unauthorized","code":40001}`},
		},
		Profile: func() messengertest.Platform { return platform(true) },
	}
}

// carried returns the case of a server that an app carries.
func carried() messengertest.Case {
	c := suite()
	c.Kind, c.Settings = discord.Kind, maps.Clone(c.Settings)
	c.Settings["guild_id"] = server
	c.Profile = func() messengertest.Platform { return platform(false) }
	c.App = &messengertest.AppCase{
		Settings: map[string]any{"application_id": application, "public_key": public(appPrivate())},
		Others:   []map[string]any{{"guild_id": "200"}}, Apart: true,
		Deliveries: []messengers.Delivery{
			appSigned(interaction("81", server, command)), appSigned(interaction("82", "200", command)), appSigned(interaction("83", "200", typing)),
			appSigned(interaction("84", server, pressing("k:news"))), appSigned(delivery(`{"id":"85","application_id":"` + application + `","type":1}`)),
		},
		Sign: appSigned, Forge: forged,
	}
	return c
}

func TestDiscordKeepsThePromisesOfAMessenger(t *testing.T) {
	t.Run("alone", func(t *testing.T) { messengertest.Run(t, suite()) })
	t.Run("carried", func(t *testing.T) { messengertest.Run(t, carried()) })
}

func FuzzReceive(f *testing.F) {
	for _, rest := range []string{command, typing, pressing("k:news"), `"type":5,"data":{"components":[{"component":{"value":"x"}}]}`, `"type":1,"event":{"type":"APPLICATION_DEAUTHORIZED"}`} {
		f.Add(interaction("5", server, rest).Body)
	}
	m := suite().Open(f, nowhere, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := m.Receive(t.Context(), signed(delivery(string(body))))
		if err != nil || r.Status >= http.StatusBadRequest {
			t.Fatalf("status %d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" || strings.Contains(in.Text+in.Tap, "\x00") {
				t.Errorf("an ask of nobody: %+v", in)
			}
		}
	})
}
