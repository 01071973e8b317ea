package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"keypull/cmd/keypull/demo"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
)

// keptAsks is how many asks the page can show as a conversation.
const keptAsks = 30

// demoView is what the demo's page sees of the service: the last asks, and a
// crowd of readers that it can have ask.
type demoView struct {
	server  *Server
	courier pipeline.Courier
	// world is where the demo's world is.
	world string

	mu    sync.Mutex
	asked []demo.Asked

	// crowd is the one that asked last; nil before the first.
	crowd atomic.Pointer[crowd]
}

var (
	_ demo.Traces = (*demoView)(nil)
	_ demo.Crowd  = (*demoView)(nil)
)

func newDemoView(world string) *demoView { return &demoView{world: world} }

func (v *demoView) setServer(s *Server) { v.server = s }

// watchAsk keeps the last asks that came from the page's own chat.
func (v *demoView) watchAsk(a pull.Ask, o pull.Resolved) {
	if a.Channel == crowdChannel {
		return
	}
	asked := demo.Asked{Text: a.Text, Trace: o.Trace}
	if o.Reply != nil {
		asked.Reply = *o.Reply
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked = append(v.asked, asked)
	if over := len(v.asked) - keptAsks; over > 0 {
		v.asked = slices.Clone(v.asked[over:])
	}
}

// After returns the asks behind that one.
func (v *demoView) After(ask uint64) []demo.Asked {
	v.mu.Lock()
	defer v.mu.Unlock()
	from := slices.IndexFunc(v.asked, func(a demo.Asked) bool { return a.Trace.Ask > ask })
	if from < 0 {
		return nil
	}
	return slices.Clone(v.asked[from:])
}

// Name returns what people call a keyword of the demo.
func (v *demoView) Name(keyword string) string {
	pub := v.server.room.Publisher(demo.PublisherID)
	if pub == nil {
		return keyword
	}
	thing, _, _ := pub.Thing(catalogue.ResourceKeyword, keyword)
	if k, ok := thing.(catalogue.Keyword); ok {
		return k.Name(pub.Languages)
	}
	return keyword
}

// interceptCourier takes the answers to the crowd, which has no messenger.
func (v *demoView) interceptCourier(c pipeline.Courier) pipeline.Courier {
	v.courier = c
	return v
}

// Deliver counts the crowd's answers and passes on all others.
func (v *demoView) Deliver(ctx context.Context, p pipeline.Parcel) pipeline.Delivery {
	if p.Ask.Channel != crowdChannel {
		return v.courier.Deliver(ctx, p)
	}
	if c := v.crowd.Load(); c != nil {
		c.addAnswer(p.Ask.Address)
	}
	return pipeline.Delivery{Fate: pipeline.Sent}
}

// Has knows the crowd's channel, too.
func (v *demoView) Has(publisher, channel string) bool {
	return channel == crowdChannel || v.courier.Has(publisher, channel)
}

// Room tells how many answers a channel takes at a time.
func (v *demoView) Room(publisher, channel string) int {
	if channel == crowdChannel {
		return takeAtOnce
	}
	return v.courier.Room(publisher, channel)
}

// Prove has a channel tried before it takes answers; that of the crowd needs none.
func (v *demoView) Prove(publisher, channel string) { v.courier.Prove(publisher, channel) }

// Admit waits until a channel takes answers.
func (v *demoView) Admit(ctx context.Context, publisher, channel string) (bool, error) {
	if channel == crowdChannel {
		return false, nil
	}
	return v.courier.Admit(ctx, publisher, channel) //nolint:wrapcheck // it is passed on
}

// previews cuts a reply as channels would that the demo has not.
type previews struct{}

var _ demo.Previews = previews{}

// SMS returns the messages and what they would be billed as.
func (previews) SMS(r pull.Reply) (messages []string, segments int, encoding string) {
	for _, m := range messengers.Shape(r, messengers.SMSLimits()) {
		n, e := messengers.Segments(m.Text)
		messages, segments = append(messages, m.Text), segments+n
		if encoding != "UCS-2" {
			encoding = e
		}
	}
	return messages, segments, encoding
}

// Telegram returns the messages and the bodies that would send them.
func (previews) Telegram(r pull.Reply) (html []string, wire string) {
	bot := telegram.Preview()
	var bodies []string
	for _, m := range messengers.Shape(r, bot.Limits()) {
		html = append(html, m.Text)
		body, err := bot.Wire(messengers.Sending{Message: m, Address: "123456789", Why: messengers.Answer})
		if err != nil {
			continue
		}
		bodies = append(bodies, string(body))
	}
	return html, strings.Join(bodies, "\n")
}
