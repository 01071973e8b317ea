package outside

import "syscall"

// canLook says that idle connections cannot be looked at on this system: messages
// leave by net/http, which reads all the time.
const canLook = false

func isSilent(syscall.RawConn) bool { return false }
