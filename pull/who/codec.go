package who

import (
	"encoding/json"
	"errors"
	"fmt"
)

// version stands before every encoded document, so that a later shape can be
// told from this one.
const version = 1

// ErrTooLarge is a document that passes MaxBytes although all that may be
// forgotten has been.
var ErrTooLarge = errors.New("who: reader document passes 4 KiB")

// Encode returns the document in at most MaxBytes. Where it would be larger,
// the oldest pulls are forgotten first, then where MORE goes on.
func (r Reader) Encode() ([]byte, error) {
	for {
		b, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("encode reader: %w", err)
		}
		if len(b) < MaxBytes {
			return append([]byte{version}, b...), nil
		}
		switch {
		case len(r.Recent) > 0:
			r.Recent = r.Recent[:len(r.Recent)-1]
		case r.Cursor != nil:
			r.Cursor = nil
		default:
			return nil, ErrTooLarge
		}
	}
}

// Decode reads what Encode wrote.
func Decode(b []byte) (Reader, error) {
	var r Reader
	if len(b) == 0 {
		return r, errors.New("decode reader: empty document")
	}
	if b[0] != version {
		return r, fmt.Errorf("decode reader: version %d is not known here; a newer keypull wrote it", b[0])
	}
	if err := json.Unmarshal(b[1:], &r); err != nil {
		return Reader{}, fmt.Errorf("decode reader: %w", err)
	}
	return r, nil
}
