//go:build unix

package engine

import "syscall"

// diskFull returns the errors by which the system refuses to write more.
func diskFull() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }
