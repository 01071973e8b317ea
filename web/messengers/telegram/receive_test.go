package telegram_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

func open(t testing.TB, base string) messengers.Messenger {
	t.Helper()
	return suite().Open(t, base, nil)
}

const nowhere = "http://127.0.0.1:9"

func receive(t testing.TB, m messengers.Messenger, body string) messengers.Receipt {
	t.Helper()
	r, err := m.Receive(t.Context(), delivery(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	reader  = `"from":{"id":7,"first_name":"Ann","language_code":"fr-CA"}`
	private = `"chat":{"id":7,"type":"private"}`
	group   = `"chat":{"id":-100200,"type":"supergroup","title":"G"}`
	small   = `"chat":{"id":-5,"type":"group","title":"S"}`
	other   = `"from":{"id":8,"first_name":"Bob","language_code":"de"}`
	// unnamed is an administrator who writes in the group's name.
	unnamed   = `"from":{"id":1087968824,"is_bot":true,"username":"GroupAnonymousBot"},"sender_chat":{"id":-5,"type":"group","title":"S"}`
	answering = `"reply_to_message":{"message_id":1,"from":{"id":123456,"is_bot":true,"username":"KeypullBot"}}`
)

// pressed returns the press of a button below a message of a chat.
func pressed(id, from, chat string) string {
	return `{"update_id":` + id + `,"callback_query":{"id":"q` + id + `",` + from + `,"data":"k:news","message":{"message_id":2,"date":0,` + chat + `}}}`
}

func update(id, rest string) string {
	return `{"update_id":` + id + `,"message":{"message_id":` + id + `,"date":1,` + rest + `}}`
}

func ask(text string) messengers.Incoming {
	return messengers.Incoming{ID: "5", Reader: "7", Address: "7", Text: text, Language: "fr-CA"}
}

// with returns a message that the file x came along with, at one that shares a place.
func with(in messengers.Incoming, kind what.MediaType) messengers.Incoming {
	in.Attachments = []what.Media{{Type: kind, Ref: "x"}}
	return in
}

func at(in messengers.Incoming, name string) messengers.Incoming {
	in.Location = &pull.Location{Latitude: 48.1, Longitude: 11.5, Name: name}
	return in
}

func grouped(text string) messengers.Incoming {
	return messengers.Incoming{ID: "5", Reader: "-100200", Address: "-100200", Group: true, Text: text}
}

// linked returns an ask that a deep link sent.
func linked(text string) messengers.Incoming {
	in := ask(text)
	in.Start = true
	return in
}

func groupLinked(text string) messengers.Incoming {
	in := grouped(text)
	in.Start = true
	return in
}

func TestAnUpdateBecomesAnAsk(t *testing.T) {
	tap := ask("News")
	tap.Tap = "k:news"
	bare := ask("")
	bare.Tap = "k:news"
	groupTap := grouped("")
	groupTap.Tap = "k:news"
	topic := grouped("/news")
	topic.Address = "-100200/9"
	tests := map[string]struct {
		body string
		want []messengers.Incoming
	}{
		"text":                                {update("5", reader+","+private+`,"text":" Tiramisu \u0000"`), []messengers.Incoming{ask("Tiramisu")}},
		"a lone surrogate is replaced":        {update("5", reader+","+private+`,"text":"a\ud800b"`), []messengers.Incoming{ask("a\uFFFDb")}},
		"a caption is the text of a picture":  {update("5", reader+","+private+`,"photo":[{"file_id":"x"}],"caption":"pasta"`), []messengers.Incoming{with(ask("pasta"), what.Image)}},
		"a picture without caption is empty":  {update("5", reader+","+private+`,"photo":[{"file_id":"x"}]`), []messengers.Incoming{with(ask(""), what.Image)}},
		"a voice message is empty":            {update("5", reader+","+private+`,"voice":{"file_id":"x"}`), []messengers.Incoming{with(ask(""), what.Sound)}},
		"a place is one":                      {update("5", reader+","+private+`,"location":{"latitude":48.1,"longitude":11.5}`), []messengers.Incoming{at(ask(""), "")}},
		"a venue is a place with a name":      {update("5", reader+","+private+`,"location":{"latitude":48.1,"longitude":11.5},"venue":{"title":"Marienplatz","location":{"latitude":48.1,"longitude":11.5}}`), []messengers.Incoming{at(ask(""), "Marienplatz")}},
		"a service message wants no answer":   {update("5", reader+","+private+`,"pinned_message":{"message_id":1}`), nil},
		"the bot's name leaves a command":     {update("5", reader+","+private+`,"text":"/news@KeypullBot berlin"`), []messengers.Incoming{ask("/news berlin")}},
		"a bare start stays a command":        {update("5", reader+","+private+`,"text":"/start"`), []messengers.Incoming{ask("/start")}},
		"a deep link brings plain words":      {update("5", reader+","+private+`,"text":"/start tiramisu"`), []messengers.Incoming{linked("tiramisu")}},
		"underscores in it are spaces":        {update("5", reader+","+private+`,"text":"/start weather_berlin"`), []messengers.Incoming{linked("weather berlin")}},
		"a deep link brings base64url":        {update("5", reader+","+private+`,"text":"/start Y3LDqG1lIGJyw7tsw6ll"`), []messengers.Incoming{linked("crème brûlée")}},
		"a mixed-case word is no base64url":   {update("5", reader+","+private+`,"text":"/start TataSteel"`), []messengers.Incoming{linked("TataSteel")}},
		"another bot is not answered":         {update("5", `"from":{"id":8,"is_bot":true},`+private+`,"text":"hi"`), nil},
		"nobody is not answered":              {update("5", private+`,"text":"hi"`), nil},
		"plain talk in a group is not for us": {update("5", reader+","+group+`,"text":"news"`), nil},
		"a command in a group is":             {update("5", reader+","+group+`,"text":"/news@AnyBot"`), []messengers.Incoming{grouped("/news")}},
		"an answer to the bot in a group is":  {update("5", reader+","+group+`,"text":"more","reply_to_message":{"message_id":1,"from":{"id":123456,"is_bot":true}}`), []messengers.Incoming{grouped("more")}},
		"an administrator without a name":     {update("5", unnamed+","+group+`,"text":"/stop"`), []messengers.Incoming{grouped("/stop")}},
		"a bot in a group isn't":              {update("5", `"from":{"id":8,"is_bot":true},`+group+`,"text":"/news"`), nil},
		"a post that a channel forwards isn't": {
			update("5", `"from":{"id":777000},"sender_chat":{"id":-1009,"type":"channel"},"is_automatic_forward":true,`+group+`,"text":"/news"`), nil,
		},
		"a deep link into a group brings START": {update("5", reader+","+group+`,"text":"/start@KeypullBot tiramisu"`), []messengers.Incoming{groupLinked("tiramisu")}},
		"an answer to others in a group isn't": {
			update("5", reader+","+group+`,"text":"more","reply_to_message":{"message_id":1,"from":{"id":9}}`), nil,
		},
		"a topic is answered in its topic": {
			update("5", reader+","+group+`,"text":"/news","message_thread_id":9,"is_topic_message":true`), []messengers.Incoming{topic},
		},
		"a tap brings payload and label": {
			`{"update_id":5,"callback_query":{"id":"q1",` + reader + `,"data":"k:news","message":{"message_id":4,"date":1,` + private +
				`,"reply_markup":{"inline_keyboard":[[{"text":"More","callback_data":"c:more"}],[{"text":"News","callback_data":"k:news"}]]}}}}`,
			[]messengers.Incoming{tap},
		},
		"a tap below an inaccessible message counts": {`{"update_id":5,"callback_query":{"id":"q1",` + reader + `,"data":"k:news"}}`, []messengers.Incoming{bare}},
		"a tap in a group is the group's":            {pressed("5", reader, group), []messengers.Incoming{groupTap}},
		"a tap in a place that is not told does not": {`{"update_id":5,"callback_query":{"id":"q1",` + reader + `,"inline_message_id":"x","data":"k:news"}}`, nil},
		"a tap without payload does not":             {`{"update_id":5,"callback_query":{"id":"q1",` + reader + `,"game_short_name":"x"}}`, nil},
		"an edit of what never came is left alone":   {`{"update_id":5,"edited_message":{"message_id":4,` + reader + "," + private + `,"text":"x"}}`, nil},
		"an unknown kind is left alone":              {`{"update_id":5,"purchased_paid_media":{"from":{"id":7}}}`, nil},
		"a move to a supergroup is no ask":           {update("5", reader+","+group+`,"migrate_to_chat_id":-100300`), nil},
		"an update without id is left alone":         {update("0", reader+","+private+`,"text":"x"`), nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := receive(t, open(t, nowhere), tc.body)
			if diff := cmp.Diff(tc.want, r.Asks); diff != "" {
				t.Error(diff)
			}
			if r.Status != 0 || len(r.Body) > 0 {
				t.Errorf("status %d, body %q; want a bare 200", r.Status, r.Body)
			}
		})
	}
}

func TestBlockingAndComingBackAreEvents(t *testing.T) {
	member := func(chat, status string) string {
		return `{"update_id":6,"my_chat_member":{` + reader + "," + chat + `,"date":1,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"` + status + `","user":{"id":123456,"username":"KeypullBot"}}}}`
	}
	tests := map[string]struct {
		body string
		want []messengers.Event
	}{
		"a reader who blocks the bot is gone": {member(private, "kicked"), []messengers.Event{{Kind: messengers.Gone, Reader: "7"}}},
		"a reader who unblocks it is back":    {member(private, "member"), []messengers.Event{{Kind: messengers.Back, Reader: "7"}}},
		"a group that removes it is gone":     {member(group, "kicked"), []messengers.Event{{Kind: messengers.Gone, Reader: "-100200"}}},
		"a group that it leaves is gone":      {member(small, "left"), []messengers.Event{{Kind: messengers.Gone, Reader: "-5"}}},
		"a group that lets it in is back":     {member(group, "administrator"), []messengers.Event{{Kind: messengers.Back, Reader: "-100200"}}},
		"a new administrator is nothing":      {member(private, "administrator"), nil},
		"a group becomes another":             {update("5", reader+","+small+`,"migrate_to_chat_id":-100300`), []messengers.Event{{Kind: messengers.Moved, Reader: "-5", To: "-100300"}}},
		"a group was another":                 {update("5", reader+","+group+`,"migrate_from_chat_id":-5`), []messengers.Event{{Kind: messengers.Moved, Reader: "-5", To: "-100200"}}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, receive(t, open(t, nowhere), tc.body).Events); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnceItsNameIsKnownTheBotLeavesCommandsForOthersAlone(t *testing.T) {
	m := open(t, nowhere)
	receive(t, m, `{"update_id":6,"my_chat_member":{`+reader+","+group+`,"new_chat_member":{"status":"member","user":{"id":123456,"username":"KeypullBot"}}}}`)
	tests := map[string]struct {
		text string
		want []messengers.Incoming
	}{
		"for another bot":           {"/news@OtherBot", nil},
		"for this bot":              {"/news@keypullbot", []messengers.Incoming{grouped("/news")}},
		"by mention":                {"@KeypullBot news", []messengers.Incoming{grouped("news")}},
		"mention of other":          {"@Other news", nil},
		"by a mention with a comma": {"@keypullbot, news", []messengers.Incoming{grouped("news")}},
		"by a mention on a line":    {`@KeypullBot\nnews`, []messengers.Incoming{grouped("news")}},
		"by a mention at the end":   {"STOP @KeypullBot", []messengers.Incoming{grouped("STOP")}},
		"mention of a longer name":  {"@KeypullBots news", nil},
		"a mail address":            {"news at me@keypullbot", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, receive(t, m, update("5", reader+","+group+`,"text":"`+tc.text+`"`)).Asks); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnAlbumIsAnsweredOnce(t *testing.T) {
	m := open(t, nowhere)
	photo := func(id string) string {
		return update(id, reader+","+private+`,"media_group_id":"A","photo":[{"file_id":"x"}]`)
	}
	for range 2 {
		if got := len(receive(t, m, photo("21")).Asks); got != 1 {
			t.Errorf("the first picture: %d asks, want 1, however often it comes", got)
		}
		if got := len(receive(t, m, photo("22")).Asks); got != 0 {
			t.Errorf("the second picture: %d asks, want 0", got)
		}
	}
}

func TestADeliveryThatIsNoUpdateIsTurnedAway(t *testing.T) {
	tests := map[string]struct {
		change func(*messengers.Delivery)
		want   int
	}{
		"wrong secret":         {func(d *messengers.Delivery) { d.Header["X-Telegram-Bot-Api-Secret-Token"] = []string{"x"} }, http.StatusUnauthorized},
		"two secrets":          {func(d *messengers.Delivery) { d.Header["X-Telegram-Bot-Api-Secret-Token"] = []string{secret, secret} }, http.StatusUnauthorized},
		"no secret":            {func(d *messengers.Delivery) { d.Header = nil }, http.StatusUnauthorized},
		"a GET":                {func(d *messengers.Delivery) { d.Method = http.MethodGet }, http.StatusMethodNotAllowed},
		"a path below":         {func(d *messengers.Delivery) { d.Path = "x" }, http.StatusNotFound},
		"too many bytes":       {func(d *messengers.Delivery) { d.Body = []byte(`{"a":"` + strings.Repeat("x", 300_000) + `"}`) }, 0},
		"33 levels of nesting": {func(d *messengers.Delivery) { d.Body = []byte(strings.Repeat("[", 33) + strings.Repeat("]", 33)) }, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := delivery(update("5", reader+","+private+`,"text":"x"`))
			tc.change(&d)
			r, err := open(t, nowhere).Receive(t.Context(), d)
			if err != nil || r.Status != tc.want || len(r.Asks) > 0 {
				t.Errorf("got %+v, %v; want status %d", r, err, tc.want)
			}
		})
	}
}

func TestAPollingBotTrustsNoWebhook(t *testing.T) {
	m := suite().Open(t, nowhere, map[string]any{"updates": "poll", "secret_token": ""})
	d := delivery(update("5", reader+","+private+`,"text":"x"`))
	d.Header["X-Telegram-Bot-Api-Secret-Token"] = []string{""}
	if r, err := m.Receive(t.Context(), d); err != nil || r.Status != http.StatusUnauthorized {
		t.Errorf("got %+v, %v", r, err)
	}
}

func FuzzReceive(f *testing.F) {
	names, err := filepath.Glob("testdata/*.http")
	if err != nil || len(names) == 0 {
		f.Fatal("no deliveries", err)
	}
	for _, name := range names {
		d, err := messengertest.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(d.Body)
	}
	f.Add([]byte(update("5", reader+","+group+`,"text":"/start@x `+"\u00e9"+`","photo":[]`)))
	m := open(f, nowhere)
	f.Fuzz(func(t *testing.T, body []byte) {
		d := messengers.Delivery{Method: http.MethodPost, Header: delivery("").Header, Body: body, At: messengertest.Now()}
		r, err := m.Receive(t.Context(), d)
		if err != nil || r.Status != 0 {
			t.Fatalf("got %+v, %v", r, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" || strings.Contains(in.Text, "\x00") || in.Group && in.Language != "" {
				t.Fatalf("ask %+v", in)
			}
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	m := open(b, nowhere)
	d := delivery(`{"update_id":812345678,"message":{"message_id":4321,"from":{"id":123456789,"is_bot":false,"first_name":"Ann","last_name":"Example","username":"annexample","language_code":"en"},"chat":{"id":123456789,"first_name":"Ann","last_name":"Example","username":"annexample","type":"private"},"date":1790000000,"text":"tiramisu please","entities":[{"offset":0,"length":8,"type":"bold"}]}}`)
	b.ReportAllocs()
	for b.Loop() {
		if r, err := m.Receive(b.Context(), d); err != nil || len(r.Asks) != 1 {
			b.Fatal(r, err)
		}
	}
}
