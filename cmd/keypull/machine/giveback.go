package machine

import "runtime/debug"

// GiveBack gives the machine what this process holds and does not need: what the
// heap has free, and the pages of the program itself, which come back as they are
// called. It costs a collection.
func GiveBack() {
	debug.FreeOSMemory()
	releaseProgram()
}
