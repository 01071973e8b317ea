package alarms

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// Addresses keep who is told.
type Addresses interface {
	All(ctx context.Context) ([]alarm.Address, error)
	Keep(ctx context.Context, a alarm.Address) error
	Drop(ctx context.Context, publisher, id string) error
}

// Failures list what fails of a publisher, in the caller's language.
type Failures interface {
	Of(ctx context.Context, publisher string) ([]console.Failure, error)
}

// Put accepts what an ask caused, see pipeline.Pipeline.
type Put func(ctx context.Context, e pull.Entry, nth int) (pipeline.Accepted, error)

// Options are what Alarms work with.
type Options struct {
	Addresses Addresses
	Catalogue console.Catalogue
	Failures  Failures
	Health    console.Health
	Channels  *messengers.Channels
	Client    *outside.Client
	// Look fetches a source anew, to see how it is doing.
	Look func(ctx context.Context, publisher, source string) error
	// Reader gives a reader's key.
	Reader func(publisher, channel, reader string) who.Key
	// Page is where people see what fails, PublicURL where links begin.
	Page      func(publisher string) string
	PublicURL string
	Clock     func() time.Time
	Logger    *slog.Logger
	// Random is crypto/rand.Reader where nil.
	Random io.Reader
	// Every is how often it is looked what fails; lookEvery where zero.
	Every time.Duration
}

// Alarms are who is told of what fails. It is not copied.
type Alarms struct {
	Options

	mu     sync.Mutex
	loaded bool
	// byPublisher are the addresses of each publisher, by their ids; readers are whose asks
	// concern one.
	byPublisher map[string][]*alarm.Address
	readers     atomic.Pointer[map[who.Key]bool]
	// changed are addresses that are to be kept, as asks changed them.
	changed map[*alarm.Address]bool
	// busy are addresses that are being told something.
	busy map[*alarm.Address]bool
	// put hands what is told to a reader's queue; nil where no server runs.
	put    Put
	looks  looks
	looked atomic.Uint64
}

// New returns Alarms.
func New(o Options) *Alarms {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Every == 0 {
		o.Every = lookEvery
	}
	return &Alarms{
		Options: o, byPublisher: map[string][]*alarm.Address{}, changed: map[*alarm.Address]bool{}, busy: map[*alarm.Address]bool{},
		looks: looks{at: map[[2]string]time.Time{}},
	}
}

// loadAddresses reads who is told, once; s.mu is held.
func (s *Alarms) loadAddresses(ctx context.Context) error {
	if s.loaded {
		return nil
	}
	all, err := s.Addresses.All(ctx)
	if err != nil {
		return fmt.Errorf("read who is told what fails: %w", err)
	}
	for i := range all {
		all[i].Resume()
		s.byPublisher[all[i].Publisher] = append(s.byPublisher[all[i].Publisher], &all[i])
	}
	s.loaded = true
	s.knowReaders()
	return nil
}

// knowReaders notes whose asks concern an address; s.mu is held.
func (s *Alarms) knowReaders() {
	readers := map[who.Key]bool{}
	for _, all := range s.byPublisher {
		for _, a := range all {
			if a.Reader != "" {
				readers[a.Reader] = true
			}
		}
	}
	s.readers.Store(&readers)
}

// concernsReader reports whether an address is a reader's.
func (s *Alarms) concernsReader(key who.Key) bool {
	readers := s.readers.Load()
	return readers != nil && (*readers)[key]
}

// findAddress returns an address, or pull.Unknown; s.mu is held.
func (s *Alarms) findAddress(ctx context.Context, publisher, id string) (*alarm.Address, error) {
	if s.Catalogue.Publisher(publisher) == nil {
		return nil, console.NoPublisher(publisher)
	}
	if err := s.loadAddresses(ctx); err != nil {
		return nil, err
	}
	for _, a := range s.byPublisher[publisher] {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, NoAlarm()
}

// NoAlarm returns the error about an address that is not there.
func NoAlarm() error {
	return &pull.Error{Kind: pull.Unknown, Field: "alarm", Hint: words.Text{Key: "hint.no_alarm"}}
}

// changeAddress changes an address, and keeps it.
func (s *Alarms) changeAddress(ctx context.Context, publisher, id string, change func(*alarm.Address) error) (alarm.Address, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.findAddress(ctx, publisher, id)
	if err != nil {
		return alarm.Address{}, err
	}
	next := *a
	next.Notices = slices.Clone(a.Notices)
	if err := change(&next); err != nil {
		return alarm.Address{}, err
	}
	if err := s.Addresses.Keep(ctx, next); err != nil {
		return alarm.Address{}, fmt.Errorf("keep who is told: %w", err)
	}
	*a = next
	s.knowReaders()
	return next, nil
}

// Vacate removes all addresses of a publisher that is gone.
func (s *Alarms) Vacate(ctx context.Context, publisher string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.loadAddresses(ctx); err != nil {
		return err
	}
	for _, a := range s.byPublisher[publisher] {
		if err := s.Addresses.Drop(ctx, publisher, a.ID); err != nil {
			return fmt.Errorf("forget who is told: %w", err)
		}
	}
	delete(s.byPublisher, publisher)
	s.knowReaders()
	return nil
}

// Untold lists the addresses of a publisher that can't be told what fails, in a language.
func (s *Alarms) Untold(publisher, language string) (all []console.Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.loadAddresses(context.Background()) // a store that fails is told of by itself
	for _, a := range s.byPublisher[publisher] {
		if a.Failed.IsZero() {
			continue
		}
		all = append(all, console.Failure{
			Resource: resourceAlarm, ID: a.ID, Name: shownAddress(a), Code: "untold", Since: a.Failed, Text: a.Why.In(language), Mend: console.MendOf("untold", language),
		})
	}
	return all
}

// resourceAlarm is what an address is in the list of what fails.
const resourceAlarm = "alarm"

// shownAddress returns an address as people may see it: of a webhook no more than its host,
// since the rest may be a secret.
func shownAddress(a *alarm.Address) string {
	switch a.Way {
	case alarm.Mailbox:
		return a.Mailbox
	case alarm.Webhook:
		scheme, rest, _ := strings.Cut(a.URL, "://")
		host, _, more := strings.Cut(rest, "/")
		if more {
			host += "/…"
		}
		return scheme + "://" + host
	}
	return a.Channel
}

// channelOf returns the channel of an address under the id that it has today, or nil.
func (s *Alarms) channelOf(a *alarm.Address) *messengers.Channel {
	id := a.Channel
	if pub := s.Catalogue.Publisher(a.Publisher); pub != nil {
		id = pub.Now(catalogue.ResourceChannel, id)
	}
	return s.Channels.Find(a.Publisher, id)
}

func hashOf(proof string) []byte {
	sum := sha256.Sum256([]byte(proof))
	return sum[:]
}

// isProof reports whether a word confirms an address now.
func isProof(a *alarm.Address, word string, at time.Time) bool {
	return len(a.Proof) > 0 && at.Before(a.Until) && subtle.ConstantTimeCompare(a.Proof, hashOf(word)) == 1
}
