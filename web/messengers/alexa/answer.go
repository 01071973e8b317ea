package alexa

import (
	"encoding/json"
	"regexp"
	"strings"

	"keypull/pull/what"
	"keypull/web/messengers"
)

const version = "1.0"

// answer is a skill's response.
type answer struct {
	Version    string      `json:"version"`
	Attributes *attributes `json:"sessionAttributes,omitempty"`
	Response   struct {
		Speech   *speech   `json:"outputSpeech,omitempty"`
		Card     *card     `json:"card,omitempty"`
		Reprompt *reprompt `json:"reprompt,omitempty"`
		Ends     *bool     `json:"shouldEndSession,omitempty"`
		Can      *can      `json:"canFulfillIntent,omitempty"`
	} `json:"response"`
}

type speech struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type reprompt struct {
	Speech speech `json:"outputSpeech"`
}

// card is what the app shows beside what is said: its text stands in Content, or
// in Text where there is a picture.
type card struct {
	Type    string `json:"type"`
	Title   string `json:"title,omitempty"`
	Content string `json:"content,omitempty"`
	Text    string `json:"text,omitempty"`
	Image   *image `json:"image,omitempty"`
}

type image struct {
	Small string `json:"smallImageUrl"`
	Large string `json:"largeImageUrl"`
}

// can is whether a skill could answer; without the reader's words nobody knows.
type can struct {
	Can string `json:"canFulfill"`
}

var yes, no = true, false

// over is the response itself.
func over(a answer) messengers.Receipt {
	a.Version = version
	return messengers.Receipt{ContentType: "application/json", Body: messengers.JSON(a)}
}

// Answer speaks what answers an ask. Where the session goes on, it ends with a
// question, since Alexa listens then.
func (s *Skill) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	var a answer
	if json.Unmarshal(r.Body, &a) != nil || len(said) == 0 {
		a = answer{}
		a.Response.Ends = &yes
		r.Body = over(a).Body
		return r
	}
	ends := a.Response.Ends != nil && *a.Response.Ends
	r.ContentType, r.Body = "application/json", over(s.spoken(said, ends)).Body
	return r
}

// spoken is the response of what is said.
func (s *Skill) spoken(said []messengers.Sending, ends bool) (a answer) {
	language := said[0].Language
	var voices, texts []string
	for _, one := range said {
		voice := one.Voice
		if voice == "" {
			voice = one.Text
		}
		voices, texts = append(voices, plain(voice, own.Say(language, "and", nil))), append(texts, one.Text)
	}
	voice, text := whole(strings.TrimSpace(strings.Join(voices, "\n"))), strings.TrimSpace(strings.Join(texts, "\n\n"))
	asks := strings.ContainsAny(voice, "?？؟")
	ends = ends && !asks && said[0].Why != messengers.Interim
	a.Response.Ends = &ends
	a.Response.Card = s.card(said[0], text)
	if !ends {
		more := own.Say(language, "reprompt", nil)
		if !asks {
			voice = strings.TrimSpace(voice + "\n" + more)
		}
		a.Response.Reprompt = &reprompt{speech{"PlainText", more}}
		a.Attributes = &attributes{Said: voice}
	}
	if voice != "" {
		a.Response.Speech = &speech{"PlainText", voice}
	}
	return a
}

// again says what was said before.
func again(said string) (a answer) {
	a.Attributes, a.Response.Ends = &attributes{Said: said}, &no
	a.Response.Speech, a.Response.Reprompt = &speech{"PlainText", said}, &reprompt{speech{"PlainText", said}}
	return a
}

// card shows the whole text, with its addresses.
func (s *Skill) card(first messengers.Sending, text string) *card {
	c := &card{Type: "Simple", Title: first.Subject, Content: text}
	if c.Title == "" && s.name != nil {
		c.Title = s.name()
	}
	for _, m := range first.Media {
		if m.Type == what.Image {
			c.Type, c.Text, c.Content, c.Image = "Standard", text, "", &image{m.URL, m.URL}
		}
	}
	if text == "" && c.Image == nil {
		return nil
	}
	return c
}

// plain is speech without a sign that means something to who reads it out.
func plain(voice, and string) string {
	voice = strings.NewReplacer("&", " "+and+" ", "<", " ", ">", " ").Replace(voice)
	return strings.TrimSpace(blanks.ReplaceAllString(voice, " "))
}

// maxSpeech keeps speech below the 8,000 characters that Alexa takes, and the
// response, in which it may stand twice, below 24 KB.
const maxSpeech = 6000

// whole is speech that Alexa takes, whatever has become of its signs.
func whole(voice string) string {
	if len(voice) <= maxSpeech {
		return voice
	}
	return strings.TrimSpace(strings.ToValidUTF8(voice[:maxSpeech], "")) + "…"
}

var blanks = regexp.MustCompile(`[ \t]+`)

// Wire returns the response that a message would travel in.
func (s *Skill) Wire(m messengers.Sending) ([]byte, error) {
	return over(s.spoken([]messengers.Sending{m}, true)).Body, nil
}
