// Package profile holds the operations on channels as their platforms have them:
// whether the account is good and deliveries come here, what readers see of it
// before they ask, and putting that right.
package profile

import (
	"context"
	"errors"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// Fault is something that keeps a channel from working.
type Fault struct {
	Error string `json:"error" doc:"What is wrong and what to do, in a sentence."`
	Field string `json:"field,omitempty" doc:"Path of the setting at fault, where one is."`
	Step  string `json:"step" doc:"What cannot be proven before: account, clock, rights, webhook, reach, arrived or answered."`
}

// Standing is how a channel stands at its platform.
type Standing struct {
	Publisher string  `json:"publisher"`
	Channel   string  `json:"channel"`
	Kind      string  `json:"kind"`
	OK        bool    `json:"ok" doc:"Nothing keeps the channel from working."`
	Account   string  `json:"account,omitempty" doc:"Whose account it is, where the platform tells."`
	Faults    []Fault `json:"faults"`
	Doubts    []Fault `json:"doubts" doc:"What will keep it from working, or does for some readers, as far as the platform tells."`
	Called    bool    `json:"called" doc:"The platform calls the webhook; otherwise messages are fetched."`
	Clock     bool    `json:"clock" doc:"The platform has told what time it is."`
	Silent    string  `json:"silent,omitempty" doc:"Says that nothing has been delivered for long, while other channels were written to."`
	// Drift is what stands otherwise at the platform; once it was set up, what was.
	Drift []messengers.Drift `json:"drift" doc:"What stands otherwise at the platform than it should; after channel.setup, what was put right."`
	Fixed bool               `json:"fixed,omitempty" doc:"The platform has an interface by which what it shows can be put right."`
	Files []File             `json:"files,omitempty" doc:"What somebody has to bring to the platform by hand, where it takes files alone."`
}

// File is one that a platform takes, such as a manifest.
type File struct {
	Name string `json:"name"`
	Body []byte `json:"body" doc:"In base64."`
}

// The operations channel.drift and channel.setup.
var (
	ShowDrift = console.Declare[console.ChannelGet, Standing](console.Declaration{
		Name: "channel.drift", Permission: console.Read, Slow: true, Method: http.MethodGet, Path: "/publishers/{publisher}/channels/{channel}/drift",
		Summary: "Ask the platform whether the account is good and where its webhook leads, and what else stands otherwise there; nothing is changed.",
	})

	SetUp = console.Declare[console.ChannelGet, Standing](console.Declaration{
		Name: "channel.setup", Permission: console.Write, Audit: true, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/channels/{channel}/setup",
		Summary: "Tell the platform where deliveries go, and what readers see before they ask; the answer says what was changed. A second time it changes nothing.",
	})
)

// Profiles are what the operations work with.
type Profiles struct {
	Catalogue console.Catalogue
	Channels  *messengers.Channels
	Editions  pipeline.Editions
	// Threads tells whether people of the publisher answer in threads of a channel; nil: nowhere.
	Threads func(c *messengers.Channel) bool
	Clock   func() time.Time
}

// Operations returns the operations.
func (f Profiles) Operations() []console.Bound {
	return []console.Bound{ShowDrift.Bind(f.showDrift), SetUp.Bind(f.setUpChannel)}
}

func (f Profiles) showDrift(ctx context.Context, in console.ChannelGet) (Standing, error) {
	s, c, err := f.findChannel(ctx, in)
	if err != nil || c == nil {
		return s, err
	}
	if f.Channels.Silent(c, f.Clock()) {
		s.Silent = words.Text{Key: "face.silent"}.In(console.CallerLanguage(ctx))
	}
	if t, ok := c.Messenger.(messengers.Trier); ok {
		err := t.Try(ctx)
		s.compareClocks(ctx, c)
		if err != nil {
			s.addFault(ctx, messengers.StepAccount, err)
			return s, nil
		}
	}
	s.addAccount(ctx, c)
	s.addDoubts(ctx, c)
	f.syncProfile(ctx, c, &s, false)
	for _, d := range s.Drift {
		if key := driftFault(d); key != "" {
			s.addFault(ctx, messengers.StepWebhook, words.Fail(nil, key, words.Args{"has": d.Has, "wants": d.Wants}))
		}
	}
	return s, nil
}

// compareClocks tells that ours is too far from the platform's for what is signed with a
// moment.
func (s *Standing) compareClocks(ctx context.Context, c *messengers.Channel) {
	m, ok := c.Messenger.(messengers.Clocked)
	if !ok {
		return
	}
	skew := m.Skew()
	if s.Clock = skew != 0; skew.Abs() > messengers.MostSkew {
		s.addFault(ctx, messengers.StepClock, words.Fail(nil, "prove.clock", words.Args{"minutes": int(skew.Abs().Minutes())}))
	}
}

// addDoubts adds what the platform tells of an account beside.
func (s *Standing) addDoubts(ctx context.Context, c *messengers.Channel) {
	m, ok := c.Messenger.(messengers.Proving)
	if !ok {
		return
	}
	found, err := m.Prove(ctx)
	if err != nil {
		s.addFault(ctx, messengers.StepRights, err)
	}
	for _, d := range found {
		one := Fault{Step: string(d.Step), Error: d.Said.In(console.CallerLanguage(ctx))}
		if d.Soon {
			s.Doubts = append(s.Doubts, one)
		} else {
			s.OK, s.Faults = false, append(s.Faults, one)
		}
	}
}

func (f Profiles) setUpChannel(ctx context.Context, in console.ChannelGet) (Standing, error) {
	console.NoteAudit(ctx, string(catalogue.ResourceChannel)+" "+in.ID, nil, nil)
	s, c, err := f.findChannel(ctx, in)
	if err != nil || c == nil {
		return s, err
	}
	f.addFiles(ctx, c, &s)
	switch m := c.Messenger.(type) {
	case messengers.ProfileSyncer:
		f.syncProfile(ctx, c, &s, true)
	case messengers.Installer:
		if err := m.SetUp(ctx); err != nil {
			s.addFault(ctx, messengers.StepWebhook, err)
		}
	}
	s.addAccount(ctx, c)
	console.NoteAudit(ctx, string(catalogue.ResourceChannel)+" "+in.ID, nil, map[string]any{"setup": s})
	return s, nil
}

// findChannel returns a channel; one that could not be opened is nil, and its standing
// says why.
func (f Profiles) findChannel(ctx context.Context, in console.ChannelGet) (Standing, *messengers.Channel, error) {
	s := Standing{Publisher: in.Publisher, Channel: in.ID, OK: true, Faults: []Fault{}, Doubts: []Fault{}, Drift: []messengers.Drift{}}
	pub := f.Catalogue.Publisher(in.Publisher)
	if pub == nil {
		return s, nil, console.NoPublisher(in.Publisher)
	}
	set, ok := pub.Channel(in.ID)
	if !ok {
		return s, nil, console.NoThing(catalogue.ResourceChannel, in.ID)
	}
	s.Kind = set.Kind
	c := f.Channels.Find(pub.ID, in.ID)
	if c == nil {
		broken := pub.Broken[catalogue.ResourceChannel][in.ID]
		if broken.IsZero() {
			broken = words.Text{Key: "send.not_open"}
		}
		s.addFault(ctx, messengers.StepAccount, words.Fail(nil, broken.Key, broken.Args))
		s.Faults[0].Error = broken.In(console.CallerLanguage(ctx))
		return s, nil, nil
	}
	_, fetches := c.Messenger.(messengers.Listener)
	s.Called = !fetches && (c.Route == "" || c.Route == messengers.HookRoute)
	return s, c, nil
}

// syncProfile asks the platform what it has, and puts it right where mend is set.
func (f Profiles) syncProfile(ctx context.Context, c *messengers.Channel, s *Standing, mend bool) {
	m, ok := c.Messenger.(messengers.ProfileSyncer)
	e := f.Editions.Edition(c.Publisher)
	if !ok || e == nil {
		return
	}
	s.Fixed = true
	drift, err := m.SyncProfile(ctx, messengers.ProfileOf(e, f.Clock()), mend)
	s.Drift = append(s.Drift, drift...)
	if err != nil {
		s.addFault(ctx, messengers.StepWebhook, err)
	}
}

// addFiles adds the files that a platform takes in place of an interface.
func (f Profiles) addFiles(ctx context.Context, c *messengers.Channel, s *Standing) {
	m, ok := c.Messenger.(messengers.Packer)
	e := f.Editions.Edition(c.Publisher)
	if !ok || e == nil {
		return
	}
	shown := messengers.ProfileOf(e, f.Clock())
	shown.Threads = f.Threads != nil && f.Threads(c)
	files, err := m.Pack(shown)
	if err != nil {
		s.addFault(ctx, messengers.StepWebhook, err)
	}
	for _, one := range files {
		s.Files = append(s.Files, File(one))
	}
}

// addFault adds a fault.
func (s *Standing) addFault(ctx context.Context, step messengers.Step, err error) {
	fault := Fault{Step: string(step), Error: words.Said(err).In(console.CallerLanguage(ctx))}
	var e *pull.Error
	if errors.As(err, &e) && e.Field != "" {
		fault.Field = string(catalogue.ResourceChannel) + ".settings." + e.Field
	}
	s.OK, s.Faults = false, append(s.Faults, fault)
}

// addAccount adds whose account it is, where nothing is wrong with it.
func (s *Standing) addAccount(ctx context.Context, c *messengers.Channel) {
	if a, ok := c.Messenger.(messengers.Accountable); ok && s.OK {
		s.Account = a.Whose().In(console.CallerLanguage(ctx))
	}
}

// driftFault returns the sentence about a drift that keeps readers' messages from coming;
// "" where it does not.
func driftFault(d messengers.Drift) string {
	switch {
	case d.Part == "webhook" && d.Has == "":
		return "face.webhook_none"
	case d.Part == "webhook" && d.Wants == "":
		return "face.webhook_off"
	case d.Part == "webhook":
		return "face.webhook"
	case d.Part == "events" && d.Has == "":
		return "face.events_none"
	case d.Part == "events":
		return "face.events"
	}
	return ""
}
