package httpjson_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/httpjson"
	"keypull/web/messengers/messengertest"
)

const pathSecret = "path-secret-0123456789"

// gateway is one channel for dialogues, and a telephone before it.
type gateway struct {
	t  *testing.T
	m  messengers.Messenger
	at messengers.InBand
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	m := native().Open(t, "https://example.org", map[string]any{"secret": pathSecret, "profile": "ussd-at", "reply_url": "", "country": "KE"})
	of, ok := m.(messengers.InBand)
	if !ok {
		t.Fatal("it answers in no response")
	}
	return &gateway{t, m, of}
}

func (g *gateway) delivery(session, path string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodPost, Path: pathSecret, At: messengertest.Now(), Body: []byte(url.Values{
		"sessionId": {session}, "serviceCode": {"*384*1234#"}, "phoneNumber": {"+254711000111"}, "networkCode": {"63902"}, "text": {path},
	}.Encode())}
}

// types has the telephone type, and returns what is asked and the screen where
// there is no ask.
func (g *gateway) types(session, path string) (messengers.Receipt, string) {
	g.t.Helper()
	r, err := g.m.Receive(g.t.Context(), g.delivery(session, path))
	if err != nil || r.Status != 0 || len(r.Asks) > 1 {
		g.t.Fatalf("%q: %d with %d asks, %v", path, r.Status, len(r.Asks), err)
	}
	if strings.HasPrefix(r.ContentType, "text/plain") != (len(r.Body) > 0 || len(r.Asks) > 0) {
		g.t.Errorf("%q is answered as %q", path, r.ContentType)
	}
	return r, string(r.Body)
}

// hears answers an ask, and returns the screen.
func (g *gateway) hears(r messengers.Receipt, reply pull.Reply) string {
	g.t.Helper()
	var said []messengers.Sending
	for i, m := range messengers.Shape(reply, g.m.Limits()) {
		said = append(said, messengers.Sending{Message: m, Key: string(rune('1' + i)), Why: messengers.Answer, Language: "en"})
	}
	got := g.at.Answer(r, said)
	screen := string(got.Body)
	if got.Status != 0 || len(screen) < 4 {
		g.t.Errorf("the answer is %d, %q", got.Status, screen)
	}
	return screen
}

func prices() pull.Reply {
	return pull.Reply{Language: "en", Blocks: []pull.Block{
		{Kind: pull.Title, Text: "Maize 90 kg"}, {Kind: pull.Paragraph, Text: "Nairobi: KES 4,100, after a dry week in the west and the north of the country."},
		{Kind: pull.Paragraph, Text: "Eldoret: KES 3,650, and falling since the first of the month."}, {Kind: pull.Stamp, Text: "as of 14:02, NCPB"},
		{Kind: pull.Link, URL: "https://example.org/maize"},
	}}
}

func TestADialogueGoesOnAndEnds(t *testing.T) {
	g := newGateway(t)
	r, menu := g.types("s1", "")
	if want := "CON Lecker & Co\n1 Tiramisu\n2 News"; len(r.Asks) != 0 || menu != want {
		t.Fatalf("the first screen is %q with %d asks, want %q", menu, len(r.Asks), want)
	}
	r, _ = g.types("s1", "2")
	if len(r.Asks) != 1 || r.Asks[0].Tap != "k:news" || r.Asks[0].Reader != "+254711000111" || !r.Asks[0].InBand {
		t.Fatalf("got %+v", r.Asks)
	}
	first := g.hears(r, prices())
	if !strings.HasPrefix(first, "CON Maize 90 kg\nNairobi: KES 4,100") || !strings.HasSuffix(first, "\n0 More\n00 MENU") || strings.Contains(first, "://") {
		t.Errorf("the second screen is %q", first)
	}
	if again, screen := g.types("s1", "2"); len(again.Asks) != 0 || screen != first {
		t.Errorf("the same step again is %q with %d asks", screen, len(again.Asks))
	}
	r, last := g.types("s1", "2*0")
	if len(r.Asks) != 0 || !strings.HasPrefix(last, "CON ") || !strings.Contains(last, "month.\nas of 14:02, NCPB\n00 MENU") {
		t.Errorf("the third screen is %q with %d asks", last, len(r.Asks))
	}
	if _, again := g.types("s1", "2*0*00"); again != menu {
		t.Errorf("the menu is %q", again)
	}
}

func TestAStepThatIsRepeatedWhileItIsAskedIsOneAsk(t *testing.T) {
	g := newGateway(t)
	first, _ := g.types("s1", "tiramisu")
	second, _ := g.types("s1", "tiramisu")
	if first.Asks[0].ID != second.Asks[0].ID || first.Asks[0].Text != "tiramisu" {
		t.Errorf("got %+v and %+v", first.Asks, second.Asks)
	}
	other, _ := g.types("s2", "tiramisu")
	further, _ := newGateway(t).types("s1", "tiramisu")
	if other.Asks[0].ID == first.Asks[0].ID || further.Asks[0].ID != first.Asks[0].ID {
		t.Errorf("the ids are %q, %q in another session, %q after a restart", first.Asks[0].ID, other.Asks[0].ID, further.Asks[0].ID)
	}
}

func TestADialogueBeginsInItsMiddle(t *testing.T) {
	g := newGateway(t)
	r, _ := g.types("s1", "2*0")
	if len(r.Asks) != 1 || r.Asks[0].Tap != "k:news" {
		t.Fatalf("got %+v", r.Asks)
	}
	if screen := g.hears(r, prices()); !strings.HasPrefix(screen, "CON ") || !strings.Contains(screen, "as of 14:02") || strings.Contains(screen, "0 More") {
		t.Errorf("the screen is %q", screen)
	}
	r, _ = g.types("s2", "*384*2")
	if len(r.Asks) != 1 || r.Asks[0].Text+r.Asks[0].Tap == "" {
		t.Errorf("got %+v", r.Asks)
	}
}

func TestAQuestionIsAnsweredByItsNumbers(t *testing.T) {
	g := newGateway(t)
	_, _ = g.types("s1", "")
	r, _ := g.types("s1", "maize*price")
	if r.Asks[0].Text != "maize*price" {
		t.Fatalf("what was typed with a star is %q", r.Asks[0].Text)
	}
	screen := g.hears(r, pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Which town?"}}, Buttons: []pull.Button{
		{Label: "Nairobi", Send: "o:1:tok"}, {Label: "Eldoret", Send: "o:2:tok"}, {Label: "Site", URL: "https://example.org"}, {Label: "MENU", Send: "c:menu"}}})
	if want := "CON Which town?\n1 Nairobi\n2 Eldoret\n00 MENU"; screen != want {
		t.Errorf("got %q, want %q", screen, want)
	}
	r, _ = g.types("s1", "maize*price*2")
	if len(r.Asks) != 1 || r.Asks[0].Tap != "o:2:tok" || r.Asks[0].Text != "Eldoret" {
		t.Errorf("got %+v", r.Asks)
	}
}

func TestAScreenHoldsWhatATelephoneShows(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want string
	}{
		"a sign outside is folded":  {"garçon “x” 😀", "CON garcon \"x\"\n00 MENU"},
		"é is of the alphabet":      {strings.Repeat("é", 148), "CON " + strings.Repeat("é", 148) + "\n00 MENU"},
		"a long word is cut":        {strings.Repeat("a", 183), "CON " + strings.Repeat("a", 141) + "\n0 More\n00 MENU"},
		"€ counts twice":            {strings.Repeat("€", 74), "CON " + strings.Repeat("€", 74) + "\n00 MENU"},
		"one more is on the next":   {strings.Repeat("€", 75), "CON " + strings.Repeat("€", 70) + "\n0 More\n00 MENU"},
		"another script stays":      {"Привет", "CON Привет\n00 MENU"},
		"another script is shorter": {strings.Repeat("я", 67), "CON " + strings.Repeat("я", 51) + "\n0 More\n00 MENU"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			r, _ := g.types("s1", "x")
			if got := g.hears(r, pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: tt.text}}}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEveryWordIsOnSomeScreen(t *testing.T) {
	g := newGateway(t)
	long := strings.TrimSpace(strings.Repeat("Stir the cream for 3.5 min until it is firm. ", 25))
	r, _ := g.types("s1", "x")
	screen := g.hears(r, pull.Reply{Language: "en", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: long}, {Kind: pull.Stamp, Text: "as of 14:02"}}})
	path, all := "x", ""
	for range 50 {
		if len(screen) > 160 {
			t.Errorf("a screen of %d: %q", len(screen), screen)
		}
		words, _, more := strings.Cut(strings.TrimSuffix(screen[4:], "\n00 MENU"), "\n0 More")
		all += words + " "
		if !more {
			break
		}
		path += "*0"
		_, screen = g.types("s1", path)
	}
	if got := strings.Join(strings.Fields(all), " "); got != long+" as of 14:02" {
		t.Errorf("got %q", got)
	}
	if strings.HasPrefix(screen, "CON as of") {
		t.Errorf("the stamp stands alone: %q", screen)
	}
}

func TestWhatIsNotThereInTimeIsToBeAskedAgain(t *testing.T) {
	g := newGateway(t)
	r, _ := g.types("s1", "news")
	got := g.at.Answer(r, []messengers.Sending{{Message: messengers.Message{Text: "Working on it."}, Why: messengers.Interim, Language: "de"}})
	if string(got.Body) != "CON Bitte gleich noch einmal fragen.\n00 MENU" {
		t.Errorf("got %q", got.Body)
	}
	again, _ := g.types("s1", "news")
	if len(again.Asks) != 1 || again.Asks[0].ID != r.Asks[0].ID {
		t.Errorf("asked again it is %+v", again.Asks)
	}
	if screen := g.hears(again, prices()); !strings.HasPrefix(screen, "CON Maize") {
		t.Errorf("got %q", screen)
	}
	if _, err := g.m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "x"}, Address: "+254711000111"}); err == nil {
		t.Error("a session that is over gets a message")
	}
}

func TestTheGatewayProvesItselfByThePath(t *testing.T) {
	g := newGateway(t)
	d := g.delivery("s1", "")
	d.Path = pathSecret + "x"
	if r, err := g.m.Receive(t.Context(), d); err != nil || r.Status != 401 || len(r.Body) > 0 {
		t.Errorf("got %d, %v", r.Status, err)
	}
	over := messengers.Delivery{Method: http.MethodPost, Path: pathSecret, At: messengertest.Now(), Body: []byte("date=2026&sessionId=s1&phoneNumber=%2B254711000111&status=Success&hopsCount=3")}
	if r, err := g.m.Receive(t.Context(), over); err != nil || r.Status != 0 || len(r.Asks)+len(r.Events)+len(r.Body) > 0 {
		t.Errorf("the end of a session is %+v, %v", r, err)
	}
	m := native().Open(t, "https://example.org", map[string]any{"secret": pathSecret, "profile": "ussd-at", "networks": []any{"192.0.2.0/24"}})
	for address, want := range map[string]int{"192.0.2.7": 0, "198.51.100.1": 401, "": 401} {
		d := g.delivery("s1", "")
		d.Address = address
		if r, err := m.Receive(t.Context(), d); err != nil || r.Status != want {
			t.Errorf("from %q: %d, %v", address, r.Status, err)
		}
	}
	for _, typed := range []string{"+254 711 000 111", "0711000111", "254711000111"} {
		if id, ok := g.m.(messengers.Identifier).Identify(typed); id != "+254711000111" || !ok {
			t.Errorf("%q is %q", typed, id)
		}
	}
	g.types("s1", "news")
	g.m.(messengers.Forgetter).Forget("+254711000111")
	if err := settings.Fill(httpjson.Kind.New(), map[string]any{"secret": "x", "networks": []any{"here"}, "country": "XX"}); err == nil {
		t.Error("odd settings are taken")
	}
}
