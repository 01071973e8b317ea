package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// maxReader bounds what is typed to name a reader; the refusal tells it.
const maxReader = 200

// ReaderStore is what is kept of readers.
type ReaderStore interface {
	Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error)
	// ReadersNamed are those of a publisher whose keys begin so behind its id.
	ReadersNamed(ctx context.Context, publisher, begins string, most int) ([]who.Key, error)
	// Records calls f for every record of a reader's asks, the oldest first.
	Records(ctx context.Context, key who.Key, f func(r pipeline.Record, fate pipeline.Fate) error) error
	// OfReader calls f for every dead letter of a reader and the ask in it.
	OfReader(ctx context.Context, publisher string, key who.Key, f func(l pipeline.DeadLetter, a pull.Ask) error) error
	// Waiting are the asks that are not finished yet.
	Waiting(ctx context.Context, key who.Key) ([]pull.Entry, error)
}

// ReaderRights is what "reader.show", "reader.export", "reader.change" and "reader.forget" work with:
// an owner carries out what a reader asks for.
type ReaderRights struct {
	Catalogue Catalogue
	Channels  *messengers.Channels
	Held      ReaderStore
	Pseudonym func(publisher, channel, reader string) who.Key
	// Forget erases a reader, or tells pull.Unknown.
	Forget func(ctx context.Context, publisher string, key who.Key) error
	// Change rewrites a reader's document; of whom there is none it does nothing.
	Change func(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error
	// Said returns what was said in the reader's conversations with people; nil if none are kept.
	Said  func(ctx context.Context, key who.Key) ([]ReaderSaid, error)
	Clock func() time.Time
}

// ReaderOf names a reader as the reader does.
type ReaderOf struct {
	Of
	Channel string `json:"channel" path:"channel" doc:"Id of the channel that the reader writes on."`
	ID      string `json:"id" path:"reader" doc:"The id or address that the reader has on the platform; on a web chat, the session, or the code that MYDATA tells."`
}

// ReaderShown is the output of "reader.show".
type ReaderShown struct {
	Publisher string     `json:"publisher"`
	Channel   string     `json:"channel"`
	Code      string     `json:"code,omitempty" doc:"The short code by which the reader can be named."`
	Pseudonym string     `json:"pseudonym" doc:"What the reader's conversation is called."`
	Held      ReaderHeld `json:"held"`
	Records   int        `json:"records" doc:"How many records of asks are kept."`
	Since     time.Time  `json:"since,omitzero" doc:"When the oldest of them was asked."`
}

// ReaderExport is the output of "reader.export": all that is held, as one
// document.
type ReaderExport struct {
	Publisher string         `json:"publisher"`
	Channel   string         `json:"channel"`
	Code      string         `json:"code,omitempty" doc:"The short code by which the reader can be named."`
	Exported  time.Time      `json:"exported"`
	Held      ReaderHeld     `json:"held"`
	Records   []ReaderRecord `json:"records" doc:"Asks, what was answered, and how; the oldest first."`
	Waiting   []ReaderAsk    `json:"waiting" doc:"Asks that are not finished at this moment."`
	Dead      []ReaderDead   `json:"dead" doc:"Asks whose answer could not be sent."`
	Said      []ReaderSaid   `json:"said,omitempty" doc:"What was said in conversations with people of the publisher."`
}

// ReaderSaid is a line of a conversation with people of the publisher.
type ReaderSaid struct {
	At   time.Time `json:"at"`
	From string    `json:"from" enum:"reader,bot,person,note,request" doc:"The reader, the service, a person of the publisher, a note of theirs, or a request of the reader with its number and how it stands."`
	Text string    `json:"text"`
}

// ReaderDead is a dead letter.
type ReaderDead struct {
	ReaderAsk
	Since  time.Time `json:"since" doc:"When it was given up."`
	Why    string    `json:"why"`
	Answer string    `json:"answer,omitempty" doc:"What was to be told."`
}

// ReaderAsk is an ask as it came.
type ReaderAsk struct {
	At       time.Time `json:"at"`
	Text     string    `json:"text,omitempty"`
	Tap      string    `json:"tap,omitempty" doc:"What a button sent that was tapped."`
	Language string    `json:"language,omitempty" doc:"The language that the platform told."`
	Address  string    `json:"address,omitempty"`
}

// ReaderRecord is one ask of a reader.
type ReaderRecord struct {
	At    time.Time     `json:"at"`
	Reply *pull.Reply   `json:"reply,omitempty"`
	Trace journal.Trace `json:"trace"`
	Fate  pipeline.Fate `json:"fate,omitempty" doc:"What became of the reply: sent, handed, gone, dead or discarded; empty where it is not known."`
}

// The operations reader.*.
var (
	ShowReader = Declare[ReaderOf, ReaderShown](Declaration{
		Name: "reader.show", Permission: Own, Audit: true, Slow: true, Method: http.MethodGet, Path: "/publishers/{publisher}/channels/{channel}/readers/{reader}",
		Summary: "Show what is held of a reader.",
		Help:    "The audit log names the reader by a hash alone.",
	})

	ExportReader = Declare[ReaderOf, ReaderExport](Declaration{
		Name: "reader.export", Permission: Own, Audit: true, Slow: true, Method: http.MethodGet, Path: "/publishers/{publisher}/channels/{channel}/readers/{reader}/export",
		Summary: "Give all that is held of a reader as one document, to hand to the reader.",
	})

	ForgetReader = Declare[ReaderOf, None](Declaration{
		Name: "reader.forget", Permission: Own, Audit: true, Slow: true, Method: http.MethodDelete, Path: "/publishers/{publisher}/channels/{channel}/readers/{reader}",
		Summary: "Erase a reader at once, without a message to the reader.",
		Help: "The key of the reader's document is overwritten; document and records go; counts stay, since they name nobody. " +
			"Who said STOP stays stopped, by a keyed hash. This can't be undone.",
	})
)

// Operations returns them.
func (r ReaderRights) Operations() []Bound {
	return []Bound{
		ShowReader.Bind(r.showReader),
		ExportReader.Bind(r.exportReader),
		ChangeReader.Bind(r.changeReader),
		ForgetReader.Bind(r.forgetReader),
	}
}

func (r ReaderRights) showReader(ctx context.Context, in ReaderOf) (ReaderShown, error) {
	out := ReaderShown{Publisher: in.Publisher, Channel: in.Channel}
	key, held, err := r.findReader(ctx, in)
	if err != nil {
		return out, err
	}
	out.Held, out.Code, out.Pseudonym = held, key.Code(), strings.TrimPrefix(string(key), in.Publisher+".")
	err = r.Held.Records(ctx, key, func(record pipeline.Record, _ pipeline.Fate) error {
		if out.Records++; out.Since.IsZero() || record.Trace.At.Before(out.Since) {
			out.Since = record.Trace.At
		}
		return ctx.Err()
	})
	return out, err
}

func (r ReaderRights) exportReader(ctx context.Context, in ReaderOf) (ReaderExport, error) {
	key, held, err := r.findReader(ctx, in)
	if err != nil {
		return ReaderExport{}, err
	}
	return r.exportHeld(ctx, in.Publisher, in.Channel, key, held)
}

// ExportTo gives a reader all that is held of them, as "reader.export" does: who asks has
// shown to be the reader.
func (r ReaderRights) ExportTo(ctx context.Context, publisher, channel string, key who.Key) (ReaderExport, error) {
	reader, revision, err := r.Held.Reader(ctx, key)
	if err != nil {
		return ReaderExport{}, err
	}
	if revision == 0 {
		return ReaderExport{}, noReader()
	}
	held, err := r.heldNow(ctx, key, reader)
	if err != nil {
		return ReaderExport{}, err
	}
	return r.exportHeld(ctx, publisher, channel, key, held)
}

func (r ReaderRights) exportHeld(ctx context.Context, publisher, channel string, key who.Key, held ReaderHeld) (ReaderExport, error) {
	out := ReaderExport{
		Publisher: publisher, Channel: channel, Code: key.Code(), Exported: r.Clock().UTC(), Held: held,
		Records: []ReaderRecord{}, Waiting: []ReaderAsk{}, Dead: []ReaderDead{},
	}
	var err error
	err = r.Held.Records(ctx, key, func(record pipeline.Record, fate pipeline.Fate) error {
		out.Records = append(out.Records, ReaderRecord{At: record.Trace.At, Reply: record.Reply, Trace: record.Trace, Fate: fate})
		return ctx.Err()
	})
	if err != nil {
		return out, err
	}
	err = r.Held.OfReader(ctx, publisher, key, func(l pipeline.DeadLetter, a pull.Ask) error {
		a.At = l.At
		out.Dead = append(out.Dead, ReaderDead{ReaderAsk: askOf(a), Since: l.Since, Why: l.Why.In(CallerLanguage(ctx)), Answer: l.Text})
		return ctx.Err()
	})
	if err != nil {
		return out, err
	}
	waiting, err := r.Held.Waiting(ctx, key)
	for _, a := range waiting {
		out.Waiting = append(out.Waiting, askOf(a.Ask))
	}
	if err == nil && r.Said != nil {
		out.Said, err = r.Said(ctx, key)
	}
	return out, err
}

func askOf(a pull.Ask) ReaderAsk {
	return ReaderAsk{At: a.At, Text: a.Text, Tap: a.Tap, Language: a.Language, Address: a.Address}
}

func (r ReaderRights) forgetReader(ctx context.Context, in ReaderOf) (None, error) {
	key, id, err := r.readerKey(ctx, in)
	if err != nil {
		return None{}, err
	}
	// What was begun is finished although the caller has gone.
	if err := r.Forget(context.WithoutCancel(ctx), in.Publisher, key); err != nil {
		if pull.KindOf(err) == pull.Unknown {
			return None{}, noReader()
		}
		return None{}, err
	}
	if c := r.Channels.Find(in.Publisher, in.Channel); c != nil {
		if f, keeps := c.Messenger.(messengers.Forgetter); keeps && id != "" {
			f.Forget(id)
		}
	}
	return None{}, nil
}

// findReader returns what is held of a reader.
func (r ReaderRights) findReader(ctx context.Context, in ReaderOf) (who.Key, ReaderHeld, error) {
	key, _, err := r.readerKey(ctx, in)
	if err != nil {
		return "", ReaderHeld{}, err
	}
	reader, revision, err := r.Held.Reader(ctx, key)
	if err != nil {
		return "", ReaderHeld{}, err
	}
	if revision == 0 {
		return "", ReaderHeld{}, noReader()
	}
	held, err := r.heldNow(ctx, key, reader)
	return key, held, err
}

// heldNow returns what is held of a reader. The document is written at the next ask only: that a reply has left stands
// in the inbox before.
func (r ReaderRights) heldNow(ctx context.Context, key who.Key, reader who.Reader) (ReaderHeld, error) {
	held := heldOf(reader)
	waiting, err := r.Held.Waiting(ctx, key)
	held.Unsent = slices.DeleteFunc(slices.Clone(held.Unsent), func(ask uint64) bool {
		return !slices.ContainsFunc(waiting, func(e pull.Entry) bool { return e.ID == ask })
	})
	return held, err
}

// pseudonym is the part of a reader's key that follows the publisher's id.
var pseudonym = regexp.MustCompile(`^[a-z2-7]{26}$`)

// readerKey returns the key of a reader, and the platform's id where it was told. The
// key itself names a reader too, since that is how readers stand in lists.
func (r ReaderRights) readerKey(ctx context.Context, in ReaderOf) (key who.Key, id string, err error) {
	if _, err := publisherOf(r.Catalogue, in.Publisher); err != nil {
		return "", "", err
	}
	typed := strings.TrimSpace(in.ID)
	if n := utf8.RuneCountInString(typed); n == 0 || n > maxReader {
		return "", "", &pull.Error{Kind: pull.Invalid, Field: "reader", Hint: words.Text{Key: "hint.reader_needed"}}
	}
	if key, err = r.namedKey(ctx, in.Publisher, typed); err == nil && key == "" {
		if id, err = r.readerID(in, typed); err == nil {
			key = r.Pseudonym(in.Publisher, in.Channel, id)
		}
	}
	if err != nil {
		return "", "", err
	}
	NoteAudit(ctx, "reader "+ReaderMark(key), nil, map[string]any{string(catalogue.ResourceChannel): in.Channel})
	return key, id, nil
}

// namedKey returns the key of a reader who is named by it, or by the code that MYDATA
// tells; "" where it is neither.
func (r ReaderRights) namedKey(ctx context.Context, publisher, typed string) (who.Key, error) {
	if hash, whole := strings.CutPrefix(typed, publisher+"."); whole && pseudonym.MatchString(hash) {
		return who.Key(typed), nil
	}
	begins, coded := who.ReadCode(typed)
	if !coded {
		// MYDATA once told the whole of it.
		if begins = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(typed)); !pseudonym.MatchString(begins) {
			return "", nil
		}
		key := who.Key(publisher + "." + begins)
		_, revision, err := r.Held.Reader(ctx, key)
		if err != nil || revision == 0 {
			key = ""
		}
		return key, err
	}
	switch keys, err := r.Held.ReadersNamed(ctx, publisher, begins, 2); { //nolint:mnd // one more than there should be
	case err != nil || len(keys) == 0:
		return "", err
	case len(keys) == 1:
		return keys[0], nil
	}
	return "", &pull.Error{Kind: pull.Conflict, Field: "reader", Hint: words.Text{Key: "hint.readers_alike"}}
}

// readerID reads an id as the channel's kind has it. Readers of a channel that
// is no longer there have rights too.
func (r ReaderRights) readerID(in ReaderOf, typed string) (string, error) {
	c := r.Channels.Find(in.Publisher, in.Channel)
	if c == nil {
		return typed, nil
	}
	of, many := c.Messenger.(messengers.Identifier)
	if !many {
		return typed, nil
	}
	id, ok := of.Identify(typed)
	if !ok {
		return "", noReader()
	}
	return id, nil
}

// ReaderMark stands for a reader in the audit log: a hash of the keyed hash, by which
// nobody can tell whose it is.
func ReaderMark(key who.Key) string {
	const shown = 8
	sum := sha256.Sum256([]byte("audit\n" + string(key)))
	return hex.EncodeToString(sum[:shown])
}

// noReader does not repeat what was typed, which may be somebody's number.
func noReader() error {
	return &pull.Error{Kind: pull.Unknown, Field: "reader", Hint: words.Text{Key: "hint.no_reader"}}
}
