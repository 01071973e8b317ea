// Package sources says what a source kind is and what it is given. Each kind
// lives in a folder of its own below, with one Settings struct and one line in
// cmd/keypull/kinds.go.
//
// It knows nothing of storage, readers or messengers; keeping snapshots and
// deciding on freshness belong to package pull.
package sources
