package who

// Key is a reader's pseudonym: the publisher's id, a point, and a keyed hash of
// publisher, channel and platform id. It can be neither guessed nor reversed
// without the installation's key, and sorts a publisher's readers together.
type Key string
