package publishing

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/web/messengers"
)

// opener opens what publishers have.
type opener struct{ *Publishers }

// setSource opens a source at an edition that nobody else sees yet.
func (n opener) setSource(ctx context.Context, ed *edition, s catalogue.Source) error {
	opened := pull.Opened{Freshness: s.Freshness, Refresh: s.Refresh, NewKeys: s.NewKeys, Mark: sourceMark(s)}
	if s.Findable != "" {
		on := s.Findable == "on"
		opened.Findable = &on
	}
	source, err := n.openSource(ed.publisher, s, filepath.Join(n.Folder, ed.publisher.ID, s.ID), n.inboxOf(ed.publisher.ID, s.ID))
	if err != nil {
		opened.Problem = &pull.Error{Kind: pull.Unusable, Op: "open " + s.ID, Hint: words.Said(err)}
		ed.publisher.Broken[catalogue.ResourceSource][s.ID] = words.Said(err)
	}
	opened.Source, opened.Shared = source, n.shared(ed.publisher, s, source)
	ed.sources[s.ID] = opened
	if err == nil {
		n.adoptTrial(ctx, ed.publisher.ID, s.ID, opened)
	}
	n.setTerms(ed, s.ID, n.readTerms(ctx, ed.publisher.Publisher, opened, s.ID))
	return err
}

// setTerms takes over what a source is known to answer.
func (n opener) setTerms(ed *edition, source string, terms []what.Term) {
	ed.terms[source] = what.NewVocabulary(terms)
	ed.publisher.Linter.Know(source, n.aboutSource(ed, source))
}

// sourceMark returns the fingerprint of what a source fetches: what was fetched by other
// settings is never served as its own.
func sourceMark(s catalogue.Source) string {
	// What settings are made of always has a form in JSON.
	b, _ := json.Marshal(s.Settings)
	sum := sha256.Sum256(append([]byte(s.Kind+"\x00"), b...))
	const bytes = 6
	return hex.EncodeToString(sum[:bytes])
}

// shared tells a source from all that fetch something else: two publishers whose
// sources have the same kind and settings, none of them a secret, and the same
// languages, zone and folder, share what is fetched. It is "" where the kind does
// not say that its snapshots may be shared.
func (n opener) shared(o *catalogue.Setup, s catalogue.Source, source pull.Source) string {
	common, ok := source.(pull.Common)
	if !ok || !common.SharesSnapshots() {
		return ""
	}
	secret := false
	_, err := settings.Secrets(drawer(n).settingsOf(catalogue.ResourceSource, s.Kind), s.Settings, func(_, text string) (string, error) {
		secret = secret || text != ""
		return text, nil
	})
	if err != nil || secret {
		return ""
	}
	b, err := json.Marshal([]any{sourceMark(s), o.Languages, o.TimeZone, o.Provisioned})
	if err != nil {
		return ""
	}
	return string(b)
}

// openSource opens a source that may keep files in a folder. Which files of
// the machine it may read beside, the operator says: nobody in the console.
func (n opener) openSource(o *catalogue.Setup, s catalogue.Source, folder string, inbox func() string) (pull.Source, error) {
	i := slices.IndexFunc(n.Sources, func(k sources.Kind) bool { return k.Name == s.Kind })
	if i < 0 {
		return nil, words.Fail(nil, "document.no_kind", words.Args{"got": s.Kind})
	}
	filled := n.Sources[i].New()
	if err := n.fillSettings(filled, s.Settings); err != nil {
		return nil, err
	}
	base := ""
	if o.Provisioned {
		base = n.Base
	}
	zone, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return nil, words.Fail(err, "document.zone", words.Args{"got": o.TimeZone})
	}
	env := sources.Env{
		ID: s.ID, Languages: o.Languages, Zone: zone, Client: n.Client, Clock: n.Clock, Rand: newRand(),
		Logger: n.Logger.With("publisher", o.ID, "source", s.ID), Folder: folder, Base: base,
		Inbox: inbox,
	}
	if n.Place != nil {
		env.Place = n.Place(o.ID, placeOfSource(s.ID))
	}
	source, err := filled.Open(env)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return source, nil
}

// placeOfSource is by what name a source's place goes, which is no channel's.
func placeOfSource(id string) string { return "source/" + id }

// inboxOf tells where pushes for a source arrive: nowhere while nothing runs.
func (n opener) inboxOf(publisher, source string) func() string {
	return func() string {
		if n.PublicURL == "" || !n.runs.hasRuns() {
			return ""
		}
		return strings.TrimSuffix(n.PublicURL, "/") + "/in/" + publisher + "/" + source
	}
}

// setChannel opens a channel at an edition that nobody else sees yet.
func (n opener) setChannel(ed *edition, c catalogue.Channel) error {
	if ed.publisher.StaffOnly && n.serves(c.Kind) {
		err := words.Fail(nil, "document.staff_only", nil)
		ed.publisher.Broken[catalogue.ResourceChannel][c.ID] = words.Said(err)
		return err
	}
	if ed.publisher.UnderAge {
		c = n.withoutConsent(c)
	}
	m, err := n.openChannel(ed.publisher.ID, c)
	if err != nil {
		ed.publisher.Broken[catalogue.ResourceChannel][c.ID] = words.Said(err)
		return err
	}
	l := m.Limits()
	facts := pull.Channel{Consent: c.Consent, SMS: l.SMS, Guests: l.Guests, Proxy: l.Proxy, Data: l.Data, Choices: l.Choices(), Room: l.Room(), Cut: l.Cut}
	facts.Counts = countsClicks(&ed.publisher.Publisher, c, l)
	facts.Laters, facts.Window = c.Laters, l.LaterWindow()
	if asks, ok := m.(messengers.Consenting); ok {
		facts.Consent = cmp.Or(asks.Consent(), c.Consent)
	}
	channel := messengers.NewChannel(ed.publisher.ID, c.ID, c.Kind, m)
	channel.Route, channel.Staff, channel.Counts = n.routeOf(c.Kind), ed.publisher.StaffOnly, facts.Counts
	if err := n.claimAccount(ed, channel, c.App); err != nil {
		ed.publisher.Broken[catalogue.ResourceChannel][c.ID] = words.Said(err)
		n.closeChannel(channel)
		return err
	}
	if err := n.overlapSecrets(channel, c); err != nil {
		n.Logger.Warn("former secrets of a channel are not taken", "publisher", channel.Publisher, "channel", c.ID, "error", err)
	}
	ed.channels[c.ID], ed.opened[c.ID] = facts, channel
	return nil
}

// countsClicks reports whether links in a channel's answers are counted.
func countsClicks(p *catalogue.Publisher, c catalogue.Channel, l messengers.Limits) bool {
	switch c.Clicks {
	case "on":
		return true
	case "off":
		return false
	}
	return p.Clicks && !l.PlainLinks
}

// serves reports whether the service itself shows channels of a kind to whoever comes.
func (n opener) serves(kind string) bool {
	return slices.ContainsFunc(n.Messengers, func(k messengers.Kind) bool { return k.Name == kind && k.Writers == messengers.Visitors })
}

// withoutConsent returns a channel that asks nobody for consent, not by a setting of its
// kind either.
func (n opener) withoutConsent(c catalogue.Channel) catalogue.Channel {
	c.Consent = ""
	i := slices.IndexFunc(n.Messengers, func(k messengers.Kind) bool { return k.Name == c.Kind })
	if i < 0 {
		return c
	}
	fields, err := settings.Fields(n.Messengers[i].New())
	if f, asks := settings.First(fields, settings.Consent); err == nil && asks {
		c.Settings = maps.Clone(c.Settings)
		delete(c.Settings, f.Name)
	}
	return c
}

func (n opener) openChannel(publisher string, c catalogue.Channel) (messengers.Messenger, error) {
	i := slices.IndexFunc(n.Messengers, func(k messengers.Kind) bool { return k.Name == c.Kind })
	if i < 0 {
		return nil, words.Fail(nil, "document.no_kind", words.Args{"got": c.Kind})
	}
	filled := n.Messengers[i].New()
	if err := n.fillSettings(filled, c.Settings); err != nil {
		return nil, err
	}
	env := messengers.Env{
		Publisher: publisher, ID: c.ID, Hook: n.PublicURL + n.Messengers[i].Path(publisher, c.ID),
		Name:  func() string { return n.publisherName(publisher) },
		Greet: func(language string) pull.Reply { return n.greet(publisher, language) },
		Words: func(language string) iter.Seq[pull.Askable] { return n.askables(publisher, language) },
		Suggest: func(language, typed string, most int) []messengers.Word {
			return n.suggest(publisher, language, typed, most)
		},
		Client: n.Client, Clock: n.Clock, Rand: newRand(), Room: n.Room,
		Logger: n.Logger.With("publisher", publisher, "channel", c.ID),
	}
	n.setReaderKey(&env)
	if err := n.setApp(&env, c, n.Messengers[i]); err != nil {
		return nil, err
	}
	m, err := filled.Open(env)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return m, nil
}

// publisherName returns what readers know a publisher by, or "" if there is none such.
func (n opener) publisherName(publisher string) string {
	if ed := n.currentEdition(publisher); ed != nil {
		return ed.publisher.Name
	}
	return ""
}

// greet returns what a publisher's pages show to a reader who has not asked yet.
func (n opener) greet(publisher, language string) pull.Reply {
	ed := n.Edition(publisher)
	if ed == nil {
		return pull.Reply{}
	}
	var asked []string
	if n.Asked != nil {
		asked = n.Asked(publisher)
	}
	return ed.Greeting(language, n.Clock(), asked)
}

// suggest returns what a publisher's readers can ask that begins with what one of them
// has typed.
func (n opener) suggest(publisher, language, typed string, most int) []messengers.Word {
	ed := n.Edition(publisher)
	if ed == nil {
		return nil
	}
	var all []messengers.Word
	for _, b := range ed.Suggest(language, typed, n.Clock(), most) {
		all = append(all, messengers.Word{Label: b.Label, Send: b.Send})
	}
	return all
}

// askables walks what can be asked of a publisher.
func (n opener) askables(publisher, language string) iter.Seq[pull.Askable] {
	if ed := n.Edition(publisher); ed != nil {
		return ed.Askables(language)
	}
	return func(func(pull.Askable) bool) {}
}

// routeOf returns where channels of a kind are reached.
func (n opener) routeOf(kind string) string {
	for _, k := range n.Messengers {
		if k.Name == kind {
			return k.Route
		}
	}
	return ""
}

// readTerms returns what a source knows to answer, from its last snapshot where it
// needs one.
func (n opener) readTerms(ctx context.Context, p catalogue.Publisher, s pull.Opened, id string) []what.Term {
	place, ok := s.VocabularyPlace(p.ID, id, p.Languages)
	if !ok {
		return s.Terms(nil)
	}
	return n.Cache.Terms(ctx, p.ID, id, s.Terms(n.Cache.Last(ctx, place)))
}

// removeSourceFiles removes the files that a source kept for itself.
func (n *Publishers) removeSourceFiles(publisher, source string) {
	n.Cache.Forget(publisher, source)
	n.latest.Delete([2]string{publisher, source})
	n.clearState(publisher, placeOfSource(source))
	if err := os.RemoveAll(filepath.Join(n.Folder, publisher, source)); err != nil {
		n.Logger.Warn("the files of a source could not be removed", "publisher", publisher, "source", source, "error", err)
	}
}
