// Package messengers says what a messenger kind is, what it is given and what
// it answers; its hook turns the webhooks of all kinds into accepted asks, its
// shape turns a reply into the messages that a channel can carry.
//
// Each kind lives in a folder of its own below, with one Settings struct and
// one line in cmd/keypull/kinds.go. A kind sees plain values only: no server
// type, no store, no other kind.
package messengers
