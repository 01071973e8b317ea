package alexa

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/web/messengers"
)

// events is how the types of what Amazon tells of a skill begin.
const events = "AlexaSkillEvent."

// Receive reads one request. What is not signed as Amazon does is 400: that is
// what its certification wants.
func (s *Skill) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if d.Method != "" && d.Method != http.MethodPost {
		return messengers.Receipt{Status: http.StatusMethodNotAllowed}, nil
	}
	q, ok, err := s.check(ctx, d)
	if err != nil {
		return messengers.Receipt{Status: http.StatusServiceUnavailable}, err
	}
	if !ok {
		return messengers.Receipt{Status: http.StatusBadRequest}, nil
	}
	return q.read(), nil
}

// request is the part of a skill's request that matters here.
type request struct {
	Session struct {
		parties
		New        bool
		Attributes attributes
	}
	Context struct{ System parties }
	Request struct {
		Type, RequestID, Timestamp, Locale string
		Intent                             intent
	}
}

// parties are the skill that is spoken to, and who speaks.
type parties struct {
	Application struct{ ApplicationID string }
	User        struct{ UserID string }
}

// read tells what a request means.
func (q *request) read() messengers.Receipt {
	reader := q.reader()
	switch kind := q.Request.Type; {
	case reader == "" || q.Request.RequestID == "":
		return over(object{}, "")
	case kind == "LaunchRequest":
		return q.ask("", "c:start")
	case kind == "IntentRequest":
		return q.intended()
	case kind == events+"SkillDisabled":
		return happened(messengers.Gone, reader)
	case kind == events+"SkillEnabled":
		return happened(messengers.Back, reader)
	case kind == "CanFulfillIntentRequest":
		// Without the reader's words nobody knows.
		return over(object{"canFulfillIntent": object{"canFulfill": "MAYBE"}}, "")
	}
	// The end of a session, or what nobody has heard of: nothing may be said.
	return over(object{}, "")
}

func happened(kind messengers.EventKind, reader string) messengers.Receipt {
	return messengers.Receipt{Events: []messengers.Event{{Kind: kind, Reader: reader}}}
}

// commands are the intents that every skill has, as what they ask of us.
var commands = map[string]string{
	"AMAZON.HelpIntent": "c:help", "AMAZON.FallbackIntent": "c:menu", "AMAZON.StartOverIntent": "c:menu",
	"AMAZON.NextIntent": "c:more", "AMAZON.MoreIntent": "c:more", "AMAZON.PreviousIntent": "c:menu",
}

// intended reads an intent. STOP ends the session, and not what a reader wants of
// the outlet.
func (q *request) intended() messengers.Receipt {
	name := q.Request.Intent.Name
	switch name {
	case "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent", "AMAZON.PauseIntent":
		return over(ended(true), "")
	case "AMAZON.YesIntent":
		return q.ask("yes", "")
	case "AMAZON.NoIntent":
		return q.ask("no", "")
	case "AMAZON.RepeatIntent":
		if said := messengers.Clean(q.Session.Attributes.Said); said != "" {
			again, voice := ended(false), speech{"PlainText", said}
			again["outputSpeech"], again["reprompt"] = voice, object{"outputSpeech": voice}
			return over(again, said)
		}
		return q.ask("", "c:menu")
	}
	command := commands[name]
	text, tap := q.Request.Intent.heard()
	if command == "" && text == "" {
		command = "c:menu"
	}
	if command == "" {
		return q.ask(text, tap)
	}
	// Whoever wants to know what there is goes on to ask for it.
	q.Session.New = false
	return q.ask("", command)
}

// ask returns a message whose answer travels in the response. A session that began
// with it ends with its answer: somebody asked in one sentence.
func (q *request) ask(text, tap string) messengers.Receipt {
	reader := q.reader()
	r := over(ended(q.Session.New && q.Request.Type == "IntentRequest"), "")
	r.Asks = []messengers.Incoming{{
		ID: messengers.Clean(q.Request.RequestID), Reader: reader, Address: reader, Text: text, Tap: tap, Spoken: true,
		Language: strings.TrimSpace(q.Request.Locale), InBand: true, Fleeting: true,
	}}
	return r
}

// attributes are what Alexa keeps for us as long as a session lasts: what was
// said last, for who wants to hear it again.
type attributes struct {
	Said string `json:"said,omitempty"`
}

type intent struct {
	Name  string
	Slots map[string]slot
}

type slot struct {
	Value       string
	Resolutions struct {
		ResolutionsPerAuthority []struct {
			Status struct{ Code string }
			Values []struct{ Value struct{ ID string } }
		}
	}
}

// parse reads a request; false if the bytes are none. A part of another type
// than it should be is as if it were not there.
func parse(body []byte) (request, bool) {
	var q request
	err := json.Unmarshal(body, &q)
	var odd *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &odd) {
		return request{}, false
	}
	return q, bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
}

// skill is whom the request is for; "" if it names two.
func (q *request) skill() string {
	session, system := q.Session.Application.ApplicationID, q.Context.System.Application.ApplicationID
	if session != "" && system != "" && session != system {
		return ""
	}
	return cmp.Or(session, system)
}

// reader returns who speaks.
func (q *request) reader() string {
	return messengers.Clean(cmp.Or(q.Session.User.UserID, q.Context.System.User.UserID))
}

// now reports whether a request is of a moment, and not said again.
func (q *request) now(at time.Time) bool {
	stamp, err := time.Parse(time.RFC3339, q.Request.Timestamp)
	most := fresh
	if strings.HasPrefix(q.Request.Type, events) {
		most = freshEvent
	}
	return err == nil && at.Sub(stamp).Abs() <= most
}

// heard returns what was said: the words of all slots, the keyword's first, and what a
// keyword alone sends.
func (i intent) heard() (text, tap string) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(i.Slots)), func(name string) bool { return name == keywordSlot })
	names = append([]string{keywordSlot}, names...)
	var said []string
	for _, name := range names {
		if words := messengers.Clean(i.Slots[name].Value); words != "" && words != "?" {
			said = append(said, words)
			tap = i.Slots[name].sends()
		}
	}
	if len(said) != 1 {
		tap = ""
	}
	return strings.Join(said, " "), tap
}

// sends returns what the keyword that a slot was resolved to sends.
func (s slot) sends() string {
	for _, a := range s.Resolutions.ResolutionsPerAuthority {
		if a.Status.Code != "ER_SUCCESS_MATCH" || len(a.Values) == 0 {
			continue
		}
		if id, ok := strings.CutPrefix(a.Values[0].Value.ID, keywordID); ok && id != "" {
			return "k:" + messengers.Clean(id)
		}
	}
	return ""
}

// The headers of a signed request, in canonical form. The one with SHA-1, which
// comes beside them, is not looked at.
const (
	signatureHeader = "Signature-256"
	chainHeader     = "Signaturecertchainurl"
)

// How old a request may be: what a reader said, and what Amazon tells of a skill.
const (
	fresh      = 150 * time.Second
	freshEvent = time.Hour
)

// rules say where a chain of certificates may come from.
type rules []place

// place is a host, which has its port where that is not the usual one. One of this
// machine that was written without may have any.
type place struct {
	scheme, host string
	anyPort      bool
}

// amazon is where the certificates of true requests are.
var amazon = rules{{scheme: "https", host: "s3.amazonaws.com"}}

// folder is where they stand there.
const folder = "/echo.api/"

// rulesOf reads hosts as people write them down: one that begins with http:// is
// asked so.
func rulesOf(hosts []string) rules {
	var all rules
	for _, h := range hosts {
		p := place{scheme: "https"}
		if before, rest, ok := strings.Cut(h, "://"); ok {
			p.scheme, h = strings.ToLower(before), rest
		}
		h, _, _ = strings.Cut(h, "/")
		p.host = p.usual(strings.ToLower(strings.TrimSpace(h)))
		p.anyPort = outside.OnThisMachine(p.host)
		if p.host != "" {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return amazon
	}
	return all
}

// usual takes the usual port off a host.
func (p place) usual(host string) string {
	if p.scheme == "http" {
		return strings.TrimSuffix(host, ":80")
	}
	return strings.TrimSuffix(host, ":443")
}

// admit returns the address of a chain as it is asked for, or false if no chain
// may come from there.
func (r rules) admit(address string) (string, bool) {
	const longest = 1024
	u, err := url.Parse(address)
	if err != nil || len(address) > longest || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	p := place{scheme: strings.ToLower(u.Scheme)}
	p.host = p.usual(strings.ToLower(u.Host))
	admits := func(of place) bool {
		return of.scheme == p.scheme && (of.host == p.host || of.anyPort && of.host == strings.ToLower(u.Hostname()))
	}
	clean := path.Clean(u.Path)
	if !slices.ContainsFunc(r, admits) || !strings.HasPrefix(clean, folder) {
		return "", false
	}
	return (&url.URL{Scheme: p.scheme, Host: p.host, Path: clean}).String(), true
}

// check returns what a delivery asks, where Amazon has signed it for this skill
// just now. The error says that nobody can tell.
func (s *Skill) check(ctx context.Context, d messengers.Delivery) (request, bool, error) {
	address, told := s.rules.admit(d.Only(chainHeader))
	signature, err := base64.StdEncoding.DecodeString(d.Only(signatureHeader))
	if err != nil || !told || len(signature) == 0 {
		return request{}, false, nil //nolint:nilerr // what is no signature proves nothing
	}
	// What costs nothing comes first: a chain is fetched for what may be genuine.
	q, ok := parse(d.Body)
	if !ok || s.id == "" || q.skill() != s.id || !q.now(d.At) {
		return request{}, false, nil
	}
	key, err := s.chains.key(ctx, address, d.At)
	if err != nil || key == nil {
		return request{}, false, err
	}
	sum := sha256.Sum256(d.Body)
	return q, rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil, nil
}
