package line_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// platform stands in for LINE: it answers each path with what is left of its
// script, "status body", then with success.
type platform struct {
	URL    string
	mu     sync.Mutex
	script map[string][]string
	calls  []string
	bodies []string
	keys   []string
}

func newPlatform(t testing.TB, script map[string][]string) *platform {
	t.Helper()
	p := &platform{script: script}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := strings.TrimPrefix(r.Method+" "+r.URL.Path, "POST ")
	p.mu.Lock()
	p.calls, p.bodies, p.keys = append(p.calls, call), append(p.bodies, string(body)), append(p.keys, r.Header.Get("X-Line-Retry-Key"))
	answer := `200 {"sentMessages":[{"id":"1"}]}`
	if left := p.script[call]; len(left) > 0 {
		answer, p.script[call] = left[0], left[1:]
	}
	p.mu.Unlock()
	status, said, _ := strings.Cut(answer, " ")
	switch {
	case r.Header.Get("Authorization") != "Bearer "+token:
		w.WriteHeader(http.StatusUnauthorized)
	case status == "cut":
		panic(http.ErrAbortHandler)
	default:
		w.WriteHeader(map[string]int{"200": 200, "400": 400, "401": 401, "404": 404, "409": 409, "429": 429, "500": 500}[status])
		_, _ = io.WriteString(w, said)
	}
}

const (
	deadToken = `400 {"message":"Invalid reply token"}`
	replyPath = "/v2/bot/message/reply"
	pushPath  = "/v2/bot/message/push"
)

func answering(text string) messengers.Sending {
	return messengers.Sending{Message: messengers.Message{Text: text}, Address: ann, Key: "7.0", Thread: "token-1", Asked: messengertest.Now(), Why: messengers.Answer}
}

func TestAnAnswerTravelsByTheReplyTokenAndIsPushedOnlyWhereThatIsDead(t *testing.T) {
	old := answering("A")
	old.Asked = messengertest.Now().Add(-55 * time.Second)
	without := answering("A")
	without.Thread = ""
	for name, tt := range map[string]struct {
		script map[string][]string
		send   []messengers.Sending
		want   []string
	}{
		"in time":                     {nil, []messengers.Sending{answering("A")}, []string{replyPath}},
		"too late":                    {nil, []messengers.Sending{old}, []string{pushPath}},
		"without a token":             {nil, []messengers.Sending{without}, []string{pushPath}},
		"dead already":                {map[string][]string{replyPath: {deadToken}}, []messengers.Sending{answering("A")}, []string{replyPath, pushPath}},
		"used by another message":     {nil, []messengers.Sending{answering("A"), keyed("7.4")}, []string{replyPath, pushPath}},
		"cut off, and arrived":        {map[string][]string{replyPath: {"cut", deadToken}}, []messengers.Sending{answering("A"), answering("A")}, []string{replyPath, replyPath}},
		"cut off, and not arrived":    {map[string][]string{replyPath: {"cut"}}, []messengers.Sending{answering("A"), answering("A")}, []string{replyPath, replyPath}},
		"LINE has a fault of its own": {map[string][]string{replyPath: {"500 "}}, []messengers.Sending{answering("A"), answering("A")}, []string{replyPath, replyPath}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, tt.script)
			m := suite().Open(t, p.URL, nil)
			var err error
			for _, s := range tt.send {
				_, err = m.Send(t.Context(), s)
			}
			if diff := cmp.Diff(tt.want, p.calls); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

func keyed(key string) messengers.Sending {
	s := answering("B")
	s.Key = key
	return s
}

func TestAPushHasAKeyAndOneThatWasTakenBeforeHasArrived(t *testing.T) {
	p := newPlatform(t, map[string][]string{pushPath: {"500 ", `409 {"message":"The retry key is already accepted","sentMessages":[{"id":"9"}]}`}})
	m := suite().Open(t, p.URL, nil)
	s := answering("A")
	s.Thread = ""
	var e *messengers.SendError
	if _, err := m.Send(t.Context(), s); !errors.As(err, &e) || e.Fault != messengers.Temporary {
		t.Errorf("got %v", err)
	}
	if id, err := m.Send(t.Context(), s); id != "9" || err != nil {
		t.Errorf("got %q, %v", id, err)
	}
	if len(p.keys) != 2 || p.keys[0] != p.keys[1] || len(p.keys[0]) != 36 {
		t.Errorf("the keys are %q", p.keys)
	}
}

func TestOneCallCarriesAWholeReply(t *testing.T) {
	p := newPlatform(t, nil)
	s := answering("A")
	s.Quote, s.Media = "q1", []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}
	s.Rest = []messengers.Message{{Text: "B"}, messengers.Shape(pull.Reply{Blocks: []pull.Block{{Text: "C"}}, Buttons: []pull.Button{
		{Label: "News", Send: "k:news"}, {Label: "Site", URL: "https://example.org"}, {Label: "Near", URL: "http://localhost/x?a&b"},
	}}, suite().Kind.Preview().Limits())[0]}
	if _, err := suite().Open(t, p.URL, nil).Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	want := `{"replyToken":"token-1","messages":[{"type":"image","originalContentUrl":"https://example.org/a.jpg","previewImageUrl":"https://example.org/a.jpg"},` +
		`{"type":"text","text":"A","quoteToken":"q1"},{"type":"text","text":"B"},{"type":"text","text":"C\n\nNear: http://localhost/x?a&b","quickReply":{"items":[` +
		`{"type":"action","action":{"type":"postback","label":"News","data":"k:news","displayText":"News"}},` +
		`{"type":"action","action":{"type":"uri","label":"Site","uri":"https://example.org"}}]}}]}`
	if diff := cmp.Diff([]string{want}, p.bodies); diff != "" {
		t.Error(diff)
	}
}

func TestAPictureThatLineDoesNotTakeBecomesItsAddress(t *testing.T) {
	refused := `400 {"message":"The request body has 1 error(s)","details":[{"message":"Must be a valid HTTPS URL","property":"messages[0].originalContentUrl"}]}`
	p := newPlatform(t, map[string][]string{replyPath: {refused}})
	s := answering("A")
	s.Media = []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}
	if _, err := suite().Open(t, p.URL, nil).Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if want := `{"replyToken":"token-1","messages":[{"type":"text","text":"A\n\nhttps://example.org/a.jpg"}]}`; p.bodies[len(p.bodies)-1] != want {
		t.Errorf("got %s", p.bodies)
	}
}

func TestRefusalsThatOnlyLineKnows(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		want   messengers.Fault
	}{
		"nobody there":       {`400 {"message":"Failed to send messages"}`, messengers.Blocked},
		"a plan used up":     {`429 {"message":"You have reached your monthly limit."}`, messengers.Permanent},
		"too many at once":   {`429 {"message":"The API rate limit has been exceeded. Try again later."}`, messengers.LimitedUntil},
		"something in it":    {`400 {"message":"The request body has 1 error(s)","details":[{"message":"Length must be between 0 and 5000","property":"messages[0].text"}]}`, messengers.Permanent},
		"a token that ended": {`401 {"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`, messengers.TokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, map[string][]string{pushPath: {tt.answer}})
			s := answering("A")
			s.Thread = ""
			var e *messengers.SendError
			if _, err := suite().Open(t, p.URL, nil).Send(t.Context(), s); !errors.As(err, &e) || e.Fault != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestTheLoadingAnimationIsForPersonsAlone(t *testing.T) {
	p := newPlatform(t, nil)
	m := suite().Open(t, p.URL, nil).(messengers.Typist)
	for _, address := range []string{ann, group} {
		if err := m.Type(t.Context(), messengers.Sending{Address: address}); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(p.bodies, []string{`{"chatId":"` + ann + `","loadingSeconds":20}`}) {
		t.Errorf("got %q", p.bodies)
	}
}

func TestAnAnswerToUsInAGroupIsForUs(t *testing.T) {
	p := newPlatform(t, map[string][]string{replyPath: {`200 {"sentMessages":[{"id":"9001"}]}`}})
	m := suite().Open(t, p.URL, nil)
	s := answering("A")
	s.Address = group
	if _, err := m.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for quoted, want := range map[string]bool{"9001": true, "9002": false} {
		r, err := m.Receive(t.Context(), delivery(happened(`"message"`, in("group", group, ann), `"message":{"type":"text","id":"5","text":"news","quotedMessageId":"`+quoted+`"}`)))
		if err != nil || len(r.Asks) != 1 || r.Asks[0].Overheard == want {
			t.Errorf("an answer to %s: %+v, %v", quoted, r.Asks, err)
		}
	}
}
