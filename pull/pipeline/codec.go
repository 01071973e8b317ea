package pipeline

import (
	"encoding/json"
	"fmt"

	"keypull/pull"
	"keypull/pull/compact"
)

// formVersion stands before every record and entry. Versions up to 0.4.0 wrote
// them as JSON.
const formVersion = 1

// form lists what is written of records and entries (see package compact). Names
// and words are added at the end of a line, or in a new line of the same type.
const form = `
pipeline.Record: publisher reader reply trace leaves
pull.Reply: language blocks media buttons rest told tells answers data consent proof cards
pull.Block: kind text url tight lines facts own
pull.LabelledFact: label value
what.Media: type url bytes seconds alt ref name
pull.Button: label send url
pull.Card: title link image
pull.Told: stamp clock dated midnight aged until
pull.Answer: keyword blocks rest told tells
withdrawal.Told: source id link keyword
pull.Data: status pieces retry_at
pull.Piece: id title summary link media facts published as_of stale source source_url
pull.PieceFact: name text number list
journal.Trace: ask at channel outcome what who when took kind cause wishes error wrong uncaused thumb rated item
journal.What: keyword tier phrase probes argument command offered unknown reason runners corrected core accepted certainty terms accepted_argument inside said variants
journal.Variant: keyword by stand lacks
journal.Inside: certainty coverage gap
journal.Wish: outcome keyword argument phrase when error
journal.When: source verdict as_of fetched max_age_ms asked requests stale closed amended
journal.Who: language from zone first state via visit remembered
journal.Took: queue_ms what_ms who_ms when_ms say_ms total_ms
pull.Entry: publisher channel reader at platform address text language from tap group spoken consent start in_band fleeting via greeted quote thread attachments location kind cause due reply id mark sent tries parts thumb about workspace proxied aside
pull.Location: latitude longitude name
words: en de fr es it pt nl pl ru tr ar hi id ja th zh UTC
words: title paragraph link stamp note bullets steps facts image audio video document
words: answered refused offered missed ordered ended silent told found choice limited unavailable
words: exact folded vocabulary filler order argument stem typing script part command tap choice place matcher
words: fresh revalidate stale gone no fetched joined behind failed deadline
words: reader platform phrase publisher given stopped form later late human c:more c:menu c:stop c:help
words: open teaser hidden code subscriber group workspace hours language channel join
`

//nolint:gochecknoglobals // made once, of types and constants
var (
	recordCodec = compact.New[Record](formVersion, form)
	entryCodec  = compact.New[pull.Entry](formVersion, form)
)

// Encode returns the record as it is kept.
//
//go:noinline // beyond it the compiler knows that the record may stay on the stack
func (r *Record) Encode() []byte { return recordCodec.Append(nil, r) }

// Use hands the record as it is kept to f, which does not keep the bytes.
//
//go:noinline // as Encode
func (r *Record) Use(f func(kept []byte)) { recordCodec.Use(r, f) }

// DecodeRecord reads what Encode wrote, or an earlier version as JSON.
func DecodeRecord(b []byte) (Record, error) { return decodeStored(recordCodec, b, "record") }

// EncodeEntry returns an entry as the queue keeps it.
//
//go:noinline // as Encode
func EncodeEntry(e *pull.Entry) []byte { return entryCodec.Append(nil, e) }

// DecodeEntry reads what EncodeEntry wrote, or an earlier version as JSON.
func DecodeEntry(b []byte) (pull.Entry, error) { return decodeStored(entryCodec, b, "entry") }

func decodeStored[T any](c *compact.Codec[T], b []byte, what string) (T, error) {
	read := c.Decode
	if len(b) > 0 && b[0] == '{' {
		read = fromJSON[T]
	}
	v, err := read(b)
	if err != nil {
		return *new(T), fmt.Errorf("decode %s: %w", what, err)
	}
	return v, nil
}

func fromJSON[T any](b []byte) (v T, err error) {
	err = json.Unmarshal(b, &v)
	return v, err //nolint:wrapcheck // the caller says what it is
}
