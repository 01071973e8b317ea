// Package store holds the three contracts that every back end keeps — KV,
// Queue and Log — and the nouns built on top of them: readers, the inbox, the
// journal, snapshots.
//
// No promise spans two keys, unless a back end is a Committer. The package
// knows nothing of how bytes reach a disk; store/storetest is the suite that
// says whether a back end keeps its word.
package store
