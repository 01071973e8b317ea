package publishing

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"keypull/pull/catalogue"
)

// mostProblems is how many problems Problems tells.
const mostProblems = 50

// setWrong notes what is wrong with a publisher as a whole; nil is nothing any more.
func (n *Publishers) setWrong(publisher string, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.wrong[publisher] = err; err == nil {
		delete(n.wrong, publisher)
	}
}

// Problems tells what of publishers and apps could not be opened or read as they stand now:
// the first of them, where they are very many. Nil where all is open.
func (n *Publishers) Problems() error {
	n.mu.RLock()
	all := []error{n.apps}
	for _, publisher := range slices.Sorted(maps.Keys(n.wrong)) {
		all = append(all, n.wrong[publisher])
	}
	n.mu.RUnlock()
	for _, pub := range n.Publishers() {
		for _, resource := range []catalogue.Resource{catalogue.ResourceSource, catalogue.ResourceChannel} {
			for _, id := range slices.Sorted(maps.Keys(pub.Broken[resource])) {
				if broken := pub.Broken[resource][id]; !broken.IsZero() {
					all = append(all, fmt.Errorf("publisher %s: %s %s: %s", pub.ID, resource, id, broken))
				}
			}
		}
		if len(all) > mostProblems {
			break
		}
	}
	return errors.Join(all[:min(len(all), mostProblems+1)]...)
}

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
