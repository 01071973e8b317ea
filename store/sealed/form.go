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
	return len(sealed) >= boundHead && (sealed[0] == kindReader|bound || sealed[0] == kindDay|bound)
}

// parse takes a head apart: how long it is, the bytes of it that name the key,
// and what was authenticated beside the text.
func parse(kind byte, names int, place string, sealed []byte) (head int, named, context []byte, err error) {
	switch {
	case len(sealed) >= 1+names && sealed[0] == kind:
		head = 1 + names
		return head, sealed[1:head], sealed[:head:head], nil
	case len(sealed) >= boundHead+names && sealed[0] == kind|bound && sealed[1] == form:
		head = boundHead + names
		return head, sealed[boundHead:head], contextOf(sealed[:head], place), nil
	}
	return 0, nil, nil, ErrTampered
}

// contextOf is head and place; heads of one kind are of one length.
func contextOf(head []byte, place string) []byte {
	return append(append(make([]byte, 0, len(head)+len(place)), head...), place...)
}
