// Package kinds holds small messenger kinds that the suite and the server are
// tried with. Each is written by what docs/developers/messenger.md says alone, and together
// they use every part of the contract.
package kinds
