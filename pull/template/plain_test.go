//go:build !race

package template_test

// mayMake is how much one template may allocate on its whole way.
const mayMake = 16 << 20
