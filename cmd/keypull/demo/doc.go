// Package demo is what a newcomer sees first: a small media outlet, "The Daily
// Pull", with an exchange, a newsroom and a kitchen of its own, and a page that
// shows what keypull makes of them. Everything is real HTTP on the loopback
// interface; nothing leaves the machine and nothing needs an account.
//
// World is the publisher's upstream, Config the configuration of a publisher that
// reads from it, Demo the page with its endpoints. The package starts no
// keypull server and knows none: what the page shows of one comes through
// Traces, Previews and Crowd.
package demo
