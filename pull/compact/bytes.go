package compact

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// A text begins with a number whose two lowest bits say what the others are: how
// long it is, the place of one that stood before, or that of a known word; or how many
// bytes the hexadecimal digits stand for that it is made of.
const (
	literal  = 0
	before   = 1
	word     = 2
	digits   = 3
	textBits = 2
	textMask = 1<<textBits - 1
	// Texts of at least so many bytes are remembered, the first so many.
	minSeen = 3
	maxSeen = 64
	// minDigits is how long a text of digits is at least that is written as bytes.
	minDigits = 8
)

// A time begins with a number: seconds since the time before, and in the lowest
// bits how exact it is (in steps of a thousand) and whether it is not in UTC.
const (
	exactMask = 3
	offsetBit = 4
	timeBits  = 3
	// maxOffset is more than any zone is away from UTC, in seconds.
	maxOffset = 24 * 60 * 60
)

// steps are the nanoseconds that the four degrees of exactness count in.
var steps = [...]int{int(time.Second), int(time.Millisecond), int(time.Microsecond), 1}

// Numbers with up to six decimals are written as whole ones.
const (
	decimals = 1e6
	exactly  = 1 << 53
)

type writer struct {
	b     []byte
	words *wordList
	seen  []string
	slots [2 * maxSeen]uint8 // the places of the seen, and one, each where its hash leads or behind
	at    int64              // the seconds of the last time
	keys  []string           // room for those of a map
}

// resetWriter empties the writer for the next value.
func (w *writer) resetWriter() {
	clear(w.seen)
	w.b, w.seen, w.slots, w.at = w.b[:0], w.seen[:0], [2 * maxSeen]uint8{}, 0
}

// placeOf returns the place of a text among those that stood before. Where it is none of them
// it is from now on, and the place is -1.
func (w *writer) placeOf(s string, hash uint8) int {
	i := hash % uint8(len(w.slots))
	for ; w.slots[i] > 0; i = (i + 1) % uint8(len(w.slots)) {
		if at := int(w.slots[i]) - 1; w.seen[at] == s {
			return at
		}
	}
	if len(w.seen) < maxSeen {
		w.seen = append(w.seen, s)
		w.slots[i] = uint8(len(w.seen)) //nolint:gosec // at most maxSeen
	}
	return -1
}

// wordList are the known words of a codec.
type wordList struct {
	texts  []string
	places map[string]int
	there  [1 << 8]bool // their hashes
}

func (l *wordList) addWord(s string) {
	l.places[s] = len(l.texts)
	l.texts = append(l.texts, s)
	l.there[hashOf(s)] = true
}

// placeOf returns the place of a text among the known words, or -1.
func (l *wordList) placeOf(s string, hash uint8) int {
	if l.there[hash] {
		if at, ok := l.places[s]; ok {
			return at
		}
	}
	return -1
}

// hashOf tells most texts apart by how long they are and a few of their bytes.
func hashOf(s string) uint8 {
	if s == "" {
		return 0
	}
	last := len(s) - 1
	const spread = 0x9e3779b1
	return uint8((uint32(s[0]) | uint32(s[last])<<8 | uint32(s[last/2])<<16 | uint32(last)<<24) * spread >> 24) //nolint:gosec // what is cut off tells little
}

func (w *writer) writeUvarint(n uint64) { w.b = binary.AppendUvarint(w.b, n) }
func (w *writer) writeVarint(n int64)   { w.b = binary.AppendVarint(w.b, n) }

func (w *writer) writeText(s string) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, string(utf8.RuneError))
	}
	hash := hashOf(s)
	if at := w.words.placeOf(s, hash); at >= 0 {
		w.writeUvarint(uint64(at)<<textBits | word)
		return
	}
	if len(s) >= minSeen {
		if at := w.placeOf(s, hash); at >= 0 {
			w.writeUvarint(uint64(at)<<textBits | before)
			return
		}
	}
	if isDigits(s) {
		w.writeUvarint(uint64(len(s)/2)<<textBits | digits)
		for i := 0; i < len(s); i += 2 {
			w.b = append(w.b, valueOf(s[i])<<4|valueOf(s[i+1]))
		}
		return
	}
	w.writeUvarint(uint64(len(s))<<textBits | literal)
	w.b = append(w.b, s...)
}

// isDigits reports whether a text is made of pairs of hexadecimal digits in small letters, as
// marks and ids are.
func isDigits(s string) bool {
	if len(s) < minDigits || len(s)%2 != 0 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// valueOf returns what a hexadecimal digit stands for.
func valueOf(digit byte) byte {
	if digit >= 'a' {
		return digit - 'a' + 10
	}
	return digit - '0'
}

func (w *writer) writeTime(t time.Time) {
	exact, nanos := 0, t.Nanosecond()
	for nanos%steps[exact] != 0 {
		exact++
	}
	_, offset := t.Zone()
	passed := zigzag(t.Unix() - w.at)
	w.at = t.Unix()
	head := uint64(exact)
	if offset != 0 {
		head |= offsetBit
	}
	w.writeUvarint(passed<<timeBits | head)
	if exact > 0 {
		w.writeUvarint(uint64(nanos / steps[exact])) //nolint:gosec // not negative
	}
	if offset != 0 {
		w.writeVarint(int64(offset))
	}
}

func (w *writer) writeFloat(f float64) {
	n := math.Round(f * decimals)
	if math.Abs(n) < exactly && math.Float64bits(n/decimals) == math.Float64bits(f) {
		w.writeUvarint(zigzag(int64(n)) + 1)
		return
	}
	w.b = binary.LittleEndian.AppendUint64(append(w.b, 0), math.Float64bits(f))
}

// writeBytes are kept as they are, where texts are made valid.
func (w *writer) writeBytes(b []byte) {
	w.writeUvarint(uint64(len(b)))
	w.b = append(w.b, b...)
}

// writeNumbers are mostly growing ones.
func (w *writer) writeNumbers(all []uint64) {
	w.writeUvarint(uint64(len(all)))
	last := uint64(0)
	for _, n := range all {
		w.writeVarint(int64(n - last)) //nolint:gosec // taken back the same way
		last = n
	}
}

func (w *writer) writeTexts(all []string) {
	w.writeUvarint(uint64(len(all)))
	for _, s := range all {
		w.writeText(s)
	}
}

func zigzag(n int64) uint64   { return uint64(n<<1) ^ uint64(n>>63) } //nolint:gosec // bits
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// reader takes one value after the other; after the first bad one it is bad for
// good.
type reader struct {
	b     string
	words []string
	seen  []string
	at    int64
	err   error
}

// resetReader empties the reader for the next value.
func (r *reader) resetReader() {
	clear(r.seen)
	r.b, r.seen, r.at, r.err = "", r.seen[:0], 0, nil
}

func (r *reader) failWith(err error) {
	if r.err == nil {
		r.err = err
	}
	r.b = ""
}

// take takes so many bytes.
func (r *reader) take(n uint64) string {
	if n > uint64(len(r.b)) {
		r.failWith(ErrDamaged)
		return ""
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) readUvarint() (n uint64) {
	for i := range min(len(r.b), binary.MaxVarintLen64) {
		c := r.b[i]
		if c < 0x80 {
			if i == binary.MaxVarintLen64-1 && c > 1 {
				break
			}
			r.b = r.b[i+1:]
			return n | uint64(c)<<(7*i)
		}
		n |= uint64(c&0x7f) << (7 * i)
	}
	r.failWith(ErrDamaged)
	return 0
}

func (r *reader) readVarint() int64 { return unzigzag(r.readUvarint()) }

// readCount returns how many follow, each of which takes a byte at least.
func (r *reader) readCount() int {
	n := r.readUvarint()
	if n > uint64(len(r.b)) {
		r.failWith(ErrDamaged)
		return 0
	}
	return int(n) //nolint:gosec // at most the length
}

func (r *reader) readText() string {
	head := r.readUvarint()
	n := head >> textBits
	from := r.words
	switch head & textMask {
	case literal, digits:
		s := r.take(n)
		if head&textMask == digits {
			s = hex.EncodeToString([]byte(s))
		}
		if len(s) >= minSeen && len(r.seen) < maxSeen {
			r.seen = append(r.seen, s)
		}
		return s
	case before:
		from = r.seen
	case word:
	}
	if n >= uint64(len(from)) || r.err != nil {
		r.failWith(ErrDamaged)
		return ""
	}
	return from[n]
}

func (r *reader) readTime() time.Time {
	head := r.readUvarint()
	r.at += unzigzag(head >> timeBits)
	nanos := uint64(0)
	if exact := head & exactMask; exact > 0 {
		if nanos = r.readUvarint(); nanos >= uint64(int(time.Second)/steps[exact]) { //nolint:gosec // not negative
			r.failWith(ErrDamaged)
			return time.Time{}
		}
		nanos *= uint64(steps[exact]) //nolint:gosec // not negative
	}
	if head&offsetBit == 0 {
		return time.Unix(r.at, int64(nanos)).UTC()
	}
	offset := r.readVarint()
	if offset < -maxOffset || offset > maxOffset {
		r.failWith(ErrDamaged)
		return time.Time{}
	}
	t := time.Unix(r.at, int64(nanos))
	if _, here := t.Zone(); int64(here) == offset {
		return t
	}
	return t.In(time.FixedZone("", int(offset)))
}

func (r *reader) readFloat() float64 {
	if n := r.readUvarint(); n > 0 {
		return float64(unzigzag(n-1)) / decimals
	}
	s := r.take(8)
	if len(s) < 8 {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64([]byte(s)))
}

func (r *reader) readBytes() []byte {
	n := r.readCount()
	b := []byte(r.b[:n])
	r.b = r.b[n:]
	return b
}

func (r *reader) readNumbers() []uint64 {
	all := make([]uint64, r.readCount())
	last := uint64(0)
	for i := range all {
		last += uint64(r.readVarint()) //nolint:gosec // as it was written
		all[i] = last
	}
	return all
}

func (r *reader) readTexts() []string {
	all := make([]string, r.readCount())
	for i := range all {
		all[i] = r.readText()
	}
	return all
}
