// Package itemindex is what publishers' sources hold, found by words: an inverted
// index on disk for each publisher, with a row for every item of the snapshots
// that readers may ask for. It follows the snapshots from behind: no ask waits for
// it, and whatever is lost is read from them anew.
package itemindex
