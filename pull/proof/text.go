package proof

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/signs"
)

// Statement is what a publisher says of an answer: all that a proof tells.
type Statement struct {
	// Publisher is the id, Name what people call it.
	Publisher string `json:"p"`
	Name      string `json:"n,omitempty"`
	Code      Code   `json:"c"`
	// Keywords are the ids of those that were answered.
	Keywords []string `json:"k"`
	Items    []Item   `json:"i"`
	// Told is what the answer said, as much as there is room for.
	Told string `json:"t,omitempty"`
	// AsOf is the moment for which it was true, Fetched when the source was asked,
	// Sent when it left; in seconds since 1970, and 0 where that is not known.
	AsOf    int64 `json:"a,omitempty"`
	Fetched int64 `json:"f,omitempty"`
	Sent    int64 `json:"s"`
}

// Item is an item that an answer told.
type Item struct {
	Source string `json:"s"`
	ID     string `json:"i"`
	Title  string `json:"t,omitempty"`
	Link   string `json:"l,omitempty"`
}

// Bounds of a statement: how many items and keywords it names, and how long its
// texts may be, in bytes.
const (
	maxItems = 5
	maxTitle = 160
	maxLink  = 400
	maxTold  = 280
)

// Bounded returns the statement as a text has room for it.
func (s Statement) Bounded() Statement {
	s.Name, s.Told = cutText(s.Name, maxTitle), cutText(s.Told, maxTold)
	s.Keywords = s.Keywords[:min(len(s.Keywords), maxItems)]
	s.Items = slices.Clone(s.Items[:min(len(s.Items), maxItems)])
	for i := range s.Items {
		it := &s.Items[i]
		it.Title = cutText(it.Title, maxTitle)
		// Half an address leads elsewhere.
		if len(it.Link) > maxLink {
			it.Link = ""
		}
		if len(it.ID) > maxLink {
			it.ID = ""
		}
	}
	return s
}

// cutText shortens a text to so many bytes.
func cutText(s string, most int) string {
	const mark = "…"
	if len(s) <= most {
		return s
	}
	s = s[:most-len(mark)]
	for len(s) > 0 && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) && !utf8.RuneStart(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return strings.ToValidUTF8(strings.TrimSpace(s), "") + mark
}

// PublicKey is a key by which a publisher's texts are verified: of all times, since
// texts go on being shown.
type PublicKey struct {
	ID  string            `json:"id"`
	Key ed25519.PublicKey `json:"key"`
	// From and Until are when texts were signed by it; no Until is to this day.
	From  time.Time `json:"from"`
	Until time.Time `json:"until,omitzero"`
}

// Keys are what a publisher proves answers with.
type Keys struct {
	// Codes makes codes, Private signs texts.
	Codes   Key
	Private ed25519.PrivateKey
	// Public are those of all times, the present one last.
	Public []PublicKey
}

// idBytes is how much of a key's hash names it.
const idBytes = 8

// KeyID names a public key.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:idBytes])
}

// A signed text: a line that says what it is, and signs that survive whatever a
// messenger does to lines, spaces, quotes, capitals and hyphens. The signs write in
// base 32 how long the statement is, which key signed it, the statement, and the
// signature of all that.
const (
	heading    = "KEYPULL PROOF 1"
	lengthSize = 2
	maxPayload = 8 << 10
	lineSigns  = 60
)

// begins finds where the signs of a text begin.
var begins = regexp.MustCompile(`(?i)keypull[^0-9a-z]{0,8}proof[^0-9a-z]{0,8}1`)

// Errors of texts.
var (
	// ErrNoText: there is no signed text in it.
	ErrNoText = errors.New("proof: no signed text")
	// ErrDamaged: it begins as one and is cut short, or changed.
	ErrDamaged = errors.New("proof: the text is damaged")
	// ErrForged: no key of the publisher has signed it.
	ErrForged = errors.New("proof: not signed by the publisher")
)

// signedAs keeps signatures apart from any others by the same key.
const signedAs = "keypull proof 1\n"

// Sign returns the statement as a text that proves it.
func Sign(key ed25519.PrivateKey, s Statement) (string, error) {
	said, err := json.Marshal(s.Bounded())
	if err != nil {
		return "", fmt.Errorf("write a proof: %w", err)
	}
	id, err := hex.DecodeString(KeyID(key.Public().(ed25519.PublicKey))) //nolint:forcetypeassert // it is that of Ed25519
	if err != nil || len(said) > maxPayload {
		return "", fmt.Errorf("write a proof of %d bytes: %w", len(said), errors.Join(err, ErrDamaged))
	}
	b := binary.BigEndian.AppendUint16(nil, uint16(len(said))) //nolint:gosec // bounded above
	b = append(append(b, id...), said...)
	b = append(b, ed25519.Sign(key, append([]byte(signedAs), b...))...)
	return writeText(b), nil
}

// writeText sets bytes as a text.
func writeText(b []byte) string {
	var text strings.Builder
	text.WriteString(heading)
	bits, held, n := uint32(0), 0, 0
	put := func(v uint32) {
		if n%lineSigns == 0 {
			text.WriteByte('\n')
		}
		text.WriteByte(signs.Alphabet[v%uint32(len(signs.Alphabet))])
		n++
	}
	for _, one := range b {
		bits, held = bits<<8|uint32(one), held+8
		for ; held >= signs.Bits; held -= signs.Bits {
			put(bits >> (held - signs.Bits))
		}
	}
	if held > 0 {
		put(bits << (signs.Bits - held))
	}
	return text.String()
}

// Text is a signed text that has been read, and not verified.
type Text struct {
	statement Statement
	key       string
	signed    []byte
	signature []byte
}

// Looks reports whether a message has what begins a signed text, and may be long
// enough for one.
func Looks(message string) bool {
	return len(message) > signs.MaxMessage && begins.MatchString(message)
}

// Parse reads the first signed text in a message, whatever stands before, behind and
// between its signs.
func Parse(message string) (Text, error) {
	at := begins.FindStringIndex(message)
	if at == nil {
		return Text{}, ErrNoText
	}
	b := readSigns(message[at[1]:])
	const head = lengthSize + idBytes
	if len(b) < head {
		return Text{}, ErrDamaged
	}
	end := head + int(binary.BigEndian.Uint16(b))
	if len(b) < end+ed25519.SignatureSize {
		return Text{}, ErrDamaged
	}
	t := Text{key: hex.EncodeToString(b[lengthSize:head]), signed: b[:end], signature: b[end : end+ed25519.SignatureSize]}
	if err := json.Unmarshal(b[head:end], &t.statement); err != nil {
		return Text{}, ErrDamaged
	}
	return t, nil
}

// readSigns returns the bytes that signs write, as many as the first of them tell;
// what is no letter or digit of ours is passed over.
func readSigns(s string) (b []byte) {
	most := lengthSize
	bits, held := uint32(0), 0
	for i := 0; i < len(s) && len(b) < most; i++ {
		v, ok := signs.ValueOf(s[i])
		if !ok {
			if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
				break // a letter that no text has
			}
			continue
		}
		if bits, held = bits<<signs.Bits|uint32(v), held+signs.Bits; held >= 8 {
			held -= 8
			b = append(b, byte(bits>>held)) //nolint:gosec // its low bits
			bits &= 1<<held - 1
		}
		if len(b) == lengthSize && most == lengthSize {
			if most += idBytes + int(binary.BigEndian.Uint16(b)) + ed25519.SignatureSize; most > maxPayload {
				return nil
			}
		}
	}
	return b
}

// Publisher returns whose text it claims to be.
func (t Text) Publisher() string { return t.statement.Publisher }

// Verify returns the statement, once one of the keys has signed it: for an answer
// that was sent while the key was in use.
func (t Text) Verify(keys []PublicKey) (Statement, error) {
	for _, k := range keys {
		if k.ID != t.key || len(k.Key) != ed25519.PublicKeySize || KeyID(k.Key) != k.ID {
			continue
		}
		if !ed25519.Verify(k.Key, append([]byte(signedAs), t.signed...), t.signature) {
			continue
		}
		if !k.Until.IsZero() && t.statement.Sent > k.Until.Unix() {
			continue
		}
		return t.statement, nil
	}
	return Statement{}, ErrForged
}
