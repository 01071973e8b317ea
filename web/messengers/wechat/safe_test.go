package wechat_test

import (
	"encoding/xml"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/wechat"
)

func safe(t testing.TB, base string) messengers.Messenger {
	t.Helper()
	return plain().Open(t, base, map[string]any{"encoding_aes_key": aesKey})
}

func TestInEncryptedModeWhatIsEncryptedIsReadAndNothingElse(t *testing.T) {
	spoilt := func(name, value string) messengers.Delivery {
		d := sealed(text("41", "goals"))
		d.Query = maps.Clone(d.Query)
		if d.Query[name] = []string{value}; value == "" {
			delete(d.Query, name)
		}
		return d
	}
	flipped := sealed(text("41", "goals"))
	flipped.Body = []byte(strings.Replace(string(flipped.Body), "<Encrypt><![CDATA[", "<Encrypt><![CDATA[A", 1))
	anothers := sealed(text("41", "goals"))
	inner := seal(string(text("41", "goals").Body), "wx-somebody-else")
	anothers.Body = []byte(`<xml><Encrypt>` + inner + `</Encrypt></xml>`)
	anothers.Query["msg_signature"] = []string{signed(token, anothers.Query["timestamp"][0], anothers.Query["nonce"][0], inner)}
	stale := sealed(text("41", "goals"))
	stale.At = stale.At.Add(time.Hour)
	for name, tt := range map[string]struct {
		delivery messengers.Delivery
		want     int
	}{
		"encrypted":                           {sealed(text("41", "goals")), 0},
		"without the signature of plain mode": {spoilt("signature", ""), 0},
		"with a wrong one":                    {spoilt("signature", "0123"), 401},
		"a wrong signature":                   {spoilt("msg_signature", strings.Repeat("0", 40)), 401},
		"no signature":                        {spoilt("msg_signature", ""), 401},
		"another nonce":                       {spoilt("nonce", "n"), 401},
		"plain":                               {text("41", "goals"), 401},
		"changed":                             {flipped, 401},
		"another account's":                   {anothers, 401},
		"an hour old":                         {stale, 401},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := safe(t, "http://127.0.0.1:9").Receive(t.Context(), tt.delivery)
			if err != nil || r.Status != tt.want || (len(r.Asks) == 1) != (tt.want == 0) {
				t.Fatalf("got %+v, %v", r, err)
			}
			if tt.want == 0 && (r.Asks[0].Text != "goals" || r.Asks[0].ID != "41") {
				t.Errorf("got %+v", r.Asks)
			}
		})
	}
}

func TestTheAnswerIsSealedWhereMessagesAre(t *testing.T) {
	said := []messengers.Sending{{Address: ann, Message: messengers.Message{Text: "提拉米苏 ]]> & <b>\x01"}}}
	const want = `<xml><ToUserName><![CDATA[` + ann + `]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>1795165200</CreateTime>` +
		`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[提拉米苏 ]]]]><![CDATA[> & <b>]]></Content></xml>`
	for name, m := range map[string]messengers.Messenger{"plain": plain().Open(t, "http://127.0.0.1:9", nil), "safe": safe(t, "http://127.0.0.1:9")} {
		d := text("41", "goals")
		if name == "safe" {
			d = sealed(d)
		}
		r, err := m.Receive(t.Context(), d)
		if err != nil || r.Hold != 15*time.Second || !r.Asks[0].InBand {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		in := m.(messengers.InBand)
		got := string(in.Answer(r, said).Body)
		if name == "safe" {
			got = opened(t, []byte(got))
		}
		if got != want || xml.Unmarshal([]byte(got), new(struct{})) != nil {
			t.Errorf("%s: the answer is %s", name, got)
		}
		if nothing := in.Answer(r, nil); string(nothing.Body) != "success" {
			t.Errorf("%s: nothing is said as %q", name, nothing.Body)
		}
		r.Status = 503
		if held := in.Answer(r, nil); len(held.Body) != 0 {
			t.Errorf("%s: while WeChat is to come again, it is told %q", name, held.Body)
		}
	}
}

func TestACapturedQueryProvesNoOtherMessage(t *testing.T) {
	m := plain().Open(t, "http://127.0.0.1:9", nil)
	first := text("41", "goals")
	for _, again := range []bool{false, true} {
		if r, _ := m.Receive(t.Context(), first); len(r.Asks) != 1 {
			t.Errorf("again %v: %+v", again, r)
		}
	}
	other := first
	other.Body = text("42", "STOP").Body
	if r, _ := m.Receive(t.Context(), other); r.Status != 401 || len(r.Asks) > 0 {
		t.Errorf("got %+v", r)
	}
}

func TestAKeyThatIsNoneIsRefusedWithItsField(t *testing.T) {
	values := maps.Clone(plain().Settings)
	values["api_base"] = "https://api.weixin.qq.com"
	for key, good := range map[string]bool{"": true, aesKey: true, aesKey[1:]: false, strings.Repeat("!", 43): false} {
		values["encoding_aes_key"] = key
		var found settings.Problems
		err := settings.Fill(wechat.Kind.New(), values)
		if (err == nil) != good || err != nil && (!errors.As(err, &found) || found[0].Field != "encoding_aes_key") {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestNoWordOfAHugeMessageIsKeptBeyondMeasure(t *testing.T) {
	r, err := plain().Open(t, "http://127.0.0.1:9", nil).Receive(t.Context(), text("41", strings.Repeat("字", 300_000)))
	if err != nil || r.Status != 0 || len(r.Asks) != 1 || len(r.Asks[0].Text) > 20_000 || !strings.HasPrefix(r.Asks[0].Text, "字字") {
		t.Errorf("status %d, %d asks, %v", r.Status, len(r.Asks), err)
	}
}
