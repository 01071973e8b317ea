package teams_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/teams"
)

const (
	personal = `{"conversationType":"personal","tenantId":"` + tenant + `","id":"a:personal"}`
	group    = `{"isGroup":true,"conversationType":"groupChat","tenantId":"` + tenant + `","id":"19:group@thread.v2"}`
	channel  = `{"isGroup":true,"conversationType":"channel","tenantId":"` + tenant + `","id":"19:channel@thread.tacv2;messageid=17"}`
)

// activity returns a message of a person in a conversation.
func activity(id, person, conversation, rest string) messengers.Delivery {
	return proven(messengers.Delivery{Method: http.MethodPost, At: messengertest.Now(), Body: []byte(`{"type":"message","id":"` + id + `","serviceUrl":"` + service + `","channelId":"msteams",` +
		`"from":{"id":"29:` + person + `","aadObjectId":"` + person + `"},"recipient":{"id":"28:` + appID + `"},"channelData":{"tenant":{"id":"` + tenant + `"}},` +
		`"conversation":` + conversation + `,"locale":"de-DE",` + rest + `}`)})
}

// attached returns a message of something that came without words.
func attached(id, file string) messengers.Delivery {
	return activity(id, "ann", personal, `"text":"","attachments":[{`+file+`}]`)
}

func named(text string) string {
	return `"text":"<at>Lecker</at> ` + text + `","entities":[{"type":"mention","mentioned":{"id":"28:` + appID + `"},"text":"<at>Lecker</at>"}]`
}

func proven(d messengers.Delivery) messengers.Delivery {
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["Authorization"] = []string{good()}
	return d
}

func forged(d messengers.Delivery) messengers.Delivery {
	d.Header["Authorization"] = []string{good()[:len(good())-4] + "AAAA"}
	return d
}

func suite(t testing.TB) messengertest.Case {
	keys := publish(t, published("k1", signingKey(), "msteams"))
	const another = "12121212-8888-7777-6666-555555555555"
	elsewhere := activity("9", "ann", personal, `"text":"news"`)
	elsewhere.Body = []byte(strings.ReplaceAll(string(elsewhere.Body), tenant, another))
	press := func(id, person, conversation string) messengers.Delivery {
		return activity(id, person, conversation, `"text":"News","value":{"k":"k:news"},"replyToId":"5"`)
	}
	return messengertest.Case{
		Shows: "Authorization: Bearer service-token-0123456789", Leads: []string{"http://adaptivecards.io"}, Lacks: map[string]string{
			messengertest.Repeats: "Teams delivers one press of a card several times", messengertest.Places: "Teams knows no places",
			messengertest.Stickers: "Teams brings a sticker as a picture", messengertest.Contacts: "Teams brings a contact as a file",
		},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures:   attached("41", `"contentType":"image/*","contentUrl":"https://smba.example.org/v3/attachments/1/views/original"`),
			messengertest.Recordings: attached("42", `"contentType":"audio/mp4","contentUrl":"https://smba.example.org/v3/attachments/2/views/original"`),
			messengertest.Videos:     attached("43", `"contentType":"video/mp4","contentUrl":"https://smba.example.org/v3/attachments/3/views/original"`),
			messengertest.Files:      attached("44", `"contentType":"application/vnd.microsoft.teams.file.download.info","name":"a.pdf","content":{"downloadUrl":"https://files.example.org/a","fileType":"pdf"}`),
		},
		Kind: teams.Kind, Settings: map[string]any{"app_id": appID, "app_secret": secret, "tenant": tenant, "openid_url": keys.url, "allow_service_hosts": []any{"127.0.0.1"}},
		Base: "api_base", Bases: []string{"service_url"}, Folder: "testdata", Prove: proven, Forge: forged, Replay: 5 * 60e9,
		Groups: []messengertest.Group{
			{Name: "by name", Member: activity("21", "ann", group, named("news")), Other: activity("22", "bob", group, named("news")), Private: activity("23", "ann", personal, named("news"))},
			{Name: "in a thread", Member: activity("24", "ann", channel, named("news")), Other: activity("25", "bob", channel, named("news")), Private: activity("26", "ann", personal, named("news"))},
			{Name: "the press of a button", Member: press("27", "ann", group), Other: press("28", "bob", group), Private: press("29", "ann", personal)},
		},
		Unasked: []messengers.Delivery{activity("31", "ann", group, `"text":"said among friends"`)},
		Label:   "title",
		Press: func(sends string) messengers.Delivery {
			return activity(messengertest.Fresh(), "ann", personal, `"text":"News","value":{"k":"`+sends+`"},"replyToId":"6"`)
		},
		Foreign: func(sends, label string) []messengers.Delivery {
			execute := activity("36", "ann", personal, `"name":"adaptiveCard/action","value":{"action":{"type":"Action.Execute","verb":"`+sends+`"}},"replyToId":"6"`)
			execute.Body = []byte(strings.Replace(string(execute.Body), `"type":"message"`, `"type":"invoke"`, 1))
			return []messengers.Delivery{
				activity("34", "ann", personal, `"text":"`+label+`","value":"`+sends+`","replyToId":"6"`), activity("35", "ann", personal, `"value":"`+sends+`","replyToId":"6"`),
				activity("37", "ann", personal, `"value":{"choice":"`+sends+`","msteams":{"type":"invoke"}},"replyToId":"6"`),
				activity("38", "ann", group, `"text":"`+label+`","value":{"choice":"`+sends+`","list":7},"replyToId":"6"`), execute,
			}
		},
		Tells: messengers.Reacted,
		Told: func(id string) messengers.Delivery {
			place, message, _ := strings.Cut(id, "/")
			d := activity("33", "ann", strings.Replace(personal, "a:personal", place, 1), `"reactionsAdded":[{"type":"like"}],"replyToId":"`+message+`"`)
			d.Body = []byte(strings.Replace(string(d.Body), `"type":"message"`, `"type":"messageReaction"`, 1))
			return d
		},
		Address: "a:personal", Other: "19:group@thread.v2", Success: `{"id":"1763629200200"}`, ID: "a:personal/1763629200200",
		Aside: signIn,
		Revoked: []messengertest.Revoked{
			{Status: 401, Body: `{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."}`},
			{Status: 400, Body: `{"error":"unauthorized_client","error_description":"AADSTS700016: Application was not found in the directory."}`},
			{Status: 401, Body: `{"error":{"code":"BotNotRegistered","message":"no"}}`, Sending: true},
			{Status: 403, Body: `{"error":{"code":"BotDisabledByAdmin","message":"The bot has been disabled."}}`, Sending: true},
		},
		Refusal: func(status, _ int) string {
			return fmt.Sprintf(`{"error":{"code":"No%s","message":"%s a:personal"}}`, strings.Repeat("x", status/100), secret)
		},
		Refused: func(no httpapi.Fault) (int, string) {
			return cmp.Or(no.Status, 403), `{"error":{"code":"` + cmp.Or(no.Codes, "No") + `"}}`
		},
		Faults: map[int]messengers.Fault{404: messengers.Permanent, 412: messengers.Temporary, 413: messengers.Permanent, 504: messengers.Temporary},
		App: &messengertest.AppCase{
			Settings: map[string]any{"app_id": appID, "app_secret": secret, "openid_url": keys.url},
			Others:   []map[string]any{{"tenant": another}}, Apart: true, Forge: forged,
			Deliveries: []messengers.Delivery{activity("8", "ann", personal, `"text":"news"`), elsewhere},
		},
	}
}

// lone returns a bot that no app carries.
func lone(t testing.TB, set map[string]any) messengers.Messenger {
	t.Helper()
	c := suite(t)
	c.App = nil
	return c.Open(t, "http://127.0.0.1:9", set)
}

// signIn gives the token that the service takes.
func signIn(r *http.Request) (string, bool) {
	if !strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token") {
		return "", false
	}
	if err := r.ParseForm(); err != nil || r.Form.Get("client_secret") != secret || r.Form.Get("client_id") != appID ||
		r.Form.Get("grant_type") != "client_credentials" || r.Form.Get("scope") != "https://api.botframework.com/.default" {
		return `{"error":"invalid_client"}`, true
	}
	return `{"token_type":"Bearer","expires_in":3599,"access_token":"service-token-0123456789"}`, true
}

func TestTeamsKeepsThePromisesOfAMessenger(t *testing.T) {
	c := suite(t)
	edited := activity("8", "ann", personal, `"text":"goals"`)
	edited.Body = []byte(strings.Replace(string(edited.Body), `"type":"message"`, `"type":"messageUpdate"`, 1))
	c.Deliveries = []messengers.Delivery{activity("8", "ann", personal, `"text":"news"`)}
	c.Edits = []messengers.Delivery{edited}
	messengertest.Run(t, c)
}

func TestALoneBotKeepsThePromisesAsWell(t *testing.T) {
	m := lone(t, nil)
	for _, verified := range []bool{false, true} {
		d := forged(activity("1", "ann", personal, `"text":"news"`))
		d.Verified = verified
		if r, err := m.Receive(t.Context(), d); err != nil || r.Status != http.StatusUnauthorized || len(r.Asks) > 0 {
			t.Errorf("verified %v: got %+v, %v", verified, r, err)
		}
	}
	if !m.(messengers.Accountable).Whose().IsZero() {
		t.Error("it tells whose account it is before it has asked")
	}
}

func TestAChannelWithoutAppNeedsItsOwn(t *testing.T) {
	opener := teams.Kind.New()
	if err := settings.Fill(opener, map[string]any{"tenant": tenant}); err != nil {
		t.Fatal(err)
	}
	var e *pull.Error
	if _, err := opener.Open(messengers.Env{}); !errors.As(err, &e) || e.Field != "app_id" {
		t.Errorf("got %v", err)
	}
}
