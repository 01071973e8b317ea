package publishing

import (
	"keypull/pull/catalogue"
)

// parkPublisher notes that something of a publisher could not be read: what is kept for
// it waits until it can.
func (n *Publishers) parkPublisher(publisher string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.parked[publisher] = true
}

// Parked reports whether what is kept for a publisher waits, although it may
// not be there: something of it could not be read at the start.
func (n *Publishers) Parked(publisher string) bool {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.parked[publisher] || n.parked[""]
}

// Keeps says whether the snapshots of a source are kept, and which: those of its
// mark, or all where the mark is "": the source, or something of its publisher,
// could not be opened, so that nobody knows what it fetches.
func (n *Publishers) Keeps(publisher, source string) (mark string, kept bool) {
	if n.Parked(publisher) {
		return "", true
	}
	ed := n.currentEdition(publisher)
	if ed == nil {
		return "", false
	}
	if !ed.publisher.Broken[catalogue.ResourceSource][source].IsZero() {
		return "", true
	}
	mark = ed.sources[source].Mark
	return mark, mark != ""
}
