// Package accounts is who works in the console and whether they may: people
// and their roles, invites, sessions, tokens of programs, and the log of what
// each of them did. It lets people in and out, and holds the operations on all
// that.
//
// What somebody does there once they are in is not its business: the
// operations on what a publisher has are those of package console, which asks
// for a Principal alone.
package accounts
