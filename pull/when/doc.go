// Package when answers the third question of an ask: how fresh must this be,
// and how is its age told honestly? It holds the freshness rules of RFC 9111
// and RFC 5861 in the words of this service, the stamp, hours of availability
// and schedules.
//
// It keeps no clock of its own: every function is given the moment it is to
// judge.
package when
