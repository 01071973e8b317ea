package sealed

// What is sealed with a slot begins with its kind and names its key. The first
// form bound nothing else; the second has a byte of its own and is bound to the
// place where it is kept. Both heads are authenticated, so neither form can be
// made to look like the other.
const (
	bound     = 'a' - 'A' // added to the kind of what is bound
	form      = 2
	boundHead = 2 // kind and form
)

// Bound implements store.Sealer.
func (*Ring) Bound(sealed []byte) bool {
	return len(sealed) >= boundHead && (sealed[0] == kindReader|bound || sealed[0] == kindDay|bound || sealed[0] == kindBoth|bound)
}

// parsed is sealed bytes taken apart: the head and the place, which were
// authenticated beside the text, the bytes of the head that name the key, and
// what the key opens. The first form has no place.
type parsed struct {
	head, names, text []byte
	place             string
}

// parseSealed takes apart what was sealed for a place by a kind of key that so many
// bytes name. Heads of one kind are of one length.
func parseSealed(kind byte, names int, place string, sealed []byte) (parsed, error) {
	switch {
	case len(sealed) >= 1+names && sealed[0] == kind:
		head := 1 + names
		return parsed{sealed[:head], sealed[1:head], sealed[head:], ""}, nil
	case len(sealed) >= boundHead+names && sealed[0] == kind|bound && sealed[1] == form:
		head := boundHead + names
		return parsed{sealed[:head], sealed[boundHead:head], sealed[head:], place}, nil
	}
	return parsed{}, ErrTampered
}

func (p parsed) decrypt(key *gcm) ([]byte, error) { return key.open(p.text, aad(p.head, p.place)) }
