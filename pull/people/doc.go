// Package people holds who may do what in the console, the API and on the
// socket: people, roles, sessions, tokens, invites, the record of their acts,
// and the rules of passwords.
//
// It knows nothing of keywords, readers, HTTP or storage: publishers are ids
// here, times and randomness are handed in, and whoever is denied is turned
// away elsewhere.
package people
