//go:build !linux

package machine

// releaseProgram does nothing: the system drops pages of the program by itself
// when it needs the room.
func releaseProgram() {}
