//go:build unix

package bolt

import "syscall"

// diskFull are the errors by which the system refuses to write more.
func diskFull() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }
