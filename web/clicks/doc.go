// Package clicks counts how often links in answers are followed. Where a channel counts
// them, a link of an item that leaves in an answer leads over the service, which counts
// and leads on at once.
//
// The address of such a link ends with a token that has all that is needed to lead on, so
// that nothing is kept of links that were told, and one works for as long as its
// publisher's key does: after a restart, from a backup, and when the item has long left its
// source. A MAC makes sure that only what was told is led to. What is counted is the
// keyword, the source, the channel and the hour. Who followed a link, or whom it was sent
// to, stands neither in it nor in what is counted.
package clicks
