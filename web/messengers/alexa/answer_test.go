package alexa_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/alexa"
)

// spoken is the part of a response that a test looks at.
type spoken struct {
	SessionAttributes struct{ Said string }
	Response          struct {
		OutputSpeech *struct{ Type, Text string }
		Card         *struct {
			Type, Title, Content, Text string
			Image                      struct{ LargeImageURL string }
		}
		Reprompt         *struct{ OutputSpeech struct{ Text string } }
		ShouldEndSession bool
	}
}

func answered(t *testing.T, m messengers.Messenger, d messengers.Delivery, said ...messengers.Sending) (got spoken) {
	t.Helper()
	r, err := m.Receive(t.Context(), d)
	if err != nil || len(r.Asks) != 1 {
		t.Fatalf("got %+v, %v", r, err)
	}
	a := m.(messengers.InBand).Answer(r, said)
	if err := json.Unmarshal(a.Body, &got); err != nil || a.ContentType != "application/json" {
		t.Fatalf("%v: %q %s", err, a.ContentType, a.Body)
	}
	return got
}

func TestAnAnswerIsSpoken(t *testing.T) {
	s := newStandIn(t)
	m := suite(s).Open(t, "", nil)
	reply := func(text string) messengers.Sending {
		all := messengers.Shape(pull.Reply{Language: "de", Blocks: []pull.Block{
			{Kind: pull.Title, Text: "Müller & <b>Söhne</b>"}, {Kind: pull.Paragraph, Text: text}, {Kind: pull.Link, Text: "Mehr", URL: "https://example.org/x"},
		}}, m.Limits())
		return messengers.Sending{Message: all[0], Why: messengers.Answer, Language: "de"}
	}
	single, within := s.signed(asks("1", "news")), s.signed(changed(asks("2", "news"), `"new":true`, `"new":false`))
	help := s.signed(request("3", "true", `"type":"IntentRequest","intent":{"name":"AMAZON.HelpIntent","confirmationStatus":"NONE"}`))
	interim := reply("Einen Augenblick.")
	interim.Why = messengers.Interim
	pictured := reply("Kuchen.")
	pictured.Media = []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}
	const more = "Was möchten Sie noch hören?"
	tests := map[string]struct {
		delivery messengers.Delivery
		said     messengers.Sending
		ends     bool
		last     string
	}{
		"who asks in one sentence is left":    {single, reply("Es regnet."), true, "."},
		"who talks with us is asked for more": {within, reply("Es regnet."), false, more},
		"who wants help is asked for more":    {help, reply("Fragen Sie nach Nachrichten."), false, more},
		"a question is waited for":            {single, reply("Welches?"), false, "Welches?"},
		"an interim word keeps the session":   {single, interim, false, more},
		"a picture stands on the card":        {single, pictured, true, "."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := answered(t, m, tt.delivery, tt.said)
			speech := got.Response.OutputSpeech
			if speech == nil || speech.Type != "PlainText" || got.Response.ShouldEndSession != tt.ends || !strings.HasSuffix(speech.Text, tt.last) {
				t.Fatalf("got %+v", got.Response)
			}
			if strings.ContainsAny(speech.Text, "&<>") || strings.Contains(speech.Text, "://") || !strings.HasPrefix(speech.Text, "Müller und b Söhne /b") {
				t.Errorf("spoken is %q", speech.Text)
			}
			if tt.ends != (got.Response.Reprompt == nil) || tt.ends != (got.SessionAttributes.Said == "") {
				t.Errorf("asked again by %+v, remembered as %q", got.Response.Reprompt, got.SessionAttributes.Said)
			}
			card := got.Response.Card
			if card == nil || card.Title != "Müller & <b>Söhne</b>" || !strings.Contains(card.Content+card.Text, "https://example.org/x") {
				t.Errorf("the card is %+v", card)
			}
			if len(tt.said.Media) > 0 && (card.Type != "Standard" || card.Image.LargeImageURL != "https://example.org/a.jpg") {
				t.Errorf("the card is %+v", card)
			}
		})
	}
}

func TestWhereNothingIsSaidTheSessionEnds(t *testing.T) {
	s := newStandIn(t)
	m := suite(s).Open(t, "", nil)
	if got := answered(t, m, s.signed(request("1", "true", `"type":"LaunchRequest"`))); !got.Response.ShouldEndSession || got.Response.OutputSpeech != nil {
		t.Errorf("got %+v", got)
	}
}

func TestNothingIsSaidLater(t *testing.T) {
	var failed *messengers.SendError
	_, err := alexa.Kind.Preview().Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "late"}, Address: "amzn1.ask.account.ANN"})
	if !errors.As(err, &failed) || failed.Fault != messengers.WindowClosed {
		t.Errorf("got %v", err)
	}
}

func TestTheModelHasWhatCanBeAsked(t *testing.T) {
	face := messengers.Profile{
		Name: "Die Küche 24", Languages: []string{"de", "pl", "fr-CA"},
		Words: map[string][]messengers.Word{"de": {{Label: "Nachrichten!", Send: "k:news"}, {Label: "Wetter Graz", Send: "wetter graz"}, {Label: "🍰", Send: "k:cake"}}},
	}
	files, err := alexa.Kind.Preview().(messengers.Packer).Pack(face)
	if err != nil || len(files) != 2 || files[0].Name != "interaction-model.de-DE.json" || files[1].Name != "interaction-model.fr-CA.json" {
		t.Fatalf("got %+v, %v", files, err)
	}
	var got struct {
		InteractionModel struct {
			LanguageModel struct {
				InvocationName string
				Intents        []struct {
					Name    string
					Slots   []struct{ Name, Type string }
					Samples []string
				}
				Types []struct {
					Values []struct {
						ID   string
						Name struct{ Value string }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(files[0].Body, &got); err != nil {
		t.Fatal(err)
	}
	l := got.InteractionModel.LanguageModel
	if l.InvocationName != "die küche" || len(l.Types) != 1 || len(l.Types[0].Values) != 2 || l.Types[0].Values[0].ID != "k_news" || l.Types[0].Values[0].Name.Value != "Nachrichten" || l.Types[0].Values[1].ID != "" {
		t.Errorf("got %+v", l)
	}
	var names []string
	for _, i := range l.Intents {
		names = append(names, i.Name)
		for _, sample := range i.Samples {
			if len(i.Slots) == 1 && !strings.Contains(sample, "{"+i.Slots[0].Name+"}") || len(i.Slots) == 1 && i.Slots[0].Type == "AMAZON.SearchQuery" && strings.HasPrefix(sample, "{") && strings.HasSuffix(sample, "}") {
				t.Errorf("%s has the sample %q", i.Name, sample)
			}
		}
	}
	for _, want := range []string{"AMAZON.HelpIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.FallbackIntent", "AMAZON.NavigateHomeIntent", "AskIntent", "KeywordIntent"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %v", want, names)
		}
	}
	if _, err := alexa.Kind.Preview().(messengers.Packer).Pack(messengers.Profile{Name: "X", Languages: []string{"pl"}}); err == nil {
		t.Error("a language that Alexa does not speak has a model")
	}
}

func TestNoResponseIsTooLarge(t *testing.T) {
	s := newStandIn(t)
	m := suite(s).Open(t, "", nil)
	r, err := m.Receive(t.Context(), s.signed(changed(asks("1", "news"), `"new":true`, `"new":false`)))
	if err != nil {
		t.Fatal(err)
	}
	for _, sign := range []string{"&", "a ", "日", "🍰", `"`, "\n. "} {
		all := messengers.Shape(pull.Reply{Language: "de", Blocks: []pull.Block{{Kind: pull.Paragraph, Text: strings.Repeat("a"+sign, 20_000)}}}, m.Limits())
		got := m.(messengers.InBand).Answer(r, []messengers.Sending{{Message: all[0], Why: messengers.Answer, Language: "de"}})
		var said spoken
		if err := json.Unmarshal(got.Body, &said); err != nil || len(all) != 1 {
			t.Fatalf("%d messages, %v", len(all), err)
		}
		if n := len([]rune(said.Response.OutputSpeech.Text)); n > 8000 || len(got.Body) > 24<<10 {
			t.Errorf("%q: %d characters in %d bytes", sign, n, len(got.Body))
		}
	}
}
