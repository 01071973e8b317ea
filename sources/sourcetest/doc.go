// Package sourcetest is the suite that every source kind passes, and the small
// real things that tests of sources are made of: an environment on the local
// machine, an upstream that can misbehave, and the fixed source.
//
// A kind's own test begins with one call of Run; what only that kind does is
// tested beside it.
package sourcetest
