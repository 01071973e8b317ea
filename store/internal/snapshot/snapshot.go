// Package snapshot writes snapshots of sources in few bytes, and reads what
// earlier versions wrote. Where they are kept, and in how many values, is left to
// the store.
package snapshot

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"keypull/pull"
	"keypull/pull/compact"
	"keypull/pull/what"
)

// Versions of a packed snapshot. The first is gob, up to 0.4.0.
const (
	versionGob = 1
	Version    = 2
)

// maxBytes bounds what is unpacked.
const maxBytes = 64 << 20

// form lists what is written (see package compact). Names are added at the end of
// a line, or in a new line of the same type.
const form = `
snapshot.head: as_of fetched expires not_before etag last_modified extra revision warnings unfinished items read listed
snapshot.item: id title language summary body link media facts published as_of to_minute seen
snapshot.fact: name kind text list
what.Media: type url bytes seconds alt ref name
words: en de fr es it pt nl pl ru tr ar hi id ja th zh UTC
words: image audio video document
`

//nolint:gochecknoglobals // made once, of types and constants
var (
	headCodec = compact.New[head](Version, form)
	itemCodec = compact.New[item](Version, form)
)

// head is a snapshot without its items. What is kept byte for byte is no text.
type head struct {
	AsOf         time.Time `json:"as_of"`
	Fetched      time.Time `json:"fetched"`
	Expires      time.Time `json:"expires"`
	NotBefore    time.Time `json:"not_before"`
	ETag         []byte    `json:"etag"`
	LastModified []byte    `json:"last_modified"`
	Extra        []byte    `json:"extra"`
	Revision     string    `json:"revision"`
	Warnings     []byte    `json:"warnings"` // as JSON: texts know their arguments' types there
	Unfinished   bool      `json:"unfinished"`
	Items        uint64    `json:"items"`
	Read         int       `json:"read"`
	Listed       int       `json:"listed"`
}

type item struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	Language  string       `json:"language"`
	Summary   string       `json:"summary"`
	Body      string       `json:"body"`
	Link      string       `json:"link"`
	Media     []what.Media `json:"media"`
	Facts     []fact       `json:"facts"`
	Published time.Time    `json:"published"`
	AsOf      time.Time    `json:"as_of"`
	ToMinute  bool         `json:"to_minute"`
	Seen      time.Time    `json:"seen"`
}

type fact struct {
	Name string   `json:"name"`
	Kind uint64   `json:"kind"`
	Text string   `json:"text"`
	List []string `json:"list"`
}

// Pack returns a snapshot as Version has it, without Unchanged and Requests, which
// are those of one fetch.
func Pack(s pull.Snapshot) ([]byte, error) {
	plain, err := encode(s)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err = z.Write(plain)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("pack snapshot: %w", err)
	}
	return out.Bytes(), nil
}

// encode writes the head and each item behind its length.
func encode(s pull.Snapshot) (b []byte, err error) {
	h := head{
		AsOf: s.AsOf, Fetched: s.Fetched, Expires: s.Expires, NotBefore: s.NotBefore,
		ETag: []byte(s.Validators.ETag), LastModified: []byte(s.Validators.LastModified),
		Extra: s.Extra, Revision: s.Revision, Unfinished: s.Unfinished, Items: uint64(len(s.Items)), Read: s.Read, Listed: s.Listed,
	}
	if len(s.Warnings) > 0 {
		if h.Warnings, err = json.Marshal(s.Warnings); err != nil {
			return nil, fmt.Errorf("encode warnings: %w", err)
		}
	}
	part := headCodec.Append(nil, &h)
	b = append(binary.AppendUvarint(nil, uint64(len(part))), part...)
	for i := range s.Items {
		it := written(&s.Items[i])
		part = itemCodec.Append(part[:0], &it)
		b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
	}
	return b, nil
}

func written(it *what.Item) item {
	facts := make([]fact, len(it.Facts))
	for i, f := range it.Facts {
		facts[i] = fact{f.Name, uint64(f.Kind), f.Text, f.List}
	}
	return item{
		it.ID, it.Title, it.Language, it.Summary, it.Body, it.Link, it.Media, facts,
		it.Published, it.AsOf, it.ToMinute, it.Seen,
	}
}

// Unpack reads what Pack of a version wrote.
func Unpack(version byte, packed []byte) (s pull.Snapshot, err error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return s, fmt.Errorf("unpack snapshot: %w", err)
	}
	plain := io.LimitReader(z, maxBytes)
	switch version {
	case versionGob:
		if err := gob.NewDecoder(plain).Decode(&s); err != nil {
			return pull.Snapshot{}, fmt.Errorf("decode snapshot: %w", err)
		}
		return s, nil
	case Version:
		b, err := io.ReadAll(plain)
		if err == nil {
			s, err = decode(b)
		}
		if err != nil {
			return pull.Snapshot{}, fmt.Errorf("decode snapshot: %w", err)
		}
		return s, nil
	}
	return s, compact.ErrVersion
}

// Known says that Unpack reads that version.
func Known(version byte) bool { return version == versionGob || version == Version }

// decode reads what encode wrote.
func decode(b []byte) (s pull.Snapshot, err error) {
	part, b, err := next(b)
	if err != nil {
		return s, err
	}
	h, err := headCodec.Decode(part)
	if err != nil {
		return s, err //nolint:wrapcheck // the caller says of what
	}
	s = pull.Snapshot{
		AsOf: h.AsOf, Fetched: h.Fetched, Expires: h.Expires, NotBefore: h.NotBefore,
		Validators: pull.Validators{ETag: string(h.ETag), LastModified: string(h.LastModified)},
		Extra:      h.Extra, Revision: h.Revision, Unfinished: h.Unfinished, Read: h.Read, Listed: h.Listed,
	}
	if len(h.Warnings) > 0 {
		if err := json.Unmarshal(h.Warnings, &s.Warnings); err != nil {
			return s, fmt.Errorf("warnings: %w", err)
		}
	}
	if h.Items > uint64(len(b)) {
		return s, compact.ErrDamaged
	}
	// Each item has its texts for itself: one that is kept longer keeps no others.
	for range h.Items {
		if part, b, err = next(b); err != nil {
			return s, err
		}
		it, err := itemCodec.Decode(part)
		if err != nil {
			return s, err //nolint:wrapcheck // the caller says of what
		}
		s.Items = append(s.Items, it.read())
	}
	if len(b) > 0 {
		return s, compact.ErrDamaged
	}
	return s, nil
}

func (it *item) read() what.Item {
	var facts what.Facts
	for _, f := range it.Facts {
		facts = append(facts, what.Fact{Name: f.Name, Kind: what.FactKind(f.Kind), Text: f.Text, List: f.List}) //nolint:gosec // as it was written
	}
	return what.Item{
		ID: it.ID, Title: it.Title, Language: it.Language, Summary: it.Summary, Body: it.Body, Link: it.Link, Media: it.Media,
		Facts: facts, Published: it.Published, AsOf: it.AsOf, ToMinute: it.ToMinute, Seen: it.Seen,
	}
}

var errShort = errors.New("it ends too soon")

// next takes a length and that many bytes.
func next(b []byte) (part, rest []byte, err error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) { //nolint:gosec // not negative
		return nil, nil, errShort
	}
	b = b[size:]
	return b[:n], b[n:], nil
}
