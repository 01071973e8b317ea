// Package wechat is the messenger kind for official accounts on WeChat, in plain
// and in encrypted mode: messages in as XML, the answer out in the response, and
// as a customer service message where it comes too late for that.
package wechat

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"sync/atomic"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// Kind is the plug-in.
var Kind = messengers.Kind{
	Name:    "wechat",
	Words:   own,
	Files:   files,
	Look:    messengers.Wall,
	New:     func() messengers.Opener { return &Settings{APIBase: "https://api.weixin.qq.com", Text: maxText} },
	Preview: func() messengers.Messenger { return &account{Client: &httpapi.Client{Clock: time.Now}, text: maxText} },
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// Settings configure one official account.
type Settings struct {
	AppID   string          `name:"app_id" label:"AppID" help:"As the admin panel of WeChat shows it: Basic configuration." example:"wx0123456789abcdef" check:"required"`
	Secret  settings.Secret `name:"app_secret" label:"AppSecret" help:"What we get access tokens by, for answers that take long and for the menu." example:"0123456789abcdef0123456789abcdef" check:"required"`
	Token   settings.Secret `name:"token" label:"Token" help:"What WeChat signs with: 3 to 32 letters and digits, the same there and here." example:"a-long-random-word" check:"required"`
	AESKey  settings.Secret `name:"encoding_aes_key" label:"EncodingAESKey" help:"43 letters and digits, where messages are encrypted (compatible or security mode): what is not, is then refused. Empty in plain mode." example:"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"`
	Text    int             `name:"text_bytes" label:"Bytes of a text" help:"How long a text may be. WeChat takes 2,048 bytes in a response, which are 680 Chinese characters." check:"min=300,max=20000" more:"true"`
	Rate    int             `name:"rate" label:"Messages per second" help:"Send no more customer service messages than this. Not set: as fast as WeChat takes them." check:"min=0,max=1000" example:"20" more:"true"`
	APIBase string          `name:"api_base" label:"API address" help:"Another one for other regions, or a stand-in of WeChat's." example:"https://api.weixin.qq.com" check:"required,url" more:"true"`
}

// Check finds what single fields don't show.
func (s *Settings) Check() settings.Problems {
	if key := s.AESKey.Reveal(); key != "" && aesKey(key) == nil {
		return settings.Problems{settings.Wrong("encoding_aes_key", own.Text("odd_key", nil))}
	}
	return nil
}

// aesKey decodes an EncodingAESKey; nil if it is none. Its last letter may
// carry bits beyond the key, which strict decoding would refuse.
func aesKey(letters string) []byte {
	const length = 43
	key, err := base64.StdEncoding.DecodeString(letters + "=")
	if err != nil || len(letters) != length {
		return nil
	}
	return key
}

// account is one official account.
type account struct {
	*httpapi.Client
	appID string
	token string
	key   []byte
	text  int
	rate  int

	// id is what WeChat calls the account in messages, once one has come.
	id     atomic.Pointer[string]
	nonces messengers.Recent[string, [sha256.Size]byte]
	access *httpapi.Lease
}

// Open returns the account.
func (s *Settings) Open(env messengers.Env) (messengers.Messenger, error) {
	a := &account{appID: s.AppID, token: s.Token.Reveal(), key: aesKey(s.AESKey.Reveal()), text: s.Text, rate: s.Rate}
	const nonces = 50_000 // 80 a second, for as long as one is believed
	a.Client, a.nonces.Most = a.client(s, env), nonces
	const early = 3 * time.Minute // the former token is then good as well
	a.access = httpapi.NewLease(env.Clock, early, a.newToken)
	return a, nil
}

const (
	maxText = 2048
	// waits is how long WeChat waits at each of its tries.
	waits = 5 * time.Second
	tries = 3
	// window is for how long after a reader's message customer service messages
	// are taken.
	window = 48 * time.Hour
)

// Limits returns those of the one message that a response holds.
func (a *account) Limits() messengers.Limits {
	return messengers.Limits{
		OneID: true, Text: a.text, Unit: messengers.Bytes, Messages: 1, InBand: waits, Window: window, Rate: float64(a.rate),
	}
}
