// Package pull is the act of the service: a reader's ask becomes a reply. The
// Resolver walks the three questions in order — what (pull/what), who
// (pull/who), when (pull/when) — over an Edition, which is one publisher's
// catalogue made ready; the Cache holds the snapshots that sources brought
// and sees to it that a crowd asks upstream once.
//
// The package declares what it needs of the outside (Source, Snapshots) and does
// no I/O of its own. It never sends anything: a reply is a value.
package pull
