package alarms

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// The states of an address.
const (
	stateTold    = "told"
	stateWaits   = "waits"
	stateStopped = "stopped"
	stateFailed  = "failed"
)

// Alarm is an address as it may be shown.
type Alarm struct {
	ID       string    `json:"id"`
	Way      string    `json:"way" enum:"account,mailbox,webhook"`
	Address  string    `json:"address" doc:"The mailbox, the host of the webhook, or the channel on which the account is told."`
	Channel  string    `json:"channel,omitempty" doc:"The channel over which it is told."`
	State    string    `json:"state" enum:"told,waits,stopped,failed" doc:"It is told; it waits to be confirmed; whoever it is said STOP; what it was told last did not arrive."`
	Error    string    `json:"error,omitempty" doc:"Why it does not arrive."`
	Since    time.Time `json:"since,omitzero" doc:"Since when it does not."`
	Until    time.Time `json:"until,omitzero" doc:"Until when it may be confirmed."`
	Language string    `json:"language" doc:"What it is told in."`
	Quiet    string    `json:"quiet,omitempty" doc:"The hours in which it is told nothing, in the publisher's time zone: 22:00-07:00."`
	By       string    `json:"by,omitempty" doc:"Who set it up."`
	Made     time.Time `json:"made"`
	Told     time.Time `json:"told,omitzero" doc:"When it was last told something."`
	Failing  int       `json:"failing,omitempty" doc:"How many things it was told of that are not over."`
	Waiting  int       `json:"waiting,omitempty" doc:"How much it is still to be told."`
}

// AlarmListed is the output of "alarm.list".
type AlarmListed struct {
	Alarms []Alarm  `json:"alarms"`
	Most   int      `json:"most" doc:"How many there may be."`
	Mails  []string `json:"mails" doc:"The channels over which mailboxes can be told."`
}

// AlarmCreate is the input of "alarm.create".
type AlarmCreate struct {
	console.Of
	Way     string `json:"way" required:"true" enum:"account,mailbox,webhook" doc:"How it is told: somebody on a channel of the publisher, who sends a code there; a mailbox, by a channel that sends letters; a program, by signed requests."`
	Mailbox string `json:"mailbox,omitempty" doc:"The mailbox; it gets a link by which it is confirmed."`
	Channel string `json:"channel,omitempty" doc:"The channel that sends letters to the mailbox; the publisher's first where not given."`
	URL     string `json:"url,omitempty" doc:"Where the program is reached."`
	AlarmKept
}

// AlarmKept is what of an address can be changed.
type AlarmKept struct {
	Language string `json:"language,omitempty" enum:"en,fr,de,es" doc:"What it is told in; the caller's where not given."`
	Quiet    string `json:"quiet,omitempty" doc:"Hours in which it is told nothing, in the publisher's time zone: 22:00-07:00. What fails then is told at their end, if it still does."`
}

// AlarmGet names an address.
type AlarmGet struct {
	console.Of
	ID string `json:"id" path:"alarm" doc:"Id of the address."`
}

// AlarmUpdate is the input of "alarm.update".
type AlarmUpdate struct {
	AlarmGet
	AlarmKept
}

// AlarmMade is the output of what makes an address, or a new proof of it.
type AlarmMade struct {
	Alarm Alarm `json:"alarm"`
	// Code is sent to the outlet on any channel that is to tell alarms, Secret signs the
	// requests to a webhook. Either is shown this once.
	Code   string `json:"code,omitempty" doc:"What an account sends to the publisher where it wants to be told, within 15 minutes; shown this once."`
	Secret string `json:"secret,omitempty" doc:"What requests are signed with, as Standard Webhooks has it; shown this once."`
}

const (
	allAlarms = "/publishers/{publisher}/alarms"
	oneAlarm  = allAlarms + "/{alarm}"
)

// The operations alarm.*.
var (
	ListAlarms = console.Declare[console.Of, AlarmListed](console.Declaration{
		Name: "alarm.list", Permission: console.Read, Method: http.MethodGet, Path: allAlarms,
		Summary: "List who is told when something fails, and when it is over.",
	})
	CreateAlarm = console.Declare[AlarmCreate, AlarmMade](console.Declaration{
		Name: "alarm.create", Permission: console.Own, Audit: true, Slow: true, Method: http.MethodPost, Path: allAlarms, Status: http.StatusCreated,
		Summary: "Have a mailbox, a program, or somebody on a channel of the publisher be told when something fails, and when it is over.",
		Help:    "A mailbox is told once the link is followed that it gets, an account once it has sent the code that is answered here; a webhook at once. What is told is worded by the server.",
	})
	UpdateAlarm = console.Declare[AlarmUpdate, Alarm](console.Declaration{
		Name: "alarm.update", Permission: console.Own, Audit: true, Method: http.MethodPut, Path: oneAlarm,
		Summary: "Change in what language an address is told, and its quiet hours.",
	})
	DeleteAlarm = console.Declare[AlarmGet, console.None](console.Declaration{
		Name: "alarm.delete", Permission: console.Own, Audit: true, Method: http.MethodDelete, Path: oneAlarm,
		Summary: "Tell an address nothing more.",
	})
	TryAlarm = console.Declare[AlarmGet, Alarm](console.Declaration{
		Name: "alarm.try", Permission: console.Own, Audit: true, Slow: true, Method: http.MethodPost, Path: oneAlarm + "/try",
		Summary: "Send an address a message that says that it is a trial.",
	})
	RenewAlarm = console.Declare[AlarmGet, AlarmMade](console.Declaration{
		Name: "alarm.renew", Permission: console.Own, Audit: true, Slow: true, Method: http.MethodPost, Path: oneAlarm + "/renew",
		Summary: "Give an account another code, a mailbox another link, a webhook another secret.",
	})
)

// Operations returns alarm.*.
func (s *Alarms) Operations() []console.Bound {
	return []console.Bound{
		ListAlarms.Bind(s.listAlarms), CreateAlarm.Bind(s.createAlarm), UpdateAlarm.Bind(s.updateAlarm), DeleteAlarm.Bind(s.deleteAlarm),
		TryAlarm.Bind(s.tryAlarm), RenewAlarm.Bind(s.renewAlarm),
	}
}

func noteAlarm(ctx context.Context, id string, before, after any) {
	console.NoteAudit(ctx, "alarm "+id, before, after)
}

func (s *Alarms) listAlarms(ctx context.Context, in console.Of) (AlarmListed, error) {
	out := AlarmListed{Alarms: []Alarm{}, Most: alarm.MaxAddresses, Mails: []string{}}
	pub := s.Catalogue.Publisher(in.Publisher)
	if pub == nil {
		return out, console.NoPublisher(in.Publisher)
	}
	for i := range pub.Channels {
		if c := s.Channels.Find(pub.ID, pub.Channels[i].ID); c != nil {
			if _, mails := c.Messenger.(messengers.Mailing); mails {
				out.Mails = append(out.Mails, c.ID)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.loadAddresses(ctx); err != nil {
		return out, err
	}
	for _, a := range s.byPublisher[in.Publisher] {
		out.Alarms = append(out.Alarms, s.alarmOf(ctx, a))
	}
	slices.SortFunc(out.Alarms, func(a, b Alarm) int { return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// alarmOf shows an address in the caller's language.
func (s *Alarms) alarmOf(ctx context.Context, a *alarm.Address) Alarm {
	out := Alarm{
		ID: a.ID, Way: string(a.Way), Address: shownAddress(a), Channel: a.Channel, State: stateTold, Language: a.Language, Quiet: a.Quiet.Text(), By: a.By, Made: a.Made,
		Told: a.Told, Waiting: len(a.Notices), Error: a.Why.In(console.CallerLanguage(ctx)), Since: a.Failed,
	}
	for _, k := range a.Known {
		if k.Fails() {
			out.Failing++
		}
	}
	switch {
	case !a.Failed.IsZero():
		out.State = stateFailed
	case a.IsTold():
	case !a.Why.IsZero() && len(a.Proof) == 0:
		out.State = stateStopped
	default:
		out.State, out.Until = stateWaits, a.Until
	}
	return out
}

// createAlarm has an address be told.
func (s *Alarms) createAlarm(ctx context.Context, in AlarmCreate) (AlarmMade, error) {
	noteAlarm(ctx, in.Way, nil, nil)
	pub := s.Catalogue.Publisher(in.Publisher)
	if pub == nil {
		return AlarmMade{}, console.NoPublisher(in.Publisher)
	}
	by, _ := console.Caller(ctx)
	a := alarm.Address{ID: newID(), Publisher: pub.ID, Way: alarm.Way(in.Way), Language: languageOf(ctx, in.Language), By: by.Name, Made: s.Clock()}
	problems := s.fillAddress(&a, in)
	if quiet, ok := alarm.ParseQuiet(strings.ReplaceAll(in.Quiet, " ", "")); ok {
		a.Quiet = quiet
	} else {
		problems = append(problems, wrongField("quiet", "alarm.wrong_quiet"))
	}
	if len(problems) > 0 {
		return AlarmMade{}, problems
	}
	made, err := s.addAddress(ctx, &a)
	if err != nil {
		return AlarmMade{}, err
	}
	noteAlarm(ctx, a.ID, nil, made.Alarm)
	return made, nil
}

func wrongField(field, key string) settings.Problem {
	return settings.Wrong(field, words.Text{Key: key})
}

// newID returns a new id of an address.
func newID() string { return strings.ToLower(rand.Text()[:8]) }

// languageOf returns a language of the console: that one, else the caller's, else English.
func languageOf(ctx context.Context, tag string) string {
	for _, one := range []string{tag, console.CallerLanguage(ctx)} {
		if slices.Contains(words.Editors(), one) {
			return one
		}
	}
	return words.Editors()[0]
}

// fillAddress fills in where an address is told, and returns what is wrong with that.
func (s *Alarms) fillAddress(a *alarm.Address, in AlarmCreate) (problems settings.Problems) {
	if in.Language != "" && !slices.Contains(words.Editors(), in.Language) {
		problems = append(problems, wrongField("language", "alarm.wrong_language"))
	}
	const most = 500
	switch a.Way {
	case alarm.Account:
	case alarm.Webhook:
		if a.URL = strings.TrimSpace(in.URL); len(a.URL) > most || !isHookURL(a.URL) {
			problems = append(problems, wrongField("url", "alarm.wrong_url"))
		}
	case alarm.Mailbox:
		a.Channel = in.Channel
		if a.Channel == "" {
			a.Channel = s.firstMailing(a.Publisher)
		}
		c := s.channelOf(a)
		mails, ok := messengers.Mailing(nil), false
		if c != nil {
			mails, ok = c.Messenger.(messengers.Mailing)
		}
		if !ok {
			return append(problems, wrongField("channel", "alarm.no_mailing"))
		}
		a.Channel = c.ID
		typed := strings.TrimSpace(in.Mailbox)
		if a.Mailbox, ok = mails.Mailbox(typed); !ok || len(typed) > most {
			return append(problems, wrongField("mailbox", "alarm.wrong_mailbox"))
		}
		a.Reader = s.Reader(a.Publisher, c.ID, a.Mailbox)
	default:
		problems = append(problems, wrongField("way", "alarm.wrong_way"))
	}
	return problems
}

// firstMailing returns the publisher's first channel that sends letters; "" if it has none.
func (s *Alarms) firstMailing(publisher string) string {
	for _, c := range s.Channels.All() {
		if _, ok := c.Messenger.(messengers.Mailing); ok && c.Publisher == publisher {
			return c.ID
		}
	}
	return ""
}

// isHookURL reports whether requests may go to an address: privately, but within a private
// network.
func isHookURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	private := u.Hostname() == "localhost" || err == nil && (ip.IsPrivate() || ip.IsLoopback())
	return u.Scheme == "https" || u.Scheme == "http" && private
}

// addAddress keeps a new address, and hands out what proves it.
func (s *Alarms) addAddress(ctx context.Context, a *alarm.Address) (AlarmMade, error) {
	s.mu.Lock()
	err := s.loadAddresses(ctx)
	others := s.byPublisher[a.Publisher]
	switch {
	case err != nil:
	case len(others) >= alarm.MaxAddresses:
		err = &pull.Error{Kind: pull.Limited, Op: "alarm.create", Hint: words.Text{Key: "alarm.many", Args: words.Args{"most": alarm.MaxAddresses}}}
	case a.Way != alarm.Account && slices.ContainsFunc(others, func(o *alarm.Address) bool { return o.Way == a.Way && o.URL == a.URL && o.Mailbox == a.Mailbox }):
		err = settings.Problems{wrongField(cmp.Or(map[alarm.Way]string{alarm.Webhook: "url"}[a.Way], "mailbox"), "alarm.there_already")}
	}
	if err == nil {
		if err = s.Addresses.Keep(ctx, *a); err == nil {
			s.byPublisher[a.Publisher] = append(others[:len(others):len(others)], a)
		}
	}
	s.mu.Unlock()
	if err != nil {
		return AlarmMade{}, err
	}
	made, err := s.proveAddress(ctx, a.Publisher, a.ID)
	if err != nil && a.Way == alarm.Mailbox {
		// Nobody is to write to a mailbox that can't be confirmed.
		_ = s.dropAddress(context.WithoutCancel(ctx), a.Publisher, a.ID)
	}
	return made, err
}

// linkOpen is for how long the link is good that confirms a mailbox.
const linkOpen = 24 * time.Hour

// proveAddress gives an address what it is confirmed by: a code, a link, or for a webhook a secret.
func (s *Alarms) proveAddress(ctx context.Context, publisher, id string) (made AlarmMade, err error) {
	word := rand.Text()
	a, err := s.changeAddress(ctx, publisher, id, func(a *alarm.Address) error {
		switch a.Way {
		case alarm.Account:
			code, err := s.newCode()
			if err != nil {
				return err
			}
			s.stopAddress(a)
			a.Why, a.Proof, a.Until, made.Code = words.Text{}, hashOf(string(code)), s.Clock().Add(codeOpen), code.String()
		case alarm.Mailbox:
			reader := a.Reader
			if s.stopAddress(a); reader == "" {
				reader = s.Reader(a.Publisher, a.Channel, a.Mailbox)
			}
			a.Why, a.Proof, a.Until, a.Reader = words.Text{}, hashOf(word), s.Clock().Add(linkOpen), reader
		case alarm.Webhook:
			const keyBytes = 32
			key := make([]byte, keyBytes)
			_, _ = rand.Read(key) // never fails
			a.Secret = secretPrefix + base64.StdEncoding.EncodeToString(key)
			made.Secret = a.Secret
			if a.Confirmed.IsZero() {
				a.Confirmed = s.Clock()
			}
		}
		return nil
	})
	if err != nil {
		return AlarmMade{}, err
	}
	if a.Way == alarm.Mailbox {
		if err := s.askMailbox(ctx, &a, word); err != nil {
			return AlarmMade{}, &pull.Error{Kind: pull.Unavailable, Op: "alarm.create", Hint: words.Text{Key: "alarm.no_letter", Args: words.Args{"reason": words.Said(err)}}, Err: err}
		}
	}
	made.Alarm = s.alarmOf(ctx, &a)
	return made, nil
}

// askMailbox sends a mailbox the link by which it is confirmed.
func (s *Alarms) askMailbox(ctx context.Context, a *alarm.Address, word string) error {
	name := a.Publisher
	if pub := s.Catalogue.Publisher(a.Publisher); pub != nil {
		name = pub.Name
	}
	link := strings.TrimSuffix(s.PublicURL, "/") + Root + "?p=" + url.QueryEscape(a.Publisher) + "&t=" + word
	return s.postLetter(ctx, a, pull.Reply{Language: a.Language, Blocks: []pull.Block{
		{Kind: pull.Title, Text: wordsIn(a.Language, "alarm.ask_title", words.Args{"publisher": name})},
		{Kind: pull.Paragraph, Text: wordsIn(a.Language, "alarm.ask_text", words.Args{"publisher": name})},
		linkBlock(link),
	}}, "alarm-"+a.ID+"-"+word[:8])
}

func (s *Alarms) updateAlarm(ctx context.Context, in AlarmUpdate) (Alarm, error) {
	noteAlarm(ctx, in.ID, nil, nil)
	quiet, ok := alarm.ParseQuiet(strings.ReplaceAll(in.Quiet, " ", ""))
	switch {
	case !ok:
		return Alarm{}, settings.Problems{wrongField("quiet", "alarm.wrong_quiet")}
	case in.Language != "" && !slices.Contains(words.Editors(), in.Language):
		return Alarm{}, settings.Problems{wrongField("language", "alarm.wrong_language")}
	}
	var before Alarm
	a, err := s.changeAddress(ctx, in.Publisher, in.ID, func(a *alarm.Address) error {
		before = s.alarmOf(ctx, a)
		a.Quiet, a.Language = quiet, cmp.Or(in.Language, a.Language)
		return nil
	})
	if err != nil {
		return Alarm{}, err
	}
	out := s.alarmOf(ctx, &a)
	noteAlarm(ctx, in.ID, before, out)
	return out, nil
}

func (s *Alarms) deleteAlarm(ctx context.Context, in AlarmGet) (console.None, error) {
	noteAlarm(ctx, in.ID, nil, nil)
	s.mu.Lock()
	a, err := s.findAddress(ctx, in.Publisher, in.ID)
	if err != nil {
		s.mu.Unlock()
		return console.None{}, err
	}
	before := s.alarmOf(ctx, a)
	s.mu.Unlock()
	if err := s.dropAddress(ctx, in.Publisher, in.ID); err != nil {
		return console.None{}, err
	}
	noteAlarm(ctx, in.ID, before, nil)
	return console.None{}, nil
}

// dropAddress forgets an address.
func (s *Alarms) dropAddress(ctx context.Context, publisher, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.Addresses.Drop(ctx, publisher, id); err != nil {
		return fmt.Errorf("forget who is told: %w", err)
	}
	s.byPublisher[publisher] = slices.DeleteFunc(slices.Clone(s.byPublisher[publisher]), func(a *alarm.Address) bool {
		gone := a.ID == id
		if gone {
			delete(s.changed, a)
			s.stopAddress(a) // whoever is telling it something stops
		}
		return gone
	})
	s.knowReaders()
	return nil
}

// tryAlarm sends an address a trial at once, quiet hours or not.
func (s *Alarms) tryAlarm(ctx context.Context, in AlarmGet) (Alarm, error) {
	noteAlarm(ctx, in.ID, nil, nil)
	n := alarm.Notice{Event: alarm.Tried, At: s.Clock()}
	a, err := s.changeAddress(ctx, in.Publisher, in.ID, func(a *alarm.Address) error {
		if !a.IsTold() {
			return &pull.Error{Kind: pull.Conflict, Op: "alarm.try", Hint: words.Text{Key: "alarm.unconfirmed"}}
		}
		a.Number++
		n.Number = a.Number
		return nil
	})
	if err != nil {
		return Alarm{}, err
	}
	why := s.deliverNotice(ctx, &a, n)
	a, err = s.changeAddress(ctx, in.Publisher, in.ID, func(a *alarm.Address) error {
		a.NoteSent(n.Number, why, s.Clock())
		return nil
	})
	if err != nil {
		return Alarm{}, err
	}
	out := s.alarmOf(ctx, &a)
	noteAlarm(ctx, in.ID, nil, out)
	if !why.IsZero() {
		return out, &pull.Error{Kind: pull.Unavailable, Op: "alarm.try", Hint: words.Text{Key: "alarm.not_arrived", Args: words.Args{"reason": why}}}
	}
	return out, nil
}

func (s *Alarms) renewAlarm(ctx context.Context, in AlarmGet) (AlarmMade, error) {
	noteAlarm(ctx, in.ID, nil, nil)
	made, err := s.proveAddress(ctx, in.Publisher, in.ID)
	if err == nil {
		noteAlarm(ctx, in.ID, nil, made.Alarm)
	}
	return made, err
}
