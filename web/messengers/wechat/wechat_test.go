package wechat_test

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // the platform's own
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/wechat"
)

const (
	appID  = "wx0123456789abcdef"
	token  = "token-0123456789"
	secret = "0123456789abcdef0123456789abcdef"
	aesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	ann    = "oABCD-ann_0123456789abcdefgh"
)

func plain() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{
			messengertest.Threads: "a chat is one thread, and nothing is quoted", messengertest.Others: "an account speaks to one person",
			messengertest.Files: "of a file WeChat tells that it is not supported", messengertest.Stickers: "of a sticker WeChat tells that it is not supported",
			messengertest.Contacts: "of a contact WeChat tells that it is not supported",
		},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   thing("61", "image", `<PicUrl>https://mmbiz.example.org/a</PicUrl><MediaId>m1</MediaId>`),
			messengertest.Recordings: thing("62", "voice", `<Format>amr</Format><MediaId>m2</MediaId>`),
			messengertest.Videos:     thing("63", "shortvideo", `<MediaId>m3</MediaId><ThumbMediaId>m4</ThumbMediaId>`),
			messengertest.Places:     thing("64", "location", `<Location_X>23.13</Location_X><Location_Y>113.35</Location_Y><Scale>16</Scale><Label>广州塔</Label>`),
		}, Shows: "access_token=token-of-the-hour",
		Kind:     wechat.Kind,
		Settings: map[string]any{"app_id": appID, "app_secret": secret, "token": token},
		Base:     "api_base",
		Folder:   "testdata",
		Press: func(sends string) messengers.Delivery {
			return sign(delivery(`<xml><ToUserName>gh_1</ToUserName><FromUserName>` + ann + `</FromUserName><CreateTime>` + messengertest.Fresh() + `</CreateTime>` +
				`<MsgType>event</MsgType><Event>CLICK</Event><EventKey>` + sends + `</EventKey></xml>`))
		},
		Foreign: func(sends, _ string) []messengers.Delivery {
			return []messengers.Delivery{sign(delivery(`<xml><ToUserName>gh_1</ToUserName><FromUserName>` + ann + `</FromUserName><CreateTime>1795165199</CreateTime>` +
				`<MsgType>event</MsgType><Event>CLICK</Event><EventKey>` + sends + `</EventKey></xml>`))}
		},
		Sign:   sign,
		Replay: 600e9,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Query["signature"] = []string{signed(token+"x", d.Query["timestamp"][0], d.Query["nonce"][0])}
			return d
		},
		Profile: site,
		Address: ann, Other: "oABCD-bea",
		Success: `{"errcode":0,"errmsg":"ok"}`,
		Rejected: map[string]messengers.Fault{
			`{"errcode":-1,"errmsg":"system error"}`:                       messengers.Temporary,
			`{"errcode":40001,"errmsg":"invalid credential"}`:              messengers.TokenInvalid,
			`{"errcode":40003,"errmsg":"invalid openid"}`:                  messengers.Permanent,
			`{"errcode":40164,"errmsg":"invalid ip"}`:                      messengers.TokenInvalid,
			`{"errcode":43004,"errmsg":"require subscribe"}`:               messengers.Blocked,
			`{"errcode":45002,"errmsg":"content size out of limit"}`:       messengers.Permanent,
			`{"errcode":45009,"errmsg":"reach max api daily quota limit"}`: messengers.LimitedUntil,
			`{"errcode":45011,"errmsg":"api minute-quota reach limit"}`:    messengers.LimitedUntil,
			`{"errcode":45015,"errmsg":"response out of time limit"}`:      messengers.WindowClosed,
			`{"errcode":45047,"errmsg":"out of response count limit"}`:     messengers.WindowClosed,
			`{"errcode":48001,"errmsg":"api unauthorized"}`:                messengers.Permanent,
			`{"errcode":48002,"errmsg":"user refuses"}`:                    messengers.Blocked,
			`{}`:     messengers.Uncertain,
			`<html>`: messengers.Uncertain,
		},
		Aside: func(r *http.Request) (string, bool) {
			return `{"access_token":"token-of-the-hour","expires_in":7200}`, strings.HasSuffix(r.URL.Path, "/stable_token")
		},
		Refusal: func(int, int) string { return "no: " + secret },
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 200), `{"errcode":` + cmp.Or(no.Codes, "1") + `,"errmsg":"no"}`
		},
		Faults: map[int]messengers.Fault{403: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{
			{Status: 200, Body: `{"errcode":40001,"errmsg":"invalid credential"}`, Sending: true}, {Status: 200, Body: `{"errcode":40014,"errmsg":"invalid access_token"}`, Sending: true},
			{Status: 200, Body: `{"errcode":40125,"errmsg":"invalid appsecret"}`}, {Status: 200, Body: `{"errcode":40013,"errmsg":"invalid appid"}`},
			{Status: 200, Body: `{"errcode":40001,"errmsg":"invalid credential"}`}, {Status: 200, Body: `{"errcode":50002,"errmsg":"user limited"}`},
			{Status: 200, Body: `{"errcode":40243,"errmsg":"appsecret frozen"}`}, {Status: 200, Body: `{"errcode":40164,"errmsg":"invalid ip"}`},
		},
	}
}

// thing returns a message of another type than a text.
func thing(id, kind, of string) messengers.Delivery {
	return sign(delivery(`<xml><ToUserName>gh_1</ToUserName><FromUserName>` + ann + `</FromUserName><CreateTime>1795165199</CreateTime><MsgType>` + kind + `</MsgType>` + of + `<MsgId>` + id + `</MsgId></xml>`))
}

func text(id, said string) messengers.Delivery {
	return sign(delivery(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[` + ann + `]]></FromUserName><CreateTime>1795165199</CreateTime>` +
		`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[` + said + `]]></Content><MsgId>` + id + `</MsgId></xml>`))
}

func delivery(body string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodPost, Body: []byte(body), At: messengertest.Now()}
}

// sign signs a delivery, each with a nonce of its own.
func sign(d messengers.Delivery) messengers.Delivery {
	sum := sha256.Sum256(d.Body)
	stamp, nonce := strconv.FormatInt(messengertest.Now().Unix(), 10), hex.EncodeToString(sum[:8])
	if d.Query = maps.Clone(d.Query); d.Query == nil {
		d.Query = map[string][]string{}
	}
	d.Query["timestamp"], d.Query["nonce"] = []string{stamp}, []string{nonce}
	d.Query["signature"] = []string{signed(token, stamp, nonce)}
	return d
}

func signed(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's own
	return hex.EncodeToString(sum[:])
}

// sealed encrypts a delivery as WeChat does.
func sealed(d messengers.Delivery) messengers.Delivery {
	inner := seal(string(d.Body), appID)
	d.Body = []byte(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[` + inner + `]]></Encrypt></xml>`)
	d.Query = maps.Clone(d.Query)
	d.Query["encrypt_type"] = []string{"aes"}
	d.Query["msg_signature"] = []string{signed(token, d.Query["timestamp"][0], d.Query["nonce"][0], inner)}
	return d
}

func seal(message, appID string) string {
	key, _ := base64.StdEncoding.DecodeString(aesKey + "=")
	raw := []byte("0123456789abcdef")
	raw = binary.BigEndian.AppendUint32(raw, uint32(len(message))) //nolint:gosec // a message of a test
	raw = append(raw, message+appID...)
	pad := 32 - len(raw)%32
	raw = append(raw, strings.Repeat(string(rune(pad)), pad)...)
	block, _ := aes.NewCipher(key)
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(raw, raw)
	return base64.StdEncoding.EncodeToString(raw)
}

// opened returns what stands in an encrypted answer, which must be signed.
func opened(t *testing.T, body []byte) string {
	t.Helper()
	var outer struct {
		Encrypt, MsgSignature, TimeStamp, Nonce string
	}
	if err := xml.Unmarshal(body, &outer); err != nil || outer.MsgSignature != signed(token, outer.TimeStamp, outer.Nonce, outer.Encrypt) {
		t.Fatalf("%v: %s", err, body)
	}
	key, _ := base64.StdEncoding.DecodeString(aesKey + "=")
	raw, err := base64.StdEncoding.DecodeString(outer.Encrypt)
	if err != nil || len(raw)%32 != 0 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	block, _ := aes.NewCipher(key)
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(raw, raw)
	raw = raw[:len(raw)-int(raw[len(raw)-1])]
	length := binary.BigEndian.Uint32(raw[16:20])
	if string(raw[20+length:]) != appID {
		t.Fatalf("it is for %q", raw[20+length:])
	}
	return string(raw[20 : 20+length])
}

func TestWechatKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, plain())
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, wechat.Kind)
}

// FuzzReceive: whatever comes signed is acknowledged, and asks of nobody are none.
func FuzzReceive(f *testing.F) {
	f.Add(string(text("1", "news").Body))
	f.Add(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><FromUserName>&b;</FromUserName><MsgId>1</MsgId></xml>`)
	f.Add(`<xml><FromUserName>x</FromUserName><MsgType>location</MsgType><MsgId>1</MsgId><Location_X>NaN</Location_X><Location_Y>1e999</Location_Y></xml>`)
	f.Add(strings.Repeat("<xml>", 20_000))
	m := plain().Open(f, "http://127.0.0.1:9", nil)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := m.Receive(t.Context(), sign(delivery(body)))
		if err != nil || r.Status != 0 {
			t.Fatalf("status %d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Fatalf("an ask of nobody: %+v", in)
			}
		}
	})
}
