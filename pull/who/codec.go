package who

import (
	"encoding/json"
	"errors"
	"fmt"

	"keypull/pull/compact"
)

// Versions of an encoded document: the first byte. The first was JSON, up to
// 0.4.0.
const (
	versionJSON = 1
	version     = 2
)

// form lists what is written of a document (see package compact). Names and words
// are added at the end of a line, or in a new line of the same type.
const form = `
who.Reader: settled recent first greeted consent addr lang unsent question cursor miss met tz state since noticed guest earlier prefs saved mode member laters names choices heeded leaves invited lapsed asked talk missed
who.Consent: given text channel at refused asked
who.Pull: k t i a l m f n b
who.Asked: t i
who.Question: t o x c g b r s m h w n e v k j q p d u
who.Option: k l a i
who.Miss: c t
who.Cursor: k o x l b a n c
who.Place: k o l b a
who.Saved: k t a l m p
who.Later: e d k a t s
who.Name: k t
who.Choice: m k a n t
who.Talk: a t h l o w u
who.Asking: k a f n d c e
words: en de fr es it pt nl pl ru tr ar hi id ja th zh
words: stopped gone waiting human
words: city short long plain length
`

//nolint:gochecknoglobals // made once, of types and constants
var codec = compact.New[Reader](version, form)

// ErrTooLarge is a document that passes MaxBytes although all that may be
// forgotten has been.
var ErrTooLarge = errors.New("who: reader document passes 4 KiB")

// Encode returns the document in at most MaxBytes. Where it would be larger,
// the oldest pulls are forgotten first, then the oldest choices, then where MORE goes
// on, and then what was asked back.
func (r Reader) Encode() ([]byte, error) {
	for {
		b := codec.Append(nil, &r)
		switch {
		case len(b) <= MaxBytes:
			return b, nil
		case len(r.Recent) > 0:
			r.Recent = r.Recent[:len(r.Recent)-1]
		case len(r.Choices) > 0:
			r.Choices = r.Choices[:len(r.Choices)-1]
		case r.Cursor != nil:
			r.Cursor = nil
		case r.Question != nil:
			r.Question = nil
		default:
			return nil, ErrTooLarge
		}
	}
}

// roomLeft is what stays free for what comes with every ask, in bytes.
const roomLeft = 512

// Fits reports whether the document can be written down with all that the reader wanted
// kept, if what may be forgotten is.
func (r Reader) Fits() bool {
	r.Recent, r.Choices, r.Cursor, r.Question, r.Miss = nil, nil, nil, nil, nil
	return len(codec.Append(nil, &r)) <= MaxBytes-roomLeft
}

// Decode reads what Encode wrote, or an earlier version.
func Decode(b []byte) (r Reader, err error) {
	if len(b) == 0 {
		return r, errors.New("decode reader: empty document")
	}
	if b[0] == versionJSON {
		err = json.Unmarshal(b[1:], &r)
	} else {
		r, err = codec.Decode(b)
	}
	if err != nil {
		return Reader{}, fmt.Errorf("decode reader: %w", err)
	}
	return r, nil
}

// Leaving reports whether a document is of a reader who wants all to go, which the bytes of
// the current version tell without being read.
func Leaving(b []byte) (bool, error) {
	if len(b) > 0 && b[0] == version {
		leaving, err := codec.Has(b, "leaves")
		if err != nil {
			return false, fmt.Errorf("look at reader: %w", err)
		}
		return leaving, nil
	}
	r, err := Decode(b)
	return !r.Leaves.IsZero(), err
}
