package console

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Limits of a test message.
const (
	maxAddress = 200
	maxTest    = 500
)

// ChannelTest is the input of "channel.test".
type ChannelTest struct {
	Of
	ID      string `json:"id" path:"channel" doc:"Id of the channel."`
	Address string `json:"address" required:"true" doc:"Your own address on the platform, such as the number of your chat with the bot."`
	Text    string `json:"text,omitempty" doc:"What to send; a sentence that says what it is where not given."`
}

// ChannelTested is the output.
type ChannelTested struct {
	Sent  bool   `json:"sent"`
	Error string `json:"error,omitempty"`
}

// TestChannel is "channel.test".
var TestChannel = Declare[ChannelTest, ChannelTested](Declaration{
	Name: "channel.test", Permission: Write, Audit: true, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/channels/{channel}/test",
	Summary: "Send one message to your own address, to see that the channel works.",
})

func (p channels) testChannel(ctx context.Context, in ChannelTest) (ChannelTested, error) {
	NoteAudit(ctx, string(catalogue.ResourceChannel)+" "+in.ID, nil, nil)
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return ChannelTested{}, err
	}
	if _, ok := pub.Channel(in.ID); !ok {
		return ChannelTested{}, NoThing(catalogue.ResourceChannel, in.ID)
	}
	if err := in.validate(); err != nil {
		return ChannelTested{}, err
	}
	c := p.Channels.Find(pub.ID, in.ID)
	if c == nil {
		broken := pub.Broken[catalogue.ResourceChannel][in.ID]
		if broken.IsZero() {
			broken = words.Text{Key: "send.not_open"}
		}
		return ChannelTested{Error: broken.In(CallerLanguage(ctx))}, nil
	}
	out := ChannelTested{Sent: true}
	if err := p.sendFirst(ctx, c, in.message(ctx, pub), in.Address); err != nil {
		out = ChannelTested{Error: words.Said(err).In(CallerLanguage(ctx))}
		// The platform's own words say more than the name of the fault.
		var failed *messengers.SendError
		if errors.As(err, &failed) && failed.Err != nil {
			out.Error = words.Said(failed.Err).In(CallerLanguage(ctx))
		}
	}
	// The address is a person's and stays out of the log.
	NoteAudit(ctx, string(catalogue.ResourceChannel)+" "+in.ID, nil, map[string]any{"test": out})
	return out, nil
}

func (in ChannelTest) validate() error {
	r := &review{}
	if strings.TrimSpace(in.Address) == "" {
		r.addProblem("address", "required")
	}
	for field, limit := range map[string]int{"address": maxAddress, "text": maxTest} {
		text := in.Address
		if field == "text" {
			text = in.Text
		}
		if n := utf8.RuneCountInString(text); n > limit {
			r.addProblem(field, "max_length", "max", strconv.Itoa(limit), "got", strconv.Itoa(n))
		}
	}
	return r.err()
}

// message returns what a test says, in the language of who sends it.
func (in ChannelTest) message(ctx context.Context, pub *catalogue.Setup) pull.Reply {
	p, _ := Caller(ctx)
	text := in.Text
	if strings.TrimSpace(text) == "" {
		text = words.Text{Key: "send.test", Args: words.Args{"publisher": pub.Name}}.In(p.Language)
	}
	return pull.Reply{Language: p.Language, Blocks: []pull.Block{{Kind: pull.Paragraph, Text: text}}}
}

// sendFirst sends the first message of a reply: a test is one message.
func (p channels) sendFirst(ctx context.Context, c *messengers.Channel, reply pull.Reply, address string) error {
	messages := messengers.Shape(reply, c.Limits)
	if len(messages) == 0 {
		return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "send.nothing"}}
	}
	_, err := c.Messenger.Send(ctx, messengers.Sending{
		Message: messages[0], Address: address, Why: messengers.Trial, Language: reply.Language,
		Key: "test-" + strconv.FormatInt(p.Clock().UnixNano(), 36),
	})
	if err == nil {
		c.Works()
	}
	return err
}
