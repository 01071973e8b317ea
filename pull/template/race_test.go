//go:build race

package template_test

// mayMake is how much one template may allocate on its whole way: under the race
// detector nothing is pooled, so that reading a date's format makes all anew.
const mayMake = 256 << 20
