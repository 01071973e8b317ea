package pull

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strings"

	"keypull/pull/words"
)

// What a source may be told of a reader. Any other name is that of one of the
// reader's preferences.
const (
	ReaderLanguage = "language"
	ReaderTimeZone = "time_zone"
	// ReaderAddress is where the reader is written to: in text messages the
	// number of the telephone.
	ReaderAddress = "address"
	// ReaderPseudonym tells the reader from others, and nothing else of them.
	ReaderPseudonym = "reader"
)

// Personal is the option of a source whose answers depend on who asks.
type Personal interface {
	// Wants lists the facts that Query.Reader is to hold. There is none of a
	// reader who has not said it, of one who has not agreed where a channel asks
	// for that, and of a group.
	Wants() []string
}

// privateMark begins the key of a snapshot that holds facts of a reader.
const privateMark = "~"

// PrivateKey marks a key that holds facts of a reader. What is fetched for it
// is kept in memory alone, no longer than max_age, and neither key nor what the
// source says of its failures is written down anywhere.
func PrivateKey(key string) string { return privateMark + key }

// PassingKey marks a key as PrivateKey does. What is fetched for it is told to
// those who wait for it, and not kept at all.
func PassingKey(key string) string { return privateMark + privateMark + key }

func isPassing(p SnapshotID) bool { return strings.HasPrefix(p.Key, privateMark+privateMark) }

func isPrivate(p SnapshotID) bool { return p.Key != "" && p.Key[:1] == privateMark }

// readerFacts returns what a keyword's source is told of the reader.
func (w asking) readerFacts(k *keyword) map[string]string {
	personal, ok := k.source.Source.(Personal)
	if !ok || w.ask.Group || !w.keeps() {
		return nil
	}
	var told map[string]string
	for _, name := range personal.Wants() {
		value := cmp.Or(w.facts[name], w.reader.Preferences[name])
		switch name {
		case ReaderLanguage:
			value = w.reader.Language
		case ReaderTimeZone:
			value = w.reader.TimeZone
		case ReaderAddress:
			value = w.ask.Address
		case ReaderPseudonym:
			value = string(w.ask.Reader)
		}
		if value != "" {
			if told == nil {
				told = map[string]string{}
			}
			told[name] = value
			if w.facts[name] == "" && w.reader.Preferences[name] != "" {
				w.heedPreference(name)
			}
		}
	}
	return told
}

// snapshotKey asks the source for the key of a query. One that differs by who asks
// must say that it is private.
func (w asking) snapshotKey(k *keyword, q Query) (string, error) {
	if k.source.Problem != nil {
		return "", k.source.Problem
	}
	told := q
	told.Reader = maps.Clone(q.Reader)
	key, err := k.source.Key(told)
	switch {
	case err != nil:
		return "", err //nolint:wrapcheck // the source's own
	case len(key) > MaxKeyBytes:
		return "", &Error{Kind: Internal, Op: "ask " + k.Source, Hint: words.Text{Key: "pull.long_key"}}
	case len(q.Reader) == 0 || isPrivate(SnapshotID{Key: key}):
		return key, nil
	}
	told.Reader = nil
	if common, err := k.source.Key(told); err != nil || common != key {
		return "", &Error{Kind: Internal, Op: "ask " + k.Source, Hint: words.Text{Key: "pull.not_private"}}
	}
	return key, nil
}

// withoutPersonal returns an error without what a source or its upstream said: that may
// repeat what it was told of a reader. That it was given up here stays to be seen.
func withoutPersonal(err error) error {
	if err == nil {
		return nil
	}
	bare := &Error{Kind: KindOf(err), Op: "ask for a reader", Hint: words.Text{Key: "pull.personal"}}
	var e *Error
	if errors.As(err, &e) {
		bare.Field, bare.RetryAt, bare.Choices = e.Field, e.RetryAt, e.Choices
	}
	if errors.Is(err, context.Canceled) {
		bare.Err = context.Canceled
	}
	return bare
}
