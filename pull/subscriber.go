package pull

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/when"
	"keypull/pull/who"
)

// subscription is what a source says of a reader.
type subscription byte

const (
	// isUnasked: it has not been asked of late.
	isUnasked subscription = iota
	isSubscriber
	isNone
	// isUnsure: it is down, and cannot say.
	isUnsure
	// isUntold: it has not been asked, or what it said is no answer, although nothing shows that it
	// is down. A limit of our own, which anybody can reach, comes to this.
	isUntold
)

// subscriberID is a reader and a source that knows subscribers.
type subscriberID struct{ reader, source uint64 }

// said is what a source said of a reader.
type said struct {
	is subscription
	// until is for how long that holds, and stale for how long it does while the source
	// cannot say; resting is until when it is left alone after a failure, which was rests.
	until, stale, resting time.Time
	rests                 subscription
}

// How many answers of sources of subscribers are kept at most, of about 100 bytes each, and for
// how long a source that could not say is left alone about that reader.
const (
	maxSaid     = 16384
	restsUnsure = 5 * time.Second
)

// subscriberID returns what an answer of a source of an edition about a reader is kept by;
// zero where it could not be opened.
func (m *members) subscriberID(e *Edition, reader who.Key, source string) (id subscriberID) {
	s := e.subscribing[source]
	if s == nil {
		return id
	}
	return subscriberID{maphash.String(m.seed, string(reader)), maphash.String(m.seed, e.ID+"\x00"+source+"\x00"+s.Mark)}
}

// subscriptionOf returns what is known at a moment.
func (m *members) subscriptionOf(id subscriberID, at time.Time) subscription {
	if id == (subscriberID{}) {
		return isUntold
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch s, ok := m.known[id]; {
	case !ok:
		return isUnasked
	case at.Before(s.until):
		return s.is
	case !at.Before(s.resting):
		return isUnasked
	case at.Before(s.stale):
		return s.is
	default:
		return s.rests
	}
}

// noteSaid keeps what a source said of a reader; where it could not say, what it said before
// holds as long as that may be stale.
func (m *members) noteSaid(id subscriberID, is subscription, at time.Time, f when.Freshness) subscription {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.known[id]
	if is == isUnsure || is == isUntold {
		s.resting, s.rests = at.Add(restsUnsure), is
		if at.Before(s.stale) {
			is = s.is
		}
	} else {
		s = said{is: is, until: at.Add(f.For()), stale: at.Add(f.For() + f.StaleIfError)}
	}
	if _, there := m.known[id]; !there && len(m.known) >= maxSaid {
		for other := range m.known {
			delete(m.known, other)
			break
		}
	}
	m.known[id] = s
	return is
}

// forgetReader drops what is known of a reader.
func (m *members) forgetReader(reader who.Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := maphash.String(m.seed, string(reader))
	for id := range m.known {
		if id.reader == h {
			delete(m.known, id)
		}
	}
}

// ForgetReader drops what sources have said of a reader who is erased.
func (c *Cache) ForgetReader(reader who.Key) { c.members.forgetReader(reader) }

// KnowGroups has groups be known by the ids that platforms give them: key returns the one of a
// group on a channel.
func (c *Cache) KnowGroups(key func(publisher, channel, id string) who.Key) { c.members.group = key }

// rounds is how often an ask is answered anew, at most, since a keyword came up of which a
// source is to say whether the reader is a subscriber.
const rounds = 3

// decideKnown asks the sources of subscribers that an answer depends on, and decides what is
// replied by what they say.
func (r *Resolver) decideKnown(ctx context.Context, w *work, q *Request) (reply *Reply) {
	subscribed := map[string]subscription{}
	for range rounds {
		var failure error
		for _, source := range w.unsure {
			if _, done := subscribed[source]; !done {
				is, err := asking{w}.askSubscriber(ctx, source)
				subscribed[source], failure = is, firstError(failure, err)
			}
		}
		began := w.began
		*w = work{}
		r.beginWork(w, *q)
		w.began, w.subscribed = began, subscribed
		reply = r.decideReply(ctx, w, q)
		if failure != nil && w.failure == nil {
			w.noteFailure(failure)
		}
		if !slices.ContainsFunc(w.unsure, func(s string) bool { _, done := subscribed[s]; return !done }) {
			break
		}
	}
	return reply
}

// askSubscriber asks a source whether the reader is a subscriber: it says so by bringing
// anything of this reader. Who has told nothing that it wants to know is none.
func (w asking) askSubscriber(ctx context.Context, source string) (subscription, error) {
	id := w.cache.members.subscriberID(w.edition, w.ask.Reader, source)
	s := w.edition.subscribing[source]
	if s == nil {
		return isUntold, nil
	}
	k := &keyword{&catalogue.Keyword{Source: source}, &conduct{source: s, freshness: FreshnessOf(s.Freshness)}}
	q := Query{Count: 1, Language: w.language, At: w.ask.At, Reader: w.readerFacts(k)}
	if len(q.Reader) == 0 {
		return isNone, nil
	}
	is := isUntold
	key, err := w.snapshotKey(k, q)
	if err == nil {
		var kept Found
		if kept, err = w.bringKey(ctx, k, key); err == nil {
			var found Selection
			found, err = w.cache.Select(ctx, w.edition.ID, source, s.Source, *kept.Snapshot, q)
			if is = isNone; err == nil && len(found.Items) > 0 {
				is = isSubscriber
			}
		}
	}
	switch {
	case KindOf(err) == Unknown:
		is, err = isNone, nil
	case err != nil:
		is, err = failedSubscription(err), withoutPersonal(err)
	}
	return w.cache.members.noteSaid(id, is, w.ask.At, k.freshness), err
}

// failedSubscription returns what is known of a reader whose source was asked in vain: that it is
// down, where it has been silent or at fault itself, and nothing else does.
func failedSubscription(err error) subscription {
	if KindOf(err) == Unavailable && !errors.Is(err, context.Canceled) {
		return isUnsure
	}
	return isUntold
}
